"""What was published before, with who was in it: kept beside the publication, never in it.

A correction is the difference of two publications, so a new one is protected together with all earlier ones of its
cycle. Different series of one cycle count as the same figures here, for most scores are the same in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from surveys.disclosure.cells import NOTHING, Contribution, Part, get_contribution, make_cell
from surveys.disclosure.rules import is_few, shares_a_low_grade
from surveys.disclosure.scores import NOT_ASKED, Bank, Record, Scores

Json = dict[str, Any]


@dataclass(frozen=True)
class Ledger:
    """One publication. `groups` are the variants that were shown together; `hidden` names the figures that were
    withheld for the scores behind them, as `name_figure` does.

    `shows_figures` is False of what was told of the same scores otherwise, such as quartiles: whoever comes, leaves or
    changes after it is told apart by it all the same, but none of the public figures is known by it. It is about the
    variants in `codes` alone."""

    cycle: str
    series: str
    groups: tuple[tuple[str, ...], ...]
    codes: Mapping[str, tuple[str, ...]]
    records: tuple[Record, ...]
    hidden: frozenset[str] = frozenset()
    shows_figures: bool = True

    @classmethod
    def of(cls, scores: Scores, groups: Iterable[tuple[str, ...]], hidden: Iterable[str] = ()) -> Self:
        codes = {bank.variant: bank.codes for bank in scores.banks}
        return cls(scores.cycle, scores.series, tuple(groups), codes, scores.records, frozenset(hidden))

    @classmethod
    def of_some(cls, scores: Scores, variants: Iterable[str]) -> Self:
        """Of what was told of these variants, each for itself, beside the public figures."""
        told = sorted(variants)
        codes = {variant: scores.bank_of[variant].codes for variant in told}
        groups = tuple((variant,) for variant in told)
        return cls(scores.cycle, scores.series, groups, codes, scores.of(told), shows_figures=False)

    @cached_property
    def organisations(self) -> frozenset[int]:
        return frozenset(record.organisation for record in self.records)

    def as_json(self) -> Json:
        return {
            "cycle": self.cycle,
            "series": self.series,
            "groups": [list(group) for group in self.groups],
            "codes": {variant: list(codes) for variant, codes in self.codes.items()},
            "records": [[one.organisation, one.variant, one.answers] for one in self.records],
            "hidden": sorted(self.hidden),
            "shows_figures": self.shows_figures,
        }

    @classmethod
    def from_json(cls, content: Json) -> Self:
        return cls(
            cycle=content["cycle"],
            series=content["series"],
            groups=tuple(tuple(group) for group in content["groups"]),
            codes={variant: tuple(codes) for variant, codes in content["codes"].items()},
            records=tuple(Record(*one) for one in content["records"]),
            hidden=frozenset(content["hidden"]),
            shows_figures=content.get("shows_figures", True),
        )


@dataclass(frozen=True)
class Before:
    """The earlier publications of the same cycle, their answers put in the order of today's banks."""

    series: str
    ledgers: tuple[Ledger, ...]
    records: tuple[Mapping[int, Record], ...]

    @classmethod
    def of(cls, scores: Scores, ledgers: Sequence[Ledger]) -> Self:
        same = tuple(ledger for ledger in ledgers if ledger.cycle == scores.cycle)
        return cls(scores.series, same, tuple(align(ledger, scores.bank_of) for ledger in same))

    def find_joiners(self, records: Sequence[Record]) -> frozenset[int]:
        """Of one group: those who were in no earlier publication, where they are so few that they would stand out."""
        found: set[int] = set()
        variants = {record.variant for record in records}
        for ledger in self.ledgers:
            if not ledger.shows_figures and not variants & ledger.codes.keys():
                continue
            joiners = {record.organisation for record in records} - ledger.organisations
            if is_few(len(joiners)):
                found |= joiners
        return frozenset(found)

    def was_hidden(self, name: str) -> bool:
        return any(name in ledger.hidden for ledger in self.ledgers)

    def is_regrouped(self, group: Sequence[str]) -> bool:
        """Whether one of them showed these variants in other groups."""
        return any(
            set(earlier) & set(group) and set(earlier) != set(group)
            for ledger in self.ledgers
            for earlier in ledger.groups
        )

    def is_known(self, name: str, group: Sequence[str], records: Iterable[Record], part: Part) -> bool:
        """Whether one of them showed this figure, and it is the same now: to hide it hides nothing."""
        now = {record.organisation: record for record in records}
        for ledger, aligned in zip(self.ledgers, self.records, strict=True):
            if ledger.series != self.series or name in ledger.hidden or not ledger.shows_figures:
                continue
            then = {key: record for key, record in aligned.items() if record.variant in group}
            if not any(_find_changes(now, then, part, of_grades=False, is_same_series=True)):
                return True
        return False

    def tells_of_changes(
        self, group: Sequence[str], records: Iterable[Record], part: Part, *, of_grades: bool
    ) -> bool:
        """Whether those in the group who, since one of them, came, left or changed what they add to the cell are fewer
        than five, or few enough for nobody to be told that all of them share a low grade, as they do."""
        now = {record.organisation: record for record in records}
        for ledger, aligned in zip(self.ledgers, self.records, strict=True):
            if not ledger.shows_figures and not ledger.codes.keys() & set(group):
                continue
            then = {key: record for key, record in aligned.items() if record.variant in group}
            is_same = ledger.series == self.series
            found = _find_changes(now, then, part, of_grades=of_grades, is_same_series=is_same)
            if any(is_few(len(keys)) or _share_a_low_grade(keys, now, then, part) for keys in found):
                return True
        return False


