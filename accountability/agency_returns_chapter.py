"""What agencies say of themselves in the annual report: each accepted return, under its agency's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from accountability.agency_return_standing import make_written
from accountability.chapter_parts import ChapterPart
from accountability.enums import ReturnHeading
from accountability.models import AgencyReturn
from accountability.reporting_years import ReportingYear
from s11.organisations.models import Partnership

TITLE: Final = "What agencies did"
OPENING: Final = "Each agency tells it in its own words, and has approved them for the public."


def get_chapter_part(partnership: Partnership, year: ReportingYear) -> ChapterPart | None:
    """Nothing where no return is accepted. Two queries."""
    returns = (
        AgencyReturn.objects.accepted()
        .filter(request__partnership=partnership, request__begins=year.begins)
        .select_related("participation__organisation")
        .prefetch_related("parts")
    )
    found = sorted(returns, key=lambda one: (one.participation.name.casefold(), one.pk))
    if not found:
        return None
    return ChapterPart(TITLE, "\n\n".join([OPENING, *(say_return(one, year) for one in found)]))


def say_return(found: AgencyReturn, year: ReportingYear) -> str:
    """What it celebrates, then its priorities. What it does in general is for readers of its own site."""
    name = " ".join(found.participation.name.split())
    return "\n\n".join([f"### {name}", *_list_texts(found, year)])


def _list_texts(found: AgencyReturn, year: ReportingYear) -> Iterator[str]:
    texts = {one.heading: one.flat for one in make_written(found.parts.all())}
    if celebrated := texts[ReturnHeading.CELEBRATE]:
        yield celebrated
    if priorities := texts[ReturnHeading.PRIORITIES]:
        yield f"**Priorities for {year.next}**"
        yield priorities
