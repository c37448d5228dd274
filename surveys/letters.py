"""The letter of an escalation on paper: as it was written when the step was taken."""

from __future__ import annotations

from django.utils import timezone

from s11.organisations.models import Participation
from s11.web.pdf import Cover, render_pdf
from surveys.enums import EscalationStep
from surveys.models import Escalation


def make_letter_reference(escalation: Escalation) -> str:
    """What is quoted when somebody asks about it, such as `HARBOUR-2026-L41`."""
    cycle = escalation.invitee.cycle
    return f"{cycle.partnership.slug}-{cycle.slug}-L{escalation.pk}".upper()


def render_letter(escalation: Escalation) -> bytes:
    """A tagged PDF of one page or two; its words are the step's note."""
    invitee = escalation.invitee
    place = Participation.objects.filter(
        partnership=invitee.cycle.partnership, organisation=invitee.organisation
    ).first()
    contact = escalation.contact
    context = {
        "cover": Cover(
            title=f"{invitee.cycle.title}: {place.name if place else invitee.organisation}",
            partnership=str(invitee.cycle.partnership),
            version=make_letter_reference(escalation),
            date=timezone.localdate(escalation.at),
        ),
        "to": [contact.name, contact.job_title, place.name if place else ""]
        if contact
        else [f"The safeguarding partners of {invitee.cycle.partnership}"]
        if escalation.step == EscalationStep.PARTNERS
        else [],
        "text": escalation.note,
        "by": escalation.by,
    }
    return render_pdf("documents/letter.html", context)
