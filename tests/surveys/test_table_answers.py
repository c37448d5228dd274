"""Answers as a table: what was submitted goes out; what comes in is held against the command, row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import Variant
from s11.organisations.models import User
from s11.web.errors import NotInThisState
from surveys.enums import AuditEventKind, AuditStatus, CycleStatus, DocumentFormat
from surveys.imports.csv_files import Refused
from surveys.models import Answer, AnswerEvidence, Audit, AuditEvent, Cycle, ProfileAnswer, Scorecard
from surveys.resources.answers import AnswerTable
from surveys.resources.base import FileRow
from surveys.resources.files import read_table
from surveys.workflow import open_audit
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.import_files import AT, get_everything
from tests.surveys.table_rows import count, export, number, through
from tests.trails import lifted

COLUMNS = ("organisation", "submitted_at", "indicator", "score", "reason", "commentary")
CODES = ("A1.1", "A1.2", "A2.1", "A2.2")
NOT_OURS = "It does not do this"


@grounded
def cycle(cast: Cast) -> Cycle:
    """Anchor has submitted, Beacon is drafting, Cove is invited; elsewhere somebody has submitted too."""
    bank = factories.make_questionnaire(Variant.STANDARD)
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    scores: dict[str, int | str | None] = {"A1.1": 0, "A1.2": 2, "A2.1": 1, "A2.2": NOT_OURS}
    done = factories.make_audit(cycle, cast.organisation, scores=scores, status=AuditStatus.SUBMITTED)
    done.answers.update(commentary="=1+1, they say")
    draft = factories.make_audit(cycle, cast.other_organisation, scores=1)
    draft.answers.update(commentary="Not for officers yet", updated_by=cast.stranger)
    cove = factories.make_organisation(
        "Cove Council", slug="cove", partnership=cast.partnership, urn="123456"
    )
    factories.make_invitee(cycle, cove)
    there = factories.make_organisation("Dune Homes", slug="dune", partnership=cast.elsewhere)
    elsewhere = factories.make_cycle(cast.elsewhere, questionnaires=(bank,))
    factories.make_audit(elsewhere, there, scores=2, status=AuditStatus.SUBMITTED)
    return cycle


def make(cast: Cast, cycle: Cycle, by: User | None = None) -> AnswerTable:
    cycle.refresh_from_db()
    return AnswerTable(partnership=cast.partnership, by=by or cast.administrator, cycle=cycle)


def write(organisation: str, *scores: str, at: str = AT) -> list[tuple[str, ...]]:
    """Rows of one audit, its scores in the order of the bank."""
    rows = zip(CODES, scores, strict=False)
    return [(organisation, at, code, score, NOT_OURS if score == "NA" else "", "") for code, score in rows]


def make_csv(rows: Sequence[Sequence[str]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([COLUMNS, *rows])
    return file.getvalue().encode()


def read(rows: Sequence[Sequence[str]]) -> list[FileRow]:
    content = make_csv(rows)
    return read_table(io.BytesIO(content), len(content), "answers.csv", COLUMNS)


# Out ------------------------------------------------------------------------------------------------------------------


def test_what_was_submitted_goes_out_under_the_command_s_columns(cast: Cast, cycle: Cycle) -> None:
    rows = export(make(cast, cycle))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["organisation"], row["indicator"], row["score"], row["reason"]) for row in rows] == [
        ("Anchor Trust", "A1.1", "0", ""),
        ("Anchor Trust", "A1.2", "2", ""),
        ("Anchor Trust", "A2.1", "1", ""),
        ("Anchor Trust", "A2.2", "NA", NOT_OURS),
    ]
    moment = Audit.objects.get(invitee__organisation=cast.organisation, invitee__cycle=cycle).submitted_at
    assert moment is not None
    assert {row["submitted_at"] for row in rows} == {timezone.localtime(moment).isoformat()}
    assert not any("Not for officers yet" in cell for row in rows for cell in row.values())


@pytest.mark.parametrize("status", [AuditStatus.DRAFT, AuditStatus.AWAITING_SIGN_OFF])
def test_before_submission_nothing_goes_out(cast: Cast, cycle: Cycle, status: AuditStatus) -> None:
    # As the columns of a recalled audit might have stayed: the status alone decides.
    Audit.objects.update(status=status, submitted_at=None, first_submitted_at=None)
    assert export(make(cast, cycle)) == []


def test_what_is_being_corrected_goes_out_as_it_was_submitted(cast: Cast, cycle: Cycle) -> None:
    audit = Audit.objects.get(invitee__organisation=cast.organisation, invitee__cycle=cycle)
    before = export(make(cast, cycle))
    factories.make_correction(audit)
    for answer in audit.answers.all():
        change = answer.change_to(score=1, reason="", commentary="Half", by=cast.lead, at=timezone.now())
        answer.save()
        change.save()
    assert export(make(cast, cycle)) == before


def test_two_of_one_name_are_told_by_their_urn(cast: Cast, cycle: Cycle) -> None:
    factories.make_organisation("Anchor Trust", slug="anchor-2", partnership=cast.partnership)
    cast.organisation.urn = "654321"
    cast.organisation.save()
    assert {row["organisation"] for row in export(make(cast, cycle))} == {"654321"}


@pytest.mark.parametrize("file_format", [DocumentFormat.XLSX, DocumentFormat.CSV])
def test_a_file_that_comes_back_as_it_was_changes_nothing(
    cast: Cast, cycle: Cycle, file_format: DocumentFormat
) -> None:
    """As by the command, each of its rows is said to be submitted already."""
    before = get_everything()
    found = make(cast, cycle).preview(through(make(cast, cycle), file_format))
    assert not found.can_be_confirmed
    assert found.faults == [
        f'line {line}, organisation: the audit of "Anchor Trust" has been submitted already; remove its rows'
        for line in range(2, 6)
    ]
    assert get_everything() == before


def test_an_export_comes_back_whole_in_another_place(cast: Cast, cycle: Cycle) -> None:
    """Into a cycle of the same bank, where the same organisation has not begun."""
    bank = cycle.cycle_questionnaires.get().questionnaire
    again = factories.make_cycle(cast.partnership, slug="again", questionnaires=(bank,))
    factories.make_invitee(again, cast.organisation)
    for file_format in (DocumentFormat.XLSX, DocumentFormat.CSV):
        found = make(cast, again).preview(through(make(cast, cycle), file_format))
        assert (found.faults, count(found)) == ([], {"added": 1})
    make(cast, again).save_rows(through(make(cast, cycle), DocumentFormat.XLSX), found.fingerprint)
    assert export(make(cast, again)) == export(make(cast, cycle))


# In -------------------------------------------------------------------------------------------------------------------

BAD: dict[str, list[tuple[str, ...]]] = {
    "nobody": write("Nobody", "2"),
    "not invited": write("Anchor", "2"),
    "submitted already": write("Anchor Trust", "2"),
    "no such indicator": [("Cove Council", AT, "Z9.9", "2", "", "")],
    "a score of 3": write("Cove Council", "3", "2", "2", "2"),
    "a reason on a score": [("Cove Council", "", "A1.1", "2", "Why", "")],
    "no reason": [("Cove Council", "", "A1.1", "NA", "", "")],
    "missing answers": write("Cove Council", "2", "1"),
    "a day without a time": write("Cove Council", "2", "2", "2", "2", at="2026-05-01"),
    "two moments": [*write("Cove Council", "2", "2"), *write("Cove Council", "2", "2", "2", "2", at="")[2:]],
    "a row twice": [*write("Cove Council", "2", at=""), *write("123456", "2", at="")],
    "too few cells": [("Cove Council", "", "A1.1")],
    "too many cells": [("Cove Council", "", "A1.1", "2", "", "One", "two")],
    "lines in a cell": [
        ("Cove Council", "", "A1.1", "2", "", "One\ntwo"),
        ("Cove Council", "", "A1.2", "9", "", ""),
    ],
}


@pytest.mark.parametrize("name", BAD)
def test_the_page_says_of_a_row_what_the_command_says(
    cast: Cast, cycle: Cycle, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(make_csv(BAD[name]))
    with pytest.raises(CommandError) as refused:
        call_command("import_answers", str(path), partnership="harbour", cycle=cycle.slug)
    listed = str(refused.value).splitlines()[1:-1]
    assert listed
    found = make(cast, cycle).preview(read(BAD[name]))
    assert found.faults == listed
    assert f"{found.counts['wrong']} bad row" in str(refused.value)
    assert not found.can_be_confirmed


def test_answers_come_in_as_by_the_command(cast: Cast, cycle: Cycle) -> None:
    rows = read(write("123456", "2", "0", "NA", "1"))
    found = make(cast, cycle).preview(rows)
    assert count(found) == {"added": 1}
    (line,) = found.lines
    assert (line.number, line.name) == (2, "Cove Council")
    assert line.notes[0] == "4 answers, submitted on 1 May 2026 at 13:00."
    assert "its opening day moves back" in line.notes[1]
    assert not Audit.objects.filter(invitee__organisation__slug="cove").exists()

    table = make(cast, cycle)
    table.file_origin = "“answers.csv”, SHA-256 abc"
    assert table.save_rows(rows, found.fingerprint) == found
    audit = Audit.objects.get(invitee__organisation__slug="cove")
    assert (audit.status, audit.submission) == (AuditStatus.SUBMITTED, 1)
    said = audit.answers.order_by("indicator__position").values_list(
        "submitted_score", "not_applicable_reason"
    )
    assert list(said) == [(2, ""), (0, ""), (None, NOT_OURS), (1, "")]
    assert Scorecard.objects.filter(audit=audit).exists()
    event = AuditEvent.objects.get(audit=audit)
    assert (event.kind, event.by) == (AuditEventKind.IMPORTED, cast.administrator)
    assert event.detail == "From “answers.csv”, SHA-256 abc"
    cycle.refresh_from_db()
    assert str(cycle.opens_on) == "2026-05-01"


def test_a_draft_that_was_brought_in_can_be_brought_in_again(cast: Cast, cycle: Cycle) -> None:
    def bring(*scores: str) -> dict[str, int]:
        rows = read(write("Cove Council", *scores, at=""))
        found = make(cast, cycle).preview(rows)
        assert found.faults == []
        if found.can_be_confirmed:
            make(cast, cycle).save_rows(rows, found.fingerprint)
        return dict(count(found))

    assert bring("2", "1") == {"added": 1}
    assert bring("2", "1") == {"unchanged": 1}
    assert bring("2", "0") == {"changed": 1}
    held = Answer.objects.filter(audit__invitee__organisation__slug="cove")
    assert list(held.order_by("indicator__position").values_list("score", flat=True)) == [2, 0]


@pytest.mark.parametrize("begun", ["opened", "answered", "fact", "evidence", "action"])
@pytest.mark.parametrize("at", ["", AT])
def test_no_file_touches_an_audit_that_its_people_have_begun(
    cast: Cast, cycle: Cycle, begun: str, at: str
) -> None:
    """Or an officer could submit an agency's draft, and so read it."""
    invitee = cycle.invitees.get(organisation__slug="cove")
    audit = open_audit(invitee=invitee, by=cast.lead)
    if begun != "opened":
        with lifted(AuditEvent):
            audit.events.all().delete()
        answer = Answer.objects.create(
            audit=audit, indicator=audit.questionnaire.indicators.all()[0], score=1
        )
    match begun:
        case "answered":
            Answer.objects.filter(pk=answer.pk).update(updated_by=cast.lead)
        case "fact":
            question = audit.questionnaire.profile_questions.get()
            ProfileAnswer.objects.create(audit=audit, question=question, value="7")
        case "evidence":
            item = factories.make_evidence(invitee.organisation)
            AnswerEvidence.objects.create(answer=answer, evidence=item)
        case "action":
            factories.make_action(invitee.organisation, cast.partnership, answer=answer)
    before = get_everything()
    found = make(cast, cycle).preview(read(write("Cove Council", "2", "2", "2", "2", at=at)))
    assert set(found.faults) == {
        f'line {line}, organisation: "Cove Council" has begun its audit itself, so only its own people change or '
        "submit it; remove its rows"
        for line in range(2, 6)
    }
    assert get_everything() == before


