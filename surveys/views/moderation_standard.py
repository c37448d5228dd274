"""One standard of a submitted audit, side by side: the agency's answers, and what the moderator makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web import errors
from s11.web.errors import reason_why_not
from s11.web.text import plural
from surveys.forms.moderation import ModerationForm, QuestionForm, make_choice
from surveys.models import Audit, Clarification, Moderation
from surveys.moderated import Look, get_looks
from surveys.moderating import Overtaken, ask_agency, close_question, moderate_answer
from surveys.moderation_permissions import check_can_moderate
from surveys.reading import Reading, StandardReading, get_last_reading
from surveys.staff_says import get_staff_says
from surveys.views.entering import go_to, say_not_saved
from surveys.views.moderation import enter_moderation

BOTH = ["GET", "HEAD", "POST"]
SETTLED = {
    "accept": (True, "The reply is accepted."),
    "decline": (False, "The reply is not accepted, and the question is settled."),
    "withdraw": (None, "The question is withdrawn."),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One standard's page, with its neighbours."""

    audit: Audit
    reading: Reading
    standard: StandardReading
    looks: tuple[Look, ...]
    reason: str
    previous: str
    following: str


def make_page(desk: Desk, audit: Audit, code: str) -> Page:
    """What the submission said; a standard that it did not ask is not found."""
    reading = replace(get_last_reading(audit), staff=get_staff_says(audit.invitee))
    codes = [one.asked.standard.code for one in reading.standards]
    if code not in codes:
        raise Http404
    place = codes.index(code)
    standard = reading.standards[place]
    return Page(
        audit,
        reading,
        standard,
        tuple(get_looks(audit, standard.asked.items)),
        reason_why_not(check_can_moderate, desk, audit),
        codes[place - 1] if place else "",
        codes[place + 1] if place + 1 < len(codes) else "",
    )


@require_http_methods(BOTH)
def moderation_standard(
    request: UserRequest, partnership: str, cycle: str, organisation: str, code: str
) -> HttpResponse:
    desk, audit = enter_moderation(request, partnership, cycle, organisation)
    if request.method == "POST":
        check_can_moderate(desk, audit)
    page = make_page(desk, audit, code)
    form = ModerationForm(get_data(request), looks=page.looks, bank=audit.questionnaire)
    if not form.is_valid():
        return show(request, page, form)
    try:
        saved, overtaken = save(request, form)
    except errors.NotInThisState as late:
        return say_not_saved(request, audit, late)
    if overtaken:
        # What was typed stays; saved again, it follows theirs.
        page = make_page(desk, audit, code)
        again = ModerationForm(renew(request.POST, page.looks), looks=page.looks, bank=audit.questionnaire)
        return show(request, page, again, overtaken=overtaken)
    if saved:
        messages.success(request, f"{plural(saved, 'answer')} moderated.")
    return go_on(request, page)


def save(request: UserRequest, form: ModerationForm) -> tuple[int, dict[int, Moderation]]:
    """How many were saved, and whose scores stand in the way of the others, by answer."""
    saved, overtaken = 0, {}
    for entered in form.get_changed():
        try:
            moderate_answer(
                answer=entered.answer,
                seen=entered.seen,
                score=entered.score,
                is_not_applicable=entered.is_not_applicable,
                reason=entered.reason,
                by=request.user,
            )
        except Overtaken as theirs:
            # Pressed twice, or two of one mind: nothing to settle.
            if (entered.choice, entered.reason) != (make_choice(theirs.row), theirs.row.reason):
                overtaken[entered.answer.pk] = theirs.row
        else:
            saved += 1
    return saved, overtaken


def renew(posted: QueryDict, looks: tuple[Look, ...]) -> QueryDict:
    """The same words, over the newest versions."""
    data = posted.copy()
    for look in looks:
        data[f"{look.item.indicator.code}-seen"] = str(look.newest.version if look.newest else 0)
    return data


def show(
    request: UserRequest,
    page: Page,
    form: ModerationForm,
    overtaken: Mapping[int, Moderation] | None = None,
) -> HttpResponse:
    context = {"page": page, "audit": page.audit, "form": form, "overtaken": overtaken or {}}
    status = HTTPStatus.CONFLICT if overtaken else HTTPStatus.OK
    return render(request, "surveys/moderation_standard.html", context, status=status)


def go_on(request: UserRequest, page: Page) -> HttpResponse:
    """To the next standard, or where the button says: a question, or what is said of its reply."""
    what, _, about = request.POST.get("go", "").partition(":")
    own = page.standard.asked.standard.code
    if what == "ask" and any(look.item.indicator.code == about for look in page.looks):
        return go_to("moderation_ask", page.audit, code=own, indicator=about)
    if what in SETTLED:
        accepted, done = SETTLED[what]
        tell_outcome(
            request,
            done,
            close_question,
            clarification=get_question_or_404(page, about),
            accepted=accepted,
            by=request.user,
        )
        return go_to("moderation_standard", page.audit, code=own)
    if what == "next" and page.following:
        return go_to("moderation_standard", page.audit, code=page.following)
    return go_to("moderation_audit", page.audit)


def get_question_or_404(page: Page, pk: str) -> Clarification:
    for look in page.looks:
        for question in look.questions:
            if str(question.pk) == pk and look.item.answer is not None:
                question.answer = look.item.answer
                question.answer.audit = page.audit
                return question
    raise Http404


@require_http_methods(BOTH)
def moderation_ask(
    request: UserRequest, partnership: str, cycle: str, organisation: str, code: str, *, indicator: str
) -> HttpResponse:
    """A question to the agency about one answer."""
    desk, audit = enter_moderation(request, partnership, cycle, organisation)
    check_can_moderate(desk, audit)
    page = make_page(desk, audit, code)
    look = next((one for one in page.looks if one.item.indicator.code == indicator), None)
    if look is None or look.item.answer is None:
        raise Http404
    form = QuestionForm(get_data(request))
    if form.is_valid():
        answer = look.item.answer
        answer.audit = audit
        question = form.cleaned_data["question"]
        done = "The question is sent to the agency’s leads."
        tell_outcome(request, done, ask_agency, answer=answer, question=question, by=request.user)
        return go_to("moderation_standard", audit, code=code)
    return render(request, "surveys/moderation_ask.html", {"audit": audit, "look": look, "form": form})
