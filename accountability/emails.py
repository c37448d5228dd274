"""E-mails about meetings. Texts stand in templates/emails/accountability/; all go through the outbox."""

from __future__ import annotations

import datetime

from django.core.mail import EmailMessage

from accountability.models import Letter
from s11.organisations.emails import make_email, make_link
from s11.organisations.models import User
from s11.web.dates import date
from s11.web.text import plural


def make_letter_mail(letter: Letter, person: User, respond_by: datetime.date) -> EmailMessage:
    """To one of the agency's: the letter is attached, and the one link leads to the meeting's page."""
    meeting = letter.meeting
    slugs = meeting.slugs
    count = meeting.recommendations.count()
    asked = f"Answer {plural(count, 'recommendation')} by {date(respond_by)}: " if count else ""
    return make_email(
        "accountability/letter",
        to=[person.email],
        partnership=meeting.panel.cycle.partnership,
        letter=letter,
        meeting=meeting,
        subject=f"{asked}{letter.subject}",
        count=count,
        respond_by=respond_by,
        link=make_link(
            "accountability:agency_meeting", slugs["partnership"], slugs["organisation"], slugs["cycle"]
        ),
    )
