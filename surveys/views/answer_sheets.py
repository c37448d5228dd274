"""The answer sheet: downloaded, filled in offline, uploaded, looked at, and saved."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.requests import UserRequest, get_data
from s11.web.text import plural
from s11.web.uploads import get_too_large
from surveys.answer_sheet_workbooks import make_answer_sheet
from surveys.answer_sheets import SheetRefused, get_sheet_plan, keep_sheet, save_sheet
from surveys.evidence_files import refuse_large
from surveys.forms.answer_sheets import SheetSaveForm, SheetUploadForm
from surveys.models import AnswerSheet, Audit
from surveys.permissions import check_can_answer
from surveys.reach import Reach, get_reach
from surveys.views.entering import enter_audit, go_to, make_crumbs
from surveys.workflow import NotInThisState

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GONE = "That answer sheet has been saved already, or is no longer kept. Upload it again."


@require_http_methods(["GET", "HEAD", "POST"])
def audit_sheet(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """How it works, the file, and where it comes back."""
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    check_can_answer(agency.roles, audit)
    too_large = get_too_large(request)
    form = SheetUploadForm(get_data(request), request.FILES or None, too_large=bool(too_large))
    if form.is_valid():
        sheet = _keep(request, audit, form, too_large)
        if sheet is not None:
            return redirect(_address(audit, sheet))
    context = {
        "audit": audit,
        "form": form,
        "waiting": AnswerSheet.objects.of(request.user, audit).first(),
        "reach": get_reach(audit, request.user, agency.roles),
        "crumbs": make_crumbs(request, audit),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "surveys/audit_sheet.html", context, status=status)


def _keep(
    request: UserRequest, audit: Audit, form: SheetUploadForm, too_large: list[str]
) -> AnswerSheet | None:
    """None where the form says why not."""
    if too_large:
        form.add_error("file", str(refuse_large(too_large[0])))
        return None
    try:
        return keep_sheet(audit=audit, file=form.cleaned_data["file"], by=request.user)
    except SheetRefused as refused:
        form.add_error("file", str(refused))
        return None


@require_safe
def audit_sheet_file(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    check_can_answer(agency.roles, audit)
    content = make_answer_sheet(audit, get_reach(audit, request.user, agency.roles))
    name = f"{slugify(str(audit))[:80]}-answer-sheet-{timezone.localdate()}.xlsx"
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def audit_sheet_check(
    request: UserRequest, partnership: str, organisation: str, cycle: str, sheet: int
) -> HttpResponse:
    """What the uploaded sheet would change, and the button that does it."""
    agency, audit = enter_audit(request, partnership, organisation, cycle)
    check_can_answer(agency.roles, audit)
    kept = AnswerSheet.objects.of(request.user, audit).filter(pk=sheet).first()
    if kept is None:
        messages.warning(request, GONE)
        return go_to("audit_sheet", audit)
    reach = get_reach(audit, request.user, agency.roles)
    plan = get_sheet_plan(audit, kept, reach)
    form = SheetSaveForm(plan, get_data(request))
    if form.is_valid() and _save(request, audit, kept, reach, form):
        return go_to("audit", audit)
    if form.is_bound and not form.errors:
        # Somebody was quicker, and the message says it: the page shows what would change now.
        return redirect(_address(audit, kept))
    context = {
        "audit": audit,
        "sheet": kept,
        "plan": plan,
        "form": form,
        "crumbs": make_crumbs(request, audit),
    }
    return render(request, "surveys/audit_sheet_check.html", context)


def _save(request: UserRequest, audit: Audit, sheet: AnswerSheet, reach: Reach, form: SheetSaveForm) -> bool:
    try:
        count = save_sheet(
            audit=audit,
            sheet=sheet,
            reach=reach,
            seen=form.cleaned_data["seen"],
            replacing=form.get_replacing(),
            by=request.user,
        )
    except NotInThisState as why:
        messages.warning(request, str(why))
        return False
    messages.success(request, f"{plural(count, 'answer')} saved from ‘{sheet.name}’.")
    return True


def _address(audit: Audit, sheet: AnswerSheet) -> str:
    return reverse("surveys:audit_sheet_check", kwargs=audit.slugs | {"sheet": sheet.pk})
