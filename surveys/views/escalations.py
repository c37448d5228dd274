"""The escalation ladder of one organisation in a cycle: what was done so far, the next step, and its letters."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from surveys.cycle_texts import fill_words, get_shipped, get_words
from surveys.enums import DocumentKind, EscalationStep, MessageKind
from surveys.escalating import get_last_step, take_step
from surveys.escalation_steps import LETTERS, get_next_steps
from surveys.forms.outbox import StepForm
from surveys.models import Document, Invitee
from surveys.outbox_permissions import check_can_escalate, check_can_read_outbox
from surveys.placeholders import Words
from surveys.recipients import Addressee, Recipient, get_addressees
from surveys.views.built_files import hand_out_built
from surveys.views.invitees import get_invitee_or_404

BUTTONS = {
    EscalationStep.CALL: "Record a call to the lead",
    EscalationStep.CHIEF_EXECUTIVE: "Write to the chief executive",
    EscalationStep.PARTNERS: "Write to the safeguarding partners",
    EscalationStep.RESOLVED: "Record that it is resolved",
}
DONE = {
    EscalationStep.CALL: "The call is recorded.",
    EscalationStep.RESOLVED: "It is recorded as resolved.",
}


def get_addressee(invitee: Invitee) -> Addressee:
    return get_addressees([invitee])[invitee.pk]


@require_safe
def escalation(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_read_outbox(desk)
    invitee = get_invitee_or_404(desk, cycle, organisation)
    taken = list(invitee.escalations.select_related("by", "contact", "message").prefetch_related("documents"))
    last = taken[-1] if taken else None
    steps = get_next_steps(last.step if last else None)
    context = {
        "invitee": invitee,
        "addressee": get_addressee(invitee),
        "taken": taken,
        "next": [
            (step.value, BUTTONS[step], reason_why_not(check_can_escalate, desk, invitee, step, last))
            for step in steps
        ],
    }
    return render(request, "surveys/escalation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def escalation_step(
    request: UserRequest, partnership: str, cycle: str, organisation: str, step: str
) -> HttpResponse:
    desk = enter_desk(request, partnership)
    invitee = get_invitee_or_404(desk, cycle, organisation)
    if step not in EscalationStep:
        raise Http404
    which = EscalationStep(step)
    check_can_escalate(desk, invitee, which, get_last_step(invitee))
    addressee = get_addressee(invitee)
    contacts = get_contacts(desk, invitee) if which == EscalationStep.CHIEF_EXECUTIVE else []
    words = make_letter_words(addressee, which, contacts)
    initial = {"note": words.body, "subject": words.subject} if words else {}
    if contacts:
        initial["contact"] = str(contacts[0].pk)
    form = StepForm(get_data(request), initial=initial, step=which, contacts=contacts)
    if request.method == "POST" and form.is_valid():
        done = DONE.get(which, "The letter is written down and its PDF is being made.")
        data = {
            **form.cleaned_data,
            "subject": form.cleaned_data.get("subject") or (words or Words("", "")).subject,
        }
        tell_outcome(request, done, take_step, invitee=invitee, step=which, by=request.user, **data)
        return redirect("surveys:escalation", partnership, cycle, organisation)
    context = {
        "invitee": invitee,
        "addressee": addressee,
        "step": which,
        "form": form,
        "is_letter": which in LETTERS,
    }
    return render(request, "surveys/escalation_step.html", {**context, "has_contact": bool(contacts)})


def get_contacts(desk: Desk, invitee: Invitee) -> list[Contact]:
    """Chief executives and headteachers first, then the others; those to whom mail is refused last."""
    found = Contact.objects.current().filter(
        participation__partnership=desk.partnership, participation__organisation=invitee.organisation
    )
    return sorted(
        found, key=lambda one: (one.refused_at is not None, one.kind != ContactKind.CHIEF_EXECUTIVE, one.pk)
    )


def make_letter_words(addressee: Addressee, step: EscalationStep, contacts: list[Contact]) -> Words | None:
    """The cycle's own or the shipped ones, filled; the officer changes them before they are kept."""
    if step not in LETTERS:
        return None
    if step == EscalationStep.PARTNERS:
        return fill_words(get_shipped("partners"), addressee)
    first = contacts[0] if contacts else None
    to = Recipient(first.email, first.name, contact=first.pk) if first else Recipient("", "", contact=0)
    return fill_words(get_words(addressee.invitee.cycle, MessageKind.ESCALATION), addressee, to)


@require_safe
def escalation_letter(
    request: UserRequest, partnership: str, cycle: str, organisation: str, document: int
) -> HttpResponseBase:
    desk = enter_desk(request, partnership)
    check_can_read_outbox(desk)
    invitee = get_invitee_or_404(desk, cycle, organisation)
    letters = Document.objects.visible_to(request.user).filter(
        kind=DocumentKind.LETTER, escalation__invitee=invitee
    )
    found = get_object_or_404(letters.select_related("escalation__invitee__cycle__partnership"), pk=document)
    return hand_out_built(found)
