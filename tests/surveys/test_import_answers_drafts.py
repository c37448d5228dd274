"""Answers from a file for drafts: set, cleared, submitted with what the draft held."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from s11.organisations.models import Organisation
from surveys.enums import AuditStatus, Scope
from surveys.models import (
    Answer,
    AnswerChange,
    Audit,
    AuditEvent,
    Cycle,
    Indicator,
    ProfileAnswer,
    ProfileQuestion,
    Scorecard,
)
from surveys.progress import get_progress
from surveys.workflow import recall_audit
from tests import factories
from tests.ground import grounded
from tests.surveys.import_files import (
    AT,
    get_answers,
    make_answers,
    make_file,
    make_import_cycle,
    refuse,
    rows,
    run,
)

pytestmark = pytest.mark.django_db
COMMAND = "import_answers"
REASON = "It does not do this"


@grounded
def cycle(db: None) -> Cycle:
    return make_import_cycle()


@grounded
def anchor(cycle: Cycle) -> Organisation:
    return Organisation.objects.get(name="Anchor")


# Drafts -------------------------------------------------------------------------------------------------------


def test_a_draft(tmp_path: Path, cycle: Cycle) -> None:
    said = run(
        COMMAND, make_answers(tmp_path, "Anchor,,A1.1,0,,=1+1", "Anchor,,A2.1,,,Not sure yet."), cycle="2026"
    )
    assert said == "2 answers of 1 audit: 0 submitted, 1 draft; 2 new, 0 changed, 0 as before.\n"
    audit = Audit.objects.get()
    assert (audit.status, audit.submission, audit.submitted_at) == (AuditStatus.DRAFT, 0, None)
    assert get_answers() == {"A1.1": (0, "", "=1+1"), "A2.1": (None, "", "Not sure yet.")}
    assert set(Answer.objects.values_list("submitted_score", "submitted_not_applicable")) == {(None, False)}
    assert not Scorecard.objects.exists()
    assert get_progress(audit).answered == 1


def test_rows_set_a_drafts_answers_and_keep_what_was_there_before(
    tmp_path: Path, cycle: Cycle, anchor: Organisation
) -> None:
    audit = factories.make_audit(cycle, anchor, scores={"A1.1": 2, "A1.2": REASON, "A2.1": 1, "A2.2": 0})
    lead = factories.make_member("lead@anchor.example", organisation=anchor)
    audit.answers.update(commentary="Ours.", updated_by=lead)
    audit.answers.filter(indicator__code="A2.1").update(version=4)
    path = make_answers(
        tmp_path,
        "Anchor,,A1.1,2,,Ours.",
        f"Anchor,,A1.2,0,,{'x' * 20_000}",
        "Anchor,,A2.1,,,Cleared.",
    )
    said = run(COMMAND, path, cycle="2026")
    assert said == "3 answers of 1 audit: 0 submitted, 1 draft; 0 new, 2 changed, 1 as before.\n"
    assert get_answers() == {
        "A1.1": (2, "", "Ours."),
        "A1.2": (0, "", "x" * 20_000),
        "A2.1": (None, "", "Cleared."),
        "A2.2": (0, "", "Ours."),
    }
    changes = {change.answer.indicator.code: change for change in AnswerChange.objects.all()}
    assert set(changes) == {"A1.2", "A2.1"}
    change = changes["A2.1"]
    assert (change.score_before, change.score_after, change.version, change.by) == (1, None, 5, None)
    assert (change.commentary_before, change.commentary_after) == ("Ours.", "Cleared.")
    assert (changes["A1.2"].reason_before, changes["A1.2"].reason_after) == (REASON, "")
    versions = dict(audit.answers.values_list("indicator__code", "version"))
    assert versions == {"A1.1": 1, "A1.2": 2, "A2.1": 5, "A2.2": 1}
    assert set(audit.answers.filter(version__gt=1).values_list("updated_by", flat=True)) == {None}


def test_the_same_draft_again_changes_nothing(tmp_path: Path, cycle: Cycle) -> None:
    path = make_answers(tmp_path, *rows(at=""), "Beacon,,E1.1,,,Only this.")
    run(COMMAND, path, cycle="2026")
    assert run(COMMAND, path, cycle="2026").splitlines() == [
        "5 answers of 2 audits: 0 submitted, 2 drafts; 0 new, 0 changed, 5 as before.",
        "Nothing changed.",
    ]
    assert AuditEvent.objects.count() == 2
    assert not AnswerChange.objects.exists()


def test_an_answer_that_was_carried_over_counts_as_confirmed(
    tmp_path: Path, cycle: Cycle, anchor: Organisation
) -> None:
    audit = factories.make_audit(cycle, anchor, scores=2)
    audit.answers.update(confirmed=False)
    run(COMMAND, make_answers(tmp_path, "Anchor,,A1.1,2,,"), cycle="2026")
    assert audit.answers.filter(confirmed=True).get().indicator.code == "A1.1"


def test_lines_of_commentary_end_alike(tmp_path: Path, cycle: Cycle) -> None:
    content = 'organisation,submitted_at,indicator,score,reason,commentary\r\nAnchor,,A1.1,2,," One\r\n\r\ntwo\n "\r\n'
    run(COMMAND, make_file(tmp_path, content), cycle="2026")
    assert get_answers() == {"A1.1": (2, "", "One\n\ntwo")}


# A draft that the file submits ---------------------------------------------------------------------------------


def test_what_the_draft_held_is_submitted_with_it(tmp_path: Path, cycle: Cycle, anchor: Organisation) -> None:
    audit = factories.make_audit(cycle, anchor, scores={"A1.1": 0, "A1.2": REASON, "A2.1": 1})
    path = make_answers(tmp_path, *rows()[2:])
    run(COMMAND, path, cycle="2026")
    audit.refresh_from_db()
    assert audit.status == AuditStatus.SUBMITTED
    assert list(audit.answers.values_list("submitted_score", "submitted_not_applicable")) == [
        (0, False),
        (None, True),
        (0, False),
        (2, False),
    ]
    whole = audit.scorecards.get(scope=Scope.WHOLE)
    assert (whole.n, whole.sum, whole.not_applicable) == (3, 2, 1)


def test_a_recalled_audit_is_submitted_once_more(tmp_path: Path, cycle: Cycle, anchor: Organisation) -> None:
    audit = factories.make_audit(cycle, anchor, scores=1, status=AuditStatus.SUBMITTED)
    recall_audit(audit=audit, by=factories.make_member("lead@anchor.example", organisation=anchor))
    run(COMMAND, make_answers(tmp_path, *rows()), cycle="2026")
    audit.refresh_from_db()
    assert (audit.submission, audit.submitted_at) == (2, datetime.datetime.fromisoformat(AT))
    assert audit.scorecards.get(submission=2, scope=Scope.WHOLE).sum == 5


def test_a_profile_that_is_there_decides_what_is_asked(
    tmp_path: Path, cycle: Cycle, anchor: Organisation
) -> None:
    Indicator.objects.filter(code="A2.2").update(applies_if={"P1": "12"})
    audit = factories.make_audit(cycle, anchor, scores={"A2.2": 0})
    question = ProfileQuestion.objects.get(questionnaire=audit.questionnaire)
    profile = ProfileAnswer.objects.create(audit=audit, question=question, value="11")
    said = refuse(COMMAND, make_answers(tmp_path, *rows()), cycle="2026")
    assert 'line 5, indicator: 2026 does not ask A2.2 of "Anchor"' in said
    run(COMMAND, make_answers(tmp_path, *rows()[:3]), cycle="2026")
    assert audit.scorecards.get(scope=Scope.WHOLE).n == 3
    assert dict(audit.answers.values_list("indicator__code", "submitted_score"))["A2.2"] is None
    assert profile.value == ProfileAnswer.objects.get().value


def test_where_the_profile_asks_for_it_a_missing_answer_is_named(
    tmp_path: Path, cycle: Cycle, anchor: Organisation
) -> None:
    Indicator.objects.filter(code="A2.2").update(applies_if={"P1": "12"})
    audit = factories.make_audit(cycle, anchor)
    question = ProfileQuestion.objects.get(questionnaire=audit.questionnaire)
    ProfileAnswer.objects.create(audit=audit, question=question, value="12")
    said = refuse(COMMAND, make_answers(tmp_path, *rows()[:3]), cycle="2026")
    assert 'line 2, indicator: "Anchor" has no answer to A2.2' in said
