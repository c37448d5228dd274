"""The problem out of the database: who can sit when and for whom, and what is left to plan."""

from __future__ import annotations

import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from accountability.enums import AvailabilityAnswer, Half, InterestKind, MeetingStatus
from accountability.models import DayBreak, Interest, MeetingDay, Panel, PanelMember, Representative
from accountability.models import Meeting as AnyMeeting
from accountability.problems import build_problem, name_once
from accountability.scheduling import Meeting, Member, Place
from accountability.timetables import find_current_faults
from s11.organisations.models import Participation
from surveys.models import Questionnaire
from tests import factories
from tests.accountability.factories import make_contact_member, make_meeting, make_officer_member, make_panel
from tests.accountability.rounds import (
    HALF_PAST_NINE,
    NINE,
    TEN,
    add_agency,
    add_day,
    get_day,
    hold,
    make_round,
    say_when,
)
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def panel(cast: Cast) -> Panel:
    return make_round(cast)


def get_members(panel: Panel) -> list[PanelMember]:
    return list(panel.members.order_by("pk"))


def get_member(panel: Panel, member: PanelMember) -> Member:
    built = build_problem(panel)
    return next(one for one in built.problem.members if built.members[one.id].pk == member.pk)


def get_meeting(panel: Panel, name: str) -> Meeting:
    return next(one for one in build_problem(panel).problem.meetings if one.organisation == name)


def test_slots_go_round_breaks_and_over_the_days(panel: Panel) -> None:
    [first] = panel.days.all()
    DayBreak.objects.create(day=first, starts_at=HALF_PAST_NINE, ends_at=datetime.time(9, 45))
    add_day(panel, 1, ends_at=HALF_PAST_NINE)
    slots = build_problem(panel).problem.slots
    assert [(one.start.date(), one.start.time(), one.minutes) for one in slots] == [
        (get_day(0), NINE, 30),
        (get_day(0), datetime.time(9, 45), 30),
        (get_day(1), NINE, 30),
    ]


def test_who_has_said_nothing_is_not_counted_on(panel: Panel) -> None:
    chair, second, third, _ = get_members(panel)
    second.availabilities.all().delete()
    say_when(third, answer=AvailabilityAnswer.BUSY)
    say_when(chair, answer=AvailabilityAnswer.PREFERRED)
    assert get_member(panel, chair).slots == (0, 1, 2)
    assert get_member(panel, second).slots == ()
    assert get_member(panel, third).slots == ()
    assert build_problem(panel).silent == (second,)


def test_halves_are_told_apart_at_one_o_clock(panel: Panel) -> None:
    [day] = panel.days.all()
    MeetingDay.objects.update(starts_at=datetime.time(12), ends_at=datetime.time(14))
    chair = get_members(panel)[0]
    say_when(chair, Half.MORNING, day=day, answer=AvailabilityAnswer.BUSY)
    # 12:00 and 12:30 are of the morning, 13:00 and 13:30 are not.
    assert get_member(panel, chair).slots == (2, 3)


def test_a_member_as_the_scheduler_sees_them(cast: Cast, panel: Panel) -> None:
    chair, second, *_ = get_members(panel)
    add_agency(cast, panel, "Agency 0")
    meeting = add_agency(cast, panel, "Agency 1")
    Interest.objects.create(member=second, organisation=meeting.organisation, kind=InterestKind.GOVERNS)
    second.most = 2
    second.save()
    assert get_member(panel, chair) == Member(
        id="panel_chair@harbour.example", sector="Local authority", slots=(0, 1, 2), chair=True
    )
    found = get_member(panel, second)
    assert (found.chair, found.conflicts, found.most) == (False, ("Agency 1",), 2)


def test_who_sits_on_another_cycles_panel_is_not_free_then(cast: Cast, panel: Panel) -> None:
    """As an officer or as a contact; while that meeting is to be held, and no earlier and no later."""
    chair, second, contact, other = get_members(panel)
    topic = make_panel(
        factories.make_cycle(cast.partnership, slug="topic", questionnaires=(Questionnaire.objects.get(),))
    )
    day = add_day(topic)
    assert chair.contact is None
    assert contact.contact is not None
    assert contact.organisation is not None
    same = (
        make_officer_member(topic, cast.panel_chair, may_chair=True),
        make_contact_member(topic, contact.organisation, email=contact.email.upper()),
    )
    place = factories.make_organisation("Elsewhere", partnership=cast.partnership)
    meeting = make_meeting(topic, place)
    for one in same:
        meeting.seats.create(member=one)
    AnyMeeting.objects.filter(pk=meeting.pk).update(day=day, starts_at=datetime.time(9, 15), track=0)
    assert [get_member(panel, one).slots for one in (chair, second, contact, other)] == [
        (2,),
        (0, 1, 2),
        (2,),
        (0, 1, 2),
    ]
    AnyMeeting.objects.filter(pk=meeting.pk).update(
        status=MeetingStatus.CANCELLED, cancel_reason="It closes."
    )
    assert get_member(panel, chair).slots == (0, 1, 2)


def test_who_is_off_the_panel_is_not_there(panel: Panel) -> None:
    chair, second, *_ = get_members(panel)
    PanelMember.objects.filter(pk=second.pk).update(is_active=False)
    assert chair.officer is not None
    chair.officer.ended_at = chair.officer.started_at
    chair.officer.save()
    assert len(build_problem(panel).problem.members) == 2


