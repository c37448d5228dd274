"""From a day's hours and breaks to slots; what is unwise about a day; the strip that draws it."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.day_strips import make_strip
from accountability.day_warnings import get_day_warnings
from accountability.enums import Half
from accountability.slots import (
    AFTERNOON,
    MORNING,
    Slot,
    get_half,
    list_halves,
    make_slots,
    to_minutes,
    to_time,
)

Time = datetime.time
LUNCH = (Time(12, 30), Time(13, 15))
CLOSES_ON = datetime.date(2027, 1, 31)
WEDNESDAY = datetime.date(2027, 3, 3)

moments = st.integers(0, 24 * 60 - 1)
hours = st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1])


def list_starts(slots: list[Slot]) -> list[str]:
    return [f"{slot.start:%H:%M}" for slot in slots]


def test_a_day_with_lunch() -> None:
    slots = make_slots(Time(9, 30), Time(16), 60, [LUNCH])
    assert list_starts(slots) == ["09:30", "10:30", "11:30", "13:15", "14:15"]
    assert [slot.half for slot in slots] == [MORNING] * 3 + [AFTERNOON] * 2
    assert f"{slots[-1].end:%H:%M}" == "15:15"


def test_a_meeting_may_end_as_a_break_begins() -> None:
    assert list_starts(make_slots(Time(12), Time(13, 45), 30, [LUNCH])) == ["12:00", "13:15"]


def test_breaks_that_overlap_and_lie_outside_are_no_trouble() -> None:
    breaks = [(Time(10), Time(11)), (Time(10, 30), Time(11, 30)), (Time(20), Time(21)), (Time(7), Time(8))]
    assert list_starts(make_slots(Time(9), Time(13), 60, breaks)) == ["09:00", "11:30"]


def test_half_of_a_day_turns_at_one() -> None:
    assert (get_half(Time(12, 59)), get_half(Time(13))) == (MORNING, AFTERNOON)
    assert (MORNING, AFTERNOON) == (Half.MORNING, Half.AFTERNOON)
    assert list_halves(make_slots(Time(14), Time(16), 30)) == [AFTERNOON]


def test_a_meeting_lasts() -> None:
    with pytest.raises(ValueError, match="give 1 or more"):
        make_slots(Time(9), Time(10), 0)


@given(day=hours, minutes=st.integers(1, 240), pairs=st.lists(hours, max_size=5))
def test_slots_keep_every_rule(day: tuple[int, int], minutes: int, pairs: list[tuple[int, int]]) -> None:
    breaks = [(to_time(start), to_time(end)) for start, end in pairs]
    slots = make_slots(to_time(day[0]), to_time(day[1]), minutes, breaks)

    spans = [(to_minutes(slot.start), to_minutes(slot.start) + slot.minutes) for slot in slots]
    assert all(day[0] <= start and end <= day[1] and end - start == minutes for start, end in spans)
    assert all(one[1] <= after[0] for one, after in pairwise(spans))
    assert not any(start < until and since < end for start, end in spans for since, until in pairs)
    # None is left out: before, between and after them no further meeting has room.
    edges = [day[0], *(edge for span in spans for edge in span), day[1]]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        free = [
            moment
            for moment in range(start, end - minutes + 1)
            if not any(moment < until and since < moment + minutes for since, until in pairs)
        ]
        assert not free


@pytest.mark.parametrize(
    ("date", "end", "breaks", "said"),
    [
        (WEDNESDAY, Time(15, 15), [("Lunch", *LUNCH)], []),
        (
            datetime.date(2027, 3, 6),
            Time(15, 15),
            [("Lunch", *LUNCH)],
            ["Saturday 6 March 2027 is no working day. The next one is Monday 8 March 2027."],
        ),
        (
            datetime.date(2027, 3, 26),
            Time(15, 15),
            [("Lunch", *LUNCH)],
            ["Friday 26 March 2027 is no working day. The next one is Tuesday 30 March 2027."],
        ),
        (
            datetime.date(2027, 1, 29),
            Time(15, 15),
            [("Lunch", *LUNCH)],
            [
                "Audits can be returned until Sunday 31 January 2027, so packs for this day may lack what comes last."
            ],
        ),
        (
            WEDNESDAY,
            Time(12, 30),
            [("Tea", Time(17), Time(18))],
            ["Tea, 17:00 to 18:00, lies outside the day."],
        ),
        (
            WEDNESDAY,
            Time(13, 0),
            [],
            [
                "30 minutes at the end are too short for a meeting: the last one ends at 12:30.",
            ],
        ),
        (
            WEDNESDAY,
            Time(13, 30),
            [],
            ["There is no break between 09:30 and 13:30. Panels tire."],
        ),
    ],
)
def test_what_is_unwise_is_said(
    date: datetime.date, end: Time, breaks: list[tuple[str, Time, Time]], said: list[str]
) -> None:
    slots = make_slots(Time(9, 30), end, 60, [(since, until) for _, since, until in breaks])
    assert get_day_warnings(date, (Time(9, 30), end), breaks, slots, CLOSES_ON) == said


def test_the_strip_is_to_scale() -> None:
    slots = make_slots(Time(9), Time(13), 60, [(Time(10), Time(11))])
    strip = make_strip(
        (Time(9), Time(13)), slots, [("Tea", Time(10), Time(11)), ("Late", Time(12, 30), Time(15))]
    )
    assert [(one.x, one.width) for one in strip.meetings] == [
        ("0.00%", "25.00%"),
        ("50.00%", "25.00%"),
        ("75.00%", "25.00%"),
    ]
    assert [(one.x, one.width, one.text) for one in strip.breaks] == [
        ("25.00%", "25.00%", "Tea"),
        ("87.50%", "12.50%", "Late"),
    ]
    assert [(one.x, one.text) for one in strip.hours][::4] == [("0.00%", "09"), ("100.00%", "13")]
    assert strip.spoken == "3 meetings between 09:00 and 13:00"
