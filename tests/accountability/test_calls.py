"""Agencies to call: proposed with their reasons, called one by one or many at once, dropped and called again."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.call_list import CallState, Wanted, count_states, get_call_rows, pick
from accountability.calling import get_priority, get_reasons, make_chosen
from accountability.calls import call_agencies, cancel_meeting
from accountability.enums import CallReason, MeetingStatus
from accountability.models import Meeting, Panel
from s11.organisations.models import Organisation, Participation, User
from s11.web.errors import NotInThisState
from surveys.enums import AuditStatus, Obligation
from surveys.models import Cycle, Invitee
from tests import factories
from tests.accountability.factories import (
    make_contact_member,
    make_day,
    make_meeting,
    make_officer_member,
    make_panel,
    seat,
)
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
PAGE = "/p/harbour/desk/meetings/2026/calls/"


@grounded
def panel(cast: Cast) -> Panel:
    """Anchor is at 0 everywhere, Beacon fine; a panel saw Beacon a year ago and the law does not name it."""
    today = timezone.localdate()
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    factories.make_audit(cycle, cast.organisation, scores=0, status=AuditStatus.SUBMITTED)
    factories.make_audit(cycle, cast.other_organisation, scores=2, status=AuditStatus.SUBMITTED)
    Participation.objects.filter(organisation=cast.other_organisation).update(is_statutory=False)
    before = make_panel(factories.make_cycle(cast.partnership, slug="2025", questionnaires=(bank,)))
    seen = make_meeting(
        before, cast.other_organisation, day=make_day(before, today - datetime.timedelta(days=365))
    )
    Meeting.objects.filter(pk=seen.pk).update(status=MeetingStatus.HELD)
    # Somebody else's, of which nothing may be seen here
    elsewhere = factories.make_cycle(cast.elsewhere, questionnaires=(bank,))
    stranger = factories.make_organisation("Stranger", partnership=cast.elsewhere)
    make_meeting(make_panel(elsewhere), stranger)
    return make_panel(cycle)


def get_invitee(panel: Panel, organisation: Organisation) -> Invitee:
    return Invitee.objects.get(cycle=panel.cycle, organisation=organisation)


def test_the_page_says_why_in_words(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    page = sign_in(cast.quality_officer).get(PAGE).content.decode()
    assert "The critical indicator A1.1 is at 0, by its own scores" in page
    assert "Grade 0 by its own scores (mean 0.00)" in page
    assert "No rule proposes it" in page
    assert page.index("Anchor Trust") < page.index("Beacon Homes")
    assert "Stranger" not in page


def test_those_ticked_are_called_with_their_reasons(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    anchor, beacon = (get_invitee(panel, one) for one in (cast.organisation, cast.other_organisation))
    client = sign_in(cast.quality_officer)
    page = client.post(PAGE, {"invitees": [anchor.pk, beacon.pk]}, follow=True).content.decode()

    # Beacon has no reason, so a tick that the page did not offer calls nobody.
    meeting = panel.meetings.get()
    assert "1 agency is called." in page
    assert (meeting.invitee, meeting.status, meeting.called_by) == (
        anchor,
        MeetingStatus.CALLED,
        cast.quality_officer,
    )
    rows = get_call_rows(panel)
    assert meeting.priority == get_priority(get_reasons(rows[0].known.facts))
    assert [one.kind for one in meeting.reasons.all()] == [
        CallReason.CRITICAL_ZERO,
        CallReason.BELOW_GRADE_2,
        CallReason.STATUTORY,
        CallReason.NOT_SEEN,
    ]
    # Again changes nothing.
    assert "Nobody was chosen" in client.post(PAGE, {"all": "1"}, follow=True).content.decode()
    assert panel.meetings.get() == meeting


def test_all_that_the_filter_shows(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    for number in range(3):
        place = factories.make_organisation(f"Cove {number}", partnership=cast.partnership)
        factories.make_invitee(panel.cycle, place)
    client = sign_in(cast.administrator)
    client.post(f"{PAGE}?search=cove", {"all": "1"})
    assert panel.meetings.count() == 3
    client.post(f"{PAGE}?reason=critical_zero", {"all": "1"})
    assert panel.meetings.count() == 4


def test_an_own_reason_is_needed_where_no_rule_says_one(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    page = client.post(f"{PAGE}beacon/", {"reason": " "}).content.decode()
    assert "Enter why this agency is called" in page
    client.post(f"{PAGE}beacon/", {"reason": "A new head teacher"})
    meeting = panel.meetings.get()
    assert [(one.kind, one.sentence) for one in meeting.reasons.all()] == [
        (CallReason.CHOSEN, "A new head teacher")
    ]
    assert meeting.priority == 21
    assert "Chosen: A new head teacher" in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}beacon/").status_code == 302
    # Beside the rules' reasons one may be added.
    client.post(f"{PAGE}anchor/", {"reason": ""})
    assert CallReason.CHOSEN not in get_kinds(panel, cast.organisation)


def get_kinds(panel: Panel, organisation: Organisation) -> list[str]:
    meeting = panel.meetings.get(invitee__organisation=organisation)
    return list(meeting.reasons.values_list("kind", flat=True))


def test_dropped_with_a_reason_and_called_again(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    call_agencies(
        panel=panel,
        reasons={get_invitee(panel, cast.organisation): [make_chosen("First")]},
        by=cast.quality_officer,
    )
    meeting = panel.meetings.get()
    meeting.day, meeting.starts_at, meeting.track = make_day(panel), datetime.time(9, 30), 0
    meeting.is_locked, meeting.why_unplaced = True, ""
    meeting.save()
    seat(meeting, make_officer_member(panel, cast.panel_chair), make_contact_member(panel, cast.organisation))
    client = sign_in(cast.quality_officer)
    assert "Enter why it is dropped" in client.post(f"{PAGE}anchor/drop/", {"reason": ""}).content.decode()

    page = client.post(f"{PAGE}anchor/drop/", {"reason": "It merged"}, follow=True).content.decode()
    assert "It merged" in page
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancel_reason) == (MeetingStatus.CANCELLED, "It merged")
    assert not Meeting.objects.get(pk=meeting.pk).is_placed
    assert not meeting.is_locked
    assert not meeting.seats.exists()
    assert client.get(f"{PAGE}anchor/drop/").status_code == 404
    with pytest.raises(NotInThisState):
        cancel_meeting(meeting=meeting, reason="Again", by=cast.quality_officer)

    uid = meeting.uid
    client.post(f"{PAGE}anchor/", {"reason": "Second"})
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancel_reason, meeting.uid) == (MeetingStatus.CALLED, "", uid)
    assert meeting.reasons.filter(sentence="Second").exists()
    assert not meeting.reasons.filter(sentence="First").exists()


def test_each_agency_is_in_one_state_and_filters_narrow(cast: Cast, panel: Panel) -> None:
    place = factories.make_organisation("Cove", partnership=cast.partnership)
    factories.make_invitee(panel.cycle, place, obligation=Obligation.MAY)
    call_agencies(
        panel=panel, reasons={get_invitee(panel, place): [make_chosen("New")]}, by=cast.quality_officer
    )
    rows = get_call_rows(panel)
    assert count_states(rows) == {
        CallState.PROPOSED: 1,
        CallState.CALLED: 1,
        CallState.DROPPED: 0,
        CallState.OTHER: 1,
    }

    def names(**wanted: str) -> list[str]:
        return [row.name for row in pick(rows, Wanted(**wanted))]

    assert names(state="proposed") == ["Anchor Trust"]
    assert names(state="called") == names(search="COV") == names(reason="chosen") == ["Cove"]
    assert names(state="other") == ["Beacon Homes"]
    assert names(variant="school") == []
    assert len(names(variant="standard")) == 3


@pytest.mark.parametrize("number", [1, 3])
def test_queries(
    cast: Cast,
    panel: Panel,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for index in range(number):
        place = factories.make_organisation(f"Place {index}", partnership=cast.partnership)
        invitee = factories.make_invitee(panel.cycle, place)
        call_agencies(panel=panel, reasons={invitee: [make_chosen("New")]}, by=cast.quality_officer)
    client = sign_in(cast.scrutineer)
    with django_assert_num_queries(14):
        assert client.get(PAGE).content.decode().count("Chosen: New") == number


def test_many_are_called_in_a_fixed_number_of_queries(
    cast: Cast, panel: Panel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    invitees = []
    for index in range(5):
        place = factories.make_organisation(f"Place {index}", partnership=cast.partnership)
        invitees.append(factories.make_invitee(panel.cycle, place))
    reasons = [make_chosen("New")]
    with django_assert_num_queries(8):
        call_agencies(panel=panel, reasons={invitees[0]: reasons}, by=cast.quality_officer)
    with django_assert_num_queries(8):
        call_agencies(panel=panel, reasons=dict.fromkeys(invitees[1:], reasons), by=cast.quality_officer)


def test_another_partnerships_officer_finds_nothing(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    client = sign_in(cast.outsider)
    for address in (
        PAGE,
        f"{PAGE}anchor/",
        f"{PAGE}anchor/drop/",
        "/p/moorland/desk/meetings/2026/calls/anchor/",
    ):
        assert client.get(address).status_code == 404


def test_a_cycle_is_filtered_by_what_it_asks(cast: Cast, panel: Panel, sign_in: SignIn) -> None:
    cycle: Cycle = panel.cycle
    assert cycle.cycle_questionnaires.count() == 1
    page = sign_in(cast.scrutineer).get(f"{PAGE}?variant=school&state=nonsense").content.decode()
    # What cannot be understood filters nothing.
    assert "Anchor Trust" in page
    assert "Call those ticked" not in page
