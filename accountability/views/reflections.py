"""The reflective questions as practitioners meet them: one page that opens by its link, and thanks.

Nothing here knows who answers, as on the page of a practitioner survey, whose ways these are. What may say whom a text
is about is not taken: what is certain is refused, what is possible is asked about, and nothing typed is lost.
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

from accountability.forms.reflections import ReflectionForm
from accountability.models import Reflection
from accountability.multi_agency_enums import ReflectiveQuestion
from accountability.multi_agency_reflecting import NotInThisState, answer_reflection
from s11.organisations.requests import get_data
from s11.web.anonymous_answers import has_answered, is_first, is_flooded, keep_private, remember_answered
from surveys.forms.practitioners import make_once


@login_not_required
@csrf_exempt  # the token would be a cookie that tells browsers apart, and no session is here to be made use of
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reflection(request: HttpRequest, token: str) -> HttpResponse:
    """A link that was made up or replaced is not found."""
    found = get_reflection_by_link(token)
    return keep_private(answer(request, found, token) if not found.is_over else show_over(request, found))


def get_reflection_by_link(token: str) -> Reflection:
    """A made-up token costs no query."""
    found = Reflection.objects.with_link_token(token).with_place().first()
    if found is None or found.audit.cancelled:
        raise Http404
    return found


def answer(request: HttpRequest, found: Reflection, token: str) -> HttpResponse:
    here = reverse("accountability:reflection", args=[token])
    # What is answered with nothing is shown by a visit of its own: a browser that goes back has no page of a post.
    is_empty = request.method == "GET" and "empty" in request.GET
    form = ReflectionForm({"once": make_once()} if is_empty else get_data(request))
    if request.method == "POST" and not any(
        request.POST.get(question, "").strip() for question in ReflectiveQuestion.values
    ):
        return redirect(f"{here}?empty=1")
    if is_empty or not form.is_valid():
        return show(request, found, token, form)
    if is_flooded(f"reflection-{found.pk}"):
        return show(request, found, token, form, is_full=True)
    if is_first(form.cleaned_data["once"]):
        try:
            answer_reflection(reflection=found, given=form.given)
        except NotInThisState:
            return show_over(request, found, was_late=True)
    response = redirect("accountability:reflection_thanks", token)
    remember_answered(response, here)
    return response


def show(
    request: HttpRequest, found: Reflection, token: str, form: ReflectionForm, *, is_full: bool = False
) -> HttpResponse:
    context = {
        "reflection": found,
        "token": token,
        "form": form,
        "is_full": is_full,
        "has_answered": has_answered(request) and not form.is_bound,
    }
    status = HTTPStatus.TOO_MANY_REQUESTS if is_full else HTTPStatus.OK
    return render(request, "accountability/reflection.html", context, status=status)


def show_over(request: HttpRequest, found: Reflection, *, was_late: bool = False) -> HttpResponse:
    context = {"reflection": found, "was_late": was_late or request.method == "POST"}
    return render(request, "accountability/reflection_over.html", context)


@login_not_required
@never_cache
@require_safe
def reflection_thanks(request: HttpRequest, token: str) -> HttpResponse:
    """The same for everybody who opens it."""
    found = get_reflection_by_link(token)
    return keep_private(render(request, "accountability/reflection_thanks.html", {"reflection": found}))
