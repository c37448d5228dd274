"""What one cycle's figures are made of: whole numbers, from rows that were read for other figures too. Pure.

`overview_rows` has the same of the database, which groups and counts by itself: for a cycle alone, of any size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from s11.organisations.enums import Variant
from surveys.enums import Score
from surveys.figures import GradeCounts
from surveys.models import Cycle
from surveys.overview_banks import WHOLE, Bank, Held
from surveys.overview_places import InvitedPlace
from surveys.overview_results import NO_MARK, Mark, Result, add_up
from surveys.overview_scores import Scores
from surveys.participation import ParticipationByDay, Place, make_participation
from surveys.series import SET_ASIDE

NOT_APPLICABLE: Final = "not applicable"


@dataclass(frozen=True, slots=True)
class CardFigures:
    """Scorecards of one scope and subject in one variant: their grades, and the exact sum of all their scores."""

    audits: int
    grades: GradeCounts
    n: int
    total: int


UNGRADED: Final = CardFigures(audits=0, grades=GradeCounts(), n=0, total=0)
CardKey = tuple[str, str, str]  # variant, scope, the standard's or the theme's code
Cards = Mapping[CardKey, CardFigures]
Counts = Mapping[int | str, int]


# The organisation's name, the indicator's code, its text, the variant, the slug.
CriticalZero = tuple[str, str, str, str, str]
# The grade, the organisation's name, the slug, the variant, how many scores, their sum.
BelowGrade2 = tuple[int, str, str, str, int, int]


@dataclass(frozen=True, slots=True)
class Basis:
    """`counts` are by indicator. Sorted here, because databases disagree about the order of names: critical zeros by
    name and then code, what is below grade 2 by grade and then name."""

    participation: ParticipationByDay
    indicators: Mapping[Variant, Bank]
    cards: Cards
    counts: Mapping[int, Counts]
    critical_zeros: Sequence[CriticalZero]
    below_grade_2: Sequence[BelowGrade2]


@dataclass(frozen=True, slots=True)
class Read:
    """One cycle in one series, as it was read: who was invited, the results by organisation, what they answered."""

    places: Sequence[InvitedPlace]
    members: Collection[tuple[int, int]]
    indicators: Mapping[Variant, Bank]
    results: Mapping[int, Result]
    scores: Scores


def make_basis(cycle: Cycle, read: Read) -> Basis:
    return Basis(
        participation=make_participation(cycle, list_taking_part(read.places), read.members),
        indicators=read.indicators,
        cards=make_cards(read.results.values()),
        counts=make_counts(read.results.values(), read.scores),
        critical_zeros=list_critical_zeros(read),
        below_grade_2=list_below_grade_2(read),
    )


def list_taking_part(places: Iterable[InvitedPlace]) -> list[Place]:
    """The exempt are in no figure."""
    return [
        Place(
            organisation=one.organisation,
            variant=one.variant,
            is_started=one.is_started,
            first_submitted_at=one.returned_at,
            extended_to=one.extended_to,
            is_own_tool=one.is_own_tool,
        )
        for one in places
        if not one.is_exempt
    ]


def make_critical_zero(place: InvitedPlace, held: Held) -> CriticalZero:
    return place.name, held.code, held.text, place.variant.value, place.slug


def make_below_grade_2(place: InvitedPlace, grade: int, n: int, total: int) -> BelowGrade2:
    return grade, place.name, place.slug, place.variant.value, n, total


def make_cards(results: Iterable[Result]) -> Cards:
    """An audit without a grade (all not applicable) is one, but in none of the grades."""
    marks: dict[CardKey, list[Mark]] = {}
    for result in results:
        for (scope, code), mark in result.marks.items():
            marks.setdefault((result.variant, scope, code), []).append(mark)
    found = {}
    for key, ones in marks.items():
        added = add_up(ones)
        found[key] = CardFigures(len(ones), added.grades, added.n, added.total)
    return found


def make_counts(results: Iterable[Result], scores: Scores) -> Mapping[int, Counts]:
    """For each indicator's id, how many answers are 0, 1, 2 and not applicable."""
    said = Counter(pair for result in results for pair in scores.get(result.audit, {}).items())
    found: dict[int, dict[int | str, int]] = {}
    for (indicator, outcome), answers in said.items():
        found.setdefault(indicator, {})[NOT_APPLICABLE if outcome == SET_ASIDE else outcome] = answers
    return found


def list_critical_zeros(read: Read) -> list[CriticalZero]:
    critical = {held.pk: held for bank in read.indicators.values() for held in bank if held.is_critical}
    return sorted(
        make_critical_zero(place, held)
        for place, result in _list_placed(read)
        for indicator, outcome in read.scores.get(result.audit, {}).items()
        if outcome == Score.NO_PROGRESS and (held := critical.get(indicator)) is not None
    )


def list_below_grade_2(read: Read) -> list[BelowGrade2]:
    marks = ((place, result.marks.get(WHOLE, NO_MARK)) for place, result in _list_placed(read))
    return sorted(
        make_below_grade_2(place, mark.grade, mark.n, mark.total)
        for place, mark in marks
        if mark.grade is not None and mark.grade < Score.ACHIEVED
    )


def _list_placed(read: Read) -> Iterable[tuple[InvitedPlace, Result]]:
    return (
        (place, read.results[place.organisation])
        for place in read.places
        if place.organisation in read.results
    )
