"""Who gives roles or hands a lead over in a session begun long ago shows again who they are; nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.test import Client

from s11.organisations.asking_again import TRUSTED_FOR
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Invitation, Membership
from s11.organisations.session_store import BEGUN
from tests import factories
from tests.conftest import Cast
from tests.organisations.second_factors import give_app

AGAIN = "/accounts/reauthenticate/"
AGENCY = "/p/harbour/o/anchor/people/"
DESK = "/p/harbour/desk/"
SignIn = Callable[..., Client]
ASKING = {
    "lead": [f"{AGENCY}hand-over/", f"{AGENCY}invite/", f"{AGENCY}{{viewer}}/roles/"],
    "administrator": [f"{DESK}people/invite/", f"{DESK}organisations/anchor/invite/"],
}
NOT_ASKING = {
    # Ending access is never made harder, and the yearly check gives none.
    "lead": [AGENCY, f"{AGENCY}{{viewer}}/end/", f"{AGENCY}check/", "/home/"],
    "administrator": [f"{DESK}people/", f"{DESK}people/check/", f"{DESK}organisations/anchor/"],
    # Who may not is told so, and is not asked who they are.
    "viewer": [f"{AGENCY}hand-over/", f"{AGENCY}invite/"],
    "outsider": [f"{DESK}people/invite/"],
}


def grow_old(client: Client) -> None:
    session = client.session
    session[BEGUN] = time.time() - TRUSTED_FOR - 60
    session.save()


def list_addresses(cast: Cast, table: dict[str, list[str]], name: str) -> list[str]:
    return [address.format(viewer=cast.viewer.pk) for address in table.get(name, [])]


@pytest.mark.parametrize("name", ["lead", "administrator", "viewer", "outsider"])
def test_what_asks_again(cast: Cast, sign_in: SignIn, name: str) -> None:
    client = sign_in(cast.people[name])
    for address in list_addresses(cast, ASKING, name):
        assert client.get(address).status_code == 200, "signed in a moment ago"
    grow_old(client)
    for address in list_addresses(cast, ASKING, name):
        assert client.get(address).headers["Location"].startswith(AGAIN), address
    for address in list_addresses(cast, NOT_ASKING, name):
        assert client.get(address).status_code in {200, 403, 404}, address


def test_what_was_sent_goes_on_once_the_password_is_right(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    grow_old(client)
    invite = f"{AGENCY}invite/"
    asked = client.post(invite, {"email": "new@anchor.example", "role": "viewer"})
    assert asked.headers["Location"] == f"{AGAIN}?next={invite.replace('/', '%2F')}"
    assert not Invitation.objects.exists()
    wrong = client.post(AGAIN, {"password": "not it", "next": invite})
    assert "The password is not right" in wrong.text
    client.post(AGAIN, {"password": factories.PASSWORD, "next": invite})
    assert Invitation.objects.get().email == "new@anchor.example"
    assert client.get(invite).status_code == 200, "trusted for a while"


def test_a_request_is_accepted_once_one_has_shown_who_one_is(cast: Cast, sign_in: SignIn) -> None:
    newcomer = factories.make_user("newcomer@anchor.example")
    waiting = Membership.objects.create(
        user=newcomer, organisation=cast.organisation, role=MembershipRole.VIEWER
    )
    client = sign_in(cast.lead)
    grow_old(client)
    accept = f"{AGENCY}requests/{waiting.pk}/accept/"
    assert client.post(accept).headers["Location"].startswith(AGAIN)
    client.post(AGAIN, {"password": factories.PASSWORD, "next": accept})
    waiting.refresh_from_db()
    assert waiting.is_active


def test_who_has_a_second_step_shows_that(cast: Cast, sign_in: SignIn) -> None:
    """And who has neither a password nor a second step here is asked by their provider alone."""
    give_app(cast.lead)
    client = sign_in(cast.lead)
    grow_old(client)
    assert client.get(f"{AGENCY}invite/").headers["Location"].startswith("/accounts/second-step/again/")
    cast.administrator.set_unusable_password()
    cast.administrator.save()
    by_provider = sign_in(cast.administrator)
    grow_old(by_provider)
    assert by_provider.get(f"{DESK}people/invite/").status_code == 200
