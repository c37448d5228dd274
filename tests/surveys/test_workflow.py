"""The verbs of an audit: what each writes, what it refuses, and what it leaves as it was."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError
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
from surveys.queries import get_submitted_standards
from surveys.scoring import NOT_APPLICABLE, make_scorecard
from surveys.workflow import (
    AnswerInput,
    AuditIncomplete,
    NotInThisState,
    open_audit,
    recall_audit,
    save_answers,
    save_profile,
    submit_audit,
)
from tests import factories
from tests.conftest import Cast

WITH_NOTES = "Another reason (explain it in the notes)"


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


def get_indicator(audit: Audit, code: str) -> Indicator:
    return audit.questionnaire.indicators.get(code=code)


def enter(
    audit: Audit, code: str, score: int | None, *, reason: str = "", commentary: str = "", seen: int = 0
) -> AnswerInput:
    return AnswerInput(get_indicator(audit, code), score, reason, commentary, seen)


def answer_all(audit: Audit, by: User, **scores: int) -> None:
    """A 2 for each, unless said otherwise; and the profile."""
    seen = dict(audit.answers.values_list("indicator__code", "version"))
    entered = [
        enter(audit, code, scores.get(code.replace(".", "_"), 2), seen=seen.get(code, 0))
        for code in audit.questionnaire.indicators.values_list("code", flat=True)
    ]
    assert save_answers(audit=audit, entered=entered, by=by) == []
    save_profile(audit=audit, values={audit.questionnaire.profile_questions.get(): "12"}, by=by)


def submit(audit: Audit, by: User) -> None:
    """With what happens on commit."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        submit_audit(audit=audit, by=by)


# Opening


def test_an_audit_is_made_once(invitee: Invitee, cast: Cast) -> None:
    first = open_audit(invitee=invitee, by=cast.lead)
    second = open_audit(invitee=invitee, by=cast.contributor)
    assert first == second
    assert list(AuditEvent.objects.values_list("kind", "by")) == [(AuditEventKind.OPENED, cast.lead.pk)]


# Saving


def test_an_answer_is_kept_with_every_change(audit: Audit, cast: Cast) -> None:
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 0, commentary="Begun")], by=cast.lead)
    save_answers(
        audit=audit, entered=[enter(audit, "A1.1", None, reason=WITH_NOTES, seen=1)], by=cast.contributor
    )
    answer = Answer.objects.get()
    assert (answer.score, answer.not_applicable_reason, answer.commentary) == (None, WITH_NOTES, "")
    assert (answer.version, answer.updated_by) == (2, cast.contributor)
    assert list(
        AnswerChange.objects.values_list(
            "version", "score_before", "score_after", "reason_after", "commentary_before", "by"
        )
    ) == [(1, None, 0, "", "", cast.lead.pk), (2, 0, None, WITH_NOTES, "Begun", cast.contributor.pk)]


def test_what_is_the_same_is_no_change(audit: Audit, cast: Cast) -> None:
    Answer.objects.create(
        audit=audit, indicator=get_indicator(audit, "A1.1"), score=1, commentary="One\r\nTwo"
    )
    again = enter(audit, "A1.1", 1, commentary="One\nTwo", seen=1)
    empty = enter(audit, "A1.2", None)
    assert save_answers(audit=audit, entered=[again, empty], by=cast.lead) == []
    assert Answer.objects.get().version == 1
    assert not AnswerChange.objects.exists()


def test_a_score_can_be_cleared_and_its_commentary_kept(audit: Audit, cast: Cast) -> None:
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 0, commentary="Begun")], by=cast.lead)
    save_answers(audit=audit, entered=[enter(audit, "A1.1", None, commentary="Begun", seen=1)], by=cast.lead)
    assert (Answer.objects.get().score, Answer.objects.get().commentary) == (None, "Begun")
    assert not Answer.objects.answered().exists()


def test_a_stale_save_overwrites_nothing_and_says_what_is_there(audit: Audit, cast: Cast) -> None:
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 2, commentary="Theirs")], by=cast.contributor)
    mine = enter(audit, "A1.1", 1, commentary="Mine", seen=0)
    other = enter(audit, "A1.2", 1)
    conflicts = save_answers(audit=audit, entered=[mine, other], by=cast.lead)
    assert [(one.entered, one.current.commentary, one.current.updated_by) for one in conflicts] == [
        (mine, "Theirs", cast.contributor)
    ]
    assert dict(Answer.objects.values_list("indicator__code", "score")) == {"A1.1": 2, "A1.2": 1}
    # With their version in hand it is on purpose.
    assert (
        save_answers(audit=audit, entered=[enter(audit, "A1.1", 1, commentary="Mine", seen=1)], by=cast.lead)
        == []
    )
    assert Answer.objects.get(indicator__code="A1.1").commentary == "Mine"


