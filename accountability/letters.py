"""The letter after a meeting: its first words, made from what was agreed, and its PDF, made of what was signed."""

from __future__ import annotations

import datetime

from django.template.loader import render_to_string
from django.utils import timezone

from accountability.letter_dates import ANSWERED_WITHIN_WORKING_DAYS
from accountability.models import Letter, Meeting
from s11.organisations.models import Participation
from s11.web.pdf import Cover, render_pdf
from surveys.models import Document


def make_letter_text(meeting: Meeting, held_on: datetime.date) -> tuple[str, str]:
    """Subject and body; an officer edits both before anybody signs."""
    text = render_to_string(
        "documents/words/meeting_letter.txt",
        {
            "meeting": meeting,
            "partnership": meeting.panel.cycle.partnership,
            "cycle": meeting.panel.cycle,
            "name": get_local_name(meeting),
            "held_on": held_on,
            "recommendations": list(meeting.recommendations.all()),
            "practices": list(meeting.good_practices.all()),
            "days": ANSWERED_WITHIN_WORKING_DAYS,
        },
        using="jinja2",
    )
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip()


def make_letter_reference(letter: Letter) -> str:
    """What is quoted when somebody asks about it, such as `HARBOUR-2026-M41`."""
    cycle = letter.meeting.panel.cycle
    return f"{cycle.partnership.slug}-{cycle.slug}-M{letter.meeting_id}".upper()


def render_meeting_letter(document: Document) -> bytes:
    """A tagged PDF; its words are the letter's."""
    meeting = document.paper.meeting
    assert meeting is not None  # request_paper gives a letter its meeting
    letter = Letter.objects.select_related("meeting__panel__cycle__partnership", "signed_by").get(
        meeting=meeting
    )
    cycle = letter.meeting.panel.cycle
    name = get_local_name(meeting)
    context = {
        "cover": Cover(
            title=letter.subject,
            partnership=str(cycle.partnership),
            version=make_letter_reference(letter),
            date=timezone.localdate(letter.signed_at) if letter.signed_at else None,
        ),
        "to": [name],
        "text": letter.body,
        "by": letter.signed_as,
    }
    return render_pdf("documents/letter.html", context)


def get_local_name(meeting: Meeting) -> str:
    """What the partnership calls the agency."""
    place = Participation.objects.filter(
        partnership=meeting.panel.cycle.partnership, organisation=meeting.invitee.organisation
    ).first()
    return place.name if place else str(meeting.invitee.organisation)
