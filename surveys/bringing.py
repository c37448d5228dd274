"""Which earlier answer each indicator of a new audit starts from, and what of it comes along.

Pure: rows in, rows out. Earlier audits are given in order, the one that goes first on top; their editions, variants and
codes do not matter, for an indicator is found again by its `key` alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """That an audit said something of a key. Ids are of rows; what it said is looked up for those that are picked."""

    audit: int
    answer: int
    key: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """An indicator that a new audit asks."""

    indicator: int
    key: str
    may_be_not_applicable: bool = True


@dataclass(frozen=True, slots=True)
class Value:
    """What an answer says."""

    score: int | None
    reason: str
    commentary: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What an indicator starts from. It is never confirmed: nobody has said yet that it still holds."""

    indicator: int
    answer: int
    value: Value


def pick(said: Iterable[Said], order: Sequence[int]) -> dict[str, Said]:
    """By key, what the first of these audits says that says anything of it; what another audit says is passed over."""
    rank = {audit: place for place, audit in enumerate(order)}
    picked: dict[str, Said] = {}
    for one in sorted((one for one in said if one.audit in rank), key=lambda one: rank[one.audit]):
        picked.setdefault(one.key, one)
    return picked


def choose(
    wanted: Iterable[Wanted], picked: dict[str, Said], held: Collection[int] = ()
) -> list[tuple[Wanted, Said]]:
    """Which of them has an earlier answer; what the new audit holds already is left as it is."""
    return [(one, picked[one.key]) for one in wanted if one.key in picked and one.indicator not in held]


def bring(one: Wanted, said: Said, value: Value, reasons: Collection[str]) -> Brought:
    """A reason that the new bank does not offer, or not here, is left behind: then only the words come along."""
    keeps_reason = one.may_be_not_applicable and value.reason in reasons
    kept = Value(value.score, value.reason if keeps_reason else "", value.commentary)
    return Brought(one.indicator, said.answer, kept)
