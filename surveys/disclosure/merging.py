"""Which variants are shown together: a small one with the next smallest, until no group is too small to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.disclosure.cells import make_cell, make_part
from surveys.disclosure.earlier import Before
from surveys.disclosure.rules import find_fault
from surveys.disclosure.scores import Record, Scores

# In a heading with others, after the first in small letters: ‘Health and care homes’.
NAMES = {
    "standard": "Standard agencies",
    "health": "Health",
    "care_home": "Care homes",
    "school": "Schools",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Variants that are shown as one, in the order of every report."""

    variants: tuple[str, ...]
    records: tuple[Record, ...]

    @property
    def key(self) -> str:
        return "+".join(self.variants)

    @property
    def is_merged(self) -> bool:
        return len(self.variants) > 1

    @property
    def has_mean(self) -> bool:
        """Variants together answer different questions. Where one has few of them its grades nearly tell its sum, and
        the rest of the common sum would be the other’s."""
        return not self.is_merged

    @property
    def label(self) -> str:
        names = [NAMES.get(variant, variant) for variant in self.variants]
        first, *rest = names
        rest = [name.lower() for name in rest]
        if not rest:
            return first
        return f"{', '.join([first, *rest[:-1]])} and {rest[-1]}"


def make_groups(scores: Scores, before: Before) -> tuple[Group, ...]:
    """What was shown together once stays together: apart, the difference would give the smaller away."""
    present = [bank.variant for bank in scores.banks if scores.of([bank.variant])]
    groups = [frozenset([variant]) for variant in present]
    for ledger in before.ledgers:
        for earlier in ledger.groups:
            groups = _join(groups, frozenset(earlier))
    while (smallest := _find_faulty(groups, scores)) is not None and len(groups) > 1:
        others = [group for group in groups if group != smallest]
        next_smallest = min(others, key=lambda group: _size(group, scores, present))
        groups = [*(group for group in others if group != next_smallest), smallest | next_smallest]
    ordered = [tuple(variant for variant in present if variant in group) for group in groups]
    ordered.sort(key=lambda group: present.index(group[0]))
    return tuple(Group(group, scores.of(group)) for group in ordered)


def _join(groups: Sequence[frozenset[str]], together: frozenset[str]) -> list[frozenset[str]]:
    touched = [group for group in groups if group & together]
    joined = frozenset[str]().union(*touched)
    return [*(group for group in groups if not group & together), *([joined] if joined else [])]


def _find_faulty(groups: Sequence[frozenset[str]], scores: Scores) -> frozenset[str] | None:
    """The smallest of those whose overall grades could not be shown."""
    order = [bank.variant for bank in scores.banks]
    part = make_part(scores.banks)
    faulty = [group for group in groups if find_fault(make_cell(scores.of(tuple(group)), part))]
    return min(faulty, key=lambda group: _size(group, scores, order), default=None)


def _size(group: frozenset[str], scores: Scores, order: Sequence[str]) -> tuple[int, int]:
    return len(scores.of(tuple(group))), min(order.index(variant) for variant in group)
