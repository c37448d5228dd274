"""The same audit elsewhere: where it differs from the organisation's audit in another partnership, and sending answers.

For members alone: an officer of either partnership gets 404.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.requests import UserRequest, get_data
from s11.web.errors import reason_why_not
from s11.web.text import list_words, plural
from surveys.comparison import (
    Elsewhere,
    Row,
    get_comparison,
    list_audits_elsewhere,
    list_sources,
    sort_by_nearness,
)
from surveys.earlier import get_submitted_audits
from surveys.elsewhere import Outcome
from surveys.enums import AuditEventKind
from surveys.forms.elsewhere import SendForm, StartForm
from surveys.models import Audit, Invitee
from surveys.permissions import check_can_answer
from surveys.reach import get_reach
from surveys.sending import Sent, send_answers
from surveys.views.entering import enter_audit, go_to, make_crumbs
from surveys.workflow import NotInThisState


@require_safe
def audit_elsewhere(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """On to the nearest; where there is none, a page that says so."""
    _, audit = enter_audit(request, partnership, organisation, cycle)
    found = sort_by_nearness(list_audits_elsewhere(request.user, audit.invitee), audit.cycle)
    if found:
        return go_to("audit_compared", audit, other=str(found[0].audit.pk))
    return render(
        request, "surveys/audit_alone.html", {"audit": audit, "crumbs": make_crumbs(request, audit)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def audit_compared(
    request: UserRequest, partnership: str, organisation: str, cycle: str, other: int
) -> HttpResponse:
    agency, here = enter_audit(request, partnership, organisation, cycle)
    found = list_audits_elsewhere(request.user, here.invitee)
    there = next((one for one in found if one.audit.pk == other), None)
    if there is None:
        raise Http404
    reach = get_reach(there.audit, request.user, agency.roles)
    form = SendForm(get_data(request))
    if request.method == "POST":
        check_can_answer(agency.roles, there.audit)
        if form.is_valid():
            chosen = form.cleaned_data["send"]
            try:
                sent = send_answers(here=here, there=there.audit, chosen=chosen, by=request.user, reach=reach)
                _tell(request, sent, there)
            except NotInThisState as late:
                messages.warning(request, str(late))
            return go_to("audit_compared", here, other=str(other))
    comparison = get_comparison(here, there.audit, reach)
    context = {
        "comparison": comparison,
        "there": there,
        "others": [one for one in found if one is not there],
        "reason": reason_why_not(check_can_answer, agency.roles, there.audit),
        "form": form,
        "chosen": _choose(comparison.sendable, request.GET.get("choose", "")),
        "crumbs": make_crumbs(request, here),
    }
    return render(request, "surveys/audit_compared.html", context)


def _choose(rows: list[Row], which: str) -> set[str]:
    """The codes whose boxes are ticked when the page opens; none, unless the person has asked for it."""
    match which:
        case "all":
            return {row.code for row in rows}
        case "unanswered":
            return {row.code for row in rows if row.outcome is Outcome.ONLY_HERE}
        case _:
            return set()


def _tell(request: UserRequest, sent: Sent, there: Elsewhere) -> None:
    if sent.sent:
        messages.success(request, f"{plural(len(sent.sent), 'answer')} sent to {there.name}.")
    if sent.kept:
        codes = list_words(sent.kept)
        were = "was" if len(sent.kept) == 1 else "were"
        messages.warning(
            request,
            f"{codes} {were} not sent, because somebody has changed an answer here or there since you opened the page. "
            "It shows both as they are now.",
        )


def make_start_form(request: UserRequest, invitee: Invitee) -> StartForm | None:
    """Where to start from; None where there is no choice, as without another partnership. One query then."""
    sources = sort_by_nearness(list_sources(request.user, invitee), invitee.cycle)
    if not sources:
        return None
    last = next(iter(get_submitted_audits(invitee)), None)
    return StartForm(get_data(request), sources=sources, last=last)


def tell_if_started(request: UserRequest, audit: Audit) -> None:
    """To who wanted to start from elsewhere, where a colleague was quicker."""
    if not audit.events.filter(kind=AuditEventKind.STARTED_FROM_ELSEWHERE).exists():
        messages.info(
            request,
            "Nothing was brought from the audit that you chose: somebody has started this one already, or the two ask "
            "nothing in common. You can still send answers from one to the other.",
        )
