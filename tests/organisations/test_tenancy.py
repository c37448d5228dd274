"""Tenancy: who becomes a member at once, who has to be accepted, and by whom."""

from __future__ import annotations

import pytest
from django.core import mail
from django.http import Http404
from pytest_django import DjangoCaptureOnCommitCallbacks

from s11.organisations import workflow
from s11.organisations.enums import MembershipRole, OfficerRole, Variant
from s11.organisations.models import Invitation, Membership, Officer, Organisation, Participation, User
from s11.organisations.queries import (
    find_organisations,
    get_agency_or_404,
    get_desk_people,
    get_participation_or_404,
    get_requests,
    get_waiting_requests,
)
from s11.organisations.workflow import OrganisationFacts
from s11.web.errors import NotInThisState
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def site(cast: Cast) -> Organisation:
    """An organisation in the cast's partnership alone, with nobody in it."""
    return factories.make_organisation("Quiet House", slug="quiet-house", partnership=cast.partnership)


def take_part_elsewhere(cast: Cast, organisation: Organisation, *, is_active: bool = True) -> None:
    Participation.objects.create(partnership=cast.elsewhere, organisation=organisation, is_active=is_active)


def accept_from_officer(
    cast: Cast,
    organisation: Organisation,
    *,
    email: str = "new@quiet.example",
    role: MembershipRole = MembershipRole.LEAD,
) -> Membership:
    """An officer of the cast's partnership invites, and the person accepts."""
    invitation = workflow.invite(
        email=email, role=role, organisation=organisation, partnership=cast.partnership, by=cast.administrator
    )
    accepted = workflow.accept_invitation(invitation=invitation, name="New Person", password="a b c d e f g")
    assert isinstance(accepted, Membership)
    return accepted


# Who joins at once ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", MembershipRole)
def test_an_officers_invitation_lets_in_at_once_where_nobody_leads(
    cast: Cast, site: Organisation, role: MembershipRole
) -> None:
    assert accept_from_officer(cast, site, role=role).is_active


def test_what_stands_in_the_way(cast: Cast, site: Organisation) -> None:
    """Has a lead × is in another partnership × has left another partnership: only none of them lets in at once."""
    table = {
        (False, None): True,
        (True, None): False,
        (False, True): False,
        (False, False): False,
        (True, True): False,
    }
    for number, ((has_lead, elsewhere), at_once) in enumerate(table.items()):
        organisation = factories.make_organisation(f"Case {number}", partnership=cast.partnership)
        if has_lead:
            factories.make_member(f"lead{number}@case.example", organisation=organisation)
        if elsewhere is not None:
            take_part_elsewhere(cast, organisation, is_active=elsewhere)
        joined = accept_from_officer(cast, organisation, email=f"new{number}@case.example")
        assert joined.is_active is at_once, (has_lead, elsewhere)
        assert joined.is_request is not at_once


def test_it_is_judged_when_the_invitation_is_accepted_not_when_it_is_sent(
    cast: Cast, site: Organisation
) -> None:
    invitation = workflow.invite(
        email="new@quiet.example",
        role=MembershipRole.LEAD,
        organisation=site,
        partnership=cast.partnership,
        by=cast.administrator,
    )
    take_part_elsewhere(cast, site)
    accepted = workflow.accept_invitation(invitation=invitation)
    assert isinstance(accepted, Membership)
    assert accepted.is_request


def test_an_organisation_that_has_left_the_inviting_partnership_lets_nobody_in_at_once(
    cast: Cast, site: Organisation
) -> None:
    Participation.objects.filter(organisation=site).update(is_active=False)
    assert accept_from_officer(cast, site).is_request


def test_an_invitation_outlives_the_officer_only_as_a_request(cast: Cast, site: Organisation) -> None:
    invitation = workflow.invite(
        email="new@quiet.example",
        role=MembershipRole.LEAD,
        organisation=site,
        partnership=cast.partnership,
        by=cast.quality_officer,
    )
    workflow.end_office(office=Officer.objects.get(user=cast.quality_officer), by=cast.administrator)
    accepted = workflow.accept_invitation(invitation=invitation)
    assert isinstance(accepted, Membership)
    assert accepted.is_request


