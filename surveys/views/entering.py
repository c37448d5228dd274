"""Entering an audit: who is let in, as a member, a lead of its group or an officer; what is said to who is late."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from s11.organisations.groups import Site
from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, enter_desk, enter_site
from s11.web.errors import NotAllowed, NotInThisState, typed_texts
from surveys.destroyed import check_is_kept
from surveys.enums import AuditStatus
from surveys.models import Audit, Invitee
from surveys.permissions import check_can_read
from surveys.queries import get_audit_of_agency_or_404, get_audit_or_404

Crumbs = list[tuple[str, str]]


def enter_audit(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> tuple[Agency, Audit]:
    """The audit of this address, for members of its agency; officers have no rooms here and get 404."""
    agency = enter_agency(request, partnership, organisation)
    return agency, get_audit_of_agency_or_404(agency, cycle)


def enter_as_reader(request: UserRequest, partnership: str, organisation: str) -> Agency | Site:
    """For members, and for leads of a group that the organisation has accepted; everybody else gets 404."""
    try:
        return enter_agency(request, partnership, organisation)
    except Http404:
        return enter_site(request, partnership, organisation)


def enter_reading(
    request: UserRequest, partnership: str, organisation: str, cycle: str
) -> tuple[Audit, int | None]:
    """The audit for its members, leads of its group, or officers who read it; and the submission that they read, None
    as it stands.

    Officers read what was submitted, also while the agency corrects it.
    """
    try:
        enter_as_reader(request, partnership, organisation)
        audit = get_audit_or_404(request.user, partnership, organisation, cycle)
    except Http404:
        desk = enter_desk(request, partnership)
        audit = get_object_or_404(Audit.objects.in_place(partnership, organisation, cycle).with_place())
        check_can_read(desk, audit)
        check_is_kept(audit)
        return audit, audit.submission
    return audit, audit.submission if audit.status == AuditStatus.SUBMITTED else None


def go_to(name: str, subject: Audit | Invitee, **more: str) -> HttpResponse:
    """On to a page of this audit."""
    return redirect(reverse(f"surveys:{name}", kwargs=subject.slugs | more))


def make_crumbs(request: UserRequest, audit: Audit, *below: tuple[str, str]) -> Crumbs:
    """The pages above: an agency's own rooms, for a group its sites, for an officer the cycle on the desk."""
    if isinstance(request.place, Agency):
        agency = reverse("agency", args=[audit.partnership.slug, audit.organisation.slug])
        task_list = reverse("surveys:audit", kwargs=audit.slugs)
        return [(audit.organisation.name, agency), (audit.cycle.title, task_list), *below]
    if isinstance(request.place, Site):
        group = request.place.group
        return [(group.name, reverse("surveys:group", args=[group.slug])), *below]
    desk = reverse("desk", args=[audit.partnership.slug])
    cycles = reverse("surveys:cycles", args=[audit.partnership.slug])
    return [("Desk", desk), ("Cycles", cycles), (audit.cycle.title, audit.cycle.get_absolute_url()), *below]


def say_not_saved(request: UserRequest, audit: Audit, why: NotAllowed | NotInThisState) -> HttpResponse:
    """To who came too late or may not: what was typed is shown, to be copied."""
    status = HTTPStatus.FORBIDDEN if isinstance(why, NotAllowed) else HTTPStatus.CONFLICT
    context = {"audit": audit, "reason": str(why), "typed": typed_texts(request)}
    return render(request, "surveys/audit_not_saved.html", context, status=status)
