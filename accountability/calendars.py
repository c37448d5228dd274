"""Calendar files of meetings by RFC 5545 and 5546. Pure: entries in, bytes out; no Django, no clock.

An invitation carries one event and a METHOD. The same UID with a higher SEQUENCE replaces what was sent before; a
cancellation is the same event with METHOD CANCEL. A feed publishes all of a person's events at one address.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
# Names us as the maker of the file (RFC 5545, 3.7.3).
PRODUCT: Final = "-//s11//Accountability meetings//EN"
# How often a calendar may look at the feed again (RFC 7986, 5.7; the second name is what Outlook reads).
LOOK_AGAIN: Final = datetime.timedelta(hours=4)


class Method(StrEnum):
    """What the file asks a calendar to do (RFC 5546, 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


class Part(StrEnum):
    """What an attendee comes as (RFC 5545, 3.2.16)."""

    CHAIR = "CHAIR"
    REQUIRED = "REQ-PARTICIPANT"
    OPTIONAL = "OPT-PARTICIPANT"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an e-mail address, by which calendars know them."""

    name: str
    email: str
    part: Part = Part.REQUIRED


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting as one person's calendar shows it. `start` is local: without an offset, Europe/London."""

    uid: str
    sequence: int
    stamp: datetime.datetime
    start: datetime.datetime
    minutes: int
    summary: str
    organiser: Person
    description: str = ""
    location: str = ""
    url: str = ""
    attendees: tuple[Person, ...] = ()
    is_cancelled: bool = False
    # The meeting is held, without this person.
    is_withdrawn: bool = False

    @property
    def method(self) -> Method:
        return Method.CANCEL if self.is_cancelled or self.is_withdrawn else Method.REQUEST

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None:
            raise ValueError("An entry's start is local time, without an offset.")
        if self.stamp.tzinfo is None:
            raise ValueError("An entry's stamp needs an offset.")
        if self.minutes <= 0 or self.sequence < 0:
            raise ValueError("An entry lasts at least a minute, and its sequence counts from 0.")


def make_invitation(entry: Entry) -> bytes:
    """A request that a mail program offers to accept; of a cancelled or withdrawn entry, a cancellation."""
    return _render([entry], entry.method)


def make_file(entry: Entry) -> bytes:
    """One entry for whoever opens it, which asks for no answer."""
    return _render([entry], Method.PUBLISH)


def get_content_type(entry: Entry) -> str:
    """With the method, without which Outlook shows a file and no buttons."""
    return f"text/calendar; method={entry.method}; charset=utf-8"


def make_feed(name: str, entries: Iterable[Entry]) -> bytes:
    """A calendar to subscribe to; an entry that was cancelled stays, marked so, for calendars that never delete."""
    return _render(entries, Method.PUBLISH, name=name)


def _render(entries: Iterable[Entry], method: Method, *, name: str = "") -> bytes:
    # Here, because it brings a parser of half a second that only who sends a calendar needs.
    from icalendar import Calendar  # noqa: PLC0415

    calendar: Any = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", "Europe/London")
        calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", LOOK_AGAIN)
    calendar.add_component(_make_timezone())
    for entry in entries:
        # A feed has no attendees: who subscribes would be asked to answer each time.
        calendar.add_component(_make_event(entry, with_attendees=method != Method.PUBLISH))
    content: bytes = calendar.to_ical()
    return content


def _make_timezone() -> Any:
    """Europe/London by its rule since 1996: two lines that Outlook, Google and Apple all read."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard  # noqa: PLC0415  see _render

    zone = Timezone()
    zone.add("tzid", "Europe/London")
    summer, winter = datetime.timedelta(hours=1), datetime.timedelta(0)
    for kind, name, before, after, month, hour in (
        (TimezoneDaylight, "BST", winter, summer, 3, 1),
        (TimezoneStandard, "GMT", summer, winter, 10, 2),
    ):
        part = kind()
        part.add("dtstart", datetime.datetime(1996, month, 31 if month == 3 else 27, hour))  # noqa: DTZ001  local
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone


def _make_event(entry: Entry, *, with_attendees: bool) -> Any:
    from icalendar import Event  # noqa: PLC0415  see _render

    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp.astimezone(datetime.UTC))
    event.add("last-modified", entry.stamp.astimezone(datetime.UTC))
    start = entry.start.replace(tzinfo=LONDON)
    event.add("dtstart", start)
    # The end in local time too: no meeting lasts through the night on which the clocks change.
    event.add("dtend", start + datetime.timedelta(minutes=entry.minutes))
    event.add("summary", entry.summary)
    for column, value in (
        ("description", entry.description),
        ("location", entry.location),
        ("url", entry.url),
    ):
        if value:
            event.add(column, value)
    if not entry.is_withdrawn:
        # To somebody who is taken off alone, the status of the whole must not be said (RFC 5546, 3.2.5).
        event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.method == Method.CANCEL else "OPAQUE")
    event.add("organizer", _make_address(entry.organiser, {}))
    if with_attendees:
        for person in entry.attendees:
            event.add("attendee", _make_address(person, _make_attendance(person)))
    return event


def _make_attendance(person: Person) -> dict[str, str]:
    return {"ROLE": person.part.value, "CUTYPE": "INDIVIDUAL", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}


def _make_address(person: Person, parameters: dict[str, str]) -> Any:
    from icalendar import vCalAddress  # noqa: PLC0415  see _render

    address = vCalAddress(f"mailto:{person.email}")
    # A quotation mark or a control character cannot stand in a parameter (RFC 5545, 3.2), and few programs
    # know the escapes of RFC 6868.
    name = "".join(" " if sign in '"\r\n\t' or not sign.isprintable() else sign for sign in person.name)
    for key, value in {"CN": " ".join(name.split()) or person.email, **parameters}.items():
        address.params[key] = value
    return address
