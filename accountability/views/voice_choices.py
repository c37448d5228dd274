"""The desk's page of what children and families told the agencies in a year, and what the annual report says of it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accountability.forms.voices import VoiceFilterForm
from accountability.models import Voice
from accountability.reporting_years import ReportingYear
from accountability.voice_list import list_of_year
from accountability.voice_permissions import check_can_choose_voices, check_can_read_voices
from accountability.voice_recording import choose_voice, drop_choice
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, tell_outcome
from s11.web.errors import reason_why_not
from s11.web.text import read_number

PAGE = 25


def enter_year(request: UserRequest, partnership: str, year: str) -> tuple[Desk, ReportingYear]:
    desk = enter_desk(request, partnership)
    check_can_read_voices(desk)
    found = ReportingYear.from_slug(year)
    if found is None:
        raise Http404
    return desk, found


@require_safe
def desk_voices(request: UserRequest, partnership: str, year: str) -> HttpResponse:
    desk, found = enter_year(request, partnership, year)
    form = VoiceFilterForm(request.GET)
    entries = list_of_year(desk.partnership, found, **form.get_filters())
    context = {
        "desk": desk,
        "year": found,
        "filter": form,
        "page": Paginator(entries, PAGE).get_page(request.GET.get("page")),
        "chosen": Voice.objects.of(desk.partnership).standing().heard_in(found).chosen().count(),
        "reason": reason_why_not(check_can_choose_voices, desk),
    }
    return render(request, "accountability/desk_voices.html", context)


@require_POST
def voice_choose(request: UserRequest, partnership: str, year: str, voice: int) -> HttpResponse:
    desk, found = enter_choice(request, partnership, year, voice)
    version = read_number(request.POST.get("version", "")) or 0
    done = "It is chosen for the annual report."
    tell_outcome(request, done, choose_voice, voice=found, seen_version=version, by=request.user)
    return back_to(request, desk, found)


@require_POST
def voice_drop(request: UserRequest, partnership: str, year: str, voice: int) -> HttpResponse:
    desk, found = enter_choice(request, partnership, year, voice)
    tell_outcome(request, "It is not in the annual report any more.", drop_choice, voice=found)
    return back_to(request, desk, found)


def enter_choice(request: UserRequest, partnership: str, year: str, voice: int) -> tuple[Desk, Voice]:
    desk, found = enter_year(request, partnership, year)
    check_can_choose_voices(desk)
    return desk, get_object_or_404(Voice.objects.of(desk.partnership).standing().heard_in(found), pk=voice)


def back_to(request: UserRequest, desk: Desk, voice: Voice) -> HttpResponse:
    """The list as it was narrowed, at the entry."""
    address = reverse("accountability:desk_voices", args=[desk.partnership.slug, voice.year.slug])
    query = request.GET.urlencode()
    return redirect(f"{address}{'?' if query else ''}{query}#voice-{voice.pk}")
