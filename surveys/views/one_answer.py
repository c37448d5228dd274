"""One answer, saved by its page as it is changed. The page's script reads what became of it from a header."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from s11.organisations.requests import UserRequest
from s11.web.errors import NotAllowed
from s11.web.outcomes import Outcome
from s11.web.spoken import list_words
from surveys.action_plans import get_plan
from surveys.enums import ASKING
from surveys.forms.answers import NOT_APPLICABLE, AnswerForm
from surveys.models import Audit
from surveys.one_answer import Spot, get_spot_or_404, list_changed
from surveys.permissions import check_can_answer
from surveys.queries import get_own_audit_or_404
from surveys.reach import Reach
from surveys.views.saving import give_token, is_somebody_else, say_somebody_else, tell_card
from surveys.workflow import NotInThisState, save_answer, says_the_same


@require_http_methods(["GET", "HEAD", "POST"])
def audit_answer(
    request: UserRequest, partnership: str, organisation: str, cycle: str, *, code: str, indicator: str
) -> HttpResponse:
    """A visit gives the token that saving takes: signing in again has replaced the one that the page came with."""
    if is_somebody_else(request):
        return say_somebody_else()
    audit, roles = get_own_audit_or_404(request.user, partnership, organisation, cycle)
    spot = get_spot_or_404(audit, code, indicator, request.user, roles)
    try:
        check_can_answer(roles, audit)
        return _save(request, audit, spot) if request.method == "POST" else give_token(request)
    except (NotAllowed, NotInThisState) as why:
        return _tell(audit, spot, Outcome.REFUSED, reason=str(why))


def _save(request: UserRequest, audit: Audit, spot: Spot) -> HttpResponse:
    form = AnswerForm(spot.indicator, audit.questionnaire, request.POST)
    if not form.is_valid():
        outcome = Outcome.CHOOSING if _is_choosing(form) else Outcome.WRONG
        return _tell(audit, spot, outcome, form=form)
    entered = form.make_input()
    # What a correction opens is found by the verb itself.
    answer = save_answer(audit=audit, entered=entered, by=request.user, reach=Reach(given=spot.given))
    if answer is not None:
        answer.indicator = spot.indicator
    # Also where the person left it as they saw it, so that a colleague's newer one stands: the page must say so.
    if answer is not None and not says_the_same(
        entered, answer.score, answer.not_applicable_reason, answer.commentary
    ):
        changed = list_words(list_changed(answer, entered.seen_version))
        return _tell(audit, spot, Outcome.CONFLICT, answer=answer, changed=changed)
    # The score decides whether the card asks for an action; a word more in the commentary does not.
    plan = None
    if answer is not None and answer.score != spot.score and {answer.score, spot.score} & set(ASKING):
        plan = get_plan(audit, answer)
    return _tell(audit, spot, Outcome.SAVED, answer=answer, plan=plan)


def _is_choosing(form: AnswerForm) -> bool:
    """Not applicable is chosen, its reason comes next: no mistake, but nothing to save yet."""
    is_set_aside = form["score"].data == NOT_APPLICABLE and not form["reason"].data
    return is_set_aside and list(form.errors) == ["reason"]


def _tell(audit: Audit, spot: Spot, outcome: Outcome, **more: Any) -> HttpResponse:
    return tell_card(
        "surveys/audit_answer.html",
        outcome,
        {"audit": audit, "spot": spot, "outcome": outcome, **more},
    )
