"""How what was agreed goes: the numbers of a round, drawn, and the list behind each of them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accountability.dashboard import (
    PARTS,
    STATES,
    count_unsent,
    get_cycles,
    leave_out_conflicts,
    list_agreed,
    make_dashboard,
    narrow,
)
from accountability.following import Followed
from accountability.permissions import check_can_read_round
from accountability.queries import Round
from accountability.requests import enter_round
from s11.organisations.requests import UserRequest
from surveys.models import Theme
from surveys.overview_csv import Cell, write_csv

PAGE = 50


def enter_progress(request: UserRequest, partnership: str, cycle: str) -> tuple[Round, list[Followed]]:
    """For officers who read the whole round."""
    here = enter_round(request, partnership, cycle)
    check_can_read_round(here.desk)
    return here, list_agreed(here)


@require_safe
def progress(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    here, followed = enter_progress(request, partnership, cycle)
    context = {
        "round": here,
        "dashboard": make_dashboard(followed),
        "unsent": count_unsent(here.panel.meetings.values_list("pk", flat=True)),
        "cycles": get_cycles(here.partnership),
        "words": [word for _, word, _ in PARTS],
    }
    return render(request, "accountability/progress.html", context)


@require_safe
def progress_list(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """The rows behind a number, without those of agencies with which the reader has a conflict of interest."""
    here, followed = enter_progress(request, partnership, cycle)
    state = request.GET.get("state", "all")
    state = state if state in STATES else "all"
    theme, agency = request.GET.get("theme", ""), request.GET.get("agency", "")
    found = narrow(followed, state, theme, agency)
    shown = leave_out_conflicts(request.user, here, found)
    if request.GET.get("format") == "csv":
        return hand_out_csv(here, shown)
    context = {
        "round": here,
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "state": state,
        "states": [(key, title) for key, (title, _) in STATES.items()],
        "theme": Theme.objects.filter(code=theme).first() if theme else None,
        "agency": next((one.recommendation.meeting.organisation for one in shown if agency), None),
        "closed": len(found) - len(shown),
        "query": request.GET.urlencode(),
    }
    return render(request, "accountability/progress_list.html", context)


HEAD = (
    "organisation", "number", "recommendation", "theme", "indicator", "answer by", "state", "overdue", "action",
    "refusal", "due", "verified", "what shows it",
)  # fmt: skip


def hand_out_csv(here: Round, followed: list[Followed]) -> HttpResponse:
    response = HttpResponse(
        write_csv(HEAD, map(make_cells, followed)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="agreed-{here.cycle.slug}.csv"'
    return response


def make_cells(one: Followed) -> list[Cell]:
    asked, action = one.recommendation, one.recommendation.action
    return [
        asked.meeting.organisation.name,
        asked.number,
        asked.text,
        str(asked.theme or ""),
        asked.indicator.code if asked.indicator else "",
        str(asked.respond_by or ""),
        one.standing.label,
        str(one.due_on or ""),
        action.what if action else "",
        asked.refusal,
        str(action.due_on if action else ""),
        str(one.outcome),
        one.verification.text if one.verification else "",
    ]
