"""The desk's list of organisations, adding one, and what this partnership alone holds of each."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations import workflow
from s11.organisations.forms.organisations import (
    AddOrganisationForm,
    CorrectIdentifiersForm,
    FilterForm,
    ParticipationForm,
)
from s11.organisations.models import Contact, Participation
from s11.organisations.notices import get_links, get_notices
from s11.organisations.permissions import (
    check_can_administer,
    check_can_answer_request,
    check_can_correct_identifiers,
    check_can_organise,
    check_can_work_with,
)
from s11.organisations.queries import (
    get_desk_people,
    get_group_to_add,
    get_participation_or_404,
    get_participations,
)
from s11.organisations.requests import UserRequest, enter_desk, get_data, say_mail_failed, tell_outcome
from s11.organisations.second_factors import get_with_factor
from s11.web.errors import NotInThisState, reason_why_not

PAGE = 50


def back_to(participation: Participation) -> HttpResponse:
    return redirect(
        "organisations:organisation", participation.partnership.slug, participation.organisation.slug
    )


@require_safe
def organisations(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    form = FilterForm(request.GET)
    found = get_participations(desk.partnership, **form.chosen)
    context = {
        "partnership": desk.partnership,
        "form": form,
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "is_filtered": any(form.chosen.values()),
        "reason": reason_why_not(check_can_organise, desk),
    }
    return render(request, "organisations/organisations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_organisation(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_organise(desk)
    form = AddOrganisationForm(get_data(request), partnership=desk.partnership)
    if request.method == "POST" and form.is_valid():
        try:
            participation = workflow.add_organisation(
                partnership=desk.partnership,
                facts=form.facts,
                is_statutory=form.cleaned_data["is_statutory"],
                lead=form.cleaned_data["lead"],
                by=request.user,
            )
        except NotInThisState as late:
            form.add_error(None, str(late))
        except OSError as error:
            say_mail_failed(request, error)
            return redirect("organisations:organisations", partnership)
        else:
            messages.success(request, form.describe_outcome(participation))
            return back_to(participation)
    context = {"partnership": desk.partnership, "form": form}
    return render(request, "organisations/add_organisation.html", context)


@require_safe
def organisation(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    participation = get_participation_or_404(desk.partnership, organisation)
    people = get_desk_people(participation)
    may_reset = not reason_why_not(check_can_administer, desk)
    members = [member.user.pk for member in people.members]
    context = {
        "participation": participation,
        "people": people,
        "with_second_factor": get_with_factor(members) if may_reset else set(),
        "contacts": list(Contact.objects.current().filter(participation=participation)),
        "notices": get_notices(participation),
        "links": get_links(participation),
        "reasons": {
            "organise": reason_why_not(check_can_organise, desk),
            "work_with": reason_why_not(check_can_work_with, desk, participation),
            "identifiers": reason_why_not(check_can_correct_identifiers, desk, participation.organisation),
            "answer": reason_why_not(check_can_answer_request, desk, participation.organisation),
        },
        "group": get_group_to_add(participation),
    }
    return render(request, "organisations/organisation.html", context)


@require_POST
def add_group(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    """The trust or group that an organisation is part of takes part as well, so that its lead can be invited."""
    desk = enter_desk(request, partnership)
    check_can_organise(desk)
    participation = get_participation_or_404(desk.partnership, organisation)
    group = get_group_to_add(participation)
    if group is None:
        messages.warning(request, "Its group takes part already, or it has none. Nothing was changed.")
        return back_to(participation)
    messages.success(request, f"{group} is on your list now.")
    return back_to(
        workflow.add_participation(partnership=desk.partnership, organisation=group, is_statutory=False)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def local_facts(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_organise(desk)
    participation = get_participation_or_404(desk.partnership, organisation)
    form = ParticipationForm(get_data(request), instance=participation)
    if request.method != "POST" or not form.is_valid():
        context = {"participation": participation, "form": form}
        return render(request, "organisations/local_facts.html", context)
    form.save()
    messages.success(request, f"What you hold of {participation.name} is changed.")
    return back_to(participation)


@require_http_methods(["GET", "HEAD", "POST"])
def identifiers(request: UserRequest, partnership: str, organisation: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    participation = get_participation_or_404(desk.partnership, organisation)
    check_can_correct_identifiers(desk, participation.organisation)
    form = CorrectIdentifiersForm(get_data(request), organisation=participation.organisation)
    if request.method != "POST" or not form.is_valid():
        context = {"participation": participation, "form": form}
        return render(request, "organisations/identifiers.html", context)
    tell_outcome(
        request,
        f"The national facts of {participation.name} are changed.",
        workflow.correct_identifiers,
        organisation=participation.organisation,
        partnership=desk.partnership,
        by=request.user,
        **form.cleaned_data,
    )
    return back_to(participation)
