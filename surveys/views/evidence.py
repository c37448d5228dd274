"""An organisation's evidence library: its list, what is added to it, one item, and the files themselves."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, enter_desk, get_data, tell_outcome
from s11.web.downloads import hand_out
from s11.web.errors import NotInThisState, reason_why_not
from s11.web.uploads import get_too_large
from surveys.enums import EvidenceKind
from surveys.evidence import get_item, get_library, get_uses, make_item
from surveys.evidence_files import Refused, refuse_large
from surveys.evidence_library import (
    LibraryFull,
    add_files,
    add_words,
    erase,
    replace_file,
    replace_words,
    take_out,
)
from surveys.forms.evidence import (
    DetailsForm,
    EraseForm,
    FilterForm,
    LinkForm,
    NewPeriodForm,
    ReferenceForm,
    UploadForm,
    make_replace_form,
)
from surveys.models import Evidence, EvidenceVersion
from surveys.permissions import check_can_erase_evidence, check_can_keep_evidence
from surveys.views.entering import enter_as_reader
from surveys.views.uploading import answer_upload, tell_uploaded, wants_json

ROWS_A_PAGE = 50


@require_safe
def evidence_list(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    form = FilterForm(request.GET)
    filters = form.get_filters()
    found = get_library(agency.organisation, request.user, **filters)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "agency": agency,
        "form": form,
        "page": page,
        "items": [make_item(evidence) for evidence in page],
        "is_filtered": any(filters.values()),
        "reason": reason_why_not(check_can_keep_evidence, agency.roles),
    }
    return render(request, "surveys/evidence_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_add(request: UserRequest, partnership: str, organisation: str, kind: str) -> HttpResponse:
    """Files, a link or a reference."""
    agency = enter_agency(request, partnership, organisation)
    check_can_keep_evidence(agency.roles)
    match kind:
        case EvidenceKind.FILE:
            return _add_files(request, agency)
        case EvidenceKind.LINK:
            return _add_words(request, agency, EvidenceKind.LINK, LinkForm(get_data(request)))
        case EvidenceKind.REFERENCE:
            return _add_words(request, agency, EvidenceKind.REFERENCE, ReferenceForm(get_data(request)))
        case _:
            raise Http404


def _add_files(request: UserRequest, agency: Agency) -> HttpResponse:
    """The good files are kept, whatever is wrong with the others; those are named on the page."""
    too_large = get_too_large(request)
    form = UploadForm(get_data(request), request.FILES or None, too_large=too_large)
    outcomes = []
    if form.is_valid():
        outcomes = add_files(
            organisation=agency.organisation,
            files=form.cleaned_data["uploads"],
            by=request.user,
            period=form.get_period(),
            too_large=too_large,
        )
    if wants_json(request):
        return answer_upload(form, outcomes)
    kept = tell_uploaded(request, form, outcomes)
    if form.is_bound and form.is_valid():
        return redirect("surveys:evidence_list", *_place(agency))
    context = {"agency": agency, "form": form, "kept": kept}
    return render(request, "surveys/evidence_add.html", context, status=_status(form.is_bound))


def _add_words(
    request: UserRequest, agency: Agency, kind: EvidenceKind, form: LinkForm | ReferenceForm
) -> HttpResponse:
    if form.is_valid():
        given = form.cleaned_data
        try:
            add_words(
                organisation=agency.organisation,
                kind=kind,
                title=given["title"],
                url=given.get("url", ""),
                reference=given.get("reference", ""),
                period=form.get_period(),
                by=request.user,
            )
        except LibraryFull as full:
            form.add_error(None, str(full))
        else:
            messages.success(request, f"‘{given['title']}’ is added.")
            return redirect("surveys:evidence_list", *_place(agency))
    context = {"agency": agency, "form": form, "kind": kind}
    return render(request, "surveys/evidence_add_words.html", context, status=_status(form.is_bound))


def _place(agency: Agency) -> tuple[str, str]:
    return agency.partnership.slug, agency.organisation.slug


def _status(is_wrong: bool) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK


def _enter_item(
    request: UserRequest, partnership: str, organisation: str, item: int
) -> tuple[Agency, Evidence]:
    """One item of the organisation, also one that was taken out: its answers and versions may still be read."""
    agency = enter_agency(request, partnership, organisation)
    own = Evidence.objects.known_to(request.user).filter(organisation=agency.organisation)
    return agency, get_object_or_404(own.select_related("organisation", "added_by", "removed_by"), pk=item)


@require_safe
def evidence_item(request: UserRequest, partnership: str, organisation: str, item: int) -> HttpResponse:
    agency, evidence = _enter_item(request, partnership, organisation, item)
    found, versions = get_item(evidence, request.user)
    context = {
        "agency": agency,
        "item": found,
        "versions": versions,
        "uses": get_uses(evidence),
        "reason": reason_why_not(check_can_keep_evidence, agency.roles),
    }
    return render(request, "surveys/evidence_item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_change(request: UserRequest, partnership: str, organisation: str, item: int) -> HttpResponse:
    agency, evidence = _enter_item(request, partnership, organisation, item)
    check_can_keep_evidence(agency.roles)
    if evidence.removed_at is not None:
        return redirect("surveys:evidence_item", partnership, organisation, item)
    form = DetailsForm(evidence, get_data(request))
    if form.is_valid():
        form.save()
        return redirect("surveys:evidence_item", partnership, organisation, item)
    context = {"agency": agency, "evidence": evidence, "form": form}
    return render(request, "surveys/evidence_change.html", context, status=_status(form.is_bound))


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_replace(request: UserRequest, partnership: str, organisation: str, item: int) -> HttpResponse:
    """A new version; the earlier ones stay."""
    agency, evidence = _enter_item(request, partnership, organisation, item)
    check_can_keep_evidence(agency.roles)
    if evidence.removed_at is not None:
        return redirect("surveys:evidence_item", partnership, organisation, item)
    kind = EvidenceKind(evidence.kind)
    too_large = get_too_large(request)
    form = make_replace_form(kind, get_data(request), request.FILES, too_large)
    if form.is_valid():
        try:
            _replace(request, evidence, form, too_large)
            return redirect("surveys:evidence_item", partnership, organisation, item)
        except (Refused, NotInThisState) as refusal:
            form.add_error("file" if kind == EvidenceKind.FILE else None, str(refusal))
    context = {"agency": agency, "evidence": evidence, "form": form}
    return render(request, "surveys/evidence_replace.html", context, status=_status(form.is_bound))


def _replace(request: UserRequest, evidence: Evidence, form: NewPeriodForm, too_large: list[str]) -> None:
    if too_large:
        raise refuse_large(too_large[0])
    given, period = form.cleaned_data, form.get_period()
    if evidence.kind == EvidenceKind.FILE:
        version = replace_file(evidence=evidence, file=given["file"], by=request.user, period=period)
    else:
        url, reference = given.get("url", ""), given.get("reference", "")
        version = replace_words(
            evidence=evidence, by=request.user, url=url, reference=reference, period=period
        )
    messages.success(request, f"Version {version.number} of ‘{evidence}’ is kept. Earlier ones are below.")


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_remove(request: UserRequest, partnership: str, organisation: str, item: int) -> HttpResponse:
    """Two ways out, on one page: out of the library, or deleted everywhere with a reason."""
    agency, evidence = _enter_item(request, partnership, organisation, item)
    check_can_keep_evidence(agency.roles)
    if evidence.is_erased:
        return redirect("surveys:evidence_item", partnership, organisation, item)
    wants_erased = request.POST.get("what") == "erase"
    form = EraseForm(request.POST if wants_erased else None)
    if wants_erased:
        check_can_erase_evidence(agency.roles)
    if wants_erased and form.is_valid():
        done = "It is deleted everywhere. Its row stays, and says why."
        reason = form.cleaned_data["reason"]
        tell_outcome(request, done, erase, evidence=evidence, reason=reason, by=request.user)
        return redirect("surveys:evidence_item", partnership, organisation, item)
    if request.method == "POST" and not wants_erased:
        done = f"‘{evidence}’ is taken out of the library."
        tell_outcome(request, done, take_out, evidence=evidence, by=request.user)
        return redirect("surveys:evidence_list", partnership, organisation)
    context = {
        "agency": agency,
        "item": get_item(evidence, request.user)[0],
        "form": form,
        "erase_reason": reason_why_not(check_can_erase_evidence, agency.roles),
    }
    return render(request, "surveys/evidence_remove.html", context, status=_status(form.is_bound))


@require_safe
def evidence_file(
    request: UserRequest, partnership: str, organisation: str, version: int
) -> HttpResponseBase:
    """For members, leads of a group, or officers whom a submitted answer shows it. Never opened in the browser."""
    try:
        enter_as_reader(request, partnership, organisation)
    except Http404:
        enter_desk(request, partnership)
    found = get_object_or_404(
        EvidenceVersion.objects.visible_to(request.user),
        pk=version,
        evidence__organisation__slug=organisation,
    )
    return make_file_response(found)


def make_file_response(version: EvidenceVersion) -> HttpResponseBase:
    """One that was removed, or is in quarantine, is not there."""
    if not version.file or version.is_held:
        raise Http404
    return hand_out(version.file, name=version.name, content_type=version.content_type)
