"""Bringing a passport into an audit: upload it, see what it would do, then do it or leave it."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, get_data
from s11.web.uploads import get_too_large, takes_up_to
from surveys.evidence_library import LibraryFull
from surveys.forms.passports import DecisionForm, PassportForm
from surveys.models import Audit, PassportUpload
from surveys.passport_archives import LARGEST_PASSPORT, refuse_large
from surveys.passport_fields import Unreadable
from surveys.passport_imports import Order, bring_in
from surveys.passport_uploads import discard_upload, get_plan, receive_passport
from surveys.permissions import check_can_bring_in
from surveys.reach import get_reach
from surveys.views.entering import enter_audit, go_to, make_crumbs
from surveys.workflow import NotInThisState


def _enter(request: UserRequest, partnership: str, organisation: str, cycle: str) -> tuple[Agency, Audit]:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    check_can_bring_in(agency.roles, audit)
    return agency, audit


@takes_up_to(LARGEST_PASSPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def passport_add(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    _, audit = _enter(request, partnership, organisation, cycle)
    files = request.FILES or None
    # Known once the files were received.
    is_too_large = bool(get_too_large(request))
    form = PassportForm(get_data(request), files, is_too_large=is_too_large)
    if form.is_valid():
        try:
            if is_too_large:
                raise refuse_large()
            upload = receive_passport(audit=audit, file=form.cleaned_data["file"], by=request.user)
            return go_to("passport", audit, upload=str(upload.pk))
        except Unreadable as refusal:
            form.add_error("file", str(refusal))
    context = {
        "audit": audit,
        "form": form,
        "waiting": PassportUpload.objects.of(request.user, audit).first(),
        "crumbs": make_crumbs(request, audit),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "surveys/passport_add.html", context, status=status)


def _get_upload(request: UserRequest, audit: Audit, pk: int) -> PassportUpload | None:
    """One's own that waits here, None for one that is gone; others' are not there."""
    if PassportUpload.objects.filter(pk=pk).exclude(uploaded_by=request.user, audit=audit).exists():
        raise Http404
    return PassportUpload.objects.of(request.user, audit).filter(pk=pk).first()


def _say_gone(request: UserRequest, audit: Audit) -> HttpResponse:
    messages.info(
        request, "That passport was brought in or discarded, or a day has passed: choose the zip again."
    )
    return go_to("passport_add", audit)


@require_http_methods(["GET", "HEAD", "POST"])
def passport(
    request: UserRequest, partnership: str, organisation: str, cycle: str, upload: int
) -> HttpResponse:
    """What it would do, for whoever uploaded it; others' uploads are not there."""
    agency, audit = _enter(request, partnership, organisation, cycle)
    found = _get_upload(request, audit, upload)
    if found is None:
        return _say_gone(request, audit)
    reach = get_reach(audit, request.user, agency.roles)
    plan = get_plan(found, audit, reach)
    form = DecisionForm(plan, get_data(request))
    if form.is_valid():
        order = Order(found, audit, form.chosen, form.cleaned_data["seen"], reach, request.user)
        try:
            done = bring_in(order)
        except (NotInThisState, LibraryFull, Unreadable) as late:
            messages.warning(request, str(late))
            return go_to("passport", audit, upload=str(found.pk))
        messages.success(
            request, f"Brought in: {done.words or 'nothing new'}. Each answer waits to be confirmed."
        )
        return go_to("audit", audit)
    context = {
        "audit": audit,
        "upload": found,
        "plan": plan,
        "form": form,
        "crumbs": make_crumbs(request, audit),
    }
    return render(request, "surveys/passport.html", context)


@require_POST
def passport_discard(
    request: UserRequest, partnership: str, organisation: str, cycle: str, upload: int
) -> HttpResponse:
    _, audit = _enter(request, partnership, organisation, cycle)
    found = _get_upload(request, audit, upload)
    if found is None:
        return _say_gone(request, audit)
    discard_upload(found)
    messages.success(request, "The passport is discarded. Nothing was changed.")
    return go_to("audit", audit)
