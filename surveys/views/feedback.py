"""What the partnership asks and finds, as the agency meets it: questions with their replies, and moderated scores."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, get_data, tell_outcome
from s11.web.errors import NotInThisState, reason_why_not
from surveys.enums import COUNTED, Series, SupportAnswer
from surveys.feedback_links import list_feedback
from surveys.forms.moderation import ReplyForm
from surveys.models import Clarification, SeriesClose
from surveys.moderated import compare_series, get_findings
from surveys.moderating import reply_to_question
from surveys.moderation_permissions import check_can_reply
from surveys.support import get_offers_to
from surveys.support_permissions import check_can_answer_offer
from surveys.supporting import answer_offer
from surveys.views.entering import enter_audit, make_crumbs, say_not_saved

PAGE = 50
BOTH = ["GET", "HEAD", "POST"]


@require_safe
def feedback(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    """Every member reads: open questions first, then audits whose moderation is closed."""
    agency = enter_agency(request, partnership, organisation)
    questions = get_questions(agency).order_by(
        F("closed_at").desc(nulls_first=True), F("replied_at").desc(nulls_first=True), "-asked_at", "pk"
    )
    page = Paginator(questions, PAGE).get_page(request.GET.get("page"))
    context = {
        "agency": agency,
        "page": page,
        "links": list_feedback(agency),
        "closes": get_closes(agency)[:PAGE],
        "offers": get_offers_to(agency.organisation, agency.partnership)[:PAGE],
    }
    return render(request, "surveys/feedback.html", context)


def get_questions(agency: Agency) -> QuerySet[Clarification]:
    """Of this organisation's audits in this partnership."""
    return Clarification.objects.filter(
        answer__audit__invitee__organisation=agency.organisation,
        answer__audit__invitee__cycle__partnership=agency.partnership,
    ).select_related(
        "asked_by",
        "replied_by",
        "closed_by",
        "answer__indicator__standard",
        "answer__audit__invitee__organisation",
        "answer__audit__invitee__cycle__partnership",
        "answer__audit__invitee__cycle_questionnaire__questionnaire",
    )


def get_closes(agency: Agency) -> QuerySet[SeriesClose]:
    """Moderation that is final for what was last submitted, the latest first."""
    closes = SeriesClose.objects.filter(
        series=Series.MODERATED,
        submission=F("audit__submission"),
        audit__status__in=COUNTED,
        audit__invitee__organisation=agency.organisation,
        audit__invitee__cycle__partnership=agency.partnership,
    )
    return closes.select_related(
        "audit__invitee__cycle__partnership", "audit__invitee__organisation"
    ).order_by("-at", "pk")


@require_http_methods(BOTH)
def feedback_question(
    request: UserRequest, partnership: str, organisation: str, question: int
) -> HttpResponse:
    """The question beside what was answered, and the reply."""
    agency = enter_agency(request, partnership, organisation)
    found = get_object_or_404(get_questions(agency), pk=question)
    form = ReplyForm(get_data(request))
    reason = reason_why_not(check_can_reply, agency, found)
    if request.method == "POST":
        if found.replied_at is not None or found.closed_at is not None:
            # Pressed twice, or a colleague was quicker: what was typed is shown.
            return say_not_saved(request, found.answer.audit, NotInThisState(reason))
        check_can_reply(agency, found)
        if form.is_valid():
            done = "Your reply is sent."
            reply = form.cleaned_data["reply"]
            tell_outcome(request, done, reply_to_question, clarification=found, reply=reply, by=request.user)
            return redirect("surveys:feedback", partnership, organisation)
    context = {"agency": agency, "question": found, "form": form, "reason": reason}
    return render(request, "surveys/feedback_question.html", context)


@require_http_methods(BOTH)
def feedback_support(request: UserRequest, partnership: str, organisation: str, offer: int) -> HttpResponse:
    """What the partnership offers, and why; a lead accepts or declines it."""
    agency = enter_agency(request, partnership, organisation)
    found = get_object_or_404(get_offers_to(agency.organisation, agency.partnership), pk=offer)
    reason = reason_why_not(check_can_answer_offer, agency, found)
    if request.method == "POST":
        if agency.is_lead and not found.is_open:
            # Closed while the page was open: said there, nothing is lost by it.
            messages.warning(request, reason)
            return redirect("surveys:feedback_support", partnership, organisation, offer)
        check_can_answer_offer(agency, found)
        answer = request.POST.get("answer", "")
        if answer in SupportAnswer:
            done = (
                f"You have {SupportAnswer(answer).label.lower()} the offer. {found.owner} is told by e-mail."
            )
            tell_outcome(request, done, answer_offer, offer=found, answer=answer, by=request.user)
        return redirect("surveys:feedback_support", partnership, organisation, offer)
    steps = found.notes.exclude(status="").order_by("at", "pk")
    context = {
        "agency": agency,
        "offer": found,
        "concerns": found.concerns.all(),
        "steps": steps,
        "reason": reason,
    }
    return render(request, "surveys/feedback_support.html", context)


@require_safe
def feedback_audit(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """Moderated scores and reasons, once they are final."""
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    close = get_closes(agency).filter(audit=audit).first()
    if close is None:
        raise Http404
    context = {
        "audit": audit,
        "close": close,
        "lines": compare_series(audit),
        "findings": get_findings(audit),
        "crumbs": make_crumbs(request, audit),
    }
    return render(request, "surveys/feedback_audit.html", context)
