"""An agency's room ‘What children and families say’: what was heard, what changed, and consent to quote it."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accountability.forms.voices import ConsentForm, VoiceForm
from accountability.models import Voice
from accountability.voice_enums import ConsentGiver
from accountability.voice_list import get_known_words, list_own
from accountability.voice_permissions import (
    check_can_record_consent,
    check_can_record_voice,
    check_can_withdraw_consent,
)
from accountability.voice_quotes import is_short
from accountability.voice_recording import (
    NotInThisState,
    VoiceInput,
    change_voice,
    record_consent,
    record_voice,
    remove_voice,
    withdraw_consent,
)
from accountability.voice_uses import list_published
from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, get_data, tell_outcome
from s11.web.errors import reason_why_not

BOTH = ["GET", "HEAD", "POST"]
PAGE = 25
ROOM = "accountability:agency_voices"


def enter_voice(
    request: UserRequest, partnership: str, organisation: str, voice: int
) -> tuple[Agency, Voice]:
    agency = enter_agency(request, partnership, organisation)
    check_can_record_voice(agency)
    return agency, get_object_or_404(list_own(agency.participation), pk=voice)


@require_safe
def agency_voices(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    page = Paginator(list_own(agency.participation), PAGE).get_page(request.GET.get("page"))
    context = {"agency": agency, "page": page, "reason": reason_why_not(check_can_record_voice, agency)}
    return render(request, "accountability/agency_voices.html", context)


@require_http_methods(BOTH)
def voice_add(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    check_can_record_voice(agency)
    form = make_form(request, agency)
    if form.is_valid():
        record_voice(participation=agency.participation, entered=form.entered, by=request.user)
        messages.success(request, say_saved(form.entered))
        return redirect(ROOM, partnership, organisation)
    return render(request, "accountability/voice.html", {"agency": agency, "form": form, "voice": None})


@require_http_methods(BOTH)
def voice(request: UserRequest, partnership: str, organisation: str, voice: int) -> HttpResponse:
    """A stale save keeps both: what somebody else saved is shown beside the form."""
    agency, found = enter_voice(request, partnership, organisation, voice)
    form = make_form(request, agency, found)
    theirs = None
    if form.is_valid():
        seen = form.cleaned_data["version"] or 0
        try:
            theirs = change_voice(voice=found, entered=form.entered, seen_version=seen, by=request.user)
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            if theirs is None:
                messages.success(request, say_saved(form.entered, found))
                return redirect(ROOM, partnership, organisation)
    context = {"agency": agency, "form": form, "voice": found, "theirs": theirs}
    return render(request, "accountability/voice.html", context)


def make_form(request: UserRequest, agency: Agency, found: Voice | None = None) -> VoiceForm:
    known = partial(get_known_words, agency.participation)
    return VoiceForm(get_data(request), get_known=known, today=timezone.localdate(), voice=found)


def say_saved(entered: VoiceInput, before: Voice | None = None) -> str:
    """Consent stays with the words that it is to."""
    is_agreed = before is not None and before.is_quotable and before.quotation == entered.quotation
    if entered.quotation and not is_agreed:
        return "It is saved. The quotation is quoted nowhere until you record that they agreed."
    return "It is saved."


# Consent --------------------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def voice_consent(request: UserRequest, partnership: str, organisation: str, voice: int) -> HttpResponse:
    agency, found = enter_voice(request, partnership, organisation, voice)
    check_can_record_consent(agency, found)
    form = ConsentForm(get_data(request), initial={"version": found.version})
    if form.is_valid():
        entered = form.cleaned_data
        tell_outcome(
            request,
            "Consent is recorded. Reports may quote these words from now on.",
            record_consent,
            voice=found,
            giver=ConsentGiver(entered["giver"]),
            consented_on=entered["consented_on"],
            seen_version=entered["version"],
            by=request.user,
        )
        return redirect(ROOM, partnership, organisation)
    return render(
        request, "accountability/voice_consent.html", {"agency": agency, "form": form, "voice": found}
    )


@require_http_methods(BOTH)
def voice_withdraw(request: UserRequest, partnership: str, organisation: str, voice: int) -> HttpResponse:
    """Says beforehand what has been published with the words: that stays as it was."""
    agency, found = enter_voice(request, partnership, organisation, voice)
    check_can_withdraw_consent(agency, found)
    if request.method == "POST":
        done = "Consent is withdrawn. The words are out of every draft, and are quoted nowhere from now on."
        tell_outcome(request, done, withdraw_consent, voice=found, by=request.user)
        return redirect(ROOM, partnership, organisation)
    published = list_published(agency.partnership, found.quotation)
    short = [found.quotation] if is_short(found.quotation) else []
    context = {"agency": agency, "voice": found, "published": published, "short": short}
    return render(request, "accountability/voice_withdraw.html", context)


@require_http_methods(BOTH)
def voice_remove(request: UserRequest, partnership: str, organisation: str, voice: int) -> HttpResponse:
    agency, found = enter_voice(request, partnership, organisation, voice)
    if request.method == "POST":
        done = "It is removed, and its words are gone."
        tell_outcome(request, done, remove_voice, voice=found, by=request.user)
        return redirect(ROOM, partnership, organisation)
    published = list_published(agency.partnership, found.quotation) if found.is_quotable else []
    quoted = found.quotation if found.is_quotable else ""
    short = [words for words in (found.told, found.changed, found.why_not, quoted) if is_short(words)]
    context = {"agency": agency, "voice": found, "published": published, "short": short}
    return render(request, "accountability/voice_remove.html", context)
