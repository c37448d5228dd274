"""What a panel's scores would change: each standard's grade and the overall one, before and after.

Pure: the series' items and the changes in, scorecards and words out. The arithmetic is that of every figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.figures import format_mean
from surveys.scoring import Item, Scorecard, Tally, make_scorecard


@dataclass(frozen=True, slots=True)
class Judged:
    """One indicator in the series that the panel starts from: the moderated score where there is one."""

    key: str
    standard: str
    item: Item


def make_judged_scorecard(rows: Sequence[Judged], changes: Mapping[str, Item]) -> Scorecard:
    """With these items, by key, in place of what stands."""
    # Themes play no part here: the standard stands for both.
    items = [(row.standard, row.standard, changes.get(row.key, row.item)) for row in rows]
    return make_scorecard(items, allow_missing=True)


def say_effect(before: Scorecard, after: Scorecard, standard: str) -> str:
    """‘A1 from grade 2 (mean 1.50) to grade 1 (mean 1.25); overall grade stays 2 (mean 1.71)’."""
    own = _say_change(before.standards[standard], after.standards[standard])
    return f"{standard} {own}; overall {_say_change(before.whole, after.whole)}"


def _say_change(before: Tally, after: Tally) -> str:
    if before.grade == after.grade:
        return f"stays at {_say(after)}"
    return f"from {_say(before)} to {_say(after)}"


def _say(tally: Tally) -> str:
    mean = format_mean(tally.total, tally.n)
    return "no grade" if tally.grade is None else f"grade {tally.grade} (mean {mean})"
