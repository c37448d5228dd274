"""A practitioner survey as staff meet it: one page that opens by its link, and thanks.

Nothing here knows who answers: no session is begun and no address is read. `s11/web/anonymous_answers.py` has what such
pages have in common.
"""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.requests import get_data
from s11.web.anonymous_answers import has_answered, is_first, is_flooded, keep_private, remember_answered
from surveys.forms.practitioners import SurveyForm, make_once
from surveys.models import PractitionerSurvey
from surveys.permissions import has_submitted
from surveys.practitioners import get_asked
from surveys.surveying import NotInThisState, answer_survey


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
    if is_flooded(survey.pk):
        return show(request, survey, token, form, is_full=True)
    if is_first(form.cleaned_data["once"]):
        try:
            answer_survey(survey=survey, given=form.given)
        except NotInThisState:
            return show_over(request, survey, was_late=True)
    response = redirect("surveys:practitioner_thanks", token)
    remember_answered(response, reverse("surveys:practitioner_survey", args=[token]))
    return response


def show(
    request: HttpRequest, survey: PractitionerSurvey, token: str, form: SurveyForm, *, is_full: bool = False
) -> HttpResponse:
    context = {
        "survey": survey,
        "token": token,
        "form": form,
        "is_full": is_full,
        "has_submitted": has_submitted(survey.invitee),
        "has_answered": has_answered(request) and not form.is_bound,
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
