"""The parts of the partnership's year that the annual report's chapter draws from, and what became of them since.

Whoever makes a part decides what may be said in it; here they are put in order, and held against those that a draft was
written from. A new part is a line in MAKERS.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from accountability import agency_returns_chapter, multi_agency_chapter, voice_chapter
from accountability.chapter_parts import ChapterPart
from accountability.chapter_quotations import list_quotations, mark
from accountability.enums import PartChange
from accountability.reporting_years import ReportingYear
from s11.organisations.models import Partnership
from surveys.models import Cycle

Json = Any
YEARS_BACK: Final = 3


@dataclass(frozen=True, slots=True)
class Maker:
    """`get_part` is None of a year that it has nothing to say of; then `title` says what is missing.

    `room` names the desk's page where it is written, whose address takes the partnership and, `by_year`, the year.
    """

    title: str
    room: str
    get_part: Callable[[Partnership, ReportingYear], ChapterPart | None]
    by_year: bool = True

    def find_room(self, partnership: Partnership, year: ReportingYear) -> str:
        slugs = {"partnership": partnership.slug} | ({"year": year.slug} if self.by_year else {})
        return reverse(self.room, kwargs=slugs)


# In the order in which a reader meets them.
MAKERS: tuple[Maker, ...] = (
    Maker(
        agency_returns_chapter.TITLE, "accountability:desk_returns", agency_returns_chapter.get_chapter_part
    ),
    Maker(voice_chapter.TITLE, "accountability:desk_voices", voice_chapter.get_chapter_part),
    Maker(
        multi_agency_chapter.TITLE,
        "accountability:multi_agency_audits",
        multi_agency_chapter.get_chapter_part,
        by_year=False,
    ),
)


@dataclass(frozen=True, slots=True)
class YearParts:
    """What a year has to say now, and who has nothing to say of it."""

    year: ReportingYear
    parts: tuple[ChapterPart, ...]
    missing: tuple[Maker, ...]


def get_year_parts(partnership: Partnership, year: ReportingYear) -> YearParts:
    """As many queries as the makers ask."""
    found = [(maker, maker.get_part(partnership, year)) for maker in MAKERS]
    return YearParts(
        year,
        tuple(part for _, part in found if part is not None),
        tuple(maker for maker, part in found if part is None),
    )


def list_parts(partnership: Partnership, year: ReportingYear) -> tuple[ChapterPart, ...]:
    return get_year_parts(partnership, year).parts


# Which year -----------------------------------------------------------------------------------------------------------


def find_year(cycles: Iterable[Cycle]) -> ReportingYear:
    """That of a report, unless somebody chooses another: the one in which its newest cycle closed."""
    return ReportingYear.of(max(one.closes_on for one in cycles))


def list_years(usual: ReportingYear, chosen: ReportingYear, today: datetime.date) -> list[ReportingYear]:
    """What one can choose from, the newest first."""
    newest = max(usual, ReportingYear.of(today))
    years = {ReportingYear(begins) for begins in range(usual.begins - YEARS_BACK, newest.begins + 1)}
    return sorted(years | {chosen}, reverse=True)


# What a draft was written from ----------------------------------------------------------------------------------------


def note_parts(parts: Iterable[ChapterPart]) -> Json:
    """What is kept with a draft, to know its parts by."""
    return [{"title": part.title, "digest": _digest(part)} for part in parts]


def note_quotations(parts: Iterable[ChapterPart]) -> set[str]:
    """The marks of all that they quote."""
    return {mark(words) for part in parts for words in list_quotations(part.text)}


@dataclass(frozen=True, slots=True)
class Changed:
    """A part that is not as it was when the chapter was drafted."""

    title: str
    change: PartChange


def find_outdated(noted: Json, parts: Sequence[ChapterPart]) -> list[Changed]:
    """In the order of the parts as they are now; those that are gone stand last."""
    before = {one["title"]: one["digest"] for one in noted}
    found = []
    for part in parts:
        if part.title not in before:
            found.append(Changed(part.title, PartChange.ADDED))
        elif before[part.title] != _digest(part):
            found.append(Changed(part.title, PartChange.CHANGED))
    now = {part.title for part in parts}
    return [*found, *(Changed(title, PartChange.GONE) for title in before if title not in now)]


def _digest(part: ChapterPart) -> str:
    return hashlib.sha256(f"{part.title}\n{part.text}".encode()).hexdigest()
