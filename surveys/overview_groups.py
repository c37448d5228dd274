"""A cycle’s figures by kind of agency: sector, size, and whether the law names it (by variant: the overview itself).

What the data knows of a sector is the variant and the national registers; councils, police, probation and charities
share a variant and are in no register, so they stand under ‘not known’, which says so. Size is what an agency's own
profile says, as it was submitted: staff, places or pupils, each in bands of its own. For drawing: a `Breakdown` has
`groups`, in order, each with `submitted_of_invited` (None where only those that answered are known), `audits`,
`marks.grades`, `marks.mean`, and `themes`: grades by theme's code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from s11.organisations.enums import Variant
from s11.web.text import plural
from surveys.enums import Scope
from surveys.figures import GradeCounts, Share
from surveys.overview_banks import WHOLE
from surveys.overview_places import InvitedPlace
from surveys.overview_results import Marks, Result, add_up

Json = dict[str, Any]
NOT_KNOWN: Final = "not_known"
SECTORS: Final = {
    "education": "Education",
    "health": "Health",
    "care": "Children’s homes",
    NOT_KNOWN: "Not known",
}
BY_VARIANT: Final = {Variant.SCHOOL: "education", Variant.HEALTH: "health", Variant.CARE_HOME: "care"}
# The order of InvitedPlace.registers.
BY_REGISTER: Final = ("education", "health", "care")
DUTIES: Final = {"statutory": "Named by the law", "voluntary": "Asked to take part"}
# Of each unit, where a band begins.
BANDS: Final = {"staff": (0, 10, 50, 250), "places": (0, 4, 7), "pupils": (0, 100, 300, 1_000)}


@dataclass(frozen=True, slots=True)
class Group:
    """`invited` is None where it is not known of those that did not answer."""

    key: str
    label: str
    submitted_of_invited: Share | None
    audits: int
    marks: Marks
    themes: Mapping[str, GradeCounts]

    def as_json(self) -> Json:
        invited = self.submitted_of_invited
        return {
            "group": self.key,
            "submitted_of_invited": invited.as_json() if invited is not None else None,
            "submitted": self.audits,
            **self.marks.as_json(),
            "themes": [
                {"code": code, "at_grade_2": grades.at_grade_2.as_json()}
                for code, grades in self.themes.items()
            ],
        }


@dataclass(frozen=True, slots=True)
class Breakdown:
    """`note` says in one sentence what is missing; empty where every audit has its group."""

    key: str
    title: str
    groups: tuple[Group, ...]
    note: str = ""

    def as_json(self) -> Json:
        return {"by": self.key, "groups": [group.as_json() for group in self.groups], "note": self.note}


def make_breakdowns(
    places: Iterable[InvitedPlace],
    results: Mapping[int, Result],
    themes: Sequence[str],
) -> tuple[Breakdown, ...]:
    """Pure. `results` are by organisation, of one series; a group that nobody is in is left out."""
    invited = [one for one in places if not one.is_exempt]
    sectors = {one.organisation: find_sector(one) for one in invited}
    duties = {one.organisation: "statutory" if one.is_statutory else "voluntary" for one in invited}
    sizes = {one.organisation: one.size for one in invited}
    bands = {organisation: find_band(sizes.get(organisation)) for organisation in results}

    def make(names: Mapping[str, str], group_of: Mapping[int, str], *, knows_all: bool) -> tuple[Group, ...]:
        found = (
            make_group((key, label), group_of, invited if knows_all else None, results, themes)
            for key, label in names.items()
        )
        return tuple(one for one in found if one.audits or (one.submitted_of_invited or Share(0, 0)).of)

    not_sized = sum(band == NOT_KNOWN for band in bands.values())
    unknown = sum(sector == NOT_KNOWN for sector in sectors.values())
    return (
        Breakdown("sector", "By sector", make(SECTORS, sectors, knows_all=True), _say_no_sector(unknown)),
        Breakdown("size", "By size", make(name_bands(), bands, knows_all=False), _say_no_size(not_sized)),
        Breakdown("duty", "By duty", make(DUTIES, duties, knows_all=True)),
    )


def find_sector(place: InvitedPlace) -> str:
    """By its variant; of the standard variant, by the register that knows it."""
    if place.variant in BY_VARIANT:
        return BY_VARIANT[place.variant]
    known = [sector for sector, is_in in zip(BY_REGISTER, place.registers, strict=True) if is_in]
    return known[0] if len(known) == 1 else NOT_KNOWN


def find_band(size: tuple[str, int] | None) -> str:
    if size is None:
        return NOT_KNOWN
    unit, number = size
    return f"{unit}-{max(start for start in BANDS[unit] if start <= number)}"


def name_bands() -> dict[str, str]:
    """‘10 to 49 staff’, by key; not known last."""
    names = {}
    for unit, starts in BANDS.items():
        for start, after in zip(starts, (*starts[1:], None), strict=True):
            said = f"{start:,} or more" if after is None else f"{start:,} to {after - 1:,}"
            names[f"{unit}-{start}"] = f"{said if start else f'Fewer than {after:,}'} {unit}"
    return names | {NOT_KNOWN: "Not known"}


def make_group(
    name: tuple[str, str],
    group_of: Mapping[int, str],
    invited: Sequence[InvitedPlace] | None,
    results: Mapping[int, Result],
    themes: Sequence[str],
) -> Group:
    key, label = name
    audits = [one for organisation, one in results.items() if group_of.get(organisation) == key]
    asked = [one for one in invited or () if group_of[one.organisation] == key]
    subjects = {code: (Scope.THEME.value, code) for code in themes}
    grades = {
        code: GradeCounts.of_grades(one.grade(subject) for one in audits)
        for code, subject in subjects.items()
    }
    return Group(
        key=key,
        label=label,
        submitted_of_invited=Share(sum(one.is_submitted for one in asked), len(asked))
        if invited is not None
        else None,
        audits=len(audits),
        marks=add_up(one.marks[WHOLE] for one in audits),
        themes={code: counted for code, counted in grades.items() if counted.total},
    )


def _say_no_sector(count: int) -> str:
    if not count:
        return ""
    return (
        f"{plural(count, 'invited organisation')} with the standard audit {'is' if count == 1 else 'are'} in no "
        "national register, so the sector is not known: councils, police, probation, charities and others."
    )


def _say_no_size(count: int) -> str:
    if not count:
        return ""
    return f"{plural(count, 'audit')} {'says' if count == 1 else 'say'} nothing of size in the profile."
