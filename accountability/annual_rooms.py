"""What the partnership's annual report is made of beside the audits: a room a part, listed on the report's own page.

A new part is a line in ANNUAL_ROOMS.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from accountability.agency_return_list import say_progress
from accountability.multi_agency_permissions import check_can_see_audits
from accountability.reporting_years import ReportingYear
from accountability.voice_permissions import check_can_read_voices
from s11.organisations.models import Partnership
from s11.organisations.queries import Desk
from s11.web.errors import reason_why_not


@dataclass(frozen=True, slots=True)
class AnnualRoom:
    """`url_name` takes the partnership's slug, and the year's where the room `has_years`.

    `say` tells in a few words how far the part is, in as many queries whatever the number of rows. `check` is the one
    that the room begins with, where the page of the annual report is open to more people.
    """

    title: str
    url_name: str
    sentence: str
    has_years: bool = True
    say: Callable[[Partnership, ReportingYear], str] | None = None
    check: Callable[[Desk], None] | None = None


ANNUAL_ROOMS: Final = (
    AnnualRoom(
        "Agencies’ returns",
        "accountability:desk_returns",
        "What each agency did, wants to celebrate and will do next, in its own words.",
        say=say_progress,
    ),
    AnnualRoom(
        "What children and families say",
        "accountability:desk_voices",
        "What agencies heard and what changed because of it, and which of it the report tells.",
        check=check_can_read_voices,
    ),
    AnnualRoom(
        "Audit plan",
        "accountability:multi_agency_plan",
        "The partnership’s own audits of a year by month: planned, under way, reported, due again.",
        check=check_can_see_audits,
    ),
    AnnualRoom(
        "Multi-agency audits",
        "accountability:multi_agency_audits",
        "The register: what was looked at across agencies, what was found, and what was agreed.",
        has_years=False,
        check=check_can_see_audits,
    ),
)


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room as the page lists it."""

    title: str
    sentence: str
    url: str
    state: str


def list_rooms(desk: Desk, year: ReportingYear) -> list[RoomLine]:
    """Those that are open to this person."""
    slug = desk.partnership.slug
    return [
        RoomLine(
            room.title,
            room.sentence,
            reverse(room.url_name, args=(slug, year.slug) if room.has_years else (slug,)),
            room.say(desk.partnership, year) if room.say is not None else "",
        )
        for room in ANNUAL_ROOMS
        if room.check is None or not reason_why_not(room.check, desk)
    ]


def list_years(today: datetime.date) -> tuple[ReportingYear, ...]:
    """The year that is running and the two before it, the oldest first. The report is mostly about the middle one."""
    running = ReportingYear.of(today)
    return running.before.before, running.before, running
