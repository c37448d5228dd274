"""Minutes on the desk: the draft written passage by passage, the chair's word, corrections, and the final word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.at_meeting import AtMeeting
from accountability.forms.minutes import AgreeForm, CorrectionForm, DecideForm, PassageForm
from accountability.minutes_permissions import (
    check_can_agree_minutes,
    check_can_ask_correction,
    check_can_begin_minutes,
    check_can_decide_corrections,
    check_can_finalise_minutes,
    check_can_read_minutes,
    check_can_send_draft,
    check_can_take_back_minutes,
    check_can_write_passages,
)
from accountability.minutes_text import MinutesText, get_minutes_of, get_minutes_text
from accountability.minuting import (
    CORRECTED_WITHIN_WORKING_DAYS,
    NotInThisState,
    agree_minutes,
    ask_correction,
    begin_minutes,
    change_passage,
    decide_correction,
    finalise_minutes,
    send_draft,
    take_back_minutes,
)
from accountability.models import Minutes, Paper, Passage
from accountability.paper_requests import request_paper
from accountability.requests import enter_at_meeting
from s11.organisations.models import User
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import NotAllowed, reason_why_not
from s11.web.outcomes import Outcome
from surveys.enums import DocumentKind
from surveys.views.built_files import hand_out_built
from surveys.views.saving import give_token, is_somebody_else, say_somebody_else, tell_card
from surveys.working_days import add_working_days

BOTH = ["GET", "HEAD", "POST"]
PAGE = "accountability:minutes"
ASKED = "Your correction is asked for. The reply stands here as soon as it is decided."


def enter_minutes(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> tuple[AtMeeting, Minutes]:
    """Those that were begun."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_read_minutes(at)
    minutes = get_minutes_of(at.meeting)
    if minutes is None:
        raise Http404
    return at, minutes


@require_http_methods(BOTH)
def minutes(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """While they are a draft a post saves every passage: where no scripts run, or the last words before leaving."""
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_read_minutes(at)
    found = get_minutes_of(at.meeting)
    if found is None:
        reason = reason_why_not(check_can_begin_minutes, at)
        return render(request, "accountability/minutes_none.html", {"at": at, "reason": reason})
    text = get_minutes_text(found)
    forms, theirs = make_forms(text), dict[str, Passage]()
    if request.method == "POST":
        check_can_write_passages(at)
        forms, theirs = save_passages(request, text)
        if not theirs and not any(form.errors for form in forms.values()):
            messages.success(request, "The minutes are saved.")
            return redirect(PAGE, partnership, cycle, organisation)
    return show_minutes(request, at, text, forms=forms, theirs=theirs)


def show_minutes(request: UserRequest, at: AtMeeting, text: MinutesText, **more: Any) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "at": at,
        "text": text,
        "forms": make_forms(text),
        "theirs": {},
        "agree": AgreeForm(
            initial={
                "corrections_until": add_working_days(today, CORRECTED_WITHIN_WORKING_DAYS),
                "seen_at": text.changed_at.isoformat() if text.changed_at else "",
            }
        ),
        "paper": get_newest_paper(text.minutes),
        "may": {
            "write": reason_why_not(check_can_write_passages, at),
            "agree": reason_why_not(check_can_agree_minutes, at),
            "send": reason_why_not(check_can_send_draft, at),
            "take_back": reason_why_not(check_can_take_back_minutes, at),
            "ask": reason_why_not(check_can_ask_correction, at, today),
            "decide": reason_why_not(check_can_decide_corrections, at),
            "finalise": reason_why_not(check_can_finalise_minutes, at),
        },
    }
    return render(request, "accountability/minutes.html", {**context, **more})


def get_code(number: int) -> str:
    return f"part-{number}"


def make_forms(text: MinutesText) -> dict[str, PassageForm]:
    """By the card's code."""
    return {
        get_code(number): make_form(get_code(number), passage)
        for number, passage in enumerate(text.passages, start=1)
    }


def make_form(code: str, passage: Passage, data: Mapping[str, Any] | None = None) -> PassageForm:
    seen = {"text": passage.text, "version": passage.version}
    return PassageForm(data, code=code, title=passage.item.title, initial=seen)


