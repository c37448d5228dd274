"""The desk's room of training: the register of courses, and which agencies of a cycle need which."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.course_catalogue import get_catalogue, list_subjects
from accountability.course_register import (
    NotInThisState,
    add_course,
    change_course,
    offer_course_again,
    retire_course,
)
from accountability.forms.courses import CourseForm
from accountability.models import Course
from accountability.risk_files import TRAINING_FILES
from accountability.risk_permissions import (
    check_can_keep_courses,
    check_can_offer_course_again,
    check_can_retire_course,
    check_can_see_risk,
)
from accountability.training_facts import get_training
from accountability.training_needs import say_gap
from accountability.views.risk_list import enter_risk, hand_over
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from surveys.forms.overview import SERIES, SeriesForm
from surveys.models import Cycle

BOTH = ["GET", "HEAD", "POST"]
PAGE = 50
ROOM = "accountability:courses"


def enter_courses(request: UserRequest, partnership: str) -> Desk:
    desk = enter_desk(request, partnership)
    check_can_see_risk(desk)
    return desk


@require_safe
def courses(request: UserRequest, partnership: str) -> HttpResponse:
    """The cycles whose risks and needs can be looked at, and the register, the retired last."""
    desk = enter_courses(request, partnership)
    found = (
        Course.objects.of(desk.partnership).prefetch_related("subjects").order_by("-is_active", "name", "pk")
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    catalogue = get_catalogue(desk.partnership)
    context = {
        "desk": desk,
        "page": page,
        "subjects": {one.pk: list_subjects(one, catalogue) for one in page.object_list},
        "cycles": Cycle.objects.of(desk.partnership).opened()[:PAGE],
        "reason": reason_why_not(check_can_keep_courses, desk),
    }
    return render(request, "accountability/courses.html", context)


@require_http_methods(BOTH)
def course_add(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_courses(request, partnership)
    check_can_keep_courses(desk)
    form = CourseForm(get_data(request), catalogue=get_catalogue(desk.partnership), initial={"version": 0})
    if form.is_valid():
        try:
            made = add_course(partnership=desk.partnership, entered=form.entered, by=request.user)
        except NotInThisState as taken:
            form.add_error("name", str(taken))
        else:
            messages.success(
                request, f"{made} is in the register. Agencies that need it see it in their feedback."
            )
            return redirect(ROOM, partnership)
    return render(request, "accountability/course.html", {"desk": desk, "course": None, "form": form})


def enter_course(request: UserRequest, partnership: str, course: int) -> tuple[Desk, Course]:
    desk = enter_courses(request, partnership)
    check_can_keep_courses(desk)
    found = Course.objects.of(desk.partnership).prefetch_related("subjects").select_related("changed_by")
    return desk, get_object_or_404(found, pk=course)


@require_http_methods(BOTH)
def course(request: UserRequest, partnership: str, course: int) -> HttpResponse:
    """A stale save keeps both: what somebody else saved is shown beside the form."""
    desk, found = enter_course(request, partnership, course)
    first = {name: getattr(found, name) for name in ("name", "description", "audience", "link", "version")}
    catalogue = get_catalogue(desk.partnership)
    form = CourseForm(get_data(request), catalogue=catalogue, course=found, initial=first)
    theirs = None
    if form.is_valid():
        try:
            theirs = save_course(request, found, form)
        except NotInThisState as taken:
            form.add_error("name", str(taken))
        else:
            if theirs is None:
                messages.success(request, "The course is saved.")
                return redirect(ROOM, partnership)
    context: dict[str, Any] = {
        "desk": desk,
        "course": found,
        "form": form,
        "theirs": theirs,
        "subjects": list_subjects(theirs, catalogue) if theirs else [],
    }
    return render(request, "accountability/course.html", context)


def save_course(request: UserRequest, course: Course, form: CourseForm) -> Course | None:
    seen = form.cleaned_data["version"] or 0
    return change_course(course=course, entered=form.entered, seen_version=seen, by=request.user)


@require_POST
def course_retire(request: UserRequest, partnership: str, course: int) -> HttpResponse:
    desk, found = enter_course(request, partnership, course)
    check_can_retire_course(desk, found)
    done = f"{found} is retired. What it answered has no course now, unless another answers it too."
    tell_outcome(request, done, retire_course, course=found, by=request.user)
    return redirect(ROOM, partnership)


@require_POST
def course_offer(request: UserRequest, partnership: str, course: int) -> HttpResponse:
    desk, found = enter_course(request, partnership, course)
    check_can_offer_course_again(desk, found)
    tell_outcome(request, f"{found} is offered again.", offer_course_again, course=found, by=request.user)
    return redirect(ROOM, partnership)


# Who needs them -------------------------------------------------------------------------------------------------------


@require_safe
def training_needs(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    desk, found = enter_risk(request, partnership, cycle)
    training = get_training(found, SeriesForm(request.GET).chosen)
    context = {
        "cycle": found,
        "training": training,
        "offered": SERIES,
        "pressing": say_gap(training.needs.gaps[0]) if training.needs.gaps else "",
        "page": Paginator(training.needs.gaps, PAGE).get_page(request.GET.get("page")),
        "reason": reason_why_not(check_can_keep_courses, desk),
    }
    return render(request, "accountability/training_needs.html", context)


@require_safe
def training_needs_file(request: UserRequest, partnership: str, cycle: str, file_format: str) -> HttpResponse:
    _, found = enter_risk(request, partnership, cycle)
    if file_format not in TRAINING_FILES:
        raise Http404
    series = SeriesForm(request.GET).chosen
    content = TRAINING_FILES[file_format](get_training(found, series))
    name = f"{found.slug}-training-needs-{series.value}-{timezone.localdate()}.{file_format}"
    return hand_over(content, name, file_format)