def name_figure(group: str, code: str = "") -> str:
    """A standard, theme or indicator of a group; of no group, of all."""
    return f"{group}:{code}"


def align(ledger: Ledger, banks: Mapping[str, Bank]) -> dict[int, Record]:
    """By code: an indicator that was not asked then is not asked."""
    aligned = {}
    for record in ledger.records:
        bank = banks.get(record.variant)
        said = dict(zip(ledger.codes[record.variant], record.answers, strict=True))
        answers = "".join(said.get(code, NOT_ASKED) for code in bank.codes) if bank else ""
        aligned[record.organisation] = Record(record.organisation, record.variant, answers)
    return aligned


def _find_changes(
    now: Mapping[int, Record],
    then: Mapping[int, Record],
    part: Part,
    *,
    of_grades: bool,
    is_same_series: bool,
) -> tuple[set[int], set[int], set[int]]:
    """Who came, who left, who is others than before. Who took part is known, so each of the three is a group."""
    differing = {
        key
        for key in now.keys() | then.keys()
        if _differs(
            _contribution(now.get(key), part),
            _contribution(then.get(key), part),
            of_grades=of_grades,
            is_same_series=is_same_series,
        )
    }
    return differing - then.keys(), differing - now.keys(), differing & then.keys() & now.keys()


def _share_a_low_grade(
    keys: set[int], now: Mapping[int, Record], then: Mapping[int, Record], part: Part
) -> bool:
    """Then or now: where everybody is at 2 in one of the two versions, the other gives these away."""
    return any(
        shares_a_low_grade(make_cell([records[key] for key in keys if key in records], part))
        for records in (now, then)
    )


def _contribution(record: Record | None, part: Part) -> Contribution:
    if record is None or not record.answers:
        return NOTHING
    return get_contribution(record, part)


def _differs(now: Contribution, then: Contribution, *, of_grades: bool, is_same_series: bool) -> bool:
    if not is_same_series:
        return bool(now.n) != bool(then.n)
    if of_grades:
        return (now.grade, now.not_applicable) != (then.grade, then.not_applicable)
    return (now.n, now.total) != (then.n, then.total)
