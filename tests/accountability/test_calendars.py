"""Calendar files, read back by two libraries, and line by line as RFC 5545 asks."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from typing import Any

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from accountability.calendars import (
    LONDON,
    Entry,
    Part,
    Person,
    get_content_type,
    make_feed,
    make_invitation,
)

ENTRY = Entry(
    uid="3f2b@safeguarding.example",
    sequence=2,
    stamp=datetime.datetime(2027, 2, 1, 9, tzinfo=datetime.UTC),
    start=datetime.datetime(2027, 3, 26, 9, 30),  # noqa: DTZ001  local, as an entry has it
    minutes=30,
    summary="Accountability meeting: Anchor Trust",
    description="Presentation, then questions; bring the plan.\nParking: level 2, bay 7.",
    location="Committee room 2, Town Hall",
    url="https://safeguarding.example/p/harbour/",
    organiser=Person("Harbour partnership", "office@harbour.example"),
    attendees=(
        Person("Ada Lark", "ada@harbour.example", Part.CHAIR),
        Person('Béa O’Neil; of "Anchor", (lead)', "bea@anchor.example"),
    ),
)
# Local times on both sides of both changes of the clock, and what they are in UTC.
CLOCK = [
    ((2027, 3, 26, 9, 30), (9, 30)),
    ((2027, 3, 29, 9, 30), (8, 30)),
    ((2027, 10, 29, 9, 30), (8, 30)),
    ((2027, 11, 1, 9, 30), (9, 30)),
]
text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=120)


def at(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  local


def read(content: bytes) -> Any:
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return event


def read_with_the_other(content: bytes) -> Any:
    return vobject.readOne(content.decode())


def test_an_invitation_says_who_when_and_where() -> None:
    event = read(make_invitation(ENTRY))

    assert event["UID"] == ENTRY.uid
    assert event["SEQUENCE"] == 2
    assert event.decoded("DTSTART") == ENTRY.start.replace(tzinfo=LONDON)
    assert event.decoded("DTEND") == datetime.datetime(2027, 3, 26, 10, tzinfo=LONDON)
    assert (event["SUMMARY"], event["LOCATION"]) == (ENTRY.summary, ENTRY.location)
    assert event["DESCRIPTION"] == ENTRY.description
    assert event["STATUS"] == "CONFIRMED"
    assert event["ORGANIZER"] == "mailto:office@harbour.example"
    assert [(str(one), one.params["ROLE"], one.params["RSVP"]) for one in event["ATTENDEE"]] == [
        ("mailto:ada@harbour.example", "CHAIR", "TRUE"),
        ("mailto:bea@anchor.example", "REQ-PARTICIPANT", "TRUE"),
    ]
    assert event["ATTENDEE"][1].params["CN"] == "Béa O’Neil; of Anchor , (lead)"


def test_a_second_library_reads_the_same() -> None:
    calendar = read_with_the_other(make_invitation(ENTRY))
    event = calendar.vevent

    assert calendar.method.value == "REQUEST"
    assert event.uid.value == ENTRY.uid
    assert event.sequence.value == "2"
    assert event.dtstart.value.replace(tzinfo=None) == ENTRY.start
    assert event.summary.value == ENTRY.summary
    assert event.description.value == ENTRY.description
    assert [one.value for one in event.attendee_list] == [
        "mailto:ada@harbour.example",
        "mailto:bea@anchor.example",
    ]


def test_a_cancellation_is_the_same_entry() -> None:
    content = make_invitation(replace(ENTRY, is_cancelled=True, sequence=3))
    event = read(content)

    assert b"METHOD:CANCEL\r\n" in content
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (ENTRY.uid, 3, "CANCELLED")
    assert get_content_type(replace(ENTRY, is_cancelled=True)).startswith("text/calendar; method=CANCEL")


@pytest.mark.parametrize(("local", "utc"), CLOCK)
def test_the_clock_change_by_the_files_own_rule(
    local: tuple[int, int, int, int, int], utc: tuple[int, int]
) -> None:
    """The second library knows no Europe/London but the one in the file."""
    event = read_with_the_other(make_invitation(replace(ENTRY, start=at(*local)))).vevent

    start = event.dtstart.value.astimezone(datetime.UTC)
    assert (start.hour, start.minute) == utc
    assert event.dtend.value - event.dtstart.value == datetime.timedelta(minutes=30)


def test_a_feed_has_a_name_and_asks_nobody_to_answer() -> None:
    entries = [ENTRY, replace(ENTRY, uid="4@x.example", is_cancelled=True)]
    content = make_feed("Meetings of Ada Lark", entries)
    calendar = icalendar.Calendar.from_ical(content)

    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-WR-CALNAME"] == "Meetings of Ada Lark"
    assert [event["STATUS"] for event in calendar.walk("VEVENT")] == ["CONFIRMED", "CANCELLED"]
    assert b"ATTENDEE" not in content
    assert content.count(b"BEGIN:VTIMEZONE") == 1


def test_an_empty_feed_is_a_calendar() -> None:
    assert not icalendar.Calendar.from_ical(make_feed("Nothing yet", [])).walk("VEVENT")


@given(summary=text, description=text, name=text, location=text)
def test_any_words_come_back_and_every_line_is_lawful(
    summary: str, description: str, name: str, location: str
) -> None:
    person = Person(name, "a@b.example")
    entry = replace(ENTRY, summary=summary, description=description, location=location, attendees=(person,))
    content = make_invitation(entry)

    event = read(content)
    assert str(event["SUMMARY"]) == summary
    assert str(event.get("DESCRIPTION", "")) == description
    assert str(event.get("LOCATION", "")) == location
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)  # RFC 5545, 3.1
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    unfolded = content.replace(b"\r\n ", b"").decode()
    assert all(re.match(r"[A-Z0-9-]+[;:]", line) for line in unfolded.split("\r\n")[:-1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": datetime.datetime(2027, 3, 3, tzinfo=datetime.UTC)},
        {"stamp": datetime.datetime(2027, 3, 3)},  # noqa: DTZ001  the point
        {"minutes": 0},
        {"sequence": -1},
    ],
)
def test_what_no_calendar_understands_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="entry"):
        replace(ENTRY, **wrong)
