"""Who may do what with panels and meetings: person by action, and what a state refuses to everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from accountability.enums import MeetingStatus
from accountability.models import Meeting, Panel, PanelMember, Release, ReleasedMeeting, ReleasedSeat
from accountability.permissions import (
    check_can_answer_as_member,
    check_can_answer_own,
    check_can_end_panel_member,
    check_can_plan_meetings,
    check_can_read_round,
    check_can_say_half_days,
    check_can_see_meetings,
)
from accountability.queries import get_round_or_404
from s11.organisations.queries import Desk, get_agency_or_404, get_desk_or_404
from s11.web.errors import reason_why_not
from surveys.models import Cycle
from tests import factories
from tests.accountability.factories import (
    FIRST_DAY,
    make_contact_member,
    make_day,
    make_meeting,
    make_officer_member,
    make_panel,
    seat,
)
from tests.conftest import Cast
from tests.ground import grounded

READERS = {"administrator", "quality_officer", "scrutineer"}
TABLE: list[tuple[Callable[[Desk], None], set[str]]] = [
    (check_can_see_meetings, READERS | {"panel_member", "panel_chair"}),
    (check_can_read_round, READERS),
    (check_can_plan_meetings, {"administrator", "quality_officer"}),
]
OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


@grounded
def panel(cycle: Cycle) -> Panel:
    return make_panel(cycle)


def release(meeting: Meeting, member: PanelMember) -> None:
    out = Release.objects.create(panel=meeting.panel, number=1)
    told = ReleasedMeeting.objects.create(
        release=out, meeting=meeting, date=FIRST_DAY, starts_at="09:30", minutes=30, track=0
    )
    ReleasedSeat.objects.create(released=told, member=member)


@pytest.mark.parametrize(("check", "may"), TABLE, ids=lambda value: getattr(value, "__name__", ""))
def test_on_the_desk(cast: Cast, check: Callable[[Desk], None], may: set[str]) -> None:
    found = {
        name
        for name in OFFICERS
        if not reason_why_not(check, get_desk_or_404(cast.people[name], cast.partnership.slug))
    }
    assert found == may


def test_nobody_is_taken_from_a_planned_seat(cast: Cast, panel: Panel) -> None:
    desk = get_desk_or_404(cast.quality_officer, "harbour")
    member = make_contact_member(panel, cast.other_organisation)
    assert not reason_why_not(check_can_end_panel_member, desk, member)
    meeting = make_meeting(panel, cast.organisation, day=make_day(panel))
    seat(meeting, member)
    assert "sit for Anchor Trust" in reason_why_not(check_can_end_panel_member, desk, member)
    # Held or cancelled, it holds nobody.
    for status in (MeetingStatus.HELD, MeetingStatus.CANCELLED):
        Meeting.objects.update(status=status, cancel_reason="Ill.")
        assert not reason_why_not(check_can_end_panel_member, desk, member)
    member.is_active = False
    assert "off the panel already" in reason_why_not(check_can_end_panel_member, desk, member)


def test_a_member_answers_until_a_timetable_relies_on_it(cast: Cast, panel: Panel) -> None:
    cast.partnership.contact_email = "safeguarding@harbour.example"
    cast.partnership.save()
    member = make_contact_member(panel, cast.other_organisation)
    other = make_contact_member(panel, cast.other_organisation, email="other@example.org")
    assert not reason_why_not(check_can_answer_as_member, member)
    release(make_meeting(panel, cast.organisation, day=make_day(panel)), other)
    assert not reason_why_not(check_can_answer_as_member, PanelMember.objects.get(pk=member.pk))
    reason = reason_why_not(check_can_answer_as_member, PanelMember.objects.get(pk=other.pk))
    assert "tell safeguarding@harbour.example now" in reason
    member.is_active = False
    assert "not on this panel any more" in reason_why_not(check_can_answer_as_member, member)


@pytest.mark.parametrize("name", OFFICERS)
def test_ones_own_answer_is_for_those_on_the_panel(cast: Cast, panel: Panel, name: str) -> None:
    make_officer_member(panel, cast.panel_chair)
    person = cast.people[name]
    here = get_round_or_404(person, get_desk_or_404(person, "harbour"), panel.cycle.slug)
    assert bool(reason_why_not(check_can_answer_own, here)) == (name != "panel_chair")


@pytest.mark.parametrize("name", ["lead", "contributor", "signatory", "viewer"])
def test_who_speaks_for_an_agency(cast: Cast, panel: Panel, name: str) -> None:
    agency = get_agency_or_404(cast.people[name], "harbour", "anchor")
    meeting = make_meeting(panel, cast.organisation, asked_at=timezone.now())
    may = name in {"lead", "signatory"}
    assert bool(reason_why_not(check_can_say_half_days, agency, meeting)) != may
    if may:
        meeting.told_at = timezone.now()
        assert "told a time" in reason_why_not(check_can_say_half_days, agency, meeting)
        meeting.status = MeetingStatus.CANCELLED
        assert "is cancelled" in reason_why_not(check_can_say_half_days, agency, meeting)
