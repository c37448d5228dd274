"""Who may do what with an audit in which state: one table, asked through the pages themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.web.errors import reason_why_not
from surveys.models import Audit, Cycle, Invitee
from surveys.permissions import (
    check_can_answer,
    check_can_recall,
    check_can_start_audit,
    check_can_submit,
)
from tests.cells import taken_back
from tests.conftest import Cast
from tests.surveys.audit_pages import address, bring_to, make_draft, send

STATES = (
    "not started",
    "draft",
    "complete",
    "awaiting sign-off",
    "submitted",
    "returned",
    "draft, closed",
    "submitted, closed",
)
SAVED = send(A1_1=("1", "Words"))
ACTIONS: dict[str, Callable[[Client], int]] = {
    "list": lambda client: client.get(address("audit")).status_code,
    "start": lambda client: client.post(address("audit_start")).status_code,
    "answer": lambda client: client.post(address("audit_standard", code="A1"), SAVED).status_code,
    "profile": lambda client: client.post(address("audit_profile"), {"P1": "1", "P1-seen": ""}).status_code,
    "submit": lambda client: client.post(address("audit_submit")).status_code,
    "recall": lambda client: client.post(address("audit_recall")).status_code,
    "read": lambda client: client.get(address("audit_read")).status_code,
    "copy": lambda client: client.post(address("audit_copy_request")).status_code,
}
# In the order of STATES. 302 is done, 422 incomplete, 403 may not, 404 knows of nothing.
NEVER = (404,) * 8
LEAD = {
    "list": (200,) * 8,
    "start": (302, 302, 302, 302, 302, 302, 403, 403),
    # A conflict with the score that is there already shows the page again.
    "answer": (404, 200, 200, 403, 403, 200, 403, 403),
    "profile": (404, 302, 200, 403, 403, 403, 403, 403),
    # Submitted already, it leads to the receipt, and changes nothing.
    "submit": (404, 422, 302, 403, 302, 302, 403, 302),
    "recall": (404, 403, 403, 403, 302, 403, 403, 403),
    "read": (404, *(200,) * 7),
    "copy": (404, *(302,) * 7),
}
NO = (404, *(403,) * 7)
CONTRIBUTOR = LEAD | {"submit": NO, "recall": NO}
READER = CONTRIBUTOR | {"start": (403,) * 8, "answer": NO, "profile": NO}
STRANGER = dict.fromkeys(LEAD, NEVER)
OFFICER = STRANGER | {
    "read": (404, 403, 403, 403, 200, 200, 403, 200),
    "copy": (404, 403, 403, 403, 302, 302, 403, 302),
}
OTHER_OFFICER = STRANGER | {"read": NO, "copy": NO}
EXPECTED = {
    "lead": LEAD,
    "contributor": CONTRIBUTOR,
    "signatory": READER,
    "viewer": READER,
    "stranger": STRANGER,
    "administrator": OFFICER,
    "quality_officer": OFFICER,
    "scrutineer": OFFICER,
    "panel_member": OTHER_OFFICER,
    "panel_chair": OTHER_OFFICER,
    "publisher": OTHER_OFFICER,
    "outsider": STRANGER,
}


@pytest.fixture(autouse=True)
def _no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF-1.7")


@pytest.mark.parametrize("state", STATES)
def test_who_may_do_what(cast: Cast, sign_in: Callable[[User], Client], state: str) -> None:
    bring_to(cast, state)
    assert set(cast.people) == set(EXPECTED)
    found: dict[tuple[str, str], int] = {}
    for name, person in cast.people.items():
        client = sign_in(person)
        for action, ask in ACTIONS.items():
            with taken_back():
                found[name, action] = ask(client)
    position = STATES.index(state)
    assert found == {
        (name, action): codes[position] for name, table in EXPECTED.items() for action, codes in table.items()
    }


def test_nobody_who_is_not_signed_in_sees_anything(cast: Cast, client: Client) -> None:
    bring_to(cast, "submitted")
    for name in ("audit", "audit_check", "audit_read", "audit_submitted", "audit_recall"):
        response = client.get(address(name))
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_a_role_that_has_ended_opens_nothing(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    bring_to(cast, "submitted")
    client = sign_in(cast.lead)
    cast.lead.memberships.update(ended_at="2026-01-01T00:00:00Z", started_at="2025-01-01T00:00:00Z")
    assert client.get(address("audit_read")).status_code == 404


def test_an_exempt_organisation_neither_starts_nor_goes_on(cast: Cast) -> None:
    audit = make_draft(cast)
    Invitee.objects.filter(pk=audit.invitee_id).update(exempt_reason="It closes this year.")
    audit = Audit.objects.get(pk=audit.pk)
    roles = frozenset({MembershipRole.LEAD})
    sentence = "Anchor Trust is exempt from Audit 2026. Ask the partnership if that is wrong."
    assert reason_why_not(check_can_start_audit, roles, audit.invitee) == sentence
    assert reason_why_not(check_can_answer, roles, audit) == sentence
    assert reason_why_not(check_can_submit, roles, audit) == sentence
    assert reason_why_not(check_can_recall, roles, audit) == "Only a submitted audit can be recalled."


def test_who_holds_two_roles_may_do_what_either_allows(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    """A signatory who also contributes, and an officer who also leads: the agency's own sight comes first."""
    make_draft(cast)
    cast.organisation.memberships.create(
        user=cast.administrator, role=MembershipRole.CONTRIBUTOR, started_at="2025-01-01T00:00:00Z"
    )
    page = sign_in(cast.administrator).get(address("audit_read"))
    assert page.status_code == 200
    assert "Acting for Anchor Trust" in page.text


