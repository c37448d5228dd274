"""Answering an audit: its profile, and a page a standard. Every post saves all that is right on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from s11.organisations.requests import UserRequest
from s11.web import spoken
from s11.web.errors import NotAllowed
from s11.web.languages import say
from surveys.forms.answers import AnswerForm, get_confirmed_code, make_answer_forms
from surveys.forms.profile import ProfileForm, make_seen_name, to_inputs
from surveys.last_year import get_last_facts
from surveys.models import Answer, Audit, ProfileAnswer
from surveys.permissions import check_can_answer, check_can_change_profile
from surveys.profile_effects import compare, get_conditionals, get_ruled_out, make_hints
from surveys.profile_saving import save_profile
from surveys.progress import AskedQuestion, get_profile_questions
from surveys.queries import AskedStandard, get_asked_standards
from surveys.reach import Reach, get_reach
from surveys.views.audit_actions import find_planning
from surveys.views.cards import find_standard, get_standard_page, make_fact_cards
from surveys.views.entering import enter_audit, go_to, make_crumbs, say_not_saved
from surveys.workflow import Conflict, NotInThisState, save_answers


@require_http_methods(["GET", "HEAD", "POST"])
def audit_standard(
    request: UserRequest, partnership: str, organisation: str, cycle: str, code: str
) -> HttpResponse:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    if request.method != "POST":
        check_can_answer(agency.roles, audit)
        reach = get_reach(audit, request.user, agency.roles)
        try:
            return _show_standard(request, audit, code, reach)
        except Http404:
            return _say_ruled_out(request, audit, code)
    try:
        check_can_answer(agency.roles, audit)
        return _save_standard(request, audit, code, get_reach(audit, request.user, agency.roles))
    except (NotAllowed, NotInThisState) as why:
        return say_not_saved(request, audit, why)


def _show_standard(
    request: UserRequest,
    audit: Audit,
    code: str,
    reach: Reach,
    *,
    typed: Sequence[AnswerForm] = (),
    theirs: Sequence[Answer] = (),
) -> HttpResponse:
    context = {
        "audit": audit,
        "page": get_standard_page(audit, code, reader=request.user, typed=typed, theirs=theirs, reach=reach),
        "not_saved": len(typed),
        "crumbs": make_crumbs(request, audit),
    }
    return render(request, "surveys/standard.html", context)


def _save_standard(request: UserRequest, audit: Audit, code: str, reach: Reach) -> HttpResponse:
    """Save what is right. What is wrong, or was changed by somebody else since, stays on the page as it was typed."""
    standards = get_asked_standards(audit)
    try:
        position = find_standard(standards, code)
    except Http404:
        return _save_ruled_out(request, audit, code, reach)
    posted = request.POST.copy()
    cleared, kept = posted.get("clear", ""), posted.get("keep", "")
    for field in ("score", "reason"):
        posted.pop(f"{cleared}-{field}", None)
    # All of the standard's indicators: one that a colleague's profile has just ruled out may have been typed too.
    indicators = [
        indicator for indicator in standards[position].standard.indicators.all() if indicator.code != kept
    ]
    forms = make_answer_forms(audit.questionnaire, indicators, posted)
    right = [form for form in forms if form.is_valid()]
    entered = [form.make_input() for form in right]
    conflicts = save_answers(audit=audit, entered=entered, by=request.user, reach=reach)
    typed = [form for form in forms if not form.is_valid()]
    if not typed and not conflicts:
        return redirect(
            find_planning(audit, request.POST.get("go", ""))
            or _find_next(request.POST, audit, standards, position)
        )
    typed += [_offer_again(audit, posted, conflict) for conflict in conflicts]
    return _show_standard(
        request, audit, code, reach, typed=typed, theirs=[conflict.current for conflict in conflicts]
    )


def _save_ruled_out(request: UserRequest, audit: Audit, code: str, reach: Reach) -> HttpResponse:
    """The facts have ruled out the whole standard while this person was typing: that is kept all the same."""
    forms = make_answer_forms(audit.questionnaire, get_ruled_out(audit, code), request.POST)
    entered = [form.make_input() for form in forms if form.is_valid()]
    conflicts = save_answers(audit=audit, entered=entered, by=request.user, reach=reach)
    if conflicts or len(entered) < len(forms):
        return say_not_saved(request, audit, NotInThisState(_say_not_asked(code)))
    return _say_ruled_out(request, audit, code)


def _say_ruled_out(request: UserRequest, audit: Audit, code: str) -> HttpResponse:
    """On the task list; a standard that the cycle does not hold at all is not found."""
    if not get_ruled_out(audit, code):
        raise Http404
    messages.warning(
        request,
        say(
            "{sentence} What was entered there is kept, and comes back with the facts.",
            sentence=_say_not_asked(code),
        ),
    )
    return go_to("audit", audit)


def _say_not_asked(code: str) -> str:
    return say(
        "Nothing in {code} is asked of you now: the facts about your organisation rule it out.", code=code
    )


def _offer_again(audit: Audit, posted: QueryDict, conflict: Conflict) -> AnswerForm:
    """The form as typed, but as of the other's version: saved again, it replaces theirs on purpose."""
    indicator, theirs = conflict.entered.indicator, conflict.current
    again = posted.copy()
    again[f"{indicator.code}-version"] = str(theirs.version)
    form = AnswerForm(indicator, audit.questionnaire, again)
    form.add_error(
        "score",
        say(
            "{code}: {person} changed this answer on {moment}, after you opened this page. Keep theirs, or save again "
            "to replace it",
            code=indicator.code,
            person=theirs.updated_by or say("somebody else"),
            moment=spoken.datetime(theirs.updated_at),
        ),
    )
    return form


