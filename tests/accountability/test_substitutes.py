"""Somebody else in a seat: by the same rules before the day and on it, and told where releases are told, once."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from accountability.feeds import get_member_feed
from accountability.models import Meeting, Panel, PanelMember, Release, Representative
from accountability.releases import get_last, read_draft, read_release
from accountability.releasing import release_timetable
from accountability.substitutes import list_substitutes
from accountability.substituting import replace_member, substitute_member
from accountability.timetable_changes import compare, make_digest
from s11.web.dates import LONDON
from s11.web.errors import NotInThisState
from surveys.models import Message
from tests import factories
from tests.accountability.rounds import HALF_PAST_NINE, NINE, hold, make_round
from tests.conftest import Cast


@pytest.fixture
def panel(cast: Cast) -> Panel:
    """Two agencies, the first with a time that has gone out; the fourth member sits nowhere."""
    panel = make_round(cast, agencies=2, tracks=2)
    factories.make_member("lead@agency.example", organisation=get_meeting(panel).organisation)
    hold(get_meeting(panel), NINE, *get_members(panel)[:3])
    release(panel, cast)
    Message.objects.all().delete()
    return panel


def release(panel: Panel, cast: Cast) -> Release:
    draft = read_draft(panel, read_release(get_last(panel)))
    return release_timetable(panel=panel, note="", seen=make_digest(draft), by=cast.quality_officer)


def get_members(panel: Panel) -> list[PanelMember]:
    return list(panel.members.with_person().select_related("panel__cycle__partnership").order_by("pk"))


def get_meeting(panel: Panel, number: int = 0) -> Meeting:
    return panel.meetings.with_place().get(invitee__organisation__name=f"Agency {number}")


def substitute(panel: Panel, was: PanelMember, comes: PanelMember, cast: Cast) -> None:
    meeting = get_meeting(panel)
    held = meeting.seats.get(member=was)
    substitute_member(meeting=meeting, seat=held, member=comes, by=cast.quality_officer)


def say_feed(member: PanelMember) -> list[tuple[bool, int]]:
    return [(one.is_off, one.entry.sequence) for one in get_member_feed(member).meetings]


def at(panel: Panel, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(panel.days.get().date, datetime.time(hour, minute), tzinfo=LONDON)


def test_who_stands_in_on_the_day_has_it_in_their_calendar_and_who_went_has_not(
    cast: Cast, panel: Panel
) -> None:
    _, member, _, hugh = get_members(panel)
    assert say_feed(hugh) == []
    with time_machine.travel(at(panel, 8, 50), tick=False):
        substitute(panel, member, hugh, cast)
    assert get_meeting(panel).seats.get(member=hugh).attended is True
    assert say_feed(hugh) == [(False, 1)]
    assert say_feed(member) == [(True, 1)]
    last = get_last(panel)
    assert last is not None
    assert (last.number, last.note) == (2, f"{hugh} sits for Agency 0 in place of {member}.")
    mails = list(Message.objects.values_list("email", flat=True))
    assert sorted(mails) == sorted([member.email, hugh.email])
    # Nothing is left to be told again.
    assert compare(read_release(last), read_draft(panel, read_release(last))) == []
    with pytest.raises(NotInThisState, match="Nothing has changed"):
        release(panel, cast)


@pytest.mark.parametrize("is_held", [False, True])
def test_about_a_meeting_that_is_over_nobody_is_written_to(cast: Cast, panel: Panel, is_held: bool) -> None:
    _, member, _, hugh = get_members(panel)
    if is_held:
        panel.meetings.filter(pk=get_meeting(panel).pk).update(status="held")
    with time_machine.travel(at(panel, 9, 15) if is_held else at(panel, 9, 30), tick=False):
        substitute(panel, member, hugh, cast)
    assert not Message.objects.exists()
    assert (say_feed(hugh), say_feed(member)) == ([(False, 1)], [(True, 1)])


def test_of_a_meeting_that_nobody_was_told_nothing_goes_out(cast: Cast, panel: Panel) -> None:
    meeting, hugh = get_meeting(panel, 1), get_members(panel)[3]
    hold(meeting, HALF_PAST_NINE, *get_members(panel)[:3])
    held = meeting.seats.get(is_chair=False, member=get_members(panel)[1])
    substitute_member(meeting=meeting, seat=held, member=hugh, by=cast.quality_officer)
    assert panel.releases.count() == 1
    assert say_feed(hugh) == []


def test_what_is_planned_anew_meanwhile_is_not_told_by_the_way(cast: Cast, panel: Panel) -> None:
    _, member, _, hugh = get_members(panel)
    Meeting.objects.filter(pk=get_meeting(panel).pk).update(starts_at=HALF_PAST_NINE)
    substitute(panel, member, hugh, cast)
    told = read_release(get_last(panel))[get_meeting(panel).pk]
    assert (told.starts_at, told.members) == (
        NINE,
        frozenset({one.pk for one in get_members(panel)} - {member.pk}),
    )


def test_the_chair_passes_on_the_day_as_before_it(cast: Cast, panel: Panel) -> None:
    chair, _, holly, hugh = get_members(panel)
    substitute(panel, chair, hugh, cast)
    assert get_meeting(panel).seats.get(is_chair=True).member == holly


def find(panel: Panel) -> str:
    """Why the fourth member cannot sit in the first meeting."""
    [found] = list_substitutes(get_meeting(panel))
    return found.why


def test_meetings_that_overlap_keep_people_away_whenever_they_begin(cast: Cast, panel: Panel) -> None:
    """A slot of other hours: from 09:15 to 09:45."""
    other, hugh = get_meeting(panel, 1), get_members(panel)[3]
    hold(other, datetime.time(9, 15), hugh, track=1)
    assert find(panel) == "sits for Agency 1 then"
    # Touching is not overlapping.
    Meeting.objects.filter(pk=other.pk).update(starts_at=HALF_PAST_NINE)
    assert find(panel) == ""


def test_it_says_where_somebody_was_whether_or_not_that_is_closed(cast: Cast, panel: Panel) -> None:
    other, hugh = get_meeting(panel, 1), get_members(panel)[3]
    hold(other, NINE, hugh, track=1)
    panel.meetings.filter(pk=other.pk).update(status="held")
    assert find(panel) == "sits for Agency 1 then"
    # Who did not come there could be here.
    other.seats.update(attended=False)
    assert find(panel) == ""


def test_who_comes_for_an_agency_then_cannot_sit(cast: Cast, panel: Panel) -> None:
    other, hugh = get_meeting(panel, 1), get_members(panel)[3]
    hold(other, NINE, track=1)
    row = Representative.objects.create(meeting=other, name="Hugh", email=hugh.email.upper())
    assert find(panel) == "comes for Agency 1 then"
    row.meeting = get_meeting(panel)
    row.save()
    assert find(panel) == "comes for Agency 0 then"


def test_who_has_left_stands_in_for_nobody(cast: Cast, panel: Panel) -> None:
    contact = get_members(panel)[3].contact
    assert contact is not None
    contact.ended_at = timezone.now()
    contact.save()
    assert list_substitutes(get_meeting(panel)) == []


def test_who_sits_as_often_as_they_can_must_have_confirmed(cast: Cast, panel: Panel) -> None:
    _, member, _, hugh = get_members(panel)
    hugh.most = 1
    hugh.save()
    hold(get_meeting(panel, 1), HALF_PAST_NINE, hugh, track=1)
    meeting = get_meeting(panel)
    held = meeting.seats.get(member=member)
    with pytest.raises(NotInThisState, match="sits in 1 meeting already, as many as they can take"):
        replace_member(meeting=meeting, seat=held, member=hugh, by=cast.quality_officer)
    replace_member(meeting=meeting, seat=held, member=hugh, has_confirmed=True, by=cast.quality_officer)
