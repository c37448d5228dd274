"""Moderated scores as a table: what was submitted goes out, scores and reasons come back by the moderators' verb."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import Variant
from s11.organisations.models import User
from s11.web.errors import NotInThisState
from surveys.enums import AuditStatus, DocumentFormat, Series
from surveys.evidence_pins import pin_evidence
from surveys.models import AnswerEvidence, Audit, Moderation
from surveys.moderating import close_series, moderate_answer
from surveys.resources.moderation import ModerationTable
from surveys.workflow import freeze_answers, mark_submitted
from tests import factories
from tests.conftest import Cast
from tests.surveys.table_rows import Row, count, export, number, preview, refuse, save, through


@pytest.fixture
def audit(cast: Cast) -> Audit:
    """Submitted, with evidence; beside it a draft here and a submitted audit of a partnership elsewhere."""
    bank = factories.make_questionnaire(Variant.STANDARD)
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    audit = factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    audit.answers.update(commentary="We look at ten files a quarter.")
    first = audit.answers.order_by("indicator__position")[0]
    AnswerEvidence.objects.create(answer=first, evidence=factories.make_evidence(cast.organisation))
    pin_evidence([audit])
    draft = factories.make_audit(cycle, cast.other_organisation, scores=0)
    draft.answers.update(commentary="Not for officers yet")
    there = factories.make_organisation("Dune Homes", slug="dune", partnership=cast.elsewhere)
    elsewhere = factories.make_cycle(cast.elsewhere, questionnaires=(bank,))
    factories.make_audit(elsewhere, there, scores=2, status=AuditStatus.SUBMITTED)
    return audit


def make(cast: Cast, audit: Audit, by: User | None = None) -> ModerationTable:
    return ModerationTable(partnership=cast.partnership, by=by or cast.quality_officer, cycle=audit.cycle)


def moderate(
    audit: Audit, by: User, *, seen: int = 0, score: int | None = 2, reason: str = "Seen"
) -> Moderation:
    answer = audit.answers.order_by("indicator__position")[0]
    return moderate_answer(answer=answer, seen=seen, score=score, reason=reason, by=by)


def test_one_row_an_answer_that_was_submitted_here(cast: Cast, audit: Audit) -> None:
    moderate(audit, cast.administrator)
    rows = export(make(cast, audit))
    assert [
        (row["Organisation"], row["Indicator"], row["Agency’s score"], row["Evidence"]) for row in rows
    ] == [
        ("Anchor Trust", "A1.1", "1", "1"),
        ("Anchor Trust", "A1.2", "1", "0"),
        ("Anchor Trust", "A2.1", "1", "0"),
        ("Anchor Trust", "A2.2", "1", "0"),
    ]
    first, second, *_ = rows
    assert (first["Moderated score"], first["Reason"], first["Version"]) == ("2", "Seen", "1v1")
    assert first["By"] == str(cast.administrator)
    assert first["At"].startswith(str(timezone.localdate()))
    assert (second["Moderated score"], second["By"], second["At"], second["Version"]) == ("", "", "", "1v0")
    assert first["Agency’s commentary"] == "We look at ten files a quarter."
    assert not any("Not for officers yet" in cell for row in rows for cell in row.values())


@pytest.mark.parametrize("status", [AuditStatus.DRAFT, AuditStatus.AWAITING_SIGN_OFF])
def test_before_submission_nothing_goes_out(cast: Cast, audit: Audit, status: AuditStatus) -> None:
    Audit.objects.filter(pk=audit.pk).update(status=status, submitted_at=None, first_submitted_at=None)
    assert export(make(cast, audit)) == []


def test_what_is_being_corrected_goes_out_as_it_was_submitted(cast: Cast, audit: Audit) -> None:
    factories.make_correction(audit)
    answer = audit.answers.order_by("indicator__position")[0]
    change = answer.change_to(score=0, reason="", commentary="Half", by=cast.lead, at=timezone.now())
    answer.save()
    change.save()
    first = export(make(cast, audit))[0]
    assert (first["Agency’s score"], first["Agency’s commentary"]) == ("1", "We look at ten files a quarter.")
    faults = refuse(make(cast, audit), first | {"Moderated score": "2", "Reason": "Seen"})
    assert faults == [
        (
            "line 2, Moderated score: Only a submitted audit can be moderated; this one is returned now; "
            "leave the cell as it was"
        )
    ]


@pytest.mark.parametrize("file_format", [DocumentFormat.XLSX, DocumentFormat.CSV])
def test_a_file_that_comes_back_as_it_was_changes_nothing(
    cast: Cast, audit: Audit, file_format: DocumentFormat
) -> None:
    moderate(audit, cast.administrator, reason="=HYPERLINK(1)\nSecond line")
    found = make(cast, audit).preview(through(make(cast, audit), file_format))
    assert (found.faults, count(found)) == ([], {"unchanged": 4})
    assert Moderation.objects.count() == 1


def test_scores_come_back_with_their_reasons(cast: Cast, audit: Audit) -> None:
    rows = export(make(cast, audit))
    found = save(
        make(cast, audit),
        rows[0] | {"Moderated score": "2", "Reason": "Seen in the files"},
        rows[1] | {"Moderated score": "na", "Reason": "It has no staff"},
        rows[2] | {"Moderated score": "agrees"},
        # The agency's own score is agreement.
        rows[3] | {"Moderated score": "1", "Reason": "As they say"},
    )
    assert count(found) == {"changed": 4}
    said = Moderation.objects.order_by("answer__indicator__position").values_list(
        "score", "is_not_applicable", "reason", "by", "submission", "series"
    )
    officer, moderated = cast.quality_officer.pk, Series.MODERATED
    assert list(said) == [
        (2, False, "Seen in the files", officer, 1, moderated),
        (None, True, "It has no staff", officer, 1, moderated),
        (None, False, "", officer, 1, moderated),
        (None, False, "As they say", officer, 1, moderated),
    ]
    assert [row["Moderated score"] for row in export(make(cast, audit))] == ["2", "NA", "agrees", "agrees"]
    assert count(preview(make(cast, audit), *export(make(cast, audit)))) == {"unchanged": 4}
    # And once more: history is added to.
    again = save(
        make(cast, audit, cast.administrator), export(make(cast, audit))[0] | {"Moderated score": "0"}
    )
    assert count(again) == {"changed": 1}
    newest = Moderation.objects.get(version=2)
    assert (newest.score, newest.reason, newest.by) == (0, "Seen in the files", cast.administrator)


def test_what_is_wrong_is_said_by_line_and_heading(cast: Cast, audit: Audit) -> None:
    moderate(audit, cast.administrator)
    rows = export(make(cast, audit))
    faults = refuse(
        make(cast, audit),
        rows[0] | {"Moderated score": ""},
        rows[1] | {"Moderated score": "2"},
        rows[2] | {"Reason": "No score"},
        rows[3] | {"Moderated score": "3", "Reason": "Better"},
    )
    right = "write 0, 1, 2 or NA, or agrees where the agency’s score stands"
    assert faults == [
        f"line 2, Moderated score: it is empty; {right}",
        "line 3, Reason: it is empty; write why the score differs from the agency’s",
        "line 4, Moderated score: there is a reason and no score; write a score, or agrees",
        f'line 5, Moderated score: "3" is not a score; {right}',
    ]


def test_a_stale_row_that_says_something_else_is_told_who_moderated(cast: Cast, audit: Audit) -> None:
    row = export(make(cast, audit))[0]
    theirs = moderate(audit, cast.administrator, reason="I saw them")
    faults = refuse(make(cast, audit), row | {"Moderated score": "0", "Reason": "Nothing there"})
    assert len(faults) == 1
    assert faults[0].startswith(f"line 2, Version: {cast.administrator} has moderated this answer since, on ")
    assert ', with 2: "I saw them"; look at theirs' in faults[0]
    # Left as it was exported, it says nothing: theirs stands.
    assert count(preview(make(cast, audit), row)) == {"unchanged": 1}
    assert list(Moderation.objects.all()) == [theirs]


def test_a_row_of_an_earlier_submission_is_no_longer_one(cast: Cast, audit: Audit) -> None:
    moderate(audit, cast.administrator)
    row = export(make(cast, audit))[0]
    mark_submitted(audit, at=timezone.now() + datetime.timedelta(minutes=1), by=cast.lead)
    assert audit.submission == 2
    moderate(audit, cast.administrator, score=0, reason="Not any more")
    faults = refuse(make(cast, audit), row)
    assert "may have been submitted again since; copy the row from a fresh export" in faults[0]
    assert count(preview(make(cast, audit), row | {"Version": "2v1", "Moderated score": "0"})) == {
        "changed": 1
    }


@pytest.mark.parametrize("version", ["", "1v", "1v9", "v", "-1v0", "1v-1", "999999999999999999999v1"])
def test_a_version_that_never_was_is_refused(cast: Cast, audit: Audit, version: str) -> None:
    row = export(make(cast, audit))[0] | {"Moderated score": "2", "Reason": "Seen", "Version": version}
    assert "it is not the version of this answer" in refuse(make(cast, audit), row)[0]


def test_somebody_who_moderates_between_preview_and_save_is_not_overwritten(cast: Cast, audit: Audit) -> None:
    rows = [export(make(cast, audit))[0] | {"Moderated score": "0", "Reason": "Nothing there"}]
    seen = preview(make(cast, audit), *rows)
    theirs = moderate(audit, cast.administrator)
    with pytest.raises(NotInThisState):
        make(cast, audit).save_rows(number(rows), seen.fingerprint)
    assert list(Moderation.objects.all()) == [theirs]


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ("administrator", ""),
        ("quality_officer", ""),
        ("scrutineer", "Only an administrator or quality officer"),
        ("publisher", "Only an administrator or quality officer"),
        ("panel_member", "Only an administrator or quality officer"),
        ("panel_chair", "Only an administrator or quality officer"),
        ("lead", "Only an administrator or quality officer"),
        ("outsider", "Only an administrator or quality officer"),
    ],
)
def test_who_may_moderate_by_a_table(cast: Cast, audit: Audit, person: str, sentence: str) -> None:
    row = export(make(cast, audit))[0] | {"Moderated score": "2", "Reason": "Seen"}
    table = make(cast, audit, cast.people[person])
    if sentence:
        assert sentence in refuse(table, row)[0]
    else:
        assert count(preview(table, row)) == {"changed": 1}


def test_final_scores_stay(cast: Cast, audit: Audit) -> None:
    row = export(make(cast, audit))[0] | {"Moderated score": "2", "Reason": "Seen"}
    close_series(audit=audit, by=cast.quality_officer)
    assert "is closed, so its scores stand" in refuse(make(cast, audit), row)[0]


def test_keys_of_drafts_and_of_others_name_nothing(cast: Cast, audit: Audit) -> None:
    row = export(make(cast, audit))[0]
    for other in Audit.objects.exclude(pk=audit.pk):
        answer = other.answers.all()[0]
        faults = refuse(make(cast, audit), row | {"Key": str(answer.pk), "Moderated score": "2"})
        assert f'nothing here has the key "{answer.pk}"' in faults[0]
    assert "this table takes no new rows" in refuse(make(cast, audit), row | {"Key": ""})[0]


def test_queries_do_not_grow_with_the_audits(
    cast: Cast, audit: Audit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows: list[Row] = []
    for more in (0, 2):
        for place in range(more):
            organisation = factories.make_organisation(f"Echo {place}", partnership=cast.partnership)
            made = factories.make_audit(audit.cycle, organisation, scores=2)
            mark_submitted(made, at=timezone.now(), by=None)
            freeze_answers(made, [])
            made.answers.update(submitted_score=2)
        with django_assert_num_queries(6):
            rows = export(make(cast, audit))
        with django_assert_num_queries(6):
            preview(make(cast, audit), *rows)
    assert len(rows) == 12
