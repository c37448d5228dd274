"""Who may do what with people and organisations: every check against every person of the cast."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import Http404

from s11.organisations import permissions
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Invitation, Officer, Participation
from s11.organisations.queries import (
    Agency,
    Desk,
    get_agency_or_404,
    get_desk_or_404,
    get_member_or_404,
    get_participation_or_404,
)
from s11.web.errors import NotAllowed, reason_why_not
from tests import factories
from tests.conftest import Cast

OFFICERS = {"administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher"}
ORGANISERS = {"administrator", "quality_officer"}
MEMBERS = {"lead", "contributor", "signatory", "viewer"}


def ask_desk(cast: Cast, check: Callable[[Desk], None]) -> dict[str, str]:
    """What each person is told at the cast's desk: nothing where they may, the sentence, or 404."""
    told = {}
    for name, person in cast.people.items():
        try:
            desk = get_desk_or_404(person, cast.partnership.slug)
        except Http404:
            told[name] = "404"
        else:
            told[name] = reason_why_not(check, desk)
    return told


def ask_agency(cast: Cast, check: Callable[[Agency], None]) -> dict[str, str]:
    """The same at the cast's organisation."""
    told = {}
    for name, person in cast.people.items():
        try:
            agency = get_agency_or_404(person, cast.partnership.slug, cast.organisation.slug)
        except Http404:
            told[name] = "404"
        else:
            told[name] = reason_why_not(check, agency)
    return told


def make_table(cast: Cast, may: set[str], may_not: set[str], sentence: str) -> dict[str, str]:
    return {name: "" if name in may else sentence if name in may_not else "404" for name in cast.people}


def test_administering(cast: Cast) -> None:
    sentence = "Only an administrator of Harbour can do this. Ask one of them."
    assert ask_desk(cast, permissions.check_can_administer) == make_table(
        cast, {"administrator"}, OFFICERS - {"administrator"}, sentence
    )


ORGANISE = "Only an administrator or quality officer of Harbour can do this. Ask one of them."


def test_organising(cast: Cast) -> None:
    assert ask_desk(cast, permissions.check_can_organise) == make_table(
        cast, ORGANISERS, OFFICERS - ORGANISERS, ORGANISE
    )


@pytest.mark.parametrize("is_active", [True, False])
def test_inviting_to_an_organisation(cast: Cast, is_active: bool) -> None:
    Participation.objects.filter(organisation=cast.organisation).update(is_active=is_active)
    participation = get_participation_or_404(cast.partnership, "anchor")
    expected = make_table(cast, ORGANISERS, OFFICERS - ORGANISERS, ORGANISE)
    if not is_active:
        left = "Anchor Trust no longer takes part in Harbour. Make it active again first."
        expected |= dict.fromkeys(ORGANISERS, left)
    assert ask_desk(cast, lambda desk: permissions.check_can_work_with(desk, participation)) == expected


@pytest.mark.parametrize("has_lead", [True, False])
@pytest.mark.parametrize("is_elsewhere", [True, False])
def test_correcting_identifiers(cast: Cast, has_lead: bool, is_elsewhere: bool) -> None:
    organisation = factories.make_organisation("Quiet House", partnership=cast.partnership)
    if has_lead:
        factories.make_member("lead@quiet.example", organisation=organisation)
    if is_elsewhere:
        Participation.objects.create(partnership=cast.elsewhere, organisation=organisation)
    expected = make_table(cast, ORGANISERS, OFFICERS - ORGANISERS, ORGANISE)
    if is_elsewhere:
        said = "Quiet House takes part in another partnership too, so its identifiers come from the register."
        expected |= dict.fromkeys(ORGANISERS, said)
    elif has_lead:
        said = "Quiet House has a lead, so its identifiers come from the register."
        expected |= dict.fromkeys(ORGANISERS, said)
    assert (
        ask_desk(cast, lambda desk: permissions.check_can_correct_identifiers(desk, organisation)) == expected
    )


