"""The verbs of an audit: what each writes, what it refuses, and what it leaves as it was."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core import mail
from django.test import TestCase
from django.utils import timezone

from s11.organisations.models import User
from surveys.enums import AuditEventKind, AuditStatus, CycleStatus, DocumentKind, Scope, Series
from surveys.models import (
    Answer,
    AnswerChange,
    Audit,
    AuditEvent,
    Cycle,
    Document,
    Indicator,
    Invitee,
    ProfileAnswer,
    Scorecard,
)
from surveys.profile_saving import save_profile
from surveys.queries import get_submitted_standards
from surveys.scoring import NOT_APPLICABLE, make_scorecard
from surveys.workflow import (
    AuditIncomplete,
    NotInThisState,
    recall_audit,
    save_answers,
    submit_audit,
)
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import WITH_NOTES, answer_all, enter
from tests.trails import lifted


@pytest.fixture(autouse=True)
def _no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a file looks like is the business of test_copies."""
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF-1.7")


@pytest.fixture
def invitee(cast: Cast) -> Invitee:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_invitee(cycle, cast.organisation)


@pytest.fixture
def audit(invitee: Invitee) -> Audit:
    return Audit.objects.create(invitee=invitee)


def submit(audit: Audit, by: User) -> None:
    """With what happens on commit."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        submit_audit(audit=audit, by=by)


# Submitting


def test_a_submission_freezes_what_pure_scoring_says(audit: Audit, cast: Cast) -> None:
    answer_all(audit, cast.lead, A1_1=0, A2_1=1)
    save_answers(
        audit=audit, entered=[enter(audit, "A2.2", None, reason="It does not do this", seen=1)], by=cast.lead
    )
    submit(audit, cast.lead)
    card = make_scorecard([("A1", "T1", 0), ("A1", "T1", 2), ("A2", "T2", 1), ("A2", "T2", NOT_APPLICABLE)])
    frozen = {
        (row.scope, str(row.standard or row.theme or "")[:2]): (
            row.n,
            row.sum,
            row.zeros,
            row.not_applicable,
            row.grade,
        )
        for row in Scorecard.objects.select_related("standard", "theme")
    }
    expected = {(Scope.WHOLE, ""): card.whole}
    expected |= {(Scope.STANDARD, code): tally for code, tally in card.standards.items()}
    expected |= {(Scope.THEME, code): tally for code, tally in card.themes.items()}
    assert frozen == {
        key: (tally.n, tally.total, tally.zeros, tally.not_applicable, tally.grade)
        for key, tally in expected.items()
    }
    assert set(Scorecard.objects.values_list("series", "submission")) == {(Series.SELF, 1)}
    assert dict(audit.answers.values_list("indicator__code", "submitted_score")) == {
        "A1.1": 0,
        "A1.2": 2,
        "A2.1": 1,
        "A2.2": None,
    }
    assert list(
        audit.answers.filter(submitted_not_applicable=True).values_list("indicator__code", flat=True)
    ) == ["A2.2"]


def test_a_submission_says_who_and_when_and_tells_the_leads(audit: Audit, cast: Cast) -> None:
    factories.make_member("second@anchor.example", organisation=cast.organisation)
    answer_all(audit, cast.lead)
    submit(audit, cast.lead)
    audit.refresh_from_db()
    assert (audit.status, audit.submission, audit.submitted_by) == (AuditStatus.SUBMITTED, 1, cast.lead)
    assert audit.submitted_at == audit.first_submitted_at
    assert AuditEvent.objects.get().kind == AuditEventKind.SUBMITTED
    copy = Document.objects.get()
    assert (copy.kind, copy.submission, copy.is_built) == (DocumentKind.AUDIT_COPY, 1, True)
    assert sorted(message.to for message in mail.outbox) == [
        ["lead@anchor.example"],
        ["second@anchor.example"],
    ]
    receipt = mail.outbox[0]
    assert receipt.subject == "Anchor Trust has submitted Audit 2026: keep this receipt"
    assert f"HARBOUR-2026-{audit.pk}-1" in receipt.body
    assert "/p/harbour/o/anchor/audits/2026/submitted/" in receipt.body


def test_a_mail_server_that_is_down_undoes_no_submission(
    audit: Audit, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(audit: Audit) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("surveys.emails.send_receipt", fail)
    answer_all(audit, cast.lead)
    submit(audit, cast.lead)
    audit.refresh_from_db()
    assert audit.status == AuditStatus.SUBMITTED
    assert Document.objects.get().is_built


def test_nothing_is_submitted_while_anything_is_missing(audit: Audit, cast: Cast) -> None:
    save_answers(
        audit=audit,
        entered=[
            enter(audit, "A1.1", 2),
            enter(audit, "A1.2", None, reason=WITH_NOTES),
            enter(audit, "A2.1", None),
        ],
        by=cast.lead,
    )
    with pytest.raises(AuditIncomplete) as refusal:
        submit(audit, cast.lead)
    assert str(refusal.value) == (
        "The audit cannot be submitted: it lacks answers to A2.1, A2.2; facts in the profile: P1; notes on A1.2."
    )
    audit.refresh_from_db()
    assert (audit.status, audit.submission, audit.submitted_at) == (AuditStatus.DRAFT, 0, None)
    assert [made.objects.count() for made in (Scorecard, Document, AuditEvent)] == [0, 0, 0]
    assert mail.outbox == []


def test_an_audit_that_asks_nothing_is_not_submitted(audit: Audit, cast: Cast) -> None:
    answer_all(audit, cast.lead)
    with lifted(AnswerChange):
        audit.answers.all().delete()
    audit.questionnaire.indicators.all().delete()
    with pytest.raises(AuditIncomplete, match="it lacks anything to answer"):
        submit_audit(audit=audit, by=cast.lead)


def test_what_the_profile_no_longer_asks_stays_out_of_the_figures(audit: Audit, cast: Cast) -> None:
    question = audit.questionnaire.profile_questions.get()
    Indicator.objects.filter(code="A2.2").update(applies_if={"P1": "12"})
    answer_all(audit, cast.lead, A2_2=0)
    save_profile(audit=audit, values={question: "13"}, by=cast.lead)
    submit(audit, cast.lead)
    whole = Scorecard.objects.get(scope=Scope.WHOLE)
    assert (whole.n, whole.sum, whole.zeros) == (3, 6, 0)
    kept = audit.answers.get(indicator__code="A2.2")
    assert (kept.score, kept.submitted_score, kept.is_submitted) == (0, None, False)


def test_a_second_submission_keeps_the_first_one_s_figures(audit: Audit, cast: Cast) -> None:
    answer_all(audit, cast.lead)
    submit(audit, cast.lead)
    first_moment = audit.submitted_at
    recall_audit(audit=audit, by=cast.lead)
    assert not audit.answers.filter(submitted_score__isnull=False).exists()
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 0, seen=1)], by=cast.contributor)
    submit(audit, cast.lead)
    audit.refresh_from_db()
    assert audit.submission == 2
    assert audit.first_submitted_at is not None
    assert first_moment is not None
    assert audit.first_submitted_at > first_moment
    wholes = Scorecard.objects.filter(scope=Scope.WHOLE).values_list("submission", "sum", "zeros")
    assert sorted(wholes) == [(1, 8, 0), (2, 6, 1)]
    assert set(Document.objects.values_list("submission", flat=True)) == {1, 2}
    assert list(AuditEvent.objects.values_list("kind", flat=True)) == ["submitted", "recalled", "submitted"]


def test_a_return_for_correction_keeps_the_first_moment(audit: Audit, cast: Cast) -> None:
    answer_all(audit, cast.lead)
    submit(audit, cast.lead)
    first_moment = audit.first_submitted_at
    factories.make_correction(audit)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=60), tick=True):
        submit(audit, cast.lead)
    audit.refresh_from_db()
    assert (audit.submission, audit.first_submitted_at) == (2, first_moment)
    assert audit.submitted_at != first_moment
    assert audit.was_on_time


def test_an_old_copy_in_memory_submits_what_is_there_now(audit: Audit, cast: Cast) -> None:
    """Two leads: one submitted and recalled since the other opened the page."""
    answer_all(audit, cast.lead)
    old = Audit.objects.get(pk=audit.pk)
    submit(audit, cast.lead)
    recall_audit(audit=audit, by=cast.lead)
    submit(old, cast.lead)
    assert Audit.objects.get(pk=audit.pk).submission == 2


@pytest.mark.parametrize("verb", ["save", "profile", "submit", "recall"])
def test_whoever_comes_too_late_is_told_and_changes_nothing(audit: Audit, cast: Cast, verb: str) -> None:
    answer_all(audit, cast.lead)
    if verb != "recall":
        submit_audit(audit=Audit.objects.get(pk=audit.pk), by=cast.lead)
    before = list(Answer.objects.values()), list(ProfileAnswer.objects.values()), AuditEvent.objects.count()
    with pytest.raises(NotInThisState, match="draft now" if verb == "recall" else "submitted now"):
        call(verb, audit, cast.lead)
    assert (
        list(Answer.objects.values()),
        list(ProfileAnswer.objects.values()),
        AuditEvent.objects.count(),
    ) == before


@pytest.mark.parametrize("verb", ["save", "profile", "submit", "recall"])
def test_nothing_changes_in_a_cycle_that_was_closed_meanwhile(audit: Audit, cast: Cast, verb: str) -> None:
    answer_all(audit, cast.lead)
    if verb == "recall":
        submit_audit(audit=audit, by=cast.lead)
    Cycle.objects.update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    before = list(Answer.objects.values()), Audit.objects.get().status
    with pytest.raises(NotInThisState, match="Audit 2026 is closed now"):
        call(verb, audit, cast.lead)
    assert (list(Answer.objects.values()), Audit.objects.get().status) == before


def call(verb: str, audit: Audit, by: User) -> None:
    match verb:
        case "save":
            save_answers(audit=audit, entered=[enter(audit, "A1.1", 0, seen=1)], by=by)
        case "profile":
            save_profile(audit=audit, values={audit.questionnaire.profile_questions.get(): "99"}, by=by)
        case "submit":
            submit_audit(audit=audit, by=by)
        case _:
            recall_audit(audit=audit, by=by)


# What a submission said


def test_a_submission_can_be_read_after_it_was_changed(audit: Audit, cast: Cast) -> None:
    answer_all(audit, cast.lead)
    submit(audit, cast.lead)
    factories.make_correction(audit)
    save_answers(
        audit=audit,
        entered=[
            enter(audit, "A1.1", 0, commentary="New", seen=1),
            enter(audit, "A1.2", None, reason="It does not do this", seen=1),
        ],
        by=cast.lead,
    )
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 1, commentary="Newer", seen=2)], by=cast.lead)
    said = {
        item.indicator.code: (item.answer.score, item.answer.not_applicable_reason, item.answer.commentary)
        for standard in get_submitted_standards(audit, 1, None)
        for item in standard.items
        if item.answer
    }
    assert said == dict.fromkeys(("A1.1", "A1.2", "A2.1", "A2.2"), (2, "", ""))


def test_a_submission_asks_what_it_asked_then(audit: Audit, cast: Cast) -> None:
    question = audit.questionnaire.profile_questions.get()
    Indicator.objects.filter(code="A2.2").update(applies_if={"P1": "12"})
    answer_all(audit, cast.lead)
    submit(audit, cast.lead)
    ProfileAnswer.objects.filter(audit=audit, question=question).update(value="13")
    codes = [
        item.indicator.code for one in get_submitted_standards(audit, 1, {"P1": "13"}) for item in one.items
    ]
    assert codes == ["A1.1", "A1.2", "A2.1", "A2.2"]
