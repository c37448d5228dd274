"""The desk's jobs: files that a worker builds, those that failed with a second try, and how the e-mails stand."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from s11.organisations.permissions import check_can_organise
from s11.organisations.requests import UserRequest, enter_desk, tell_outcome
from surveys.forms.jobs import JobsFilterForm
from surveys.job_list import JobState, count_jobs, count_unscanned, describe_subject, get_jobs, list_jobs
from surveys.outbox_rows import count_boxes
from surveys.tasks import WAITS, retry_build

PAGE: Final = 50
RELOAD_SECONDS: Final = 10


@require_safe
def jobs(request: UserRequest, partnership: str) -> HttpResponse:
    """While something is being made the page looks again by itself; there is nothing to press on it then."""
    desk = enter_desk(request, partnership)
    check_can_organise(desk)
    form = JobsFilterForm(request.GET, counts=count_jobs(desk.partnership))
    page = Paginator(list_jobs(desk.partnership, form.chosen), PAGE).get_page(request.GET.get("page"))
    context = {
        "desk": desk,
        "form": form,
        "state": form.chosen,
        "page": page,
        "rows": [(document, describe_subject(document)) for document in page],
        "tries": len(WAITS) + 1,
        "mails": count_boxes(desk.partnership),
        "unscanned": count_unscanned(desk.partnership),
    }
    response = render(request, "surveys/jobs.html", context)
    if form.chosen == JobState.BUILDING and page.object_list:
        response["Refresh"] = str(RELOAD_SECONDS)
    return response


@require_POST
def job_retry(request: UserRequest, partnership: str, document: int) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_organise(desk)
    found = get_object_or_404(get_jobs(desk.partnership), pk=document)
    tell_outcome(request, f"{found} is in the queue again.", retry_build, document=found)
    return redirect("surveys:jobs", partnership)