def test_an_old_page_where_nothing_was_touched_leaves_the_other_s_answer(audit: Audit, cast: Cast) -> None:
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 0, commentary="First")], by=cast.lead)
    save_answers(
        audit=audit, entered=[enter(audit, "A1.1", 1, commentary="Second", seen=1)], by=cast.contributor
    )
    save_answers(
        audit=audit, entered=[enter(audit, "A1.1", 2, commentary="Third", seen=2)], by=cast.contributor
    )
    as_seen = enter(audit, "A1.1", 0, commentary="First", seen=1)
    assert save_answers(audit=audit, entered=[as_seen, enter(audit, "A1.2", 2)], by=cast.lead) == []
    assert Answer.objects.get(indicator__code="A1.1").commentary == "Third"
    # A page from before there was any answer at all
    assert save_answers(audit=audit, entered=[enter(audit, "A1.1", None)], by=cast.lead) == []
    assert Answer.objects.get(indicator__code="A1.1").score == 2


def test_two_who_enter_the_same_are_no_conflict(audit: Audit, cast: Cast) -> None:
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 2)], by=cast.contributor)
    assert save_answers(audit=audit, entered=[enter(audit, "A1.1", 2)], by=cast.lead) == []
    assert Answer.objects.get().updated_by == cast.contributor


@pytest.mark.parametrize(
    ("score", "confirms", "after"),
    [
        (2, False, (2, False, 1)),  # left as it was shown: it stays to confirm
        (2, True, (2, True, 2)),
        (1, False, (1, True, 2)),  # changed, and so looked at
        (1, True, (1, True, 2)),
        (None, False, (None, True, 2)),  # cleared: nothing is left to confirm
    ],
)
def test_what_was_carried_over_is_confirmed_or_changed(
    audit: Audit, cast: Cast, score: int | None, confirms: bool, after: tuple[int | None, bool, int]
) -> None:
    Answer.objects.create(audit=audit, indicator=get_indicator(audit, "A1.1"), score=2, confirmed=False)
    entered = replace(enter(audit, "A1.1", score, seen=1), confirms=confirms)
    assert save_answers(audit=audit, entered=[entered], by=cast.lead) == []
    answer = Answer.objects.get()
    assert (answer.score, answer.confirmed, answer.version) == after
    assert answer.changes.count() == after[2] - 1


@pytest.mark.parametrize("score", [3, -1])
def test_the_database_refuses_what_is_no_score(audit: Audit, score: int) -> None:
    with pytest.raises(DatabaseError):
        Answer.objects.create(audit=audit, indicator=get_indicator(audit, "A1.1"), score=score)


def test_a_fact_is_saved_once_and_only_when_it_changes(audit: Audit, cast: Cast) -> None:
    question = audit.questionnaire.profile_questions.get()
    save_profile(audit=audit, values={question: ""}, by=cast.lead)
    assert not ProfileAnswer.objects.exists()
    save_profile(audit=audit, values={question: "12"}, by=cast.lead)
    save_profile(audit=audit, values={question: "12"}, by=cast.contributor)
    assert (ProfileAnswer.objects.get().version, ProfileAnswer.objects.get().updated_by) == (1, cast.lead)


def test_a_stale_fact_overwrites_nothing(audit: Audit, cast: Cast) -> None:
    question = audit.questionnaire.profile_questions.get()
    save_profile(audit=audit, values={question: "12"}, by=cast.contributor)
    untouched = save_profile(audit=audit, values={question: ""}, seen={question: ""}, by=cast.lead)
    stale = save_profile(audit=audit, values={question: "13"}, seen={question: ""}, by=cast.lead)
    assert (untouched, [theirs.value for theirs in stale]) == ([], ["12"])
    assert ProfileAnswer.objects.get().value == "12"
    assert save_profile(audit=audit, values={question: "13"}, seen={question: "12"}, by=cast.lead) == []
    assert ProfileAnswer.objects.get().value == "13"


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