def test_an_imports_first_step_lets_all_its_people_in(cast: Cast, site: Organisation) -> None:
    members = workflow.add_members(
        addresses=["a@quiet.example", "b@quiet.example"], organisation=site, through=cast.partnership
    )
    assert [(one.role, one.is_active) for one in members] == [("lead", True), ("contributor", True)]


def test_an_imports_second_step_asks_the_lead(cast: Cast, site: Organisation) -> None:
    workflow.add_members(addresses=["a@quiet.example"], organisation=site, through=cast.partnership)
    (late,) = workflow.add_members(addresses=["c@quiet.example"], organisation=site, through=cast.partnership)
    assert late.is_request


# The lead accepts -----------------------------------------------------------------------------------------------------


def test_a_lead_is_asked_and_says_yes(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        request = accept_from_officer(cast, cast.organisation, role=MembershipRole.VIEWER)
    asked = [message for message in mail.outbox if message.subject.startswith("New Person asks to act")]
    assert [message.to for message in asked] == [[cast.lead.email]]
    with pytest.raises(Http404):
        get_agency_or_404(request.user, "harbour", "anchor")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        workflow.accept_request(membership=request, by=cast.lead)
    assert get_agency_or_404(request.user, "harbour", "anchor").roles == {MembershipRole.VIEWER}
    assert [message.to for message in mail.outbox] == [[request.user.email]]


def test_a_leads_own_invitation_lets_in_at_once(cast: Cast) -> None:
    invitation = workflow.invite(
        email="colleague@anchor.example",
        role=MembershipRole.LEAD,
        organisation=cast.organisation,
        by=cast.lead,
    )
    accepted = workflow.accept_invitation(invitation=invitation)
    assert isinstance(accepted, Membership)
    assert accepted.is_active


def test_the_invitation_of_a_lead_who_has_gone_is_a_request(cast: Cast) -> None:
    invitation = workflow.invite(
        email="colleague@anchor.example",
        role=MembershipRole.CONTRIBUTOR,
        organisation=cast.organisation,
        by=cast.lead,
    )
    workflow.end_membership(
        membership=cast.lead.memberships.get(), by=cast.administrator, through=cast.partnership
    )
    accepted = workflow.accept_invitation(invitation=invitation)
    assert isinstance(accepted, Membership)
    assert accepted.is_request


def test_where_there_is_a_lead_officers_cannot_approve(cast: Cast) -> None:
    request = accept_from_officer(cast, cast.organisation)
    with pytest.raises(NotInThisState, match="has a lead now"):
        workflow.approve_request(membership=request, partnership=cast.partnership, by=cast.administrator)
    request.refresh_from_db()
    assert request.is_request
    assert get_waiting_requests([cast.partnership]) == []


# No lead: an officer of each partnership ------------------------------------------------------------------------------


def test_one_approval_of_each_partnership(
    cast: Cast, site: Organisation, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    take_part_elsewhere(cast, site)
    with django_capture_on_commit_callbacks(execute=True):
        request = accept_from_officer(cast, site)
    asked = {message.to[0] for message in mail.outbox if "asks to act for" in message.subject}
    assert asked == {cast.administrator.email, cast.outsider.email}
    (waiting,) = get_requests(site)
    assert waiting.approved_by == ()

    here = cast.partnership
    assert not workflow.approve_request(membership=request, partnership=here, by=cast.administrator)
    # A second yes of the same partnership is none of the other's.
    assert not workflow.approve_request(membership=request, partnership=here, by=cast.quality_officer)
    (waiting,) = get_requests(site)
    assert waiting.approved_by == (here,)
    assert waiting.still_to_approve == (cast.elsewhere,)
    assert get_waiting_requests([here]) == []
    assert [one.membership for one in get_waiting_requests([cast.elsewhere])] == [request]

    assert workflow.approve_request(membership=request, partnership=cast.elsewhere, by=cast.outsider)
    request.refresh_from_db()
    assert request.is_active
    assert get_requests(site) == []


def test_a_partnership_that_it_has_left_must_approve_too(cast: Cast, site: Organisation) -> None:
    """Its audits there are still its members' to read, so nobody gets at them through another partnership alone."""
    take_part_elsewhere(cast, site, is_active=False)
    request = accept_from_officer(cast, site)
    assert not workflow.approve_request(
        membership=request, partnership=cast.partnership, by=cast.administrator
    )
    assert workflow.approve_request(membership=request, partnership=cast.elsewhere, by=cast.outsider)


def test_a_partnership_that_comes_later_must_approve_too(cast: Cast, site: Organisation) -> None:
    take_part_elsewhere(cast, site)
    request = accept_from_officer(cast, site)
    workflow.approve_request(membership=request, partnership=cast.partnership, by=cast.administrator)
    third = factories.make_partnership("Valley", slug="valley")
    workflow.add_participation(partnership=third, organisation=site, is_statutory=False)
    assert not workflow.approve_request(membership=request, partnership=cast.elsewhere, by=cast.outsider)
    assert workflow.approve_request(membership=request, partnership=third, by=cast.outsider)


def test_one_partnerships_no_is_enough(cast: Cast, site: Organisation) -> None:
    take_part_elsewhere(cast, site)
    request = accept_from_officer(cast, site)
    workflow.approve_request(membership=request, partnership=cast.partnership, by=cast.administrator)
    workflow.refuse_request(membership=request, by=cast.outsider)
    with pytest.raises(NotInThisState, match="refused or withdrawn"):
        workflow.approve_request(membership=request, partnership=cast.elsewhere, by=cast.outsider)


def test_a_lead_who_comes_meanwhile_decides(cast: Cast, site: Organisation) -> None:
    take_part_elsewhere(cast, site)
    request = accept_from_officer(cast, site)
    lead = factories.make_member("lead@quiet.example", organisation=site)
    with pytest.raises(NotInThisState, match="has a lead now"):
        workflow.approve_request(membership=request, partnership=cast.partnership, by=cast.administrator)
    workflow.accept_request(membership=request, by=lead)
    assert request.is_active


# A lead who has gone --------------------------------------------------------------------------------------------------


def test_an_officer_ends_a_lead_who_has_gone_and_invites_a_successor(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    ended = cast.lead.memberships.get()
    with django_capture_on_commit_callbacks(execute=True):
        workflow.end_membership(membership=ended, by=cast.quality_officer, through=cast.partnership)
    ended.refresh_from_db()
    assert (ended.ended_by, ended.is_active) == (cast.quality_officer, False)
    (told,) = mail.outbox
    assert told.to == [cast.lead.email]
    assert told.subject == "You are no longer a lead of Anchor Trust"
    with pytest.raises(Http404):
        get_agency_or_404(cast.lead, "harbour", "anchor")
    # In no other partnership, and without a lead now: the successor starts at once.
    assert accept_from_officer(cast, cast.organisation, email="successor@anchor.example").is_active


def test_a_successor_at_a_shared_organisation_needs_each_partnership(cast: Cast) -> None:
    take_part_elsewhere(cast, cast.organisation)
    workflow.end_membership(
        membership=cast.lead.memberships.get(), by=cast.administrator, through=cast.partnership
    )
    successor = accept_from_officer(cast, cast.organisation, email="successor@anchor.example")
    assert successor.is_request
    for partnership, officer in ((cast.partnership, cast.administrator), (cast.elsewhere, cast.outsider)):
        workflow.approve_request(membership=successor, partnership=partnership, by=officer)
    assert successor.is_active


def test_without_an_officer_the_last_lead_stays(cast: Cast) -> None:
    membership = cast.lead.memberships.get()
    with pytest.raises(NotInThisState, match="only lead"):
        workflow.end_membership(membership=membership, by=cast.lead)
    membership.refresh_from_db()
    assert membership.is_active


# Sight ----------------------------------------------------------------------------------------------------------------


def test_a_parent_gives_no_sight(cast: Cast, site: Organisation) -> None:
    site.parent = cast.organisation
    site.save()
    with pytest.raises(Http404):
        get_agency_or_404(cast.lead, "harbour", "quiet-house")


def test_membership_gives_sight_only_where_the_organisation_takes_part(cast: Cast) -> None:
    with pytest.raises(Http404):
        get_agency_or_404(cast.lead, "moorland", "anchor")
    take_part_elsewhere(cast, cast.organisation)
    assert get_agency_or_404(cast.lead, "moorland", "anchor").partnership == cast.elsewhere


@pytest.mark.parametrize("name", ["contributor", "signatory", "viewer"])
def test_leavers_lose_access_at_once(cast: Cast, name: str) -> None:
    person = cast.people[name]
    get_agency_or_404(person, "harbour", "anchor")
    workflow.end_person(user=person, organisation=cast.organisation, by=cast.lead)
    with pytest.raises(Http404):
        get_agency_or_404(person, "harbour", "anchor")


def test_a_closed_account_counts_for_nothing(cast: Cast) -> None:
    User.objects.filter(pk=cast.lead.pk).update(is_active=False)
    assert not cast.organisation.has_lead()
    with pytest.raises(Http404):
        get_agency_or_404(cast.lead, "harbour", "anchor")


def test_a_desk_reaches_no_organisation_of_another_partnership(cast: Cast) -> None:
    far = factories.make_organisation("Far Farm", slug="far-farm", partnership=cast.elsewhere)
    with pytest.raises(Http404):
        get_participation_or_404(cast.partnership, far.slug)


def test_officers_see_people_only_while_the_organisation_takes_part(cast: Cast) -> None:
    participation = get_participation_or_404(cast.partnership, "anchor")
    assert {member.user for member in get_desk_people(participation).members} == {
        cast.lead,
        cast.contributor,
        cast.signatory,
        cast.viewer,
    }
    participation.is_active = False
    participation.save()
    assert get_desk_people(participation).members == ()


def test_officers_do_not_see_whom_a_lead_invites_nor_another_partnerships_requests(cast: Cast) -> None:
    take_part_elsewhere(cast, cast.organisation)
    workflow.invite(
        email="x@anchor.example", role=MembershipRole.VIEWER, organisation=cast.organisation, by=cast.lead
    )
    accept_from_officer(cast, cast.organisation)
    here = get_desk_people(get_participation_or_404(cast.partnership, "anchor"))
    there = get_desk_people(get_participation_or_404(cast.elsewhere, "anchor"))
    assert here.invitations == there.invitations == ()
    assert len(here.requests) == 1
    assert there.requests == ()


# National facts -------------------------------------------------------------------------------------------------------


def test_an_organisation_known_elsewhere_joins_with_its_own_facts(cast: Cast) -> None:
    known = factories.make_organisation(
        "Fell School", slug="fell", variant=Variant.SCHOOL, partnership=cast.elsewhere, urn="123456"
    )
    facts = OrganisationFacts(name="The Fell Academy", variant=Variant.HEALTH, urn="123456", ods_code="ABC")
    participation = workflow.add_organisation(
        partnership=cast.partnership, facts=facts, is_statutory=True, by=cast.administrator
    )
    known.refresh_from_db()
    assert participation.organisation == known
    assert (known.name, known.variant, known.ods_code) == ("Fell School", "school", "")
    assert participation.name == "The Fell Academy"
    assert Organisation.objects.filter(urn="123456").count() == 1


def test_the_leads_invitation_is_not_sent_to_whoever_leads_already(cast: Cast) -> None:
    cast.organisation.urn = "123456"
    cast.organisation.save()
    facts = OrganisationFacts(name="Anchor Trust", variant=Variant.STANDARD, urn="123456")
    workflow.add_organisation(
        partnership=cast.elsewhere,
        facts=facts,
        is_statutory=False,
        lead=cast.lead.email.upper(),
        by=cast.outsider,
    )
    assert not Invitation.objects.exists()


def test_identifiers_are_not_changed_once_another_partnership_has_the_organisation(
    cast: Cast, site: Organisation
) -> None:
    def correct(urn: str) -> None:
        workflow.correct_identifiers(
            organisation=site,
            partnership=cast.partnership,
            name=site.name,
            urn=urn,
            ods_code="",
            ofsted_number="",
            by=cast.administrator,
        )

    correct("111111")
    take_part_elsewhere(cast, site)
    with pytest.raises(NotInThisState, match="come from the register"):
        correct("222222")
    site.refresh_from_db()
    assert site.urn == "111111"
    assert find_organisations("111111", "", "") == [site]


def test_empty_identifiers_match_nothing(cast: Cast) -> None:
    assert find_organisations("", "", "") == []


def test_the_administrator_whom_a_command_makes_gets_a_link(
    db: None, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        workflow.create_partnership(name="New Area", slug="new-area", administrator=" First@New.Example ")
    officer = Officer.objects.get()
    assert (officer.user.email, officer.role) == ("first@new.example", OfficerRole.ADMINISTRATOR)
    (message,) = mail.outbox
    assert message.to == ["first@new.example"]
