"""A group's sites in one table, across partnerships; and answering chosen indicators for many of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.models import Organisation
from s11.organisations.permissions import check_can_lead_sites
from s11.organisations.requests import UserRequest, enter_group
from s11.web.errors import reason_why_not
from s11.web.text import list_words, plural
from surveys.forms.group_sites import ChooseForm, GroupAnswerForm, SiteActionsForm, SitesForm
from surveys.group_answers import Chosen, Outcome, answer_for_sites
from surveys.group_sites import (
    count_returned,
    filter_places,
    get_cycles,
    get_places,
    get_site_actions,
    make_site_rows,
)
from surveys.group_targets import get_answerable, get_held_standards, get_sites, get_targets
from surveys.models import CycleQuestionnaire, Indicator, Invitee
from surveys.permissions import check_can_answer_for_site

ROWS_A_PAGE = 50


def enter_as_group_lead(request: UserRequest, group: str) -> Organisation:
    entered = enter_group(request, group)
    check_can_lead_sites(entered)
    return entered.organisation


@require_safe
def group(request: UserRequest, group: str) -> HttpResponse:
    """Your sites."""
    organisation = enter_as_group_lead(request, group)
    form = SitesForm(request.GET, cycles=get_cycles(organisation))
    filters = form.get_filters()
    found = filter_places(get_places(organisation), **filters)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "group": organisation,
        "form": form,
        "page": page,
        "rows": make_site_rows(page),
        "returned": count_returned(organisation),
        "accepted": organisation.site_accesses.active().count(),
        "is_filtered": any(filters.values()),
    }
    return render(request, "surveys/group.html", context)


@require_safe
def group_actions(request: UserRequest, group: str) -> HttpResponse:
    """What the sites have planned, in one table, to read."""
    organisation = enter_as_group_lead(request, group)
    form = SiteActionsForm(request.GET)
    filters = form.get_filters()
    today = timezone.localdate()
    found = get_site_actions(organisation, today, **filters)
    context = {
        "group": organisation,
        "form": form,
        "page": Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "today": today,
        "is_filtered": any(filters.values()),
    }
    return render(request, "surveys/group_actions.html", context)


@require_safe
def group_answer(request: UserRequest, group: str) -> HttpResponse:
    """Which cycle and question bank; where there is one only, that."""
    organisation = enter_as_group_lead(request, group)
    pins = get_answerable(organisation)
    if len(pins) == 1:
        return redirect("surveys:group_answer_choose", group, pins[0][0].pk)
    return render(request, "surveys/group_answer.html", {"group": organisation, "pins": pins})


def _get_pin_or_404(organisation: Organisation, pin: int) -> CycleQuestionnaire:
    """A question bank of an open cycle in which one of the group's sites takes part."""
    for found, _ in get_answerable(organisation):
        if found.pk == pin:
            return found
    raise Http404


def _split(invitees: Sequence[Invitee]) -> tuple[list[Invitee], list[str]]:
    """Those that can be answered for, and why the others cannot."""
    reasons = [(one, reason_why_not(check_can_answer_for_site, one)) for one in invitees]
    return [one for one, reason in reasons if not reason], [reason for _, reason in reasons if reason]


@require_safe
def group_answer_choose(request: UserRequest, group: str, pin: int) -> HttpResponse:
    """Which indicators, and which sites; the choice stands in the next page's address."""
    organisation = enter_as_group_lead(request, group)
    found = _get_pin_or_404(organisation, pin)
    open_to, refused = _split(get_sites(organisation, found))
    data = request.GET if "go" in request.GET else None
    form = ChooseForm(data, held=get_held_standards(found), invitees=open_to)
    if data is not None and form.is_valid():
        query = urlencode({"indicator": form.codes, "site": form.cleaned_data["sites"]}, doseq=True)
        return redirect(f"{reverse('surveys:group_answer_enter', args=[group, pin])}?{query}")
    context = {
        "group": organisation,
        "pin": found,
        "form": form,
        "can_answer": bool(open_to),
        "refused": refused,
    }
    return render(request, "surveys/group_answer_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def group_answer_enter(request: UserRequest, group: str, pin: int) -> HttpResponse:
    """The answers are entered once; then what they would do in each site; then they are written."""
    organisation = enter_as_group_lead(request, group)
    found = _get_pin_or_404(organisation, pin)
    data = request.POST if request.method == "POST" else request.GET
    indicators, invitees = _read_choice(data, organisation, found)
    if not indicators or not invitees:
        return redirect("surveys:group_answer_choose", group, pin)
    posted = request.POST if request.method == "POST" else None
    forms = [GroupAnswerForm(one, found.questionnaire, posted) for one in indicators]
    context = {"group": organisation, "pin": found, "forms": forms, "invitees": invitees}
    step = request.POST.get("step", "edit")
    wrong = [form for form in forms if not form.is_valid()]  # all are asked, so that all errors are listed
    if step == "edit" or wrong:
        return render(request, "surveys/group_answer_enter.html", context)
    entered = {form.indicator: form.words for form in forms}
    chosen = read_chosen(request.POST.getlist("apply"))
    if step != "apply" or not chosen:
        targets = get_targets(organisation, invitees, entered)
        context |= {"targets": targets, "is_nothing_chosen": step == "apply"}
        return render(request, "surveys/group_answer_preview.html", context)
    outcomes = answer_for_sites(
        group=organisation, invitees=invitees, entered=entered, chosen=chosen, by=request.user
    )
    tell_outcomes(request, outcomes)
    return redirect("surveys:group", group)


def _read_choice(
    data: QueryDict, organisation: Organisation, pin: CycleQuestionnaire
) -> tuple[list[Indicator], list[Invitee]]:
    """What was chosen before; whatever is not there, or not there any more, is left out."""
    codes, sites = set(data.getlist("indicator")), set(data.getlist("site"))
    held = get_held_standards(pin) if codes else []
    indicators = [item.indicator for one in held for item in one.items if item.indicator.code in codes]
    open_to, _ = _split(get_sites(organisation, pin) if sites else [])
    return indicators, [one for one in open_to if str(one.pk) in sites]


def read_chosen(values: Sequence[str]) -> Chosen:
    """‘site-indicator-version’ each; anything else is left out."""
    chosen = {}
    for value in values:
        parts = value.split("-")
        if len(parts) == 3 and all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            site, indicator, version = map(int, parts)
            chosen[site, indicator] = version
    return chosen


def tell_outcomes(request: UserRequest, outcomes: Sequence[Outcome]) -> None:
    """What was answered where; then, site by site, what was not and why."""
    done = [one for one in outcomes if one.answered]
    if done:
        count = sum(len(one.answered) for one in done)
        named = list_words([f"{one.invitee.organisation} ({len(one.answered)})" for one in done])
        messages.success(request, f"You have given {plural(count, 'answer')}: {named}.")
    for one in outcomes:
        if one.refusal:
            messages.warning(request, f"{one.invitee.organisation} was skipped. {one.refusal}")
        elif one.changed:
            codes = list_words(list(one.changed))
            messages.warning(
                request,
                f"{one.invitee.organisation}: {codes} changed after you looked, so it stays as it is.",
            )
