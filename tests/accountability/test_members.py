"""Who sits: added, changed, ended, brought back, copied from last time, and what they have an interest in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.enums import InterestKind, Sector
from accountability.models import Interest, Panel, PanelMember
from accountability.queries import get_officers_to_add
from accountability.workflow import add_officer_member, change_rules, copy_panel, end_member, set_up_panel
from s11.organisations.enums import ContactKind, OfficerRole
from s11.organisations.models import Contact, Officer, User
from s11.web.errors import NotInThisState
from surveys.models import Cycle, Message
from tests import factories
from tests.accountability.factories import (
    make_contact_member,
    make_day,
    make_interest,
    make_meeting,
    make_officer_member,
    make_panel,
    seat,
)
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
MEMBERS = "/p/harbour/desk/meetings/2026/members/"
FACTS = {"sector": "health", "may_chair": "on", "most": "4"}


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


@grounded
def panel(cycle: Cycle) -> Panel:
    return make_panel(cycle)


@pytest.fixture
def officer(cast: Cast, panel: Panel, sign_in: SignIn) -> Client:
    return sign_in(cast.quality_officer)


def test_an_officer_is_added_once_whatever_their_offices(cast: Cast, panel: Panel, officer: Client) -> None:
    office = Officer.objects.get(user=cast.panel_chair)
    second = Officer.objects.create(
        user=cast.panel_chair, partnership=cast.partnership, role=OfficerRole.SCRUTINEER
    )
    page = officer.get(f"{MEMBERS}officer/").content.decode()
    assert page.count("panel_chair@harbour.example") == 1
    assert "publisher@harbour.example" not in page
    assert "administrator@moorland.example" not in page
    officer.post(f"{MEMBERS}officer/", {**FACTS, "officer": office.pk, "organisation": cast.organisation.pk})

    member = panel.members.get()
    assert (member.user, member.organisation, member.sector, member.may_chair, member.most) == (
        cast.panel_chair,
        cast.organisation,
        "health",
        True,
        4,
    )
    with pytest.raises(NotInThisState, match="on the panel already"):
        add_officer_member(panel=panel, officer=second, sector=Sector.POLICE, organisation=None)
    assert officer.get(f"{MEMBERS}officer/").content.decode().count("panel_chair@harbour.example") == 1
    assert "panel_chair@harbour.example" not in officer.get(f"{MEMBERS}officer/").content.decode()


def test_whose_office_ended_comes_back_in_another(cast: Cast, panel: Panel, officer: Client) -> None:
    """As when a panel member becomes a chair: one office ends and another begins."""
    member = make_officer_member(panel, cast.panel_member)
    make_interest(member, cast.organisation)
    Officer.objects.filter(user=cast.panel_member).update(ended_at=timezone.now())
    office = Officer.objects.create(
        user=cast.panel_member, partnership=cast.partnership, role=OfficerRole.PANEL_CHAIR
    )
    assert not panel.members.reachable().exists()
    officer.post(f"{MEMBERS}officer/", {**FACTS, "officer": office.pk})
    again = panel.members.reachable().get()
    assert (again, again.officer, again.interests.count()) == (member, office, 1)
    assert not get_officers_to_add(panel).filter(user=cast.panel_member).exists()


def test_an_officer_from_elsewhere_cannot_be_added(cast: Cast, panel: Panel, officer: Client) -> None:
    elsewhere = Officer.objects.get(user=cast.outsider)
    page = officer.post(f"{MEMBERS}officer/", {**FACTS, "officer": elsewhere.pk})
    assert page.status_code == 200
    assert not panel.members.exists()


def test_a_contact_belongs_to_their_organisation(cast: Cast, panel: Panel, officer: Client) -> None:
    place = cast.other_organisation.participations.get()
    contact = Contact.objects.create(
        participation=place, kind=ContactKind.DEPUTY, name="Dee", email="dee@beacon.example"
    )
    officer.post(f"{MEMBERS}contact/", {**FACTS, "contact": contact.pk})
    member = panel.members.get()
    assert (member.contact, member.organisation, member.name) == (contact, cast.other_organisation, "Dee")


def test_somebody_new_becomes_a_contact_and_is_made_one_only_once(
    cast: Cast, panel: Panel, officer: Client
) -> None:
    place = cast.other_organisation.participations.get()
    data = {
        **FACTS,
        "participation": place.pk,
        "name": "Noor",
        "job_title": "Nurse",
        "email": "Noor@Beacon.example",
    }
    officer.post(f"{MEMBERS}new/", data)
    contact = Contact.objects.get()
    assert (contact.name, contact.email, contact.created_by) == (
        "Noor",
        "noor@beacon.example",
        cast.quality_officer,
    )
    assert panel.members.get().contact == contact
    page = officer.post(f"{MEMBERS}new/", data, follow=True).content.decode()
    assert "Noor is on the panel already. Nothing was changed." in page
    assert Contact.objects.count() == 1


def test_changed_and_ended_and_back(cast: Cast, panel: Panel, officer: Client) -> None:
    member = make_contact_member(panel, cast.other_organisation)
    own = f"{MEMBERS}{member.pk}/"
    officer.post(f"{own}change/", {"organisation": "", "sector": "police", "most": ""})
    member.refresh_from_db()
    assert (member.organisation, member.sector, member.may_chair, member.most) == (
        None,
        "police",
        False,
        None,
    )
    meeting = make_meeting(panel, cast.organisation, day=make_day(panel))
    seat(meeting, member)
    refused = officer.post(f"{own}end/")
    assert refused.status_code == 403
    assert "Panel is to sit for Anchor Trust" in refused.content.decode()
    with pytest.raises(NotInThisState, match="Anchor Trust"):
        end_member(member=member)
    meeting.seats.all().delete()
    officer.post(f"{own}end/")
    member.refresh_from_db()
    assert not member.is_active
    assert "Bring back" in officer.get(own).content.decode()
    officer.post(f"{own}end/")
    member.refresh_from_db()
    assert member.is_active


def test_interests_are_entered_and_removed(cast: Cast, panel: Panel, officer: Client) -> None:
    member = make_contact_member(panel, cast.other_organisation)
    own = f"{MEMBERS}{member.pk}/"
    meeting = make_meeting(panel, cast.organisation, day=make_day(panel))
    seat(meeting, member)
    data = {"organisation": cast.organisation.pk, "kind": "governs", "note": "A trustee."}
    page = officer.post(f"{own}interests/", data, follow=True).content.decode()
    assert "The plan seats Panel for Anchor Trust." in page
    assert "Is its governor, trustee or board member" in page
    # Entered again, it is put right.
    officer.post(f"{own}interests/", {**data, "kind": "family"})
    interest = Interest.objects.get()
    assert (interest.kind, interest.declared_by) == (InterestKind.FAMILY, cast.quality_officer)
    officer.post(f"{own}interests/{interest.pk}/remove/")
    assert not Interest.objects.exists()


def test_members_of_another_round_are_not_here(cast: Cast, panel: Panel, officer: Client) -> None:
    elsewhere = factories.make_cycle(
        cast.elsewhere, questionnaires=tuple(q.questionnaire for q in panel.cycle.cycle_questionnaires.all())
    )
    stranger = make_officer_member(make_panel(elsewhere), cast.outsider)
    for path in ("", "change/", "link/", "interests/"):
        assert officer.get(f"{MEMBERS}{stranger.pk}/{path}").status_code == 404
    for path in ("end/", "ask/", "link/"):
        assert officer.post(f"{MEMBERS}{stranger.pk}/{path}").status_code == 404


def test_last_times_panel_is_copied_as_far_as_it_can_be(cast: Cast, panel: Panel, officer: Client) -> None:
    bank = panel.cycle.cycle_questionnaires.get().questionnaire
    before = factories.make_cycle(
        cast.partnership,
        slug="2025",
        questionnaires=(bank,),
        opens_on=panel.cycle.opens_on.replace(year=2025),
        closes_on=panel.cycle.closes_on.replace(year=2025),
    )
    source = make_panel(before)
    chair = make_officer_member(source, cast.panel_chair, may_chair=True)
    chair.declared_at = timezone.now()
    chair.save()
    make_interest(chair, cast.organisation)
    gone = make_contact_member(source, cast.organisation, email="gone@anchor.example")
    Contact.objects.filter(panel_memberships=gone).update(ended_at=timezone.now())
    ended = make_contact_member(source, cast.organisation, email="ended@anchor.example")
    PanelMember.objects.filter(pk=ended.pk).update(is_active=False)

    page = officer.get(MEMBERS).content.decode()
    assert "Copy last time’s panel" in page
    officer.post(f"{MEMBERS}copy/")
    member = panel.members.get()
    assert (member.user, member.may_chair, member.declared_at, member.asked_at) == (
        cast.panel_chair,
        True,
        None,
        None,
    )
    assert member.interests.get().organisation == cast.organisation
    assert member.link_nonce != chair.link_nonce
    # Twice brings nobody twice.
    assert copy_panel(panel=panel, source=source) == 0


def test_rules_are_not_changed_under_a_planned_meeting(cast: Cast, panel: Panel, officer: Client) -> None:
    panel.tracks = 2
    panel.save()
    make_meeting(panel, cast.organisation, day=make_day(panel), track=1)
    rules = {"seats": "4", "sectors": "3", "tracks": "1"}
    page = officer.post("/p/harbour/desk/meetings/2026/rules/", rules, follow=True).content.decode()
    assert "Anchor Trust (09:30) would lose their slot" in page
    change_rules(panel=panel, seats=4, sectors=3, tracks=3)
    panel.refresh_from_db()
    assert (panel.seats, panel.sectors, panel.tracks) == (4, 3, 3)


def test_of_two_who_set_up_one_is_told(cast: Cast, panel: Panel) -> None:
    with pytest.raises(NotInThisState, match="set up meanwhile"):
        set_up_panel(cycle=panel.cycle, seats=3, sectors=2, tracks=1, by=cast.administrator)


def test_one_member_is_asked_again_unless_they_have_left(cast: Cast, panel: Panel, officer: Client) -> None:
    member = make_contact_member(panel, cast.other_organisation)
    officer.post(f"{MEMBERS}{member.pk}/ask/")
    officer.post(f"{MEMBERS}{member.pk}/ask/")
    assert Message.objects.count() == 2
    Contact.objects.update(ended_at=timezone.now())
    page = officer.post(f"{MEMBERS}{member.pk}/ask/", follow=True).content.decode()
    assert "so nothing was sent" in page
    assert Message.objects.count() == 2


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_members(
    cast: Cast, panel: Panel, officer: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for index in range(number):
        member = make_contact_member(panel, cast.other_organisation, email=f"a{index}@beacon.example")
        make_interest(member, cast.organisation)
    with django_assert_num_queries(6):
        page = officer.get(MEMBERS).content.decode()
    assert page.count("To confirm") == number
    with django_assert_num_queries(10):
        officer.get(f"{MEMBERS}{member.pk}/")