# Sign-off, sharing, returns: the same, in a cycle that asks for sign-off

SIGN_STATES = (
    "draft",
    "complete",
    "awaiting sign-off",
    "signed",
    "submitted",
    "returned",
    "complete, closed",
)
REASON = {"standard-A1": "A1.1", "reason": "Which board?"}
STATEMENT = {"statement": "I have read it.", "has_read": "on"}
SIGN_ACTIONS: dict[str, Callable[[Client], int]] = {
    "ask": lambda client: client.post(address("audit_sign_off_ask")).status_code,
    "sign": lambda client: client.post(address("audit_sign_off"), STATEMENT).status_code,
    "send back": lambda client: client.post(address("audit_send_back"), {"note": "More."}).status_code,
    "withdraw": lambda client: client.post(address("audit_sign_off_withdraw")).status_code,
    "submit": lambda client: client.post(address("audit_submit")).status_code,
    "return": lambda client: client.post(address("audit_return"), REASON).status_code,
    "see sharing": lambda client: client.get(address("audit_sharing")).status_code,
    "answer": lambda client: client.post(address("audit_standard", code="A1"), SAVED).status_code,
}
REFUSED = (403,) * 7
HIDDEN = (404,) * 7
SIGN_MEMBER = dict.fromkeys(SIGN_ACTIONS, REFUSED) | {"see sharing": (200,) * 7, "return": HIDDEN}
SIGN_WRITER = SIGN_MEMBER | {"answer": (200, 200, 403, 403, 403, 200, 403)}
SIGN_LEAD = SIGN_WRITER | {
    # Asked for already, it leads to the task list.
    "ask": (422, 302, 302, 302, 403, 403, 403),
    "withdraw": (403, 403, 302, 302, 403, 403, 403),
    "submit": (403, 403, 403, 302, 302, 302, 403),
}
SIGN_SIGNATORY = SIGN_MEMBER | {
    # Whoever has signed is told so.
    "sign": (403, 403, 302, 302, 403, 403, 403),
    "send back": (403, 403, 302, 302, 403, 403, 403),
}
SIGN_STRANGER = dict.fromkeys(SIGN_ACTIONS, HIDDEN)
SIGN_OFFICER = SIGN_STRANGER | {"return": REFUSED}
SIGN_ORGANISER = SIGN_STRANGER | {"return": (403, 403, 403, 403, 302, 403, 403)}
SIGN_EXPECTED = {
    "lead": SIGN_LEAD,
    "contributor": SIGN_WRITER,
    "signatory": SIGN_SIGNATORY,
    "viewer": SIGN_MEMBER,
    "stranger": SIGN_STRANGER,
    "administrator": SIGN_ORGANISER,
    "quality_officer": SIGN_ORGANISER,
    "scrutineer": SIGN_OFFICER,
    "panel_member": SIGN_OFFICER,
    "panel_chair": SIGN_OFFICER,
    "publisher": SIGN_OFFICER,
    "outsider": SIGN_STRANGER,
}


@pytest.mark.parametrize("state", SIGN_STATES)
def test_who_may_sign_return_and_share(cast: Cast, sign_in: Callable[[User], Client], state: str) -> None:
    bring_to(cast, state)
    Cycle.objects.update(asks_sign_off=True)
    found: dict[tuple[str, str], int] = {}
    for name, person in cast.people.items():
        client = sign_in(person)
        for action, ask in SIGN_ACTIONS.items():
            with transaction.atomic():
                found[name, action] = ask(client)
                transaction.set_rollback(True)
    position = SIGN_STATES.index(state)
    assert found == {
        (name, action): codes[position]
        for name, table in SIGN_EXPECTED.items()
        for action, codes in table.items()
    }