def save_passages(
    request: UserRequest, text: MinutesText
) -> tuple[dict[str, PassageForm], dict[str, Passage]]:
    """Each by itself: one that cannot be saved keeps none of the others back. Returns what others saved meanwhile."""
    forms: dict[str, PassageForm] = {}
    theirs: dict[str, Passage] = {}
    for code, passage in zip(make_forms(text), text.passages, strict=True):
        if f"{code}-text" not in request.POST or request.POST.get("keep") == code:
            forms[code] = make_form(code, passage)
            continue
        form = forms[code] = make_form(code, passage, request.POST)
        if not form.is_valid():
            continue
        late = save(request, passage, form)
        if late is not None:
            theirs[code] = late
            mine = {"text": form.cleaned_data["text"], "version": late.version}
            forms[code] = PassageForm(code=code, title=passage.item.title, initial=mine)
    return forms, theirs


def save(request: UserRequest, passage: Passage, form: PassageForm) -> Passage | None:
    data = form.cleaned_data
    return change_passage(passage=passage, text=data["text"], seen_version=data["version"], by=request.user)


@require_http_methods(BOTH)
def minutes_passage(
    request: UserRequest, partnership: str, cycle: str, organisation: str, passage: int
) -> HttpResponse:
    """One passage, as its page saves it by itself: see surveys/views/one_answer.py."""
    if is_somebody_else(request):
        return say_somebody_else()
    at, found = enter_minutes(request, partnership, cycle, organisation)
    one = get_object_or_404(found.passages.select_related("item"), pk=passage)
    one.minutes = found
    code = get_code(found.passages.filter(item__position__lt=one.item.position).count() + 1)
    try:
        check_can_write_passages(at)
        if request.method != "POST":
            return give_token(request)
        form = PassageForm(request.POST, code=code, title=one.item.title)
        if not form.is_valid():
            return tell(code, Outcome.WRONG, form=form)
        late = save(request, one, form)
    except (NotAllowed, NotInThisState) as why:
        return tell(code, Outcome.REFUSED, reason=str(why))
    if late is not None:
        return tell(code, Outcome.CONFLICT, passage=late)
    one.refresh_from_db()
    return tell(code, Outcome.SAVED, passage=one)


def tell(code: str, outcome: Outcome, **more: Any) -> HttpResponse:
    context = {"code": code, "outcome": outcome, **more}
    return tell_card("accountability/minutes_passage.html", outcome, context)


