"""Which items backed which answers at a moment: those of now, wound back by what was put on and taken off since.

Pure: no Django, no clock.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# An answer and an item, by row id.
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """An item was put on an answer, or taken off it."""

    at: datetime.datetime
    pair: Pair
    is_put_on: bool


def find_backed(
    now: Mapping[Pair, datetime.datetime], steps: Iterable[Step], moment: datetime.datetime
) -> frozenset[Pair]:
    """`now` says since when, where no step does. Steps come in any order; those at the moment have happened."""
    backed = set(now)
    told = set()
    for step in sorted(steps, key=lambda step: step.at, reverse=True):
        told.add(step.pair)
        if step.at <= moment:
            continue
        if step.is_put_on:
            backed.discard(step.pair)
        else:
            backed.add(step.pair)
    return frozenset(pair for pair in backed if pair in told or now[pair] <= moment)