def _find_card(posted: Mapping[str, str]) -> str:
    """The indicator whose own button was pressed."""
    return posted.get("clear") or posted.get("keep") or get_confirmed_code(posted)


def _find_next(
    posted: Mapping[str, str], audit: Audit, standards: Sequence[AskedStandard], position: int
) -> str:
    """Where the button that was pressed leads."""

    def standard_at(place: int) -> str:
        return reverse(
            "surveys:audit_standard", kwargs=audit.slugs | {"code": standards[place].standard.code}
        )

    if card := _find_card(posted):
        return f"{standard_at(position)}#{card}"
    match posted.get("go"):
        case "continue" if position + 1 < len(standards):
            return standard_at(position + 1)
        case "continue":
            return reverse("surveys:audit_check", kwargs=audit.slugs)
        case "previous" if position:
            return standard_at(position - 1)
        case "previous":
            return reverse("surveys:audit_profile", kwargs=audit.slugs)
        case "list":
            return reverse("surveys:audit", kwargs=audit.slugs)
        case _:
            return standard_at(position)


@require_http_methods(["GET", "HEAD", "POST"])
def audit_profile(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    if request.method != "POST":
        check_can_change_profile(agency.roles, audit)
        asked = get_profile_questions(audit)
        form = ProfileForm(asked, hints=_get_hints(audit))
        return _show_profile(request, audit, form, asked)
    try:
        check_can_change_profile(agency.roles, audit)
        return _save_profile(request, audit)
    except (NotAllowed, NotInThisState) as why:
        return say_not_saved(request, audit, why)


def _show_profile(
    request: UserRequest,
    audit: Audit,
    form: ProfileForm,
    asked: Sequence[AskedQuestion],
    seen: Mapping[str, str] | None = None,
) -> HttpResponse:
    """`seen` is, by code, what the page showed before; else it is what is stored now."""
    cards = make_fact_cards(form, asked, seen or {})
    context = {
        "audit": audit,
        "form": form,
        "cards": cards,
        "last_saved": max((card.answer.updated_at for card in cards if card.answer), default=None),
        "crumbs": make_crumbs(request, audit),
    }
    return render(request, "surveys/audit_profile.html", context)


def _save_profile(request: UserRequest, audit: Audit) -> HttpResponse:
    """Save what is right; what is wrong stays on the page as it was typed."""
    asked = get_profile_questions(audit)
    form = ProfileForm(asked, _keep_theirs(request.POST, asked), hints=_get_hints(audit))
    form.is_valid()
    wrong = set(form.errors)
    before = get_conditionals(audit)
    conflicts = save_profile(audit=audit, values=form.get_values(), seen=form.get_seen(), by=request.user)
    if before and (effect := compare(before, get_conditionals(audit)).words):
        messages.info(request, effect)
    for theirs in conflicts:
        form.add_error(theirs.question.code, _say_changed(theirs))
    if form.errors:
        seen = {code: request.POST.get(make_seen_name(code), "") for code in wrong}
        return _show_profile(request, audit, form, get_profile_questions(audit), seen)
    if request.POST.get("go") == "list":
        return go_to("audit", audit)
    standards = get_asked_standards(audit)
    first = standards[0].standard.code if standards else ""
    if request.POST.get("go") != "continue" or not first:
        return go_to("audit_profile", audit)
    return go_to("audit_standard", audit, code=first)


def _keep_theirs(posted: QueryDict, asked: Sequence[AskedQuestion]) -> QueryDict:
    """Where ‘keep theirs’ was pressed, what is stored stands in for what was typed."""
    kept = posted.copy()
    for one in asked:
        if one.question.code == posted.get("keep"):
            stored = {make_seen_name(one.question.code): one.value, **to_inputs(one.question, one.value)}
            for name, value in stored.items():
                kept[name] = value
    return kept


def _get_hints(audit: Audit) -> list[Mapping[str, str]]:
    """By the questions' codes: what the last audit said, and what the answer decides."""
    return [get_last_facts(audit), make_hints(get_conditionals(audit))]


def _say_changed(theirs: ProfileAnswer) -> str:
    return say(
        "{code}: {person} changed this on {moment}, after you opened this page, to ‘{value}’. Enter theirs, or save "
        "again to replace it with yours",
        code=theirs.question.code,
        person=theirs.updated_by or say("somebody else"),
        moment=spoken.datetime(theirs.updated_at),
        value=theirs.value or say("nothing"),
    )
