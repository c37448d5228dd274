"""The letter about what is late on paper: as it was written when the step was taken."""

from __future__ import annotations

from django.utils import timezone

from accountability.letters import get_local_name
from accountability.minutes_files import name_paper
from accountability.models import LateLetter
from s11.web.pdf import Cover, render_pdf
from surveys.enums import MessageStatus
from surveys.models import Document, MessageAttachment

# While its e-mail is in the outbox.
NOT_GONE = (MessageStatus.WAITING, MessageStatus.HELD)


def make_late_letter_reference(letter: LateLetter) -> str:
    """What is quoted when somebody asks about it, such as `HARBOUR-2026-R41`."""
    cycle = letter.meeting.panel.cycle
    return f"{cycle.partnership.slug}-{cycle.slug}-R{letter.pk}".upper()


def build_late_letter(document: Document) -> bytes:
    """A tagged PDF, which its e-mail takes along if it has not gone; its words stand in the e-mail too."""
    letter = LateLetter.objects.select_related(
        "meeting__panel__cycle__partnership", "meeting__invitee__organisation", "contact", "message", "by"
    ).get(paper__document=document)
    content = render_late_letter(letter)
    if letter.message.status in NOT_GONE:
        MessageAttachment.objects.get_or_create(
            message=letter.message,
            name="letter.pdf",
            defaults={"content_type": "application/pdf", "content": content},
        )
    return content


def render_late_letter(letter: LateLetter) -> bytes:
    context = {
        "cover": Cover(
            title=letter.subject,
            partnership=str(letter.meeting.panel.cycle.partnership),
            version=make_late_letter_reference(letter),
            date=timezone.localdate(letter.at),
        ),
        "to": [letter.contact.name, letter.contact.job_title, get_local_name(letter.meeting)],
        "text": letter.body,
        "by": letter.by,
    }
    return render_pdf("documents/letter.html", context)


def name_late_letter(document: Document) -> str:
    """Such as `anchor-trust-2026-late-letter`."""
    return name_paper(document, "late-letter")
