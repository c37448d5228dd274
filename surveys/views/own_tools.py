"""An organisation's own national audit, returned in place of answers: its page, its withdrawal, and the file."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.requests import UserRequest, enter_agency, enter_desk, get_data, tell_outcome
from s11.web.errors import reason_why_not
from s11.web.uploads import get_too_large
from surveys.evidence_files import refuse_large
from surveys.forms.own_tools import OwnToolForm
from surveys.models import Invitee, OwnToolReturn
from surveys.own_tools import FileRefused, return_own_tool, withdraw_own_tool
from surveys.permissions import (
    check_can_read_own_tool,
    check_can_send_own_tool,
    check_can_withdraw_own_tool,
)
from surveys.queries import get_invitee_or_404
from surveys.views.entering import enter_as_reader, go_to
from surveys.views.evidence import make_file_response
from surveys.workflow import NotInThisState


@require_http_methods(["GET", "HEAD", "POST"])
def audit_own_tool(request: UserRequest, partnership: str, organisation: str, cycle: str) -> HttpResponse:
    """For everybody in the organisation what was returned; before that, for a lead, how to return it."""
    agency = enter_agency(request, partnership, organisation)
    invitee = get_invitee_or_404(request.user, partnership, organisation, cycle)
    if request.method != "POST" and hasattr(invitee, "own_tool_return"):
        reason = reason_why_not(check_can_withdraw_own_tool, agency.roles, invitee)
        context = {"invitee": invitee, "own": invitee.own_tool_return, "reason": reason}
        return render(request, "surveys/audit_own_tool.html", context)
    check_can_send_own_tool(agency.roles, invitee)
    too_large = get_too_large(request)
    form = OwnToolForm(get_data(request), request.FILES or None, too_large=too_large)
    if form.is_valid() and _return(request, invitee, form, too_large):
        return go_to("audit_own_tool", invitee)
    return render(request, "surveys/audit_own_tool_return.html", {"invitee": invitee, "form": form})


def _return(request: UserRequest, invitee: Invitee, form: OwnToolForm, too_large: list[str]) -> bool:
    """Whether it was; else the form says why not."""
    if too_large:
        form.add_error("file", str(refuse_large(too_large[0])))
        return False
    given = form.cleaned_data
    try:
        return_own_tool(invitee=invitee, title=given["title"], file=given["file"], by=request.user)
    except (FileRefused, NotInThisState) as refusal:
        form.add_error("file", str(refusal))
        return False
    return True


@require_POST
def audit_own_tool_withdraw(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> HttpResponse:
    agency = enter_agency(request, partnership, organisation)
    invitee = get_invitee_or_404(request.user, partnership, organisation, cycle)
    check_can_withdraw_own_tool(agency.roles, invitee)
    if hasattr(invitee, "own_tool_return"):
        own = invitee.own_tool_return
        done = "Your own audit is withdrawn. Answer the audit here, or return another file."
        tell_outcome(request, done, withdraw_own_tool, own=own, by=request.user)
    return go_to("audit", invitee)


@require_safe
def audit_own_tool_file(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> HttpResponseBase:
    """For the organisation's members, leads of its group, and for officers who read what is submitted."""
    try:
        enter_as_reader(request, partnership, organisation)
    except Http404:
        check_can_read_own_tool(enter_desk(request, partnership))
    own = get_object_or_404(
        OwnToolReturn.objects.select_related("version"),
        invitee__cycle__partnership__slug=partnership,
        invitee__cycle__slug=cycle,
        invitee__organisation__slug=organisation,
    )
    return make_file_response(own.version)
