"""Asking a signatory, signing, sending back, taking back, and an officer's return for correction."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client, TestCase

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.web.errors import NotAllowed
from surveys.enums import AuditEventKind, AuditStatus, SignOffDecision
from surveys.models import Answer, Audit, AuditEvent, Cycle, SignOff
from surveys.progress import get_progress
from surveys.sign_offs import ask_sign_off, return_audit, send_back, sign_off, withdraw_sign_off
from surveys.workflow import (
    AnswerInput,
    AuditIncomplete,
    NotInThisState,
    recall_audit,
    save_answers,
    submit_audit,
)
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import address, make_complete, make_draft, make_submitted, send

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF-1.7")


@grounded
def complete(cast: Cast) -> Audit:
    """Complete, in a cycle that asks for sign-off."""
    audit = make_complete(cast)
    Cycle.objects.update(asks_sign_off=True)
    return Audit.objects.get(pk=audit.pk)


def events(audit: Audit) -> list[str]:
    return list(AuditEvent.objects.filter(audit=audit).values_list("kind", flat=True))


def with_mail(verb: Callable[[], object]) -> None:
    """Run it with its mail."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        verb()


# The verbs


def test_asked_signed_submitted(complete: Audit, cast: Cast) -> None:
    with_mail(lambda: ask_sign_off(audit=complete, by=cast.lead))
    assert complete.status == AuditStatus.AWAITING_SIGN_OFF
    asked = mail.outbox.pop()
    assert (asked.to, asked.subject[:19]) == (["signatory@anchor.example"], "Sign off Audit 2026")
    assert "/p/harbour/o/anchor/audits/2026/sign-off/" in asked.body

    with_mail(lambda: sign_off(audit=complete, statement="It is so.", by=cast.signatory))
    assert complete.status == AuditStatus.AWAITING_SIGN_OFF
    signed = mail.outbox.pop()
    assert signed.to == ["lead@anchor.example"]
    assert "It is so." in signed.body

    submit_audit(audit=complete, by=cast.lead)
    assert complete.status == AuditStatus.SUBMITTED
    row = SignOff.objects.get()
    assert (row.decision, row.decided_by, row.submission) == (SignOffDecision.SIGNED, cast.signatory, 1)
    assert events(complete) == [
        AuditEventKind.SIGN_OFF_ASKED,
        AuditEventKind.SIGNED_OFF,
        AuditEventKind.SUBMITTED,
    ]


def test_nothing_is_submitted_unsigned(complete: Audit, cast: Cast) -> None:
    with pytest.raises(NotInThisState, match="not signed off"):
        submit_audit(audit=complete, by=cast.lead)
    ask_sign_off(audit=complete, by=cast.lead)
    with pytest.raises(NotInThisState, match="not signed off"):
        submit_audit(audit=complete, by=cast.lead)
    assert Audit.objects.get(pk=complete.pk).submission == 0


def test_a_recalled_audit_asks_for_another_signature(complete: Audit, cast: Cast) -> None:
    factories.make_sign_off(complete, signed_by=cast.signatory)
    submit_audit(audit=complete, by=cast.lead)
    recall_audit(audit=complete, by=cast.lead)
    with pytest.raises(NotInThisState, match="not signed off"):
        submit_audit(audit=complete, by=cast.lead)


def test_what_is_incomplete_is_shown_to_no_signatory(cast: Cast) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    Cycle.objects.update(asks_sign_off=True)
    with pytest.raises(AuditIncomplete):
        ask_sign_off(audit=audit, by=cast.lead)
    assert not SignOff.objects.exists()


def test_sent_back_with_a_note(complete: Audit, cast: Cast) -> None:
    ask_sign_off(audit=complete, by=cast.lead)
    with_mail(lambda: send_back(audit=complete, note="Say more about A1.", by=cast.signatory))
    assert complete.status == AuditStatus.DRAFT
    row = SignOff.objects.get()
    assert (row.decision, row.statement) == (SignOffDecision.SENT_BACK, "Say more about A1.")
    assert mail.outbox[0].to == ["lead@anchor.example"]
    assert "Say more about A1." in mail.outbox[0].body
    ask_sign_off(audit=complete, by=cast.lead)
    assert SignOff.objects.filter(decision="").count() == 1


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_lead_takes_it_back_and_a_signature_is_void(
    complete: Audit, cast: Cast, *, is_signed: bool
) -> None:
    factories.make_sign_off(complete, signed_by=cast.signatory if is_signed else None)
    withdraw_sign_off(audit=complete, by=cast.lead)
    row = SignOff.objects.get()
    assert row.decision == SignOffDecision.WITHDRAWN
    # Who had signed is not forgotten.
    assert row.decided_by == (cast.signatory if is_signed else cast.lead)
    with pytest.raises(NotInThisState, match="not signed off"):
        submit_audit(audit=complete, by=cast.lead)


def test_the_second_signatory_is_told_who_was_first(complete: Audit, cast: Cast) -> None:
    factories.make_sign_off(complete, signed_by=cast.signatory)
    with pytest.raises(NotInThisState, match=r"signatory@anchor\.example has signed off"):
        sign_off(audit=complete, statement="Me too.", by=cast.lead)
    assert SignOff.objects.get().statement == "I have read it."


