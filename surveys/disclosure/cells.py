"""Cells: what a group of organisations adds up to over some of its indicators."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from surveys.disclosure.scores import NOT_APPLICABLE, Asked, Bank, Record
from surveys.figures import GradeCounts, format_mean
from surveys.scoring import grade_of

# Which places of the answers a figure is over, by variant: a standard, a theme, one indicator, or all.
Part = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one organisation adds to a cell."""

    n: int
    total: int
    not_applicable: int

    @property
    def grade(self) -> int | None:
        return grade_of(self.total, self.n)


NOTHING = Contribution(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """`grades` counts organisations by their grade here, which for one indicator is its score."""

    contributors: Mapping[str, int]
    grades: GradeCounts
    n: int
    total: int
    not_applicable: int

    @property
    def mean(self) -> str | None:
        return format_mean(self.total, self.n)


def get_contribution(record: Record, part: Part) -> Contribution:
    said = [record.answers[place] for place in part.get(record.variant, ())]
    scores = [int(one) for one in said if one.isdigit()]
    return Contribution(len(scores), sum(scores), said.count(NOT_APPLICABLE))


def make_cell(records: Iterable[Record], part: Part) -> Cell:
    contributors: dict[str, int] = {}
    grades: list[int | None] = []
    n = total = not_applicable = 0
    for record in records:
        one = get_contribution(record, part)
        n, total = n + one.n, total + one.total
        not_applicable += one.not_applicable
        if one.n:
            contributors[record.variant] = contributors.get(record.variant, 0) + 1
            grades.append(one.grade)
    return Cell(contributors, GradeCounts.of_grades(grades), n, total, not_applicable)


def make_part(banks: Iterable[Bank], belongs: Callable[[Asked], bool] = bool) -> Part:
    """All indicators, unless `belongs` picks some."""
    return {
        bank.variant: tuple(place for place, asked in enumerate(bank.asked) if belongs(asked))
        for bank in banks
    }


def join_parts(parts: Collection[Part]) -> Part:
    variants = {variant for part in parts for variant in part}
    return {
        variant: tuple(sorted({place for part in parts for place in part.get(variant, ())}))
        for variant in variants
    }


def is_cut(cluster: Part, part: Part) -> bool:
    """Whether the part holds some of the cluster and not all of it."""
    held = _list_places(cluster) & _list_places(part)
    return bool(held) and held != _list_places(cluster)


def is_within(cluster: Part, part: Part) -> bool:
    return _list_places(cluster) <= _list_places(part)


def _list_places(part: Part) -> set[tuple[str, int]]:
    return {(variant, place) for variant, listed in part.items() for place in listed}
