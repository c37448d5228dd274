"""What a publication is made from: who answered what in one cycle and series. Nothing of this is public by itself.

Every figure is a sum over organisations, so one line of answers an organisation says all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

NOT_APPLICABLE = "n"
NOT_ASKED = "-"
OUTCOMES = frozenset("012" + NOT_APPLICABLE + NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator, with the theme that it counts under."""

    code: str
    key: str
    text: str
    theme: str
    is_critical: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """What indicators are shown under: a standard, or a theme where variants are shown together."""

    code: str
    title: str
    theme: str
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Bank:
    """One variant's standards with their indicators, in order."""

    variant: str
    headings: tuple[Heading, ...]

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(one for heading in self.headings for one in heading.asked)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(one.code for one in self.asked)


@dataclass(frozen=True, slots=True)
class Record:
    """One organisation's answers: a letter for each indicator of its variant's bank, in the bank's order."""

    organisation: int
    variant: str
    answers: str


@dataclass(frozen=True)
class Scores:
    """All that one cycle's audits say in one series. `themes` are (code, title) in order."""

    cycle: str
    series: str
    banks: tuple[Bank, ...]
    themes: tuple[tuple[str, str], ...]
    records: tuple[Record, ...]

    def __post_init__(self) -> None:
        lengths = {bank.variant: len(bank.asked) for bank in self.banks}
        for record in self.records:
            if lengths.get(record.variant) != len(record.answers) or not OUTCOMES.issuperset(record.answers):
                raise ValueError(
                    f"The answers of organisation {record.organisation} do not fit the bank of "
                    f"{record.variant!r}: give one of {''.join(sorted(OUTCOMES))} for each indicator."
                )
        if len({record.organisation for record in self.records}) != len(self.records):
            raise ValueError("An organisation has two records: give each organisation one.")

    def without(self, organisations: Iterable[int]) -> Self:
        left_out = frozenset(organisations)
        kept = tuple(record for record in self.records if record.organisation not in left_out)
        return replace(self, records=kept)

    def of(self, variants: Sequence[str]) -> tuple[Record, ...]:
        return tuple(record for record in self.records if record.variant in variants)

    @cached_property
    def bank_of(self) -> Mapping[str, Bank]:
        return {bank.variant: bank for bank in self.banks}
