"""What backs one answer of an audit: chosen from the library or added here, and taken off again."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.errors import NotInThisState
from s11.web.uploads import get_too_large
from surveys.enums import EvidenceKind
from surveys.evidence import get_backings, get_library, make_item
from surveys.evidence_library import (
    LibraryFull,
    Outcome,
    add_files,
    add_words,
)
from surveys.evidence_links import link_evidence, unlink_evidence
from surveys.forms.evidence import ChooseForm, LinkForm, ReferenceForm, SearchForm, make_words_form
from surveys.models import AnswerEvidence, Audit, Indicator
from surveys.permissions import check_can_answer, check_can_answer_indicator
from surveys.queries import AskedIndicator, get_asked_standards
from surveys.reach import get_reach
from surveys.views.entering import enter_audit, go_to, make_crumbs
from surveys.views.uploading import answer_upload, tell_uploaded, wants_json

ROWS_A_PAGE = 50


def _enter_answer(
    request: UserRequest, partnership: str, organisation: str, cycle: str, code: str
) -> tuple[Agency, Audit, AskedIndicator]:
    """The indicator that the audit asks, for who may answer it."""
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    check_can_answer(agency.roles, audit)
    asked = (item for standard in get_asked_standards(audit) for item in standard.items)
    found = next((item for item in asked if item.indicator.code == code), None)
    if found is None:
        raise Http404
    check_can_answer_indicator(get_reach(audit, request.user, agency.roles), found.indicator)
    return agency, audit, found


def _say_late(request: UserRequest, audit: Audit, late: NotInThisState) -> HttpResponse:
    """The audit was submitted meanwhile, or its cycle closed; what was added is in the library all the same."""
    messages.warning(request, str(late))
    return go_to("audit", audit)


def _go_to_card(audit: Audit, indicator: Indicator) -> HttpResponseRedirect:
    return HttpResponseRedirect(get_card_address(audit, indicator))


def get_card_address(audit: Audit, indicator: Indicator) -> str:
    page = reverse("surveys:audit_standard", kwargs=audit.slugs | {"code": indicator.standard.code})
    return f"{page}#{indicator.code}"


@require_http_methods(["GET", "HEAD", "POST"])
def audit_evidence(
    request: UserRequest, partnership: str, organisation: str, cycle: str, code: str
) -> HttpResponse:
    _, audit, asked = _enter_answer(request, partnership, organisation, cycle, code)
    try:
        match request.POST.get("what"):
            case EvidenceKind.LINK:
                return _add_words(request, audit, asked, EvidenceKind.LINK)
            case EvidenceKind.REFERENCE:
                return _add_words(request, audit, asked, EvidenceKind.REFERENCE)
            case _:
                return _choose(request, audit, asked)
    except NotInThisState as late:
        return _say_late(request, audit, late)


def _choose(request: UserRequest, audit: Audit, asked: AskedIndicator) -> HttpResponse:
    """Ticked items and uploaded files back the answer; a file that is there already is used, not stored again."""
    too_large = get_too_large(request)
    form = ChooseForm(get_data(request), request.FILES or None, too_large=too_large)
    outcomes: list[Outcome] = []
    if form.is_valid():
        outcomes = add_files(
            organisation=audit.organisation,
            files=form.cleaned_data["uploads"],
            by=request.user,
            too_large=too_large,
        )
        added = [outcome.evidence.pk for outcome in outcomes if outcome.evidence is not None]
        items = [*form.get_chosen(), *added]
        link_evidence(audit=audit, indicator=asked.indicator, items=items, by=request.user)
    if wants_json(request):
        return answer_upload(form, outcomes)
    kept = tell_uploaded(request, form, outcomes)
    if form.is_bound and form.is_valid():
        return _go_to_card(audit, asked.indicator)
    return _show(request, audit, asked, form, kept=kept)


def _add_words(request: UserRequest, audit: Audit, asked: AskedIndicator, kind: EvidenceKind) -> HttpResponse:
    form = make_words_form(kind, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        words = {name: given[name] for name in ("url", "reference") if name in given}
        try:
            added = add_words(
                organisation=audit.organisation,
                kind=kind,
                title=given["title"],
                period=form.get_period(),
                by=request.user,
                **words,
            )
        except LibraryFull as full:
            form.add_error(None, str(full))
        else:
            link_evidence(audit=audit, indicator=asked.indicator, items=[added.pk], by=request.user)
            return _go_to_card(audit, asked.indicator)
    return _show(request, audit, asked, form)


def _show(
    request: UserRequest,
    audit: Audit,
    asked: AskedIndicator,
    form: ChooseForm | LinkForm | ReferenceForm,
    kept: list[str] | None = None,
) -> HttpResponse:
    """The page as it is now; `form` is the one that was sent, with what is wrong with it."""
    backings = get_backings(audit, submission=None, standard=asked.indicator.standard, reader=request.user)
    linked = backings.get(asked.answer.pk, ()) if asked.answer else ()
    search = SearchForm(request.GET)
    words = search.cleaned_data["search"] if search.is_valid() else ""
    library = get_library(audit.organisation, request.user, words=words)
    library = library.exclude(pk__in=[one.evidence.pk for one in linked])
    page = Paginator(library, ROWS_A_PAGE).get_page(request.GET.get("page"))
    choose = form if isinstance(form, ChooseForm) else ChooseForm()
    choose.offer(make_item(evidence) for evidence in page)
    forms = {
        "choose": choose,
        "link": form if isinstance(form, LinkForm) else make_words_form(EvidenceKind.LINK),
        "reference": form if isinstance(form, ReferenceForm) else make_words_form(EvidenceKind.REFERENCE),
        "search": search,
    }
    context = {
        "audit": audit,
        "indicator": asked.indicator,
        "linked": linked,
        "page": page,
        "forms": forms,
        "kept": kept or [],
        "crumbs": make_crumbs(request, audit, _make_crumb(audit, asked.indicator)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "surveys/audit_evidence.html", context, status=status)


def _make_crumb(audit: Audit, indicator: Indicator) -> tuple[str, str]:
    return indicator.standard.code, get_card_address(audit, indicator)


@require_POST
def audit_evidence_remove(  # noqa: PLR0917  an address with five parts
    request: UserRequest, partnership: str, organisation: str, cycle: str, code: str, item: int
) -> HttpResponse:
    """Off this answer; the item stays in the library."""
    _, audit, asked = _enter_answer(request, partnership, organisation, cycle, code)
    own = AnswerEvidence.objects.current().filter(answer__audit=audit, answer__indicator=asked.indicator)
    link = get_object_or_404(own, evidence__pk=item)
    done = f"‘{link.evidence}’ no longer backs {code}. It stays in the library."
    if not tell_outcome(request, done, unlink_evidence, audit=audit, link=link, by=request.user):
        return go_to("audit", audit)
    return HttpResponseRedirect(reverse("surveys:audit_evidence", kwargs=audit.slugs | {"code": code}))
