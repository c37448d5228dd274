"""Which mail domains are one organisation's alone: an officer confirms them, and withdraws them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from s11.organisations import workflow
from s11.organisations.forms.taking_part import MailDomainForm
from s11.organisations.permissions import check_can_withdraw_domain, check_can_work_with
from s11.organisations.queries import get_participation_or_404
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome


@require_http_methods(["GET", "HEAD", "POST"])
def mail_domains(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    participation = get_participation_or_404(desk.partnership, organisation)
    check_can_work_with(desk, participation)
    form = MailDomainForm(get_data(request), organisation=participation.organisation)
    if request.method != "POST" or not form.is_valid():
        context = {
            "participation": participation,
            "form": form,
            "domains": participation.organisation.mail_domains.select_related("confirmed_by", "confirmed_in"),
        }
        return render(request, "organisations/mail_domains.html", context)
    domain = form.cleaned_data["domain"]
    tell_outcome(
        request,
        f"{domain} is confirmed as the mail domain of {participation.organisation} alone.",
        workflow.confirm_mail_domain,
        organisation=participation.organisation,
        domain=domain,
        partnership=desk.partnership,
        by=request.user,
    )
    return redirect("organisations:mail_domains", partnership, organisation)


@require_POST
def withdraw_mail_domain(
    request: UserRequest, partnership: str, organisation: str, mail_domain: int
) -> HttpResponse:
    desk = enter_desk(request, partnership)
    participation = get_participation_or_404(desk.partnership, organisation)
    domains = participation.organisation.mail_domains.select_related("organisation", "confirmed_in")
    found = get_object_or_404(domains, pk=mail_domain)
    check_can_withdraw_domain(desk, participation, found)
    done = f"{found.domain} vouches for nobody any more. Whoever came by it stays."
    tell_outcome(request, done, workflow.withdraw_mail_domain, mail_domain=found, by=request.user)
    return redirect("organisations:mail_domains", partnership, organisation)