@pytest.mark.parametrize("verb", ["sign", "send back", "withdraw", "ask"])
def test_whoever_comes_too_late_changes_nothing(complete: Audit, cast: Cast, verb: str) -> None:
    if verb == "ask":
        factories.make_sign_off(Audit.objects.get(pk=complete.pk))
    before = list(SignOff.objects.values())
    with pytest.raises(NotInThisState, match="awaiting sign-off now" if verb == "ask" else "draft now"):
        call(verb, complete, cast)
    assert list(SignOff.objects.values()) == before


def call(verb: str, audit: Audit, cast: Cast) -> None:
    match verb:
        case "sign":
            sign_off(audit=audit, statement="x", by=cast.signatory)
        case "send back":
            send_back(audit=audit, note="x", by=cast.signatory)
        case "withdraw":
            withdraw_sign_off(audit=audit, by=cast.lead)
        case _:
            ask_sign_off(audit=audit, by=cast.lead)


# A return for correction


def enter(audit: Audit, code: str, score: int) -> AnswerInput:
    answer = audit.answers.get(indicator__code=code)
    return AnswerInput(answer.indicator, score, "", answer.commentary, answer.version)


def test_only_what_was_returned_can_change(cast: Cast) -> None:
    audit = make_submitted(cast)
    indicator = audit.questionnaire.indicators.get(code="A1.2")
    first = audit.first_submitted_at
    with_mail(
        lambda: return_audit(
            audit=audit, indicators=[indicator], reason="Which board?", by=cast.quality_officer
        )
    )
    assert audit.status == AuditStatus.RETURNED
    assert mail.outbox[0].to == ["lead@anchor.example"]
    assert "correct 1 answer" in mail.outbox[0].subject
    assert "Which board?" in mail.outbox[0].body

    with pytest.raises(NotAllowed, match=r"A1\.1 stays as it was submitted"):
        save_answers(audit=audit, entered=[enter(audit, "A1.2", 1), enter(audit, "A1.1", 0)], by=cast.lead)
    assert set(Answer.objects.filter(audit=audit).values_list("score", flat=True)) == {2}, "nothing was saved"
    assert save_answers(audit=audit, entered=[enter(audit, "A1.2", 1)], by=cast.lead) == []
    assert audit.answers.get(indicator=indicator).submitted_score == 2

    # An imported audit has no facts; they are not asked for now, for nobody could give them.
    assert get_progress(audit).is_complete
    mail.outbox.clear()
    with_mail(lambda: submit_audit(audit=audit, by=cast.lead))
    assert (audit.status, audit.submission, audit.first_submitted_at) == (AuditStatus.SUBMITTED, 2, first)
    assert audit.answers.get(indicator=indicator).submitted_score == 1
    assert {message.to[0] for message in mail.outbox} == {"lead@anchor.example", "signatory@anchor.example"}


def test_an_open_answer_must_be_given_again(cast: Cast) -> None:
    audit = make_submitted(cast)
    factories.make_correction(audit, "A1.2")
    entered = enter(audit, "A1.2", 1)
    cleared = AnswerInput(entered.indicator, None, "", "", entered.seen_version)
    save_answers(audit=audit, entered=[cleared], by=cast.lead)
    with pytest.raises(AuditIncomplete, match=r"answers to A1\.2\.$"):
        submit_audit(audit=audit, by=cast.lead)


# The pages


def test_the_check_lists_what_is_missing_and_what_is_to_be_seen(cast: Cast, sign_in: SignIn) -> None:
    make_complete(cast, {"A1.1": 2, "A1.2": 0, "A2.1": "It does not do this", "A2.2": 1})
    page = sign_in(cast.lead).get(address("audit_check")).text
    assert "nothing is missing" in page
    seen = page.partition("Look at these too")[2].partition("All answers")[0]
    assert "Scored 2 without evidence (1)" in seen
    assert "Scored 0 or 1 without an action (2)" in seen
    assert "Standard A2: 1 of 2 not applicable" in seen
    assert "#A1.1" in seen
    assert "Submit the audit" in page


def test_a_quarter_not_applicable_is_not_over_a_quarter(cast: Cast, sign_in: SignIn) -> None:
    bank = factories.make_questionnaire(standards={"A1": 4})
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    scores: dict[str, int | str | None] = {"A1.1": "It does not do this", "A1.2": 2, "A1.3": 2, "A1.4": 2}
    audit = factories.make_audit(cycle, cast.organisation, scores=scores)
    client = sign_in(cast.lead)
    assert "More than a quarter" not in client.get(address("audit_check")).text
    audit.answers.filter(indicator__code="A1.2").update(
        score=None, not_applicable_reason="It does not do this"
    )
    assert "2 of 4 not applicable" in client.get(address("audit_check")).text