def test_what_happens_between_preview_and_save_stops_the_save(cast: Cast, cycle: Cycle) -> None:
    rows = read(write("Cove Council", "2", "2", "2", "2"))
    found = make(cast, cycle).preview(rows)
    open_audit(invitee=cycle.invitees.get(organisation__slug="cove"), by=cast.lead)
    before = get_everything()
    with pytest.raises(NotInThisState):
        make(cast, cycle).save_rows(rows, found.fingerprint)
    assert get_everything() == before


def test_a_cycle_that_is_not_open_takes_nothing(cast: Cast, cycle: Cycle) -> None:
    rows = read(write("Cove Council", "2"))
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.PLANNED)
    with pytest.raises(Refused, match="The cycle 2026 is not open yet: open it before you import answers"):
        make(cast, cycle).preview(rows)
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    with pytest.raises(
        Refused, match="The cycle 2026 is closed, so nothing can be imported into it any more"
    ):
        make(cast, cycle).preview(rows)


def test_whoever_waits_is_told_how_far_it_is(cast: Cast, cycle: Cycle) -> None:
    said: list[int] = []
    make(cast, cycle).preview(read(write("Nobody", "2") * 1_200), said.append)
    assert said == [500, 1_000]


def test_columns_that_the_command_needs_are_needed(cast: Cast, cycle: Cycle) -> None:
    with pytest.raises(Refused) as refused:
        make(cast, cycle).preview(number([{"organisation": "Cove Council", "score": "2"}]))
    assert str(refused.value) == (
        "The file lacks the columns submitted_at, indicator, reason, commentary: "
        "the columns are organisation,submitted_at,indicator,score,reason,commentary."
    )


def test_queries_do_not_grow_with_the_audits(
    cast: Cast, cycle: Cycle, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for more in (0, 2):
        rows = []
        for place in range(more + 1):
            one = factories.make_organisation(f"Echo {more} {place}", partnership=cast.partnership)
            factories.make_audit(cycle, one, scores=2, status=AuditStatus.SUBMITTED)
            two = factories.make_organisation(f"Fell {more} {place}", partnership=cast.partnership)
            factories.make_invitee(cycle, two)
            rows += write(two.name, "2", "2", "2", "2")
        table = make(cast, cycle)
        with django_assert_num_queries(4):
            export(table)
        with django_assert_num_queries(10):
            table.preview(read(rows))
