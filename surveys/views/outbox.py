"""The desk's outbox: what waits, is held, failed, was refused or sent; each message, and acts on one or many."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from s11.web.text import plural
from surveys.enums import MessageStatus
from surveys.forms.outbox import ActForm, OutboxFilterForm, WordsForm
from surveys.models import Cycle, Message
from surveys.models.messages import PERSONAL_LINK
from surveys.outbox import act_on, change_message, list_acts
from surveys.outbox_permissions import check_can_read_outbox, check_can_work_outbox
from surveys.outbox_rows import TAGS, Box, count_boxes, get_messages, get_reminded, make_message_rows

PAGE = 50
DONE = {
    "hold": "held: they go when you let them go",
    "release": "let go: they go when their time has come",
    "cancel": "stopped",
    "retry": "tried again within minutes",
}
# What makes sense for what lies in a box.
OFFERED = {
    Box.WAITING: ("hold", "cancel"),
    Box.HELD: ("release", "cancel"),
    Box.FAILED: ("retry",),
    Box.REFUSED: ("retry",),
}
LABELS = {"hold": "Hold", "release": "Let go", "cancel": "Stop", "retry": "Try again"}


@require_safe
def outbox(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_read_outbox(desk)
    form = OutboxFilterForm(request.GET, counts=count_boxes(desk.partnership))
    chosen = form.chosen
    page = Paginator(get_messages(desk.partnership, **chosen), PAGE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "form": form,
        "box": Box(chosen["box"]),
        "page": page,
        "rows": make_message_rows(page.object_list),
        "acts": [(act, LABELS[act]) for act in OFFERED.get(Box(chosen["box"]), ())],
        "reason": reason_why_not(check_can_work_outbox, desk),
    }
    return render(request, "surveys/outbox.html", {**context, "open_cycles": get_open_cycles(desk)})


def get_open_cycles(desk: Desk) -> list[Cycle]:
    return list(Cycle.objects.of(desk.partnership).filter(status="open"))


def back_to_box(partnership: str, box: str) -> HttpResponse:
    return redirect(reverse("surveys:outbox", args=[partnership]) + (f"?box={box}" if box in Box else ""))


@require_POST
def outbox_act(request: UserRequest, partnership: str) -> HttpResponse:
    """Those that went or changed meanwhile stay as they are, and it is said how many."""
    desk = enter_desk(request, partnership)
    check_can_work_outbox(desk)
    form = ActForm(request.POST)
    box = request.POST.get("box", "")
    if not form.is_valid():
        messages.error(request, "Nothing was chosen. Tick one or more e-mails, then choose what to do.")
        return back_to_box(partnership, box)
    act, keys = form.cleaned_data["act"], form.cleaned_data["messages"]
    done = act_on(messages=Message.objects.of(desk.partnership).filter(pk__in=keys), act=act)
    if done:
        messages.success(request, f"{plural(done, 'e-mail')} {DONE[act]}.")
    if left := len(keys) - done:
        messages.warning(request, f"{plural(left, 'e-mail')} went or changed meanwhile: nothing was done.")
    return back_to_box(partnership, box)


def get_message_or_404(desk: Desk, message: int) -> Message:
    found = Message.objects.of(desk.partnership).select_related(
        "organisation", "cycle", "by", "user", "contact"
    )
    return get_object_or_404(found, pk=message)


@require_safe
def outbox_message(request: UserRequest, partnership: str, message: int) -> HttpResponse:
    """As it goes or went, whoever it was written by, and what can be done with it."""
    desk = enter_desk(request, partnership)
    check_can_read_outbox(desk)
    found = get_message_or_404(desk, message)
    found.partnership = desk.partnership
    invitee = found.invitee_id
    context = {
        "message": found,
        "tag": TAGS[found.status],
        "before": get_reminded([invitee]).get(invitee) if invitee else None,
        "acts": [(act, LABELS[act]) for act in list_acts(found)],
        "may_change": found.status in {MessageStatus.WAITING, MessageStatus.HELD},
        "reason": reason_why_not(check_can_work_outbox, desk),
    }
    return render(request, "surveys/outbox_message.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def outbox_change(request: UserRequest, partnership: str, message: int) -> HttpResponse:
    """Other words for this one e-mail."""
    desk = enter_desk(request, partnership)
    check_can_work_outbox(desk)
    found = get_message_or_404(desk, message)
    form = WordsForm(get_data(request), initial={"subject": found.subject, "body": found.body})
    if found.personal_link and form.is_bound and PERSONAL_LINK not in form.data.get("body", ""):
        form.add_error(
            "body", f"Keep {PERSONAL_LINK} in the text: the link of the person stands there as it goes"
        )
    if request.method == "POST" and form.is_valid():
        tell_outcome(request, "The e-mail is changed.", change_message, message=found, **form.cleaned_data)
        return redirect("surveys:outbox_message", partnership, message)
    return render(request, "surveys/outbox_change.html", {"message": found, "desk": desk, "form": form})
