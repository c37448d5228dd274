"""One answer, saved by its page as it is changed. The page's script reads what became of it from a header."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from s11.organisations.requests import UserRequest
from s11.web.errors import NotAllowed
from s11.web.outcomes import HEADER, Outcome, make_outcome
from s11.web.text import list_words
from surveys.forms.answers import NOT_APPLICABLE, AnswerForm
from surveys.models import Audit
from surveys.one_answer import Spot, get_plan, get_spot_or_404, list_changed
from surveys.permissions import check_can_answer
from surveys.reach import Reach, get_reach
from surveys.views.entering import enter_audit
from surveys.workflow import NotInThisState, save_answers, says_the_same

# Whose page it is that saves: in the meantime somebody else may have signed in in the same browser.
PERSON = "X-Person"
STATUSES = {
    Outcome.SAVED: HTTPStatus.OK,
    Outcome.CONFLICT: HTTPStatus.CONFLICT,
    Outcome.CHOOSING: HTTPStatus.UNPROCESSABLE_ENTITY,
    Outcome.WRONG: HTTPStatus.UNPROCESSABLE_ENTITY,
    Outcome.REFUSED: HTTPStatus.FORBIDDEN,
}


@require_http_methods(["GET", "HEAD", "POST"])
def audit_answer(
    request: UserRequest, partnership: str, organisation: str, cycle: str, *, code: str, indicator: str
) -> HttpResponse:
    """A visit gives the token that saving takes: signing in again has replaced the one that the page came with."""
    if request.headers.get(PERSON, str(request.user.pk)) != str(request.user.pk):
        return make_outcome(Outcome.SOMEBODY_ELSE, HTTPStatus.UNAUTHORIZED)
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    spot = get_spot_or_404(audit, code, indicator)
    try:
        check_can_answer(agency.roles, audit)
        if request.method != "POST":
            return make_outcome(Outcome.READY, HTTPStatus.OK, get_token(request))
        return _save(request, audit, spot, get_reach(audit, request.user, agency.roles))
    except (NotAllowed, NotInThisState) as why:
        return _tell(request, audit, spot, Outcome.REFUSED, reason=str(why))


def _save(request: UserRequest, audit: Audit, spot: Spot, reach: Reach) -> HttpResponse:
    form = AnswerForm(spot.indicator, audit.questionnaire, request.POST)
    if not form.is_valid():
        outcome = Outcome.CHOOSING if _is_choosing(form) else Outcome.WRONG
        return _tell(request, audit, spot, outcome, form=form)
    entered = form.make_input()
    save_answers(audit=audit, entered=[entered], by=request.user, reach=reach)
    answer = audit.answers.filter(indicator=spot.indicator).select_related("updated_by").first()
    if answer is not None:
        answer.indicator = spot.indicator
    # Also where the person left it as they saw it, so that a colleague's newer one stands: the page must say so.
    if answer is not None and not says_the_same(
        entered, answer.score, answer.not_applicable_reason, answer.commentary
    ):
        changed = list_words(list_changed(answer, entered.seen_version))
        return _tell(request, audit, spot, Outcome.CONFLICT, answer=answer, changed=changed)
    # The score decides whether the card asks for an action; a word more in the commentary does not.
    plan = get_plan(audit, answer) if answer is not None and answer.score != spot.score else None
    return _tell(request, audit, spot, Outcome.SAVED, answer=answer, plan=plan)


def _is_choosing(form: AnswerForm) -> bool:
    """Not applicable is chosen, its reason comes next: no mistake, but nothing to save yet."""
    is_set_aside = form["score"].data == NOT_APPLICABLE and not form["reason"].data
    return is_set_aside and list(form.errors) == ["reason"]


def _tell(request: UserRequest, audit: Audit, spot: Spot, outcome: Outcome, **more: Any) -> HttpResponse:
    context = {"audit": audit, "spot": spot, "outcome": outcome, **more}
    response = render(request, "surveys/audit_answer.html", context, status=STATUSES[outcome])
    response[HEADER] = outcome.value
    return response
