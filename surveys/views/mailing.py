"""What a cycle's agencies are sent: the cycle's own words with a preview, and reminding many at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from s11.web.text import plural, read_number
from surveys.bulk_reminders import get_remindable, make_remind_rows, remind
from surveys.cycle_texts import (
    KINDS,
    fill_words,
    get_own_words,
    get_shipped,
    get_words,
    reset_text,
    save_text,
)
from surveys.enums import MessageKind
from surveys.forms.outbox import RemindFilterForm, TextForm
from surveys.models import Cycle, Invitee
from surveys.outbox_permissions import check_can_read_outbox, check_can_remind, check_can_write_texts
from surveys.placeholders import PLACEHOLDERS, Words
from surveys.queries import get_cycle_or_404
from surveys.recipients import Addressee, Recipient, get_addressees

PAGE = 50


def get_kind_or_404(kind: str) -> MessageKind:
    if kind not in KINDS:
        raise Http404
    return MessageKind(kind)


@require_safe
def cycle_texts(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Which words each e-mail has: shipped, or the cycle's own."""
    desk = enter_desk(request, partnership)
    check_can_read_outbox(desk)
    found = get_cycle_or_404(desk.partnership, cycle)
    own = get_own_words([found])
    context = {
        "cycle": found,
        "texts": [(kind, own.get((found.pk, kind)) or get_shipped(kind)) for kind in KINDS],
        "reason": reason_why_not(check_can_write_texts, desk, found),
    }
    return render(request, "surveys/cycle_texts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_text(request: UserRequest, partnership: str, cycle: str, kind: str) -> HttpResponse:
    """Change the words; the preview shows them as one of the invited organisations would get them."""
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    check_can_write_texts(desk, found)
    which = get_kind_or_404(kind)
    words = get_words(found, which)
    form = TextForm(get_data(request), initial={"subject": words.subject, "body": words.body})
    shown: Words | None = words
    if request.method == "POST":
        shown = Words(**form.cleaned_data) if form.is_valid() else None
        if shown and "preview" not in request.POST:
            save_text(cycle=found, kind=which, by=request.user, **form.cleaned_data)
            messages.success(request, f"‘{which.label}’ goes out in your words from now on.")
            return redirect("surveys:cycle_texts", partnership, cycle)
    context = {
        "cycle": found,
        "kind": which,
        "form": form,
        "is_own": words.is_own,
        "placeholders": PLACEHOLDERS,
        "preview": make_preview(found, which, shown) if shown else None,
    }
    return render(request, "surveys/cycle_text.html", context)


def make_preview(cycle: Cycle, kind: MessageKind, words: Words) -> tuple[Addressee, Words] | None:
    """For the first invited organisation that is not exempt; None where nobody is invited yet."""
    invitee = cycle.invitees.not_exempt().select_related("organisation").first()
    if invitee is None:
        return None
    invitee.cycle = cycle
    [addressee] = get_addressees([invitee]).values()
    to: Recipient | None = addressee.to[0] if addressee.to else None
    if kind in {MessageKind.INVITATION, MessageKind.ESCALATION} and (to is None or to.contact is None):
        to = Recipient(email="", name="", contact=0)  # to somebody without an account
    return addressee, fill_words(words, addressee, to)


@require_POST
def cycle_text_reset(request: UserRequest, partnership: str, cycle: str, kind: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    check_can_write_texts(desk, found)
    which = get_kind_or_404(kind)
    done = f"‘{which.label}’ goes out in the shipped words again."
    tell_outcome(request, done, reset_text, cycle=found, kind=which, by=request.user)
    return redirect("surveys:cycle_texts", partnership, cycle)


@require_http_methods(["GET", "HEAD", "POST"])
def cycle_remind(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Who has not returned: all that were found, or those ticked; ?invitee=… narrows it to some."""
    desk = enter_desk(request, partnership)
    found = get_cycle_or_404(desk.partnership, cycle)
    check_can_remind(desk, found)
    filters = RemindFilterForm(request.GET)
    only = list_numbers(request.GET, "invitee")
    remindable = get_remindable(found, only=only, **filters.chosen)
    page = Paginator(remindable, PAGE).get_page(request.GET.get("page"))
    words = get_words(found, MessageKind.REMINDER)
    form = TextForm(get_data(request), initial={"subject": words.subject, "body": words.body})
    chosen = list_numbers(request.POST, "invitees")
    picked: Sequence[Invitee] = list(
        remindable if "all" in request.POST else remindable.filter(pk__in=chosen)
    )
    if request.method == "POST" and form.is_valid():
        if not picked:
            messages.error(request, "Nobody was chosen. Tick one or more organisations.")
        elif "preview" not in request.POST:
            number = remind(cycle=found, invitees=picked, words=Words(**form.cleaned_data), by=request.user)
            messages.success(request, f"Reminders to {plural(number, 'organisation')} are in the outbox.")
            return redirect("surveys:outbox", partnership)
    context = {
        "cycle": found,
        "filter": filters,
        "only": only,
        "page": page,
        "rows": make_remind_rows(found, list(page.object_list)),
        "form": form,
        "chosen": chosen,
        "preview": make_reminder_preview(found, picked, form),
    }
    return render(request, "surveys/cycle_remind.html", {**context, "placeholders": PLACEHOLDERS})


def make_reminder_preview(
    cycle: Cycle, picked: Sequence[Invitee], form: TextForm
) -> tuple[Addressee, Words] | None:
    if not picked or not form.is_valid():
        return None
    picked[0].cycle = cycle
    [addressee] = get_addressees(picked[:1]).values()
    to = addressee.to[0] if addressee.to else None
    return addressee, fill_words(Words(**form.cleaned_data), addressee, to)


def list_numbers(query: QueryDict, name: str) -> list[int]:
    return [number for one in query.getlist(name) if (number := read_number(one)) is not None]
