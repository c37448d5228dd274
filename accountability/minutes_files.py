"""Minutes on paper."""

from __future__ import annotations

from django.utils.text import slugify

from accountability.enums import MinutesStatus
from accountability.minutes_text import MinutesText, get_minutes_text
from accountability.models import Meeting, Minutes
from accountability.packs import get_participation
from s11.web.dates import date
from s11.web.pdf import Cover, render_pdf
from surveys.models import Document


def build_minutes(document: Document) -> bytes:
    """As they stand when it is built; the cover says how far they are."""
    return render_minutes(get_minutes_text(get_minutes(document)))


def render_minutes(text: MinutesText) -> bytes:
    cycle = text.meeting.cycle
    context = {
        "cover": Cover(
            title=f"Minutes: {text.name}",
            partnership=str(cycle.partnership),
            subtitle=f"Accountability meeting of {date(text.held_on)}, {cycle}",
            version=make_minutes_reference(text.meeting),
            status=say_how_far(text.minutes),
        ),
        "text": text,
    }
    return render_pdf("documents/minutes.html", context)


def say_how_far(minutes: Minutes) -> str:
    """‘Draft’, ‘Agreed by the chair on 3 March 2027’, ‘Final since 12 March 2027’."""
    if minutes.status == MinutesStatus.FINAL and minutes.final_at:
        return f"Final since {date(minutes.final_at)}"
    if minutes.status == MinutesStatus.AGREED and minutes.agreed_at:
        return f"Agreed by the chair on {date(minutes.agreed_at)}, not final"
    return "Draft"


def make_minutes_reference(meeting: Meeting) -> str:
    cycle = meeting.cycle
    return f"{cycle.partnership.slug}-{cycle.slug}-M{meeting.pk}".upper()


def get_minutes(document: Document) -> Minutes:
    meeting = Meeting.objects.with_place().get(papers__document=document)
    minutes = Minutes.objects.select_related("agreed_by", "final_by").get(meeting=meeting)
    minutes.meeting = meeting
    return minutes


def name_minutes(document: Document) -> str:
    """Such as `anchor-trust-2026-minutes`."""
    return name_paper(document, "minutes")


def name_meeting_letter(document: Document) -> str:
    """Such as `anchor-trust-2026-letter`."""
    return name_paper(document, "letter")


def name_paper(document: Document, word: str) -> str:
    """Such as `anchor-trust-2026-` and the word."""
    meeting = Meeting.objects.with_place().get(papers__document=document)
    place = get_participation(meeting)
    name = place.name if place else str(meeting.organisation)
    return f"{slugify(name)[:80]}-{meeting.cycle.slug}-{word}"
