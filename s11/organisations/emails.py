"""E-mails about accounts and roles. Each says what to do, by when, with one link and whom to ask.

Texts stand in templates/emails/: the first line is the subject, the rest the body.
"""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import (
    Application,
    FeedToken,
    GroupAccess,
    Invitation,
    Membership,
    Officer,
    Organisation,
    Partnership,
    User,
)


def make_link(name: str, *args: str) -> str:
    """An absolute address, also where there is no request: in a command or a worker."""
    return settings.SITE_URL + reverse(name, args=args)


def make_email(
    template: str, *, to: list[str], partnership: Partnership | None = None, **context: Any
) -> EmailMessage:
    """An e-mail from templates/emails/; the first line of the template is its subject."""
    text = render_to_string(f"emails/{template}.txt", {"partnership": partnership, **context}, using="jinja2")
    subject, _, body = text.strip().partition("\n")
    reply_to = [partnership.contact_email] if partnership and partnership.contact_email else None
    return EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=to, reply_to=reply_to)


def send_invitation(invitation: Invitation, token: str) -> None:
    make_email(
        "organisations/invitation",
        to=[invitation.email],
        partnership=invitation.partnership,
        invitation=invitation,
        link=make_link("organisations:join", token),
    ).send()


def send_set_password(user: User, partnership: Partnership) -> None:
    """The first mail to an administrator whom a command made: a link to choose a password."""
    key = default_token_generator.make_token(user)
    make_email(
        "organisations/set_password",
        to=[user.email],
        partnership=partnership,
        user=user,
        link=make_link("account_reset_password_from_key", user_pk_to_url_str(user), key),
    ).send()


def send_role_given(membership: Membership) -> None:
    """To a person whose request to act for an organisation was accepted."""
    make_email(
        "organisations/role_given", to=[membership.user.email], membership=membership, link=make_link("home")
    ).send()


def send_request_refused(membership: Membership) -> None:
    """To a person whose request to act for an organisation was refused."""
    make_email(
        "organisations/request_refused",
        to=[membership.user.email],
        membership=membership,
        link=make_link("home"),
    ).send()


def send_request_waiting(membership: Membership, recipients: list[str]) -> None:
    """To those who can accept it: the organisation's leads, or officers where it has none."""
    for address in recipients:
        make_email(
            "organisations/request_waiting",
            to=[address],
            membership=membership,
            has_lead=membership.organisation.has_lead(),
            link=make_link("home"),
        ).send()


def send_lead_ended(membership: Membership, partnership: Partnership) -> None:
    """To a lead whose role an officer has ended."""
    make_email(
        "organisations/lead_ended",
        to=[membership.user.email],
        partnership=partnership,
        membership=membership,
        link=make_link("organisations:contact_of", partnership.slug),
    ).send()


def get_leads(organisation: Organisation) -> list[str]:
    """The addresses of those who answer for it."""
    leads = organisation.memberships.active().filter(role=MembershipRole.LEAD)
    return sorted(leads.values_list("user__email", flat=True))


def send_access_asked(access: GroupAccess) -> None:
    """To those who can accept: the site's leads or, where the site offers, the group's."""
    for address in get_leads(access.answerer):
        make_email("organisations/access_asked", to=[address], access=access, link=make_link("home")).send()


def send_access_answered(access: GroupAccess) -> None:
    """To those who asked: accepted, or declined."""
    for address in get_leads(access.asker):
        make_email(
            "organisations/access_answered", to=[address], access=access, link=make_link("home")
        ).send()


def send_access_ended(access: GroupAccess) -> None:
    """To both sides' leads but whoever ended it."""
    assert access.ended_by is not None  # a person ends it, never a command
    addresses = {*get_leads(access.site), *get_leads(access.group)} - {access.ended_by.email}
    for address in sorted(addresses):
        make_email("organisations/access_ended", to=[address], access=access, link=make_link("home")).send()


# Data feeds -----------------------------------------------------------------------------------------------------------


def send_feed_token_made(token: FeedToken) -> None:
    """To its person, whoever sat at the keyboard: they are the one to see that it was not them."""
    make_email(
        "organisations/feed_token_made",
        to=[token.user.email],
        partnership=token.partnership,
        token=token,
        link=make_link("organisations:feed_tokens"),
    ).send()


def send_feed_tokens_ended(user: User, names: list[str], why: str) -> None:
    make_email(
        "organisations/feed_tokens_ended",
        to=[user.email],
        names=names,
        why=why,
        link=make_link("organisations:feed_tokens"),
    ).send()


# Taking part ----------------------------------------------------------------------------------------------------------


def get_administrators(partnership: Partnership) -> list[str]:
    """The addresses of those who run a partnership."""
    offices = Officer.objects.active().filter(partnership=partnership, role=OfficerRole.ADMINISTRATOR)
    return sorted(offices.values_list("user__email", flat=True))


def send_application_link(application: Application, token: str) -> None:
    """To the address that somebody entered: it may be another person's, so it says what to do if one did not ask."""
    person = User.objects.filter(email=application.email).first()
    make_email(
        "organisations/application_link",
        to=[application.email],
        partnership=application.partnership,
        application=application,
        has_account=person is not None and person.has_usable_password(),
        link=make_link("organisations:verify_application", token),
    ).send()


def send_application_waiting(application: Application, recipients: list[str]) -> None:
    """To administrators: somebody whose address is verified waits for a decision."""
    for address in recipients:
        make_email(
            "organisations/application_waiting",
            to=[address],
            partnership=application.partnership,
            application=application,
            link=make_link("desk", application.partnership.slug),
        ).send()


def send_application_accepted(application: Application, membership: Membership) -> None:
    """To the person, with a link to choose a password where they have none; also where others must still agree."""
    user = membership.user
    link, is_new = make_link("home"), not user.has_usable_password()
    if is_new and membership.is_active:
        key = default_token_generator.make_token(user)
        link = make_link("account_reset_password_from_key", user_pk_to_url_str(user), key)
    make_email(
        "organisations/application_accepted",
        to=[user.email],
        partnership=application.partnership,
        membership=membership,
        is_new=is_new,
        link=link,
    ).send()


def send_application_declined(application: Application) -> None:
    make_email(
        "organisations/application_declined",
        to=[application.email],
        partnership=application.partnership,
        application=application,
        link=make_link("organisations:contact_of", application.partnership.slug),
    ).send()
