"""A practitioner survey as staff meet it: one page that opens by its link, and thanks.

Nothing here knows who answers: no session is begun, no address is read, and what holds off a flood counts posts to a
survey, not people. It does so in this process's memory alone, for even the time of an answer should stand nowhere.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache.backends.locmem import LocMemCache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.requests import get_data
from s11.web.cookies import ANSWERED, name_for_path
from surveys.forms.practitioners import SurveyForm, make_once
from surveys.models import PractitionerSurvey
from surveys.permissions import has_submitted
from surveys.practitioners import get_asked
from surveys.surveying import NotInThisState, answer_survey

# A large employer that writes to all of its staff gets some dozens a minute; a program sends thousands.
MOST, SECONDS = 120, 60
# With room for every page that is open: an entry that is crowded out would begin its count anew.
MEMORY: Final = LocMemCache("practitioner-surveys", {"timeout": SECONDS, "OPTIONS": {"MAX_ENTRIES": 20_000}})


@login_not_required
@csrf_exempt  # the token would be a cookie that tells browsers apart, and no session is here to be made use of
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def practitioner_survey(request: HttpRequest, token: str) -> HttpResponse:
    """A link that was made up or replaced is not found."""
    survey = get_survey_by_link(token)
    return keep_private(answer(request, survey, token) if not survey.is_over else show_over(request, survey))


def get_survey_by_link(token: str) -> PractitionerSurvey:
    """A made-up token costs no query."""
    found = PractitionerSurvey.objects.with_link_token(token).with_place()
    survey = found.select_related(
        "invitee__cycle_questionnaire", "invitee__audit", "invitee__own_tool_return"
    ).first()
    if survey is None:
        raise Http404
    return survey


def answer(request: HttpRequest, survey: PractitionerSurvey, token: str) -> HttpResponse:
    asked = get_asked(survey.invitee)
    # What is answered with nothing is shown by a visit of its own: a browser that goes back has no page of a post.
    is_empty = request.method == "GET" and "empty" in request.GET
    form = SurveyForm({"once": make_once()} if is_empty else get_data(request), asked=asked)
    if request.method == "POST" and not any(request.POST.get(one.code) for one in asked):
        return redirect(f"{reverse('surveys:practitioner_survey', args=[token])}?empty=1")
    if is_empty or not form.is_valid():
        return show(request, survey, token, form)
    if is_flooded(survey):
        return show(request, survey, token, form, is_full=True)
    if is_first(form.cleaned_data["once"]):
        try:
            answer_survey(survey=survey, given=form.given)
        except NotInThisState:
            return show_over(request, survey, was_late=True)
    response = redirect("surveys:practitioner_thanks", token)
    # For this page alone, so that no other visit carries it.
    path = reverse("surveys:practitioner_survey", args=[token])
    response.set_cookie(
        name_for_path(ANSWERED),
        "yes",
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def is_flooded(survey: PractitionerSurvey) -> bool:
    """Whether more come than people can be."""
    MEMORY.add(survey.pk, 0)
    try:
        return MEMORY.incr(survey.pk) > MOST
    except ValueError:  # its minute ended between the two lines
        return False


def is_first(once: str) -> bool:
    """Whether this page has not been sent already. One without the hidden word is taken as it comes."""
    return not once or MEMORY.add(f"once-{once}", 1, timeout=600)


def show(
    request: HttpRequest, survey: PractitionerSurvey, token: str, form: SurveyForm, *, is_full: bool = False
) -> HttpResponse:
    context = {
        "survey": survey,
        "token": token,
        "form": form,
        "is_full": is_full,
        "has_submitted": has_submitted(survey.invitee),
        # Of a device that is shared, the next person answers too.
        "has_answered": name_for_path(ANSWERED) in request.COOKIES
        and "again" not in request.GET
        and not form.is_bound,
    }
    status = HTTPStatus.TOO_MANY_REQUESTS if is_full else HTTPStatus.OK
    return render(request, "surveys/practitioner_survey.html", context, status=status)


def show_over(request: HttpRequest, survey: PractitionerSurvey, *, was_late: bool = False) -> HttpResponse:
    context = {"survey": survey, "was_late": was_late or request.method == "POST"}
    return render(request, "surveys/practitioner_over.html", context)


@login_not_required
@never_cache
@require_safe
def practitioner_thanks(request: HttpRequest, token: str) -> HttpResponse:
    """The same for everybody who opens it."""
    survey = get_survey_by_link(token)
    return keep_private(render(request, "surveys/practitioner_thanks.html", {"survey": survey}))


def keep_private(response: HttpResponse) -> HttpResponse:
    """The address is the key: it goes to no other site and into no search engine."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
