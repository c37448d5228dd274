"""E-mails that tell of minutes, for the outbox; texts stand in templates/emails/accountability/."""

from __future__ import annotations

import datetime

from django.core.mail import EmailMessage

from accountability.member_links import choose_link
from accountability.models import Minutes, PanelMember
from s11.organisations.emails import make_email, make_link
from s11.organisations.models import User


def make_member_mail(minutes: Minutes, member: PanelMember) -> tuple[EmailMessage, str]:
    """To somebody who sat, and what takes the link's place as the e-mail goes; empty for who has a login."""
    link, personal = _choose_link(minutes, member)
    return _make(minutes, member.email, link), personal


def make_draft_mail(minutes: Minutes, chair: PanelMember, until: datetime.date) -> tuple[EmailMessage, str]:
    """To the chair, before anybody else reads them; the link as above."""
    link, personal = _choose_link(minutes, chair)
    meeting = minutes.meeting
    mail = make_email(
        "accountability/minutes_draft",
        to=[chair.email],
        partnership=meeting.cycle.partnership,
        meeting=meeting,
        until=until,
        link=link,
        has_login=not personal,
    )
    return mail, personal


def _choose_link(minutes: Minutes, member: PanelMember) -> tuple[str, str]:
    slugs = minutes.meeting.slugs
    desk = make_link("accountability:minutes", slugs["partnership"], slugs["cycle"], slugs["organisation"])
    return choose_link(member, desk=desk, personal="accountability:member_minutes")


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