def test_without_a_signatory_the_page_leads_to_the_people(
    complete: Audit, cast: Cast, sign_in: SignIn
) -> None:
    cast.signatory.memberships.all().delete()
    client = sign_in(cast.lead)
    page = client.get(address("audit_check")).text
    assert "Anchor Trust has no signatory yet." in page
    assert "/p/harbour/o/anchor/people/" in page
    assert client.post(address("audit_sign_off_ask")).status_code == 403


def test_from_the_check_to_the_signature(complete: Audit, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    assert "Ask for sign-off" in client.get(address("audit_check")).text
    client.post(address("audit_sign_off_ask"))
    page = client.get(address("audit")).text
    assert "Waiting for signatory@anchor.example" in page
    assert "Awaiting sign-off" in page
    assert "Awaiting sign-off" in client.get("/home/").text
    assert "Take it back from sign-off" in client.get(address("audit_check")).text

    signatory = sign_in(cast.signatory)
    assert "Read and sign off" in signatory.get(address("audit")).text
    read = signatory.get(address("audit_read")).text
    assert "Look at these before it is signed off" in read
    form = signatory.get(address("audit_sign_off")).text
    assert "a true account of how Anchor Trust keeps children safe" in form
    unread = signatory.post(address("audit_sign_off"), {"statement": "Mine."})
    assert "Select that you have read the answers" in unread.text
    assert "Mine." in unread.text
    signatory.post(address("audit_sign_off"), {"statement": "Mine.", "has_read": "on"})

    client = sign_in(cast.lead)
    assert "Submit the audit" in client.get(address("audit")).text
    for page in (address("audit"), "/home/", "/p/harbour/o/anchor/"):
        shown = client.get(page).text
        assert "Awaiting sign-off" not in shown
        assert "Signed off" in shown
    assert "Mine." in client.get(address("audit_check")).text
    client.post(address("audit_submit"))
    assert Audit.objects.get(pk=complete.pk).status == AuditStatus.SUBMITTED


def test_a_note_is_needed_to_send_it_back(complete: Audit, cast: Cast, sign_in: SignIn) -> None:
    factories.make_sign_off(complete)
    client = sign_in(cast.signatory)
    assert "Enter what must change" in client.post(address("audit_send_back"), {"note": " "}).text
    client.post(address("audit_send_back"), {"note": "A1 is too short."})
    page = sign_in(cast.lead).get(address("audit")).text
    assert "signatory@anchor.example sent it back" in page
    assert "A1 is too short." in page


def test_a_lead_who_is_also_the_signatory_signs(complete: Audit, cast: Cast, sign_in: SignIn) -> None:
    factories.make_sign_off(complete)
    cast.organisation.memberships.create(
        user=cast.lead, role=MembershipRole.SIGNATORY, started_at="2025-01-01T00:00:00Z"
    )
    client = sign_in(cast.lead)
    client.post(address("audit_sign_off"), {"statement": "Mine.", "has_read": "on"})
    assert client.post(address("audit_submit")).status_code == 302
    assert Audit.objects.get(pk=complete.pk).status == AuditStatus.SUBMITTED


def test_an_officer_returns_chosen_answers(cast: Cast, sign_in: SignIn) -> None:
    audit = make_submitted(cast)
    officer = sign_in(cast.quality_officer)
    assert "Return for correction" in officer.get(address("audit_read")).text
    nothing = officer.post(address("audit_return"), {"reason": "Which board?"}).text
    assert "Select at least one answer" in nothing
    assert "Which board?" in nothing
    officer.post(address("audit_return"), {"standard-A1": ["A1.2"], "reason": "Which board?"})
    audit.refresh_from_db()
    assert audit.status == AuditStatus.RETURNED

    lead = sign_in(cast.lead)
    tasks = lead.get(address("audit")).text
    assert "correct 1 answer and submit again" in tasks
    assert "Which board?" in tasks
    page = lead.get(address("audit_standard", code="A1")).text
    assert 'name="A1.2-score"' in page
    assert 'name="A1.1-score"' not in page
    assert "A1.1 stays as it was submitted" in page
    assert page.count("Which board?") == 1
    late = lead.post(address("audit_standard", code="A1"), send(A1_1=("0", "Typed, and shown again", 1)))
    assert late.status_code == 403
    assert "Typed, and shown again" in late.text
    saved = lead.post(address("audit_standard", code="A1"), send(A1_2=("1", "The trust’s board", 1)))
    assert saved.status_code == 302
    lead.post(address("audit_submit"))
    audit.refresh_from_db()
    assert (audit.status, audit.submission) == (AuditStatus.SUBMITTED, 2)


def test_a_locked_standard_leads_back_to_the_audit(complete: Audit, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    client.post(address("audit_sign_off_ask"))
    page = client.get(address("audit_standard", code="A1"))
    assert page.status_code == 403
    assert f'href="{address("audit")}">the audit</a>' in page.text


def test_a_button_s_address_that_is_opened_is_a_page_that_leads_on(
    complete: Audit, cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(cast.lead).get(address("audit_submit"))
    assert (page.status_code, page.headers["Allow"]) == (405, "POST")
    assert "This address is not a page" in page.text
    assert 'href="/home/"' in page.text