@pytest.mark.parametrize("has_lead", [True, False])
def test_answering_a_request(cast: Cast, has_lead: bool) -> None:
    organisation = factories.make_organisation("Quiet House", partnership=cast.partnership)
    expected = make_table(cast, ORGANISERS, OFFICERS - ORGANISERS, ORGANISE)
    if has_lead:
        factories.make_member("lead@quiet.example", organisation=organisation)
        said = "Quiet House has a lead, who decides about this request."
        expected |= dict.fromkeys(ORGANISERS, said)
    assert ask_desk(cast, lambda desk: permissions.check_can_answer_request(desk, organisation)) == expected


@pytest.mark.parametrize("name", sorted(MEMBERS))
def test_ending_a_lead(cast: Cast, name: str) -> None:
    participation = get_participation_or_404(cast.partnership, "anchor")
    membership = cast.people[name].memberships.get()
    expected = make_table(cast, ORGANISERS, OFFICERS - ORGANISERS, ORGANISE)
    if name != "lead":
        said = f"{cast.people[name].email} is not a lead of Anchor Trust now."
        expected |= dict.fromkeys(ORGANISERS, said)
    assert (
        ask_desk(cast, lambda desk: permissions.check_can_end_lead(desk, participation, membership))
        == expected
    )


@pytest.mark.parametrize("has_second", [True, False])
@pytest.mark.parametrize("name", ["administrator", "publisher"])
def test_ending_an_office(cast: Cast, name: str, has_second: bool) -> None:
    office = Officer.objects.get(user=cast.people[name])
    if has_second:
        factories.make_officer("second@harbour.example", partnership=cast.partnership)
    administer = "Only an administrator of Harbour can do this. Ask one of them."
    expected = make_table(cast, {"administrator"}, OFFICERS - {"administrator"}, administer)
    if name == "administrator" and not has_second:
        expected["administrator"] = (
            "administrator@harbour.example is the only administrator of Harbour. "
            "Make somebody else one first."
        )
    assert ask_desk(cast, lambda desk: permissions.check_can_end_office(desk, office)) == expected


LEAD_ALONE = "Only a lead of Anchor Trust can manage its people. Ask your lead."


def test_managing_people(cast: Cast) -> None:
    assert ask_agency(cast, permissions.check_can_manage_people) == make_table(
        cast, {"lead"}, MEMBERS - {"lead"}, LEAD_ALONE
    )


def test_changing_details(cast: Cast) -> None:
    sentence = "Only a lead of Anchor Trust can change its details. Ask your lead."
    assert ask_agency(cast, permissions.check_can_change_details) == make_table(
        cast, {"lead"}, MEMBERS - {"lead"}, sentence
    )


@pytest.mark.parametrize("has_second", [True, False])
@pytest.mark.parametrize("name", ["lead", "viewer"])
def test_ending_a_member(cast: Cast, name: str, has_second: bool) -> None:
    if has_second:
        factories.make_member("second@anchor.example", organisation=cast.organisation)
    member = get_member_or_404(cast.organisation, cast.people[name].pk)
    expected = make_table(cast, {"lead"}, MEMBERS - {"lead"}, LEAD_ALONE)
    if name == "lead" and not has_second:
        expected["lead"] = (
            "lead@anchor.example is the only lead of Anchor Trust. Make somebody else a lead first."
        )
    assert ask_agency(cast, lambda agency: permissions.check_can_end_member(agency, member)) == expected


def test_a_member_of_another_organisation_is_no_member_here(cast: Cast) -> None:
    with pytest.raises(Http404):
        get_member_or_404(cast.organisation, cast.stranger.pk)


def test_an_invitation_is_for_its_own_address(cast: Cast) -> None:
    invitation = Invitation(email="a@anchor.example", role=MembershipRole.VIEWER)
    permissions.check_can_accept_invitation(invitation, "a@anchor.example")
    with pytest.raises(NotAllowed, match=r"sent to a@anchor\.example"):
        permissions.check_can_accept_invitation(invitation, "b@anchor.example")


def test_one_person_with_two_roles_may_do_what_either_may(cast: Cast) -> None:
    factories.make_officer(cast.publisher.email, partnership=cast.partnership, role=OfficerRole.ADMINISTRATOR)
    permissions.check_can_administer(get_desk_or_404(cast.publisher, "harbour"))
    factories.make_member(cast.viewer.email, organisation=cast.organisation)
    permissions.check_can_manage_people(get_agency_or_404(cast.viewer, "harbour", "anchor"))
