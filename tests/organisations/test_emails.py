"""E-mails about accounts and roles: subject, what to do first, one link, whom to ask."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from s11.organisations import emails
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Invitation, Membership, User
from tests import factories
from tests.conftest import Cast
from tests.organisations.taking_part import make_application


@pytest.fixture(autouse=True)
def _site(settings: LazySettings) -> None:
    """Links are absolute without a request, as in a command or a worker."""
    settings.SITE_URL = "https://s11.example"


def make_invitation(cast: Cast, *, by_lead: bool) -> Invitation:
    invitation = Invitation(
        email="new@anchor.example",
        organisation=cast.organisation,
        partnership=None if by_lead else cast.partnership,
        role=MembershipRole.CONTRIBUTOR,
        invited_by=cast.lead if by_lead else cast.administrator,
    )
    invitation.set_new_token()
    invitation.save()
    return invitation


def make_request(cast: Cast) -> Membership:
    return Membership.objects.create(
        user=cast.publisher,
        organisation=cast.organisation,
        role=MembershipRole.LEAD,
        requested_through=cast.partnership,
        ended_at=None,
    )


def send_lead_ended(cast: Cast) -> None:
    membership = cast.lead.memberships.get()
    membership.ended_at = timezone.now()
    emails.send_lead_ended(membership, cast.partnership)


def send_application_declined(cast: Cast) -> None:
    application = make_application(cast.partnership)
    application.decision_reason = "You are in the area of Moorland."
    emails.send_application_declined(application)


def send_application_accepted(cast: Cast, user: User, *, is_active: bool = True) -> None:
    membership = Membership.objects.create(
        user=user,
        organisation=cast.other_organisation,
        role=MembershipRole.LEAD,
        started_at=timezone.now() if is_active else None,
    )
    emails.send_application_accepted(make_application(cast.partnership), membership)


Send = Callable[[Cast], None]
EMAILS: list[tuple[Send, str, str, str]] = [
    (
        lambda cast: emails.send_invitation(make_invitation(cast, by_lead=True), "TOKEN"),
        "lead@anchor.example invites you to act for Anchor Trust: accept by ",
        "Open this link by ",
        "/t/TOKEN/join/",
    ),
    (
        lambda cast: emails.send_invitation(make_invitation(cast, by_lead=False), "TOKEN"),
        "Harbour invites you to act for Anchor Trust: accept by ",
        "Open this link by ",
        "/t/TOKEN/join/",
    ),
    (
        lambda cast: emails.send_set_password(cast.administrator, cast.partnership),
        "Set your password for Harbour within 3 days",
        "Open this link within 3 days",
        "/accounts/password/reset/key/",
    ),
    (
        lambda cast: emails.send_role_given(make_request(cast)),
        "You can start: you are lead of Anchor Trust now",
        "Sign in to see what there is to do.",
        "/home/",
    ),
    (
        lambda cast: emails.send_request_waiting(make_request(cast), [cast.lead.email]),
        "publisher@harbour.example asks to act for Anchor Trust: accept or refuse",
        "Sign in to accept or refuse.",
        "/home/",
    ),
    (
        send_lead_ended,
        "You are no longer a lead of Anchor Trust",
        "If you have left this post, there is nothing to do.",
        "/p/harbour/contact/",
    ),
    (
        lambda cast: emails.send_application_link(make_application(cast.partnership), "TOKEN"),
        "Confirm your e-mail address by ",
        "Open this link by ",
        "/t/TOKEN/take-part/",
    ),
    (
        lambda cast: emails.send_application_waiting(
            make_application(cast.partnership), [cast.administrator.email]
        ),
        "Nora Quay asks to take part for Kelp House: accept or decline",
        "Sign in to accept or decline.",
        "/p/harbour/desk/",
    ),
    (
        lambda cast: send_application_accepted(cast, factories.make_user("nora@kelp.example")),
        "Set your password within 3 days: you lead Beacon Homes in Harbour now",
        "Open this link within 3 days",
        "/accounts/password/reset/key/",
    ),
    (
        lambda cast: send_application_accepted(cast, cast.viewer),
        "Sign in to begin: you lead Beacon Homes in Harbour now",
        "Sign in to see what there is to do.",
        "/home/",
    ),
    (
        lambda cast: send_application_accepted(cast, cast.viewer, is_active=False),
        "Harbour has accepted your request to take part; somebody else must agree too",
        "There is nothing to do now.",
        "/home/",
    ),
    (
        send_application_declined,
        "Harbour has declined your request to take part for Kelp House",
        "Read the reason.",
        "/p/harbour/contact/",
    ),
]


@pytest.mark.parametrize(("send", "subject", "first", "link"), EMAILS, ids=[one[1][:40] for one in EMAILS])
def test_each_email(cast: Cast, send: Send, subject: str, first: str, link: str) -> None:
    cast.partnership.contact_email = "ask@harbour.example"
    cast.partnership.save()
    send(cast)
    (message,) = mail.outbox
    body = str(message.body)
    assert message.subject.startswith(subject)
    assert body.startswith(first)
    assert f"https://s11.example{link}" in body
    assert "Questions?" in body.splitlines()[-1]
    assert_plain(message)


def assert_plain(message: EmailMessage) -> None:
    """Nothing of the template is left, no run of empty lines, nothing escaped, no politeness by formula."""
    text = f"{message.subject}\n{message.body}"
    assert not re.search(r"\{[{%#]|\n\n\n|&\w+;|\bNone\b|[Pp]lease|successfully|!", text)


def test_each_link_stands_on_a_line_of_its_own(cast: Cast) -> None:
    emails.send_invitation(make_invitation(cast, by_lead=True), "TOKEN")
    lines = str(mail.outbox[0].body).splitlines()
    assert "https://s11.example/t/TOKEN/join/" in lines


def test_replies_go_to_the_partnership_that_wrote(cast: Cast) -> None:
    cast.partnership.contact_email = "ask@harbour.example"
    emails.send_set_password(cast.administrator, cast.partnership)
    send_lead_ended(cast)
    assert [message.reply_to for message in mail.outbox] == [["ask@harbour.example"]] * 2


def test_an_invitation_to_the_desk(cast: Cast) -> None:
    invitation = Invitation(
        email="new@harbour.example",
        partnership=cast.partnership,
        role=OfficerRole.SCRUTINEER,
        invited_by=cast.administrator,
    )
    emails.send_invitation(invitation, "TOKEN")
    (message,) = mail.outbox
    assert message.subject.startswith("Harbour invites you to its desk: accept by ")
    assert "as scrutineer. Independent: reads everything that was submitted" in str(message.body)
    assert_plain(message)


def test_names_are_not_escaped(cast: Cast) -> None:
    cast.organisation.name = "Anchor & Sons <Trust>"
    cast.organisation.save()
    emails.send_role_given(make_request(cast))
    assert "Anchor & Sons <Trust>" in mail.outbox[0].subject


def test_whoever_is_asked_is_told_why(cast: Cast) -> None:
    request = make_request(cast)
    emails.send_request_waiting(request, [cast.lead.email])
    assert "because you lead Anchor Trust" in str(mail.outbox[0].body)
    cast.lead.memberships.update(ended_at=timezone.now())
    emails.send_request_waiting(request, [cast.administrator.email])
    assert "because Anchor Trust has no lead" in str(mail.outbox[1].body)