@require_POST
def minutes_begin(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    at = enter_at_meeting(request, partnership, cycle, organisation)
    check_can_begin_minutes(at)
    done = (
        "The draft is made from the notes. Write each part out; nobody but you and the officers reads it yet."
    )
    tell_outcome(request, done, begin_minutes, meeting=at.meeting, by=request.user)
    return redirect(PAGE, partnership, cycle, organisation)


@require_POST
def minutes_agree(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """The chair presses it, or an officer records the chair's word."""
    at, found = enter_minutes(request, partnership, cycle, organisation)
    check_can_agree_minutes(at)
    form = AgreeForm(request.POST)
    if not form.is_valid():
        return show_minutes(request, at, get_minutes_text(found), agree=form)
    done = "The minutes are agreed. Those who came, and the agency, are told by e-mail."
    tell_outcome(request, done, agree_minutes, minutes=found, by=request.user, **form.cleaned_data)
    return redirect(PAGE, partnership, cycle, organisation)


@require_POST
def minutes_to_chair(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """The draft goes to the chair by e-mail; pressed again, it goes again."""
    at, found = enter_minutes(request, partnership, cycle, organisation)
    check_can_send_draft(at)
    done = f"The e-mail to {at.chair} is in the outbox."
    tell_outcome(request, done, send_draft, minutes=found, by=request.user)
    return redirect(PAGE, partnership, cycle, organisation)


@require_POST
def minutes_take_back(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    at, found = enter_minutes(request, partnership, cycle, organisation)
    check_can_take_back_minutes(at)
    done = "The minutes are a draft again. Nobody is told before the chair agrees them once more."
    tell_outcome(request, done, take_back_minutes, minutes=found, by=request.user)
    return redirect(PAGE, partnership, cycle, organisation)


@require_http_methods(BOTH)
def minutes_correct(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """Ask for a correction: oneself, or as an officer for somebody who has told it."""
    at, found = enter_minutes(request, partnership, cycle, organisation)
    check_can_ask_correction(at, timezone.localdate())
    text = get_minutes_text(found)
    form = make_correction_form(request, text, "" if at.is_organiser else str(request.user))
    if form.is_valid() and ask(text, form, str(request.user), request.user):
        messages.success(request, ASKED)
        return redirect(PAGE, partnership, cycle, organisation)
    context = {"at": at, "text": text, "form": form}
    return render(request, "accountability/minutes_correct.html", context)


def make_correction_form(request: HttpRequest, text: MinutesText, name: str) -> CorrectionForm:
    passages = [(one.pk, f"{number}. {one.item.title}") for number, one in enumerate(text.passages, start=1)]
    form = CorrectionForm(get_data(request), passages=passages, name=name)
    if "by_name" in form.fields:
        form.fields["by_name"].initial = str(request.user)
    return form


def ask(text: MinutesText, form: CorrectionForm, name: str, by: User | None) -> bool:
    """Of a valid form; where the minutes are no longer what the page showed, it says so and keeps what was typed."""
    data = form.cleaned_data
    passage = next(one for one in text.passages if str(one.pk) == data["passage"])
    try:
        ask_correction(passage=passage, text=data["text"], by_name=data.get("by_name", name), by=by)
    except NotInThisState as late:
        keep_typed(form, str(late))
        return False
    return True


def keep_typed(form: CorrectionForm, why: str) -> None:
    form.add_error(None, f"{why} Copy what you typed if you still need it")


@require_http_methods(BOTH)
def minutes_correction(
    request: UserRequest, partnership: str, cycle: str, organisation: str, correction: int
) -> HttpResponse:
    """Take it in, with the passage as it then stands, or say why not."""
    at, found = enter_minutes(request, partnership, cycle, organisation)
    check_can_decide_corrections(at)
    text = get_minutes_text(found)
    one = next((one for one in text.corrections if one.pk == correction), None)
    if one is None:
        raise Http404
    if one.decision:
        messages.warning(request, "This correction is decided already.")
        return redirect(PAGE, partnership, cycle, organisation)
    seen = {"new_text": one.passage.text, "version": one.passage.version}
    form = DecideForm(get_data(request), initial=seen)
    if form.is_valid():
        data = form.cleaned_data
        try:
            decide_correction(
                correction=one,
                decision=data["decision"],
                reply=data["reply"],
                new_text=data["new_text"],
                seen_version=data["version"],
                by=request.user,
            )
        except NotInThisState as late:
            # What was typed stays in the form; the version is the one that the page shows now.
            messages.warning(request, str(late))
            form = DecideForm(initial={**data, "version": one.passage.version})
        else:
            messages.success(request, "The correction is decided.")
            return redirect(PAGE, partnership, cycle, organisation)
    context = {"at": at, "text": text, "correction": one, "form": form}
    return render(request, "accountability/minutes_correction.html", context)


@require_http_methods(BOTH)
def minutes_final(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """Says first what it freezes."""
    at, found = enter_minutes(request, partnership, cycle, organisation)
    check_can_finalise_minutes(at)
    if request.method == "POST":
        done = "The minutes are final. Next: the letter."
        tell_outcome(request, done, finalise_minutes, minutes=found, by=request.user)
        return redirect(PAGE, partnership, cycle, organisation)
    text = get_minutes_text(found)
    is_early = bool(found.corrections_until and timezone.localdate() <= found.corrections_until)
    undecided = at.meeting.proposals.filter(status="proposed").count()
    context = {"at": at, "text": text, "is_early": is_early, "undecided": undecided}
    return render(request, "accountability/minutes_final.html", context)


# On paper -------------------------------------------------------------------------------------------------------------


def get_newest_paper(minutes: Minutes, *, only_final: bool = False) -> Paper | None:
    """The newest that was asked for; of final minutes one that was made of them as they were before is none."""
    papers = Paper.objects.filter(meeting=minutes.meeting, document__kind=DocumentKind.MINUTES)
    if minutes.final_at is not None:
        papers = papers.filter(document__requested_at__gte=minutes.final_at)
    elif only_final:
        return None
    return papers.select_related("document").first()


@require_POST
def minutes_paper(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    at, found = enter_minutes(request, partnership, cycle, organisation)
    newest = get_newest_paper(found, only_final=True)
    if newest is not None and not newest.document.has_failed:
        # Made as they became final: figures around them may have moved on since.
        messages.info(request, "The PDF of the final minutes is made once.")
        return redirect(PAGE, partnership, cycle, organisation)
    request_paper(kind=DocumentKind.MINUTES, by=request.user, meeting=at.meeting)
    messages.success(request, "The PDF is being made. It stands on this page in a minute.")
    return redirect(PAGE, partnership, cycle, organisation)


@require_safe
def minutes_file(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponseBase:
    _, found = enter_minutes(request, partnership, cycle, organisation)
    paper = get_newest_paper(found)
    if paper is None:
        raise Http404
    return hand_out_built(paper.document)
