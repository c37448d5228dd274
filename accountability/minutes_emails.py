"""E-mails that tell of agreed minutes, for the outbox; texts stand in templates/emails/accountability/."""

from __future__ import annotations

from django.core.mail import EmailMessage

from accountability.models import Minutes, PanelMember
from s11.organisations.emails import make_email, make_link
from s11.organisations.models import User
from surveys.models.messages import PERSONAL_LINK


def make_member_mail(minutes: Minutes, member: PanelMember) -> tuple[EmailMessage, str]:
    """To somebody who sat, and what takes the link's place as the e-mail goes; empty for who has a login."""
    slugs = minutes.meeting.slugs
    if member.officer is not None:
        link, personal = (
            make_link("accountability:minutes", slugs["partnership"], slugs["cycle"], slugs["organisation"]),
            "",
        )
    else:
        personal = make_link("accountability:member_minutes", member.get_link_token())
        link = PERSONAL_LINK
    return _make(minutes, member.email, link), personal


def make_agency_mail(minutes: Minutes, person: User) -> EmailMessage:
    slugs = minutes.meeting.slugs
    link = make_link(
        "accountability:agency_minutes", slugs["partnership"], slugs["organisation"], slugs["cycle"]
    )
    return _make(minutes, person.email, link)


def _make(minutes: Minutes, email: str, link: str) -> EmailMessage:
    meeting = minutes.meeting
    return make_email(
        "accountability/minutes_agreed",
        to=[email],
        partnership=meeting.cycle.partnership,
        meeting=meeting,
        until=minutes.corrections_until,
        link=link,
    )