def test_an_agency_comes_when_it_has_not_said_that_it_cannot(cast: Cast, panel: Panel) -> None:
    add_day(panel, 1, ends_at=HALF_PAST_NINE)
    meeting = add_agency(cast, panel, "Agency 0", priority=7)
    Participation.objects.filter(organisation=meeting.organisation).update(local_name="Our name")
    assert get_meeting(panel, "Our name") == Meeting("Our name", 7, (0, 1, 2, 3))
    first, second = panel.days.all()
    say_when(meeting, day=first, answer=AvailabilityAnswer.BUSY)
    say_when(meeting, day=second, answer=AvailabilityAnswer.PREFERRED)
    found = get_meeting(panel, "Our name")
    assert (found.slots, found.preferred) == ((3,), (3,))
    # Once it has a time, that it would like another moves nobody.
    hold(meeting, NINE, day=second)
    assert get_meeting(panel, "Our name").preferred == ()


def test_where_it_is_now_and_what_is_locked(cast: Cast, panel: Panel) -> None:
    chair, second, third, _ = get_members(panel)
    meeting = add_agency(cast, panel, "Agency 0")
    hold(meeting, HALF_PAST_NINE, chair, second, third)
    found = get_meeting(panel, "Agency 0")
    assert found.current is not None
    assert (found.current.slot, found.current.track) == (1, 0)
    assert found.current.members == ("panel_chair@harbour.example", "panel_member@harbour.example", "Holly")
    assert found.locked is None
    meeting.is_locked = True
    meeting.save()
    assert get_meeting(panel, "Agency 0").locked == Place(1, 0)


def test_a_locked_time_stays_a_time_when_the_hours_change(cast: Cast, panel: Panel) -> None:
    meeting = add_agency(cast, panel, "Agency 0")
    hold(meeting, HALF_PAST_NINE)
    add_agency(cast, panel, "Agency 1")
    MeetingDay.objects.update(minutes=45, ends_at=datetime.time(10, 30))
    # 09:00 and 09:45; what is not locked loses a time that is none any more.
    assert get_meeting(panel, "Agency 0").current is None
    meeting.is_locked = True
    meeting.save()
    found = get_meeting(panel, "Agency 0")
    assert found.locked == Place(1, 0)
    assert found.slots == (0, 1, 2)
    assert get_meeting(panel, "Agency 1").slots == (0, 2)


def test_what_was_held_or_has_begun_is_settled(cast: Cast, panel: Panel) -> None:
    chair, second, third, _ = get_members(panel)
    PanelMember.objects.filter(pk=chair.pk).update(most=1)
    meeting = add_agency(cast, panel, "Agency 0")
    hold(meeting, HALF_PAST_NINE, chair, second, third)
    add_agency(cast, panel, "Agency 1")
    meeting.status = MeetingStatus.HELD
    meeting.save()
    built = build_problem(panel)
    assert built.settled == (meeting,)
    assert list(built.meetings) == ["Agency 1"]
    # Its time is taken, and so is the chair's one meeting.
    assert [one.start.time() for one in built.problem.slots] == [NINE, TEN]
    assert get_member(panel, chair).most == 0


def test_what_was_closed_early_leaves_alone_who_meets_beside_it(cast: Cast) -> None:
    """Two panels at a time; the first was closed before its time, as where nobody came."""
    panel = make_round(cast, tracks=2)
    first, second, _ = (add_agency(cast, panel, name) for name in ("First", "Second", "Third"))
    chair, member, holly, hugh = get_members(panel)
    hold(first, NINE, chair)
    hold(second, NINE, holly, hugh, member, track=1)
    first.status = MeetingStatus.HELD
    first.save()
    built = build_problem(panel)
    assert find_current_faults(built) == []
    [slot] = [index for index, (_, start) in enumerate(built.times) if start == NINE]
    # It stays, nothing joins it, and who sat in the other is not asked then.
    assert get_meeting(panel, "Second").locked == Place(slot, 1)
    assert slot not in get_meeting(panel, "Third").slots
    assert slot not in get_member(panel, chair).slots
    assert slot in get_member(panel, holly).slots


def test_times_that_have_come_are_no_times(cast: Cast, panel: Panel) -> None:
    add_agency(cast, panel, "Agency 0")
    now = datetime.datetime.combine(get_day(), HALF_PAST_NINE).astimezone()
    assert [one.start.time() for one in build_problem(panel, now).problem.slots] == [TEN]


def test_who_comes_for_two_agencies_is_one_person(cast: Cast, panel: Panel) -> None:
    chair = get_members(panel)[0]
    meetings = [add_agency(cast, panel, f"Agency {number}") for number in range(3)]
    for meeting, name, email in (
        (meetings[0], "Pat Poole", "pat@pool.example"),
        (meetings[1], "P. Poole", "PAT@pool.example"),
        (meetings[1], "Kim Kaye", "kim@pool.example"),
        (meetings[2], "Kim Kaye", ""),
        (meetings[2], "The chair", chair.email),
    ):
        Representative.objects.create(meeting=meeting, name=name, email=email)
    assert build_problem(panel).problem.people == ("Pat Poole",)
    assert get_meeting(panel, "Agency 0").attendees == ("Pat Poole",)
    assert get_meeting(panel, "Agency 1").attendees == ("Pat Poole",)
    assert get_meeting(panel, "Agency 2").attendees == ("panel_chair@harbour.example",)


def test_two_of_one_name_are_told_apart() -> None:
    assert name_once([(1, "A"), (2, "B"), (3, "A")]) == {"A": 1, "B": 2, "A (2)": 3}


@pytest.mark.parametrize("number", [1, 3])
def test_queries(
    cast: Cast, panel: Panel, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    members = get_members(panel)
    for index in range(number):
        meeting = add_agency(cast, panel, f"Agency {index}")
        hold(meeting, (NINE, HALF_PAST_NINE, TEN)[index], *members[:3])
        Representative.objects.create(meeting=meeting, name="Pat", email="pat@pool.example")
    panel = Panel.objects.select_related("cycle").get(pk=panel.pk)
    with django_assert_num_queries(15):
        build_problem(panel)
