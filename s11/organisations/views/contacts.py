"""A partnership's contacts at an organisation: adding, changing and ending them on the desk."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from s11.organisations.forms.contacts import ContactForm
from s11.organisations.models import Contact, Participation
from s11.organisations.permissions import check_can_work_with
from s11.organisations.queries import get_participation_or_404
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.organisations.views.organisations import back_to
from s11.organisations.workflow.contacts import add_contact, change_contact, end_contact


def enter(request: UserRequest, partnership: str, organisation: str) -> Participation:
    desk = enter_desk(request, partnership)
    participation = get_participation_or_404(desk.partnership, organisation)
    check_can_work_with(desk, participation)
    return participation


def get_contact_or_404(participation: Participation, contact: int) -> Contact:
    """Of this partnership alone; one who has ended is not changed any more."""
    return get_object_or_404(Contact.objects.current(), participation=participation, pk=contact)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_add(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    participation = enter(request, partnership, organisation)
    form = ContactForm(get_data(request), participation=participation)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        done = f"{facts['name']} is a contact of {participation.name} now."
        tell_outcome(request, done, add_contact, participation=participation, by=request.user, **facts)
        return back_to(participation)
    context = {"participation": participation, "form": form, "contact": None}
    return render(request, "organisations/contact_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_change(request: UserRequest, partnership: str, organisation: str, contact: int) -> HttpResponse:
    participation = enter(request, partnership, organisation)
    found = get_contact_or_404(participation, contact)
    form = ContactForm(get_data(request), participation=participation, contact=found)
    if request.method == "POST" and form.is_valid():
        tell_outcome(request, "The contact is changed.", change_contact, contact=found, **form.cleaned_data)
        return back_to(participation)
    context = {"participation": participation, "form": form, "contact": found}
    return render(request, "organisations/contact_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_end(request: UserRequest, partnership: str, organisation: str, contact: int) -> HttpResponse:
    """Asks before."""
    participation = enter(request, partnership, organisation)
    found = get_contact_or_404(participation, contact)
    if request.method == "POST":
        tell_outcome(
            request, f"{found.name} is no contact any more.", end_contact, contact=found, by=request.user
        )
        return back_to(participation)
    context = {"participation": participation, "contact": found}
    return render(request, "organisations/contact_end.html", context)
