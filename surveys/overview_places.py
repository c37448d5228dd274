"""Everybody who was invited to some cycles of a partnership, and what came back: an audit, an own tool, nothing.

Two queries, whatever the number of cycles and organisations. Figures of who took part in several cycles, and rows that
name organisations, are made from these.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from s11.organisations.enums import Variant
from s11.organisations.models import Participation
from surveys.figures import LONDON, is_on_time
from surveys.models import Cycle, Invitee


@dataclass(frozen=True, slots=True)
class InvitedPlace:
    """One invited organisation. The exempt are here too, and in no figure."""

    organisation: int
    name: str
    slug: str
    variant: Variant
    is_exempt: bool
    is_statutory: bool
    # Which national registers know it: schools', the NHS's, Ofsted's.
    registers: tuple[bool, bool, bool]
    # The title of its own national audit, where it returned that in place of answers.
    own_tool: str
    # First submission, of an audit that counts or of its own tool.
    returned_at: datetime.datetime | None
    extended_to: datetime.date | None

    @property
    def is_submitted(self) -> bool:
        return self.returned_at is not None

    @property
    def returned_on(self) -> datetime.date | None:
        """The day in England."""
        return self.returned_at.astimezone(LONDON).date() if self.returned_at is not None else None

    def is_on_time(self, closes_on: datetime.date) -> bool:
        return self.returned_at is not None and is_on_time(self.returned_at, closes_on, self.extended_to)


InvitedPlaces = Mapping[int, tuple[InvitedPlace, ...]]  # by cycle
COLUMNS: Final = (
    "cycle",
    "organisation",
    "organisation__name",
    "organisation__slug",
    "organisation__urn",
    "organisation__ods_code",
    "organisation__ofsted_number",
    "cycle_questionnaire__variant",
    "exempt_reason",
    "extended_to",
    "own_tool_return__title",
    "own_tool_return__submitted_at",
    "audit__first_submitted_at",
)


def get_invited_places(cycles: Collection[Cycle]) -> InvitedPlaces:
    """Of cycles of one partnership; each in the order of the names used here."""
    partnership = next(iter(cycles)).partnership_id
    here = {
        organisation: (name, is_statutory)
        for organisation, name, is_statutory in Participation.objects.filter(partnership=partnership)
        .order_by()
        .values_list("organisation", "local_name", "is_statutory")
    }
    found: dict[int, list[InvitedPlace]] = {cycle.pk: [] for cycle in cycles}
    for row in Invitee.objects.filter(cycle__in=cycles).order_by().values(*COLUMNS):
        found[row["cycle"]].append(_make_place(row, *here.get(row["organisation"], ("", False))))
    # Sorted here, because databases disagree about the order of names.
    return {
        cycle: tuple(sorted(places, key=lambda one: (one.name, one.slug))) for cycle, places in found.items()
    }


def _make_place(row: Mapping[str, Any], local_name: str, is_statutory: bool) -> InvitedPlace:
    submitted_at = row["audit__first_submitted_at"]
    registers = (row["organisation__urn"], row["organisation__ods_code"], row["organisation__ofsted_number"])
    return InvitedPlace(
        organisation=row["organisation"],
        name=local_name or row["organisation__name"],
        slug=row["organisation__slug"],
        variant=Variant(row["cycle_questionnaire__variant"]),
        is_exempt=bool(row["exempt_reason"]),
        is_statutory=is_statutory,
        registers=(bool(registers[0]), bool(registers[1]), bool(registers[2])),
        own_tool="" if submitted_at is not None else row["own_tool_return__title"] or "",
        returned_at=submitted_at or row["own_tool_return__submitted_at"],
        extended_to=row["extended_to"],
    )
