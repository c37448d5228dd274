"""The moderation's room on the desk: the queue of a cycle, its sample, and one audit's standards side by side."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from surveys.destroyed import check_is_kept, check_is_whole
from surveys.forms.moderation import RULE_WORDS, QueueFilterForm, ReopenForm, SampleForm
from surveys.models import Audit, Cycle
from surveys.moderated import compare_series
from surveys.moderating import close_series, reopen_moderation
from surveys.moderation_permissions import (
    check_can_draw_sample,
    check_can_moderate,
    check_can_reopen_moderation,
    check_can_see_moderation,
)
from surveys.moderation_queue import NONE, get_progress_of, get_queue, get_sample, get_standards_progress
from surveys.moderation_samples import draw_moderation_sample
from surveys.permissions import check_can_read
from surveys.risk import Facts, get_reasons
from surveys.risk_facts import get_facts
from surveys.views.entering import go_to

PAGE = 50
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def moderation(request: UserRequest, partnership: str) -> HttpResponse:
    """The cycles that have something to moderate, the latest first."""
    desk = enter_desk(request, partnership)
    check_can_see_moderation(desk)
    page = Paginator(Cycle.objects.of(desk.partnership).opened(), PAGE).get_page(request.GET.get("page"))
    return render(request, "surveys/moderation.html", {"desk": desk, "page": page})


@require_safe
def moderation_queue(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_see_moderation(desk)
    found = get_opened_cycle_or_404(desk, cycle)
    form = QueueFilterForm(request.GET, cycle=found)
    page = Paginator(get_queue(found, **form.get_filters()), PAGE).get_page(request.GET.get("page"))
    sample = get_sample(found)
    context = {
        "cycle": found,
        "filter": form,
        "page": page,
        "sample": sample,
        "rule": RULE_WORDS[sample.rule][0] if sample else "",
        "reason": reason_why_not(check_can_draw_sample, desk),
    }
    return render(request, "surveys/moderation_queue.html", context)


def get_opened_cycle_or_404(desk: Desk, cycle: str) -> Cycle:
    opened = Cycle.objects.of(desk.partnership).opened().select_related("partnership")
    found = get_object_or_404(opened, slug=cycle)
    check_is_whole(found)
    return found


@require_http_methods(BOTH)
def moderation_sample(request: UserRequest, partnership: str, cycle: str) -> HttpResponse:
    """Draw one, and read how earlier ones were drawn."""
    desk = enter_desk(request, partnership)
    check_can_see_moderation(desk)
    found = get_opened_cycle_or_404(desk, cycle)
    reason = reason_why_not(check_can_draw_sample, desk)
    # The day's digits: nobody has chosen them, and everybody can read them.
    initial = {"rule": "by_variant", "seed": f"{timezone.localdate():%Y%m%d}"}
    form = SampleForm(get_data(request), initial=initial)
    if request.method == "POST":
        check_can_draw_sample(desk)
        if form.is_valid():
            done = "The sample is drawn. The queue shows it under ‘In the sample’."
            tell_outcome(
                request, done, draw_moderation_sample, cycle=found, **form.cleaned_data, by=request.user
            )
            return redirect("surveys:moderation_queue", partnership, cycle)
    samples = [(one, RULE_WORDS[one.rule][0]) for one in found.samples.select_related("by")[:PAGE]]
    context = {"cycle": found, "form": form, "samples": samples, "reason": reason}
    return render(request, "surveys/moderation_sample.html", context)


def enter_moderation(
    request: UserRequest, partnership: str, cycle: str, organisation: str
) -> tuple[Desk, Audit]:
    """A submitted audit, for officers who read it."""
    desk = enter_desk(request, partnership)
    check_can_see_moderation(desk)
    rows = Audit.objects.in_place(partnership, organisation, cycle).with_place()
    audit = get_object_or_404(rows)
    check_can_read(desk, audit)
    check_is_kept(audit)
    return desk, audit


@require_safe
def moderation_audit(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """Why it stands where it stands in the queue, its standards, and what both series add up to."""
    desk, audit = enter_moderation(request, partnership, cycle, organisation)
    facts = get_facts(audit.cycle, audit=audit).get(audit.pk, Facts())
    context = {
        "audit": audit,
        "reasons": get_reasons(facts),
        "progress": get_progress_of([audit.pk]).get(audit.pk, NONE),
        "standards": get_standards_progress(audit),
        "lines": compare_series(audit),
        "reason": reason_why_not(check_can_moderate, desk, audit),
        "reopen_reason": reason_why_not(check_can_reopen_moderation, desk, audit),
    }
    return render(request, "surveys/moderation_audit.html", context)


@require_http_methods(BOTH)
def moderation_close(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    """Says what it means; then makes the scores final."""
    desk, audit = enter_moderation(request, partnership, cycle, organisation)
    check_can_moderate(desk, audit)
    if request.method == "POST":
        done = "The moderation is closed: the moderated figures hold this audit, and the agency can read it."
        tell_outcome(request, done, close_series, audit=audit, by=request.user)
        return go_to("moderation_audit", audit)
    context = {
        "audit": audit,
        "progress": get_progress_of([audit.pk]).get(audit.pk, NONE),
        "lines": compare_series(audit),
    }
    return render(request, "surveys/moderation_close.html", context)


@require_http_methods(BOTH)
def moderation_reopen(request: UserRequest, partnership: str, cycle: str, organisation: str) -> HttpResponse:
    desk, audit = enter_moderation(request, partnership, cycle, organisation)
    check_can_reopen_moderation(desk, audit)
    form = ReopenForm(get_data(request))
    if form.is_valid():
        done = "The moderation is open again. The audit is in no moderated figure until it is closed."
        reason = form.cleaned_data["reason"]
        tell_outcome(request, done, reopen_moderation, audit=audit, by=request.user, reason=reason)
        return go_to("moderation_audit", audit)
    return render(request, "surveys/moderation_reopen.html", {"audit": audit, "form": form})
