"""Who gives roles or hands a lead over in a session begun long ago shows again who they are; nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from s11.organisations.asking_again import TRUSTED_FOR
from s11.organisations.enums import AccessOutcome, MembershipRole
from s11.organisations.models import DataExport, Invitation, Membership, Removal
from s11.organisations.removals import gives_access
from s11.organisations.session_store import BEGUN
from s11.organisations.workflow import end_office, end_person
from s11.organisations.workflow.access_checks import Said, check_organisation
from s11.retention.enums import ListStatus
from s11.retention.models import DestructionList
from tests import factories
from tests.conftest import Cast
from tests.organisations.second_factors import give_app

AGAIN = "/accounts/reauthenticate/"
AGENCY = "/p/harbour/o/anchor/people/"
DESK = "/p/harbour/desk/"
SignIn = Callable[..., Client]
ASKING = {
    "lead": [f"{AGENCY}hand-over/", f"{AGENCY}invite/", f"{AGENCY}{{viewer}}/roles/"],
    "administrator": [
        "/home/details/feeds/add/",
        f"{DESK}people/invite/",
        f"{DESK}organisations/anchor/invite/",
        f"{DESK}privacy/exports/new/",
        f"{DESK}privacy/leavers/{{viewer}}/",
    ],
}
NOT_ASKING = {
    # Ending access is never made harder, and the yearly check gives none.
    "lead": [AGENCY, f"{AGENCY}{{viewer}}/end/", f"{AGENCY}check/", "/home/"],
    "administrator": [
        "/home/details/feeds/",
        f"{DESK}people/feeds/",
        f"{DESK}people/",
        f"{DESK}people/check/",
        f"{DESK}organisations/anchor/",
    ],
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


def test_giving_a_role_back_asks_as_giving_it_does(cast: Cast, sign_in: SignIn) -> None:
    """Nothing is put back before; what gives nobody access is put back without."""
    said = Said({cast.viewer.pk: AccessOutcome.ENDED})
    check = check_organisation(organisation=cast.organisation, said=said, by=cast.lead)
    person = end_person(user=cast.contributor, organisation=cast.organisation, by=cast.lead)
    assert person is not None
    client = sign_in(cast.lead)
    grow_old(client)
    take_back, back = (
        f"{AGENCY}check/{check.pk}/take-back/",
        f"/p/harbour/o/anchor/removed/{person.pk}/put-back/",
    )
    for address in (take_back, back):
        assert client.post(address).headers["Location"].startswith(AGAIN), address
    active = cast.organisation.memberships.active()
    assert not active.filter(user__in=(cast.viewer, cast.contributor)).exists()
    client.post(AGAIN, {"password": factories.PASSWORD, "next": back})
    assert active.filter(user=cast.contributor).exists()
    assert not gives_access(Removal(kind="mail_domain"))
    office = end_office(
        office=cast.partnership.officers.get(user=cast.quality_officer), by=cast.administrator
    )
    assert office is not None
    administrator = sign_in(cast.administrator)
    grow_old(administrator)
    address = f"{DESK}removed/{office.pk}/put-back/"
    assert administrator.post(address).headers["Location"].startswith(AGAIN)


def test_destroying_and_all_about_a_person_ask(cast: Cast, sign_in: SignIn) -> None:
    found = DestructionList.objects.create(
        partnership=cast.partnership,
        number=1,
        as_of="2026-11-20",
        status=ListStatus.PROPOSED,
        prepared_by=cast.quality_officer,
        prepared_at=timezone.now(),
    )
    about = {"user": cast.administrator, "requested_by": cast.administrator, "gathered_at": timezone.now()}
    files = {
        name: default_storage.save(f"personal/{name}", ContentFile(b"{}")) for name in ("material", "file")
    }
    own = DataExport.objects.create(**about, **files)
    export = DataExport.objects.create(partnership=cast.partnership, **about, **files)
    client = sign_in(cast.administrator)
    grow_old(client)
    for address in (
        f"{DESK}retention/lists/{found.number}/approve/",
        f"{DESK}privacy/exports/{export.pk}/",
        f"{DESK}privacy/exports/{export.pk}/file/",
        f"/home/details/held/{own.pk}/file/",
    ):
        assert client.get(address).headers["Location"].startswith(AGAIN), address


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
