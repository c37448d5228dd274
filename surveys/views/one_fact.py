"""One fact of the profile, saved by its page as it is changed: as views/one_answer.py does with an answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from s11.organisations.requests import UserRequest
from s11.web.errors import NotAllowed
from s11.web.outcomes import Outcome
from surveys.enums import ProfileKind
from surveys.forms.profile import ProfileForm, to_inputs
from surveys.models import Audit
from surveys.one_fact import FactSpot, get_fact_or_404
from surveys.permissions import check_can_change_profile
from surveys.profile_effects import compare, get_conditionals
from surveys.profile_saving import save_profile
from surveys.progress import AskedQuestion
from surveys.queries import get_own_audit_or_404
from surveys.views.saving import give_token, is_somebody_else, say_somebody_else, tell_card
from surveys.workflow import NotInThisState


@require_http_methods(["GET", "HEAD", "POST"])
def audit_fact(
    request: UserRequest, partnership: str, organisation: str, cycle: str, code: str
) -> HttpResponse:
    """A visit gives the token that saving takes: signing in again has replaced the one that the page came with."""
    if is_somebody_else(request):
        return say_somebody_else()
    audit, roles = get_own_audit_or_404(request.user, partnership, organisation, cycle)
    spot = get_fact_or_404(audit, code)
    try:
        check_can_change_profile(roles, audit)
        return _save(request, audit, spot) if request.method == "POST" else give_token(request)
    except (NotAllowed, NotInThisState) as why:
        return _tell(audit, spot, Outcome.REFUSED, reason=str(why))


def _save(request: UserRequest, audit: Audit, spot: FactSpot) -> HttpResponse:
    question = spot.question
    form = ProfileForm([AskedQuestion(question, None)], request.POST)
    if not form.is_valid():
        outcome = Outcome.CHOOSING if _is_begun(form, spot) else Outcome.WRONG
        return _tell(audit, spot, outcome, form=form)
    value = form.get_values().get(question)
    if value is None:
        form.add_error(question.code, f"{question.code}: this page is out of date, so open it again")
        return _tell(audit, spot, Outcome.WRONG, form=form)
    before = get_conditionals(audit)
    save_profile(audit=audit, values={question: value}, seen=form.get_seen(), by=request.user)
    answer = audit.profile_answers.filter(question=question).select_related("updated_by").first()
    # Also where the person left it as they saw it, so that a colleague's newer one stands: the page must say so.
    if answer is not None and answer.value != value:
        theirs = AskedQuestion(question, answer)
        inputs = to_inputs(question, answer.value)
        return _tell(audit, spot, Outcome.CONFLICT, theirs=theirs, inputs=inputs)
    effect = compare(before, get_conditionals(audit)).words if before else ""
    return _tell(audit, spot, Outcome.SAVED, answer=answer, effect=effect)


def _is_begun(form: ProfileForm, spot: FactSpot) -> bool:
    """Of a date only a part is typed, the next one follows: no mistake, but nothing to save yet."""
    if spot.question.kind != ProfileKind.DATE:
        return False
    parts = [form.data.get(name, "").strip() for name in to_inputs(spot.question, "")]
    return any(parts) and not all(parts)


def _tell(audit: Audit, spot: FactSpot, outcome: Outcome, **more: Any) -> HttpResponse:
    return tell_card(
        "surveys/audit_fact.html",
        outcome,
        {"audit": audit, "spot": spot, "outcome": outcome, **more},
    )
