"""Calibrations of a cycle: drawing one, scoring its answers alone, and how far the scorers agree."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import NotInThisState, reason_why_not
from surveys.calibrating import draw_calibration, finish_scoring, score_item
from surveys.calibration_permissions import (
    check_can_draw_calibration,
    check_can_read_results,
    check_can_score_calibration,
)
from surveys.calibrations import (
    get_calibrations,
    get_lines,
    get_readable,
    get_results,
    get_scorers,
    get_sight,
    leave_out_gone,
)
from surveys.forms.calibration import RULE_WORDS, CalibrationForm, ItemForm
from surveys.models import Calibration, CalibrationItem, CalibrationScorer, Cycle
from surveys.moderation_permissions import check_can_see_moderation
from surveys.support import get_officers
from surveys.views.moderation import get_opened_cycle_or_404

PAGE = 50
BOTH = ["GET", "HEAD", "POST"]


def enter_cycle(request: UserRequest, partnership: str, cycle: str) -> tuple[Desk, Cycle]:
    desk = enter_desk(request, partnership)
    check_can_see_moderation(desk)
    return desk, get_opened_cycle_or_404(desk, cycle)


def enter_calibration(
    request: UserRequest, partnership: str, cycle: str, calibration: int
) -> tuple[Desk, Calibration, CalibrationScorer | None]:
    """With the person's own row, if they were chosen to score."""
    desk, found = enter_cycle(request, partnership, cycle)
    one = get_object_or_404(get_calibrations(found), pk=calibration)
    one.cycle = found
    own = next((scorer for scorer in one.scorers.all() if scorer.user_id == request.user.pk), None)
    if own is not None:
        own.calibration = one
    return desk, one, own


@require_http_methods(BOTH)
def calibrations(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Those drawn so far, and drawing another."""
    desk, found = enter_cycle(request, partnership, cycle)
    if request.method == "POST":
        check_can_draw_calibration(desk)
    initial = {"rule": "by_score", "size": 20, "seed": f"{timezone.localdate():%Y%m%d}"}
    form = CalibrationForm(get_data(request), initial=initial, officers=get_officers(desk.partnership))
    if form.is_valid():
        done = "The sample is drawn. Each of those chosen finds it here."
        tell_outcome(request, done, draw_calibration, cycle=found, by=request.user, **form.cleaned_data)
        return redirect("surveys:calibrations", partnership, cycle)
    context = {
        "cycle": found,
        "form": form,
        "calibrations": get_calibrations(found)[:PAGE],
        "rules": {rule: words for rule, (words, _) in RULE_WORDS.items()},
        "reason": reason_why_not(check_can_draw_calibration, desk),
    }
    return render(request, "surveys/calibrations.html", context)


@require_http_methods(["GET", "HEAD"])
def calibration(request: UserRequest, partnership: str, cycle: str, calibration: int) -> HttpResponse:
    """How far each scorer is, one's own list, and once all have finished the results."""
    desk, found, own = enter_calibration(request, partnership, cycle, calibration)
    progress = get_scorers(found)
    counting = leave_out_gone(found.scorers.all(), get_officers(desk.partnership))
    waiting = reason_why_not(check_can_read_results, counting)
    reason = reason_why_not(check_can_score_calibration, desk, own)
    context = {
        "calibration": found,
        "rule": RULE_WORDS[found.rule][0],
        "scorers": progress,
        "lines": get_lines(found, own) if own and not reason else [],
        "reason": reason,
        "waiting": waiting,
        "results": None if waiting else get_results(found, counting),
    }
    return render(request, "surveys/calibration.html", context)


@require_http_methods(BOTH)
def calibration_item(
    request: UserRequest, partnership: str, cycle: str, calibration: int, position: int
) -> HttpResponse:
    """One answer with its evidence, and one's own score; saved, it goes on to the next."""
    desk, found, own = enter_calibration(request, partnership, cycle, calibration)
    check_can_score_calibration(desk, own)
    assert own is not None  # the check refuses whoever was not chosen
    item = get_item_or_404(found, position)
    sight = get_sight(item, own)
    form = ItemForm(get_data(request), sight=sight)
    if form.is_valid():
        try:
            score_item(item=item, scorer=own, score=form.said, reason=form.cleaned_data["reason"])
        except NotInThisState as late:
            messages.warning(request, str(late))
            return redirect("surveys:calibration", partnership, cycle, calibration)
        return go_on(found, own, position)
    context = {"calibration": found, "sight": sight, "form": form}
    return render(request, "surveys/calibration_item.html", context)


def get_item_or_404(calibration: Calibration, position: int) -> CalibrationItem:
    items = get_readable(calibration).select_related(
        "answer__indicator__standard",
        "answer__audit__invitee__organisation",
        "answer__audit__invitee__cycle__partnership",
        "answer__audit__invitee__cycle_questionnaire__questionnaire",
    )
    item = items.filter(position=position).first()
    if item is None:
        raise Http404
    item.calibration = calibration
    return item


def go_on(calibration: Calibration, own: CalibrationScorer, position: int) -> HttpResponse:
    """To the next answer without a score, those after this one first; else back to the list."""
    left = [line.item.position for line in get_lines(calibration, own) if not line.is_scored]
    following = [place for place in left if place > position] or left
    slugs = (calibration.cycle.partnership.slug, calibration.cycle.slug, calibration.pk)
    if following:
        return redirect("surveys:calibration_item", *slugs, following[0])
    return redirect("surveys:calibration", *slugs)


@require_POST
def calibration_finish(request: UserRequest, partnership: str, cycle: str, calibration: int) -> HttpResponse:
    desk, found, own = enter_calibration(request, partnership, cycle, calibration)
    check_can_score_calibration(desk, own)
    assert own is not None  # as above
    others = leave_out_gone(found.scorers.exclude(pk=own.pk), get_officers(desk.partnership))
    is_last = all(one.finished_at is not None for one in others)
    done = "You have finished. " + (
        "So have the others: this is how far you agree."
        if is_last
        else "Once the others have too, everybody sees how far you agree."
    )
    tell_outcome(request, done, finish_scoring, scorer=own)
    return redirect("surveys:calibration", partnership, cycle, calibration)
