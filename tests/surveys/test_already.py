"""A button that is pressed twice: the second press says that it is done, and does nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.web.errors import reason_why_not
from surveys.enums import AuditStatus, SignOffDecision
from surveys.models import Audit, AuditEvent, Cycle, SignOff
from surveys.permissions import check_can_ask_sign_off, check_can_sign_off, check_can_submit
from surveys.workflow import NotInThisState, submit_audit
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import address, make_complete

SignIn = Callable[[User], Client]
STATEMENT = {"statement": "I have read it.", "has_read": "on"}


@pytest.fixture(autouse=True)
def _no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF-1.7")


@grounded
def audit(cast: Cast) -> Audit:
    return make_complete(cast)


def press_twice(client: Client, name: str, data: dict[str, str] | None = None) -> str:
    """The page after the second press; the first must have done it."""
    assert client.post(address(name), data or {}).status_code == 302
    before = (AuditEvent.objects.count(), len(mail.outbox))
    page = client.post(address(name), data or {}, follow=True)
    assert page.status_code == 200
    assert (AuditEvent.objects.count(), len(mail.outbox)) == before
    return page.text


def test_submitting_twice_leads_to_the_receipt(audit: Audit, cast: Cast, sign_in: SignIn) -> None:
    page = press_twice(sign_in(cast.lead), "audit_submit")
    assert f"The audit was submitted by {cast.lead} on" in page
    assert "It was not submitted again." in page
    assert f"HARBOUR-2026-{audit.pk}-1" in page
    audit.refresh_from_db()
    assert audit.submission == 1
    # The permission itself stays strict.
    assert reason_why_not(check_can_submit, frozenset({MembershipRole.LEAD}), audit)


def test_submitting_in_the_very_moment_leads_to_the_receipt(
    audit: Audit, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_late(*, audit: Audit, by: User) -> None:
        submit_audit(audit=Audit.objects.get(pk=audit.pk), by=cast.lead)
        submit_audit(audit=audit, by=by)

    monkeypatch.setattr("surveys.views.audits.submit_audit", be_late)
    page = sign_in(cast.lead).post(address("audit_submit"), follow=True)
    assert page.redirect_chain[0][0] == address("audit_submitted")
    assert "It was not submitted again." in page.text


def test_asking_twice_leads_to_the_task_list(audit: Audit, cast: Cast, sign_in: SignIn) -> None:
    Cycle.objects.update(asks_sign_off=True)
    page = press_twice(sign_in(cast.lead), "audit_sign_off_ask")
    assert f"Sign-off was asked for by {cast.lead} on" in page
    assert SignOff.objects.count() == 1
    audit = Audit.objects.get(pk=audit.pk)
    assert reason_why_not(check_can_ask_sign_off, frozenset({MembershipRole.LEAD}), audit)


def test_signing_twice_leads_on(audit: Audit, cast: Cast, sign_in: SignIn) -> None:
    Cycle.objects.update(asks_sign_off=True)
    factories.make_sign_off(audit)
    client = sign_in(cast.signatory)
    assert "You signed off this audit on" in press_twice(client, "audit_sign_off", STATEMENT)
    assert SignOff.objects.get().decision == SignOffDecision.SIGNED
    audit = Audit.objects.get(pk=audit.pk)
    assert reason_why_not(check_can_sign_off, frozenset({MembershipRole.SIGNATORY}), audit)
    # A lead was quick.
    submit_audit(audit=audit, by=cast.lead)
    page = client.post(address("audit_sign_off"), STATEMENT, follow=True)
    assert page.redirect_chain[0][0] == address("audit_submitted")
    assert "It was not signed again." in page.text


def test_another_signatory_is_told_who_signed(audit: Audit, cast: Cast, sign_in: SignIn) -> None:
    Cycle.objects.update(asks_sign_off=True)
    factories.make_sign_off(audit, signed_by=cast.signatory)
    other = factories.make_member(
        "other@anchor.example", organisation=cast.organisation, role=MembershipRole.SIGNATORY
    )
    response = sign_in(other).post(address("audit_sign_off"), STATEMENT)
    assert response.status_code == 403
    assert f"{cast.signatory} has signed off this audit already." in response.text


def test_a_state_that_has_passed_is_nothing_done(audit: Audit, cast: Cast, sign_in: SignIn) -> None:
    """A signature that was taken back, and a submission that was returned, are not done any more."""
    Cycle.objects.update(asks_sign_off=True)
    factories.make_sign_off(audit, signed_by=cast.signatory)
    lead = sign_in(cast.lead)
    assert lead.post(address("audit_sign_off_withdraw")).status_code == 302
    assert sign_in(cast.signatory).post(address("audit_sign_off"), STATEMENT).status_code == 403
    assert Audit.objects.get(pk=audit.pk).status == AuditStatus.DRAFT
    with pytest.raises(NotInThisState):
        submit_audit(audit=Audit.objects.get(pk=audit.pk), by=cast.lead)
