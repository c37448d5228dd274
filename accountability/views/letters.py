"""The letter after a meeting: drafted, edited, read as it will stand, signed, sent; and all of a round in a list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.at_meeting import AtMeeting
from accountability.enums import LetterStatus
from accountability.forms.letters import LetterForm, SignForm
from accountability.letter_dates import Due, get_due
from accountability.letter_list import get_held_meetings, make_rows
from accountability.letter_mails import get_letter_mails, say_not_gone
from accountability.letter_writing import (
    NotInThisState,
    change_letter,
    draft_letter,
    get_signed_paper,
    list_readers,
    send_letter,
    sign_letter,
    take_back_letter,
)
from accountability.minutes_permissions import check_can_read_letter, check_can_write_letter
from accountability.minutes_text import get_held_on
from accountability.models import Letter, Paper
from accountability.permissions import check_can_read_round
from accountability.requests import enter_at_meeting, enter_round
from s11.organisations.requests import UserRequest, tell_outcome
from s11.web.errors import reason_why_not
from surveys.views.built_files import hand_out_built

PAGE = 50
BOTH = ["GET", "HEAD", "POST"]
LETTER = "accountability:letter"


@require_safe
def letters(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    page = Paginator(get_held_meetings(here.panel), PAGE).get_page(request.GET.get("page"))
    rows = make_rows(here, request.user, page.object_list, timezone.localdate())
    return render(request, "accountability/letters.html", {"round": here, "page": page, "rows": rows})


def enter_letter(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> tuple[AtMeeting, Letter | None]:
    at = enter_at_meeting(request, partnership, cycle, organisation)
    found = Letter.objects.filter(meeting=at.meeting).select_related("signed_by").first()
    if found is not None:
        # With what the round has at hand, and for what the check looks at.
        found.meeting = at.meeting
    check_can_read_letter(at)
    return at, found


def enter_to_write(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> tuple[AtMeeting, Letter]:
    at, found = enter_letter(request, partnership, cycle, organisation)
    check_can_write_letter(at)
    if found is None:
        raise Http404
    return at, found


@require_safe
def letter(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """As it will be read, with what is to be done next."""
    at, found = enter_letter(request, partnership, cycle, organisation)
    return show_letter(request, at, found)


def show_letter(request: UserRequest, at: AtMeeting, found: Letter | None, **more: Any) -> HttpResponse:
    paper = get_paper(found)
    mails = get_letter_mails([at.meeting]).get(at.meeting.invitee_id, []) if found else []
    context = {
        "at": at,
        "letter": found,
        "due": get_letter_due(at),
        "reason": reason_why_not(check_can_write_letter, at),
        "sign": SignForm(initial={"version": found.version}) if found else None,
        "paper": paper,
        "mails": mails if at.is_reader else [],
        "not_gone": say_not_gone(mails),
        "readers": list_readers(at.meeting) if found and found.status != LetterStatus.SENT else [],
    }
    response = render(request, "accountability/letter.html", {**context, **more})
    if paper is not None and not paper.document.is_built and not paper.document.has_failed:
        # Without scripts the page looks again by itself.
        response["Refresh"] = "5"
    return response


def get_letter_due(at: AtMeeting) -> Due:
    return get_due(get_held_on(at.meeting), timezone.localdate())


def get_paper(letter: Letter | None) -> Paper | None:
    if letter is None or letter.signed_at is None:
        return None
    return get_signed_paper(letter.meeting, letter.signed_at)


@require_POST
def letter_draft(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_write_letter(at)
    done = "The letter is drafted from what was agreed. Read it, and change what you want to say otherwise."
    held_on = get_held_on(at.meeting)
    tell_outcome(request, done, draft_letter, meeting=at.meeting, held_on=held_on, by=request.user)
    return redirect(LETTER, partnership, cycle, organisation)


@require_http_methods(BOTH)
def letter_edit(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """A stale save keeps both texts: what somebody else saved is shown beside the form."""
    at, found = enter_to_write(request, partnership, cycle, organisation)
    if found.status != LetterStatus.DRAFT:
        messages.warning(request, "The letter is signed, so its words stand. Take the signature back first.")
        return redirect(LETTER, partnership, cycle, organisation)
    theirs: Letter | None = None
    form = LetterForm(
        request.POST if request.method == "POST" else None,
        initial={"subject": found.subject, "body": found.body, "version": found.version},
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            theirs = change_letter(
                letter=found,
                subject=data["subject"],
                body=data["body"],
                seen_version=data["version"],
                by=request.user,
            )
        except NotInThisState as late:
            messages.warning(request, str(late))
        else:
            if theirs is None:
                messages.success(request, "The letter is saved.")
                return redirect(LETTER, partnership, cycle, organisation)
            form = LetterForm(initial={**data, "version": theirs.version})
    context = {"at": at, "letter": found, "form": form, "theirs": theirs}
    return render(request, "accountability/letter_edit.html", context)


@require_POST
def letter_sign(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    at, found = enter_to_write(request, partnership, cycle, organisation)
    form = SignForm(request.POST)
    if not form.is_valid():
        return show_letter(request, at, found, sign=form)
    done = "The letter is signed, and its PDF is being made. Look at it, then send it."
    data = form.cleaned_data
    tell_outcome(
        request,
        done,
        sign_letter,
        letter=found,
        signed_as=data["signed_as"],
        seen_version=data["version"],
        by=request.user,
    )
    return redirect(LETTER, partnership, cycle, organisation)


@require_POST
def letter_take_back(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    _, found = enter_to_write(request, partnership, cycle, organisation)
    done = "The signature is taken back, and the letter is a draft again."
    tell_outcome(request, done, take_back_letter, letter=found, by=request.user)
    return redirect(LETTER, partnership, cycle, organisation)


@require_POST
def letter_send(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    at, found = enter_to_write(request, partnership, cycle, organisation)
    done = f"The letter to {at.organisation} is in the outbox and goes out at once."
    tell_outcome(request, done, send_letter, letter=found, by=request.user)
    return redirect(LETTER, partnership, cycle, organisation)


@require_safe
def letter_file(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponseBase:
    _, found = enter_letter(request, partnership, cycle, organisation)
    paper = get_paper(found)
    if paper is None:
        raise Http404
    return hand_out_built(paper.document)
