"""Opening an invitation: by its link, or signed in; and every way in which it may not open."""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from s11.organisations import workflow
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Invitation, Officer, User
from s11.organisations.models.invitations import VALID_FOR
from s11.organisations.queries import get_own_invitations
from s11.web.errors import NotInThisState
from s11.web.log_filters import HideTokens
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.organisations.invitations import make_invitation

SignIn = Callable[[User], Client]
NEW = {"name": "Nina  New\n", "password": "green lamp walks far"}


@grounded
def invited(cast: Cast) -> tuple[Invitation, str]:
    """A lead invites a colleague who has no account."""
    return make_invitation(
        email="nina@anchor.example",
        role=MembershipRole.CONTRIBUTOR,
        organisation=cast.organisation,
        by=cast.lead,
    )


def test_the_email_carries_a_link_that_opens(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        workflow.invite(
            email=" Nina@Anchor.Example ",
            role=MembershipRole.CONTRIBUTOR,
            organisation=cast.organisation,
            by=cast.lead,
        )
    (message,) = mail.outbox
    assert message.to == ["nina@anchor.example"]
    (link,) = re.findall(r"https?://\S+", str(message.body))
    page = client.get(link)
    assert page.status_code == 200
    assert "Anchor Trust" in page.text
    assert cast.lead.email in page.text


def test_somebody_new_chooses_name_and_password_and_is_signed_in(
    cast: Cast, client: Client, invited: tuple[Invitation, str]
) -> None:
    invitation, link = invited
    response = client.post(link, NEW)
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("home")
    person = User.objects.get(email="nina@anchor.example")
    assert person.name == "Nina New"
    assert person.check_password(NEW["password"])
    assert client.session["_auth_user_id"] == str(person.pk)
    assert person.memberships.get().is_active
    invitation.refresh_from_db()
    assert invitation.accepted_by == person
    assert "You act for Anchor Trust now, as contributor." in client.get(reverse("home")).text


def test_an_imported_person_without_a_password_chooses_one(
    cast: Cast, client: Client, invited: tuple[Invitation, str]
) -> None:
    imported = factories.make_user("nina@anchor.example", name="N. New")
    assert 'value="N. New"' in client.get(invited[1]).text
    client.post(invited[1], NEW)
    imported.refresh_from_db()
    assert imported.check_password(NEW["password"])


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"name": "", "password": NEW["password"]}, "Enter your name"),
        ({"name": "Nina", "password": ""}, "Enter the password"),
        ({"name": "Nina", "password": "short"}, "at least 12 characters"),
        ({"name": "Nina", "password": "nina@anchor.example"}, "too similar"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(
    client: Client, invited: tuple[Invitation, str], entered: dict[str, str], sentence: str
) -> None:
    response = client.post(invited[1], entered)
    assert response.status_code == 200
    assert "There is a problem" in response.text
    assert sentence in response.text
    assert not User.objects.filter(email="nina@anchor.example").exists()
    assert "_auth_user_id" not in client.session


def test_somebody_with_a_password_signs_in_first_and_then_confirms(
    cast: Cast, client: Client, invited: tuple[Invitation, str]
) -> None:
    person = factories.make_user("nina@anchor.example", password=factories.PASSWORD)
    invitation, link = invited
    page = client.get(link)
    token = link.split("/")[2]
    (next_page,) = re.findall(r'href="(/accounts/login/\?next=[^"]+)"', page.text)
    # The secret stays behind: the next addresses, which others may see, do not hold it.
    assert token not in next_page
    # Nor does a post by hand take over the account.
    client.post(link, NEW)
    person.refresh_from_db()
    assert person.check_password(factories.PASSWORD)
    assert not person.memberships.exists()
    signed_in = client.post(
        next_page, {"login": person.email, "password": factories.PASSWORD, "next": next_page.split("=")[1]}
    )
    confirm = signed_in.headers["Location"]
    assert confirm == reverse("organisations:invitation", args=[invitation.pk])
    assert "Anchor Trust" in client.get(confirm).text
    assert client.post(confirm).status_code == 302
    assert person.memberships.get().is_active


def test_whoever_is_signed_in_already_confirms_on_the_link_itself(
    cast: Cast, sign_in: SignIn, invited: tuple[Invitation, str]
) -> None:
    person = factories.make_user("nina@anchor.example", password=factories.PASSWORD)
    client = sign_in(person)
    assert client.get(invited[1]).status_code == 200
    assert not person.memberships.exists()
    client.post(invited[1])
    assert person.memberships.get().is_active


@pytest.mark.parametrize("method", ["get", "post"])
def test_signed_in_as_somebody_else(
    cast: Cast, sign_in: SignIn, invited: tuple[Invitation, str], method: str
) -> None:
    response = getattr(sign_in(cast.stranger), method)(invited[1])
    assert response.status_code == 403
    assert (
        "This invitation was sent to nina@anchor.example. Sign out, then open the link again."
        in response.text
    )
    assert not User.objects.filter(email="nina@anchor.example").exists()


def test_an_account_that_was_closed_is_not_opened_by_an_invitation(
    client: Client, invited: tuple[Invitation, str]
) -> None:
    person = factories.make_user("nina@anchor.example")
    person.is_active = False
    person.save()
    assert client.post(invited[1], NEW).status_code == 410
    person.refresh_from_db()
    assert not person.has_usable_password()


def make_accepted(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())


def make_revoked(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(revoked_at=timezone.now())


def make_expired(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=timezone.now() - VALID_FOR)


@pytest.mark.parametrize(
    ("spoil", "title"),
    [
        (make_accepted, "This invitation has been accepted"),
        (make_revoked, "This invitation has been withdrawn"),
        (make_expired, "This invitation has expired"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_no_longer_opens_says_what_to_do(
    client: Client,
    invited: tuple[Invitation, str],
    method: str,
    spoil: Callable[[Invitation], None],
    title: str,
) -> None:
    spoil(invited[0])
    response = getattr(client, method)(invited[1], NEW)
    assert response.status_code == 410
    assert title in response.text
    assert not User.objects.filter(email="nina@anchor.example").exists()


def test_it_can_be_used_until_the_very_end(client: Client, invited: tuple[Invitation, str]) -> None:
    almost = timezone.now() - VALID_FOR + datetime.timedelta(minutes=1)
    Invitation.objects.update(sent_at=almost)
    assert client.get(invited[1]).status_code == 200


def test_an_unknown_link_says_so(db: None, client: Client) -> None:
    response = client.get(reverse("organisations:join", args=["no-such-token"]))
    assert response.status_code == 404
    assert "This link opens nothing" in response.text


def test_sent_again_only_the_newest_link_opens(cast: Cast, client: Client) -> None:
    invitation, old = make_invitation(
        email="nina@anchor.example",
        role=MembershipRole.VIEWER,
        organisation=cast.organisation,
        by=cast.lead,
    )
    workflow.send_invitation(invitation=invitation, by=cast.lead)
    assert client.get(old).status_code == 404


def test_an_invitation_to_a_desk_ends_with_its_senders_role(cast: Cast, client: Client) -> None:
    _, link = make_invitation(
        email="friend@harbour.example",
        role=OfficerRole.ADMINISTRATOR,
        partnership=cast.partnership,
        by=cast.administrator,
    )
    factories.make_officer("second@harbour.example", partnership=cast.partnership)
    friend = factories.make_user("friend@harbour.example")
    assert len(get_own_invitations(friend.email)) == 1
    workflow.end_office(office=Officer.objects.get(user=cast.administrator), by=cast.administrator)
    response = client.post(link, NEW)
    assert response.status_code == 410
    assert "The person who sent it has left" in response.text
    assert get_own_invitations(friend.email) == []
    assert not Officer.objects.filter(user=friend).exists()


def test_a_new_officer_finds_the_desk(cast: Cast, client: Client) -> None:
    _, link = make_invitation(
        email="friend@harbour.example",
        role=OfficerRole.SCRUTINEER,
        partnership=cast.partnership,
        by=cast.administrator,
    )
    client.post(link, NEW)
    assert Officer.objects.get(user__email="friend@harbour.example").role == OfficerRole.SCRUTINEER
    assert "You are scrutineer of Harbour now." in client.get(reverse("home")).text
    assert client.get(reverse("desk", args=["harbour"])).status_code == 200


def test_accepted_twice_the_second_is_told(cast: Cast, invited: tuple[Invitation, str]) -> None:
    invitation = invited[0]
    stale = Invitation.objects.get(pk=invitation.pk)
    workflow.accept_invitation(invitation=invitation)
    with pytest.raises(NotInThisState, match="accepted already"):
        workflow.accept_invitation(invitation=stale)
    with pytest.raises(NotInThisState, match="accepted already"):
        workflow.revoke_invitation(invitation=stale)
    with pytest.raises(NotInThisState, match="accepted already"):
        workflow.send_invitation(invitation=stale, by=cast.lead)


def test_revoked_while_the_form_was_open(client: Client, invited: tuple[Invitation, str]) -> None:
    assert client.get(invited[1]).status_code == 200
    workflow.revoke_invitation(invitation=invited[0])
    assert client.post(invited[1], NEW).status_code == 410


# One's own invitations, signed in -------------------------------------------------------------------------------------


def test_home_lists_what_was_sent_to_ones_own_address_alone(
    cast: Cast, sign_in: SignIn, invited: tuple[Invitation, str]
) -> None:
    own, _ = make_invitation(
        email=cast.stranger.email,
        role=MembershipRole.VIEWER,
        organisation=cast.organisation,
        by=cast.lead,
    )
    page = sign_in(cast.stranger).get(reverse("home")).text
    assert reverse("organisations:invitation", args=[own.pk]) in page
    assert reverse("organisations:invitation", args=[invited[0].pk]) not in page


def test_another_persons_invitation_is_not_there(
    cast: Cast, sign_in: SignIn, invited: tuple[Invitation, str]
) -> None:
    address = reverse("organisations:invitation", args=[invited[0].pk])
    client = sign_in(cast.stranger)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_one_that_has_been_revoked_says_so_to_its_own_person(
    cast: Cast, sign_in: SignIn, invited: tuple[Invitation, str]
) -> None:
    person = factories.make_user("nina@anchor.example", password=factories.PASSWORD)
    make_revoked(invited[0])
    response = sign_in(person).post(reverse("organisations:invitation", args=[invited[0].pk]))
    assert response.status_code == 410
    assert not person.memberships.exists()


# The secret in the address --------------------------------------------------------------------------------------------


def test_the_page_is_kept_by_nobody_and_tells_no_other_page_its_address(
    client: Client, invited: tuple[Invitation, str]
) -> None:
    response = client.get(invited[1])
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in response.headers["Cache-Control"]
    assert invited[1].split("/")[2] not in response.text


@pytest.mark.parametrize("spoil", [None, make_revoked])
def test_the_log_does_not_hold_it(
    client: Client,
    invited: tuple[Invitation, str],
    spoil: Callable[[Invitation], None] | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The filter stands on the handler that settings give to every logger."""
    invitation, link = invited
    if spoil:
        spoil(invitation)
    caplog.handler.addFilter(HideTokens())
    with caplog.at_level(logging.DEBUG):
        client.get(link)
        client.get(link.replace("/join", "x/join"))
        logging.getLogger("django.request").warning("Not Found: %s", link)
    assert link.split("/")[2] not in caplog.text
    assert "/t/…/join/" in caplog.text


def test_the_handler_has_the_filter(settings: object) -> None:
    handlers = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    assert handlers
    assert all(any(isinstance(one, HideTokens) for one in handler.filters) for handler in handlers)
