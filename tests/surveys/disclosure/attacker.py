"""Somebody who reads all that was published and computes what must be true of a few organisations.

A whole-number programme over every answer: the attacker knows who took part, the question banks, which indicators
anybody at all set aside, and whose answers changed between two publications; not one score, and not who set what aside.
What a document says is a constraint. A figure is found out when its least and greatest possible values are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from accountability.scheduling.highs import INFINITE, Ended, Model
from surveys.disclosure import Bank, Record, Scores
from surveys.disclosure.cells import Part, make_cell, make_part
from surveys.disclosure.rules import FEWEST_THAT_SHARE, Fault, find_fault, is_few, shares_a_low_grade

Json = dict[str, Any]
Terms = list[tuple[int, float]]
World = tuple[float, ...]
# Small problems need few; a search that needs more is given up, the same on every machine.
NODES = 200
SECONDS = 5
EXACT = 1e-4
HALF = Fraction(1, 200)


class Level(NamedTuple):
    """An unknown answer, or an unknown grade."""

    is_scored: int
    at_least_1: int
    at_2: int


@dataclass
class Attacker:
    """`relaxed` leaves out that answers are whole: linear programming as in the textbooks, which knows less."""

    relaxed: bool = False
    model: Model = field(default_factory=Model)
    answers: dict[tuple[object, ...], Level] = field(default_factory=dict)
    grades: dict[tuple[Level, ...], Level] = field(default_factory=dict)
    # Which indicators of which variant anybody set aside or was not asked
    set_aside: set[tuple[str, str]] = field(default_factory=set)
    # The publication in which an answer was first as it is, by (series, cycle, organisation, code)
    since: dict[tuple[object, ...], tuple[str, int]] = field(default_factory=dict)
    history: list[dict[tuple[object, ...], tuple[str, int]]] = field(default_factory=list)
    gave_up: bool = False

    def learn(self, document: Json, scores: Scores) -> None:
        """Of `scores` only the shape is used, and which answers are others than in the publication before."""
        for record in scores.records:
            for code, said in zip(scores.bank_of[record.variant].codes, record.answers, strict=True):
                key = (scores.cycle, scores.series, record.organisation, code)
                if self.since.get(key, ("", 0))[0] != said:
                    self.since[key] = (said, len(self.history))
        self.history.append(dict(self.since))
        self.learn_counts(document["all"], scores.records, scores, None)
        for variant in document["variants"]:
            self.learn_variant(variant, scores)
        for theme in document["themes"]:
            counts = {"at_grade_2": theme["at_grade_2"]}
            self.learn_counts(counts, scores.records, scores, find_theme(scores, theme["code"]))

    def return_to(self, version: int) -> None:
        """To ask about what was so at the time of an earlier publication."""
        self.since = dict(self.history[version - 1])

    def learn_variant(self, said: Json, scores: Scores) -> None:
        variants = said["variant"].split("+")
        records = scores.of(variants)
        assert said["audits"] == len(records)
        self.learn_counts(said, records, scores, None)
        for standard in said["standards"]:
            codes = find_theme(scores, standard["code"])
            if len(variants) == 1:
                headings = scores.bank_of[variants[0]].headings
                heading = next(one for one in headings if one.code == standard["code"])
                codes = {asked.code for asked in heading.asked}
            self.learn_counts(standard, records, scores, codes)
            for indicator in standard["indicators"]:
                counts = {"grades": indicator["scores"], "mean": indicator["mean"]}
                self.learn_counts(counts, records, scores, {indicator["code"]})

    def learn_counts(
        self, said: Json, records: Sequence[Record], scores: Scores, codes: set[str] | None
    ) -> None:
        grades = [self.grade_of(record, scores, codes) for record in records]
        if is_shown(said.get("at_grade_2")):
            self.learn_sum((one.at_2 for one in grades), said["at_grade_2"]["count"])
            self.learn_sum((one.is_scored for one in grades), said["at_grade_2"]["of"])
        if is_shown(said.get("grades")):
            zeros, ones, twos = (said["grades"][grade] for grade in "012")
            self.learn_sum((one.at_2 for one in grades), twos)
            self.learn_sum((one.at_least_1 for one in grades), ones + twos)
            self.learn_sum((one.is_scored for one in grades), zeros + ones + twos)
        if isinstance(said.get("mean"), str):
            self.learn_mean(Fraction(said["mean"]), [self.answers_of(one, scores, codes) for one in records])

    def require(
        self, terms: Iterable[tuple[int, float]], lower: float = -INFINITE, upper: float = INFINITE
    ) -> None:
        """Each unknown once a row: the solver takes no other."""
        merged: dict[int, float] = {}
        for column, factor in terms:
            merged[column] = merged.get(column, 0) + factor
        self.model.require(merged.items(), lower, upper)

    def learn_sum(self, columns: Iterable[int], total: int) -> None:
        self.require([(column, 1.0) for column in columns], total, total)

    def learn_mean(self, mean: Fraction, said: Iterable[list[Level]]) -> None:
        """Rounded half up to two places: not less than half a hundredth below, and less than that above."""
        levels = [one for answers in said for one in answers]
        for bound, sign in ((mean - HALF, 1), (mean + HALF, -1)):
            points = [(column, sign * 200.0) for one in levels for column in (one.at_least_1, one.at_2)]
            scored = [(one.is_scored, -sign * float(bound * 200)) for one in levels]
            self.require([*points, *scored], lower=0 if sign == 1 else 1)

    def add_level(self, *, may_be_missing: bool = True) -> Level:
        whole = not self.relaxed
        level = Level(*(self.model.add(whole=whole) for _ in range(3)))
        if not may_be_missing:
            self.model.fix(level.is_scored, 1)
        self.require([(level.is_scored, 1), (level.at_least_1, -1)], lower=0)
        self.require([(level.at_least_1, 1), (level.at_2, -1)], lower=0)
        return level

    def answers_of(self, record: Record, scores: Scores, codes: set[str] | None) -> list[Level]:
        found = []
        for code in scores.bank_of[record.variant].codes:
            key = (scores.cycle, scores.series, record.organisation, code)
            if codes is not None and code not in codes:
                continue
            name = (*key, self.since[key][1])
            if name not in self.answers:
                may_be_missing = (record.variant, code) in self.set_aside
                self.answers[name] = self.add_level(may_be_missing=may_be_missing)
            found.append(self.answers[name])
        return found

    def grade_of(self, record: Record, scores: Scores, codes: set[str] | None) -> Level:
        """Half up: at least 1 from a mean of 0.5, at 2 from a mean of 1.5."""
        answers = self.answers_of(record, scores, codes)
        if len(answers) == 1:
            return answers[0]
        key = tuple(answers)
        if key not in self.grades:
            grade, n = self.add_level(), len(answers)
            scored = [(one.is_scored, -1.0) for one in answers]
            self.require([*scored, (grade.is_scored, 1.0)], upper=0)
            self.require([*scored, (grade.is_scored, float(n))], lower=0)
            for column, least in ((grade.at_least_1, 1), (grade.at_2, 3)):
                # Twice the points, less so many a score: not negative, exactly where the grade is reached
                points = [(one, 2.0) for level in answers for one in (level.at_least_1, level.at_2)]
                excess = [*points, *((level.is_scored, -float(least)) for level in answers)]
                self.require([*excess, (column, -4.0 * n)], lower=-4 * n)
                self.require([*excess, (column, -4.0 * n - 1), (grade.is_scored, 1.0)], upper=0)
            self.grades[key] = grade
        return self.grades[key]

    def find_world(self, terms: Terms, *, least: float = 0, most: float = INFINITE) -> World | None:
        """Answers that agree with all that is published, and in which the terms add up to that. None: there are none,
        or none was found in the time; whoever cannot compute it does not know it either."""
        model = self.model
        rows = (len(model.row_lower), len(model.columns))
        self.require(terms, least, most)
        solution = model.solve({}, seconds=SECONDS, nodes=NODES)
        del model.starts[rows[0] + 1 :], model.row_lower[rows[0] :], model.row_upper[rows[0] :]
        del model.columns[rows[1] :], model.factors[rows[1] :]
        self.gave_up = solution.ended is Ended.STOPPED and solution.values is None
        return solution.values


def is_shown(figure: object) -> bool:
    return isinstance(figure, dict) and "suppressed" not in figure


def find_set_aside(versions: Iterable[Scores]) -> Iterator[tuple[str, str]]:
    for scores in versions:
        for record in scores.records:
            for code, said in zip(scores.bank_of[record.variant].codes, record.answers, strict=True):
                if said not in "012":
                    yield record.variant, code


def find_theme(scores: Scores, theme: str) -> set[str]:
    return {asked.code for bank in scores.banks for asked in bank.asked if asked.theme == theme}


@dataclass(frozen=True)
class Target:
    """A figure that nobody may find out: of these organisations, over these indicators (None: over all)."""

    name: str
    records: tuple[Record, ...]
    codes: frozenset[str] | None
    asks_points: bool = True


@dataclass(frozen=True)
class Question:
    """How many of something bad there are in a target: a sum over unknowns, and what it truly is."""

    about: str
    terms: Terms
    truth: int

    def is_answered_by(self, world: World) -> bool:
        """Columns that were added since that world was found are in none of its sums, so it says nothing of them."""
        if any(column >= len(world) for column, _ in self.terms):
            return True
        return abs(sum(factor * world[column] for column, factor in self.terms) - self.truth) < EXACT


def attack(attacker: Attacker, scores: Scores, targets: Iterable[Target]) -> Iterator[str]:
    """What is found out of them, but for good news: that nobody is at 0, or that everybody is at 2."""
    worlds: list[World] = []
    for target in targets:
        for question in ask(attacker, scores, target):
            if question.truth and is_found_out(attacker, question, worlds):
                yield question.about


def is_found_out(attacker: Attacker, question: Question, worlds: list[World]) -> bool:
    """Where all worlds found so far say the truth, there is a search for one that does not: with less, with more."""
    if not all(question.is_answered_by(world) for world in worlds):
        return False
    for least, most in ((0, question.truth - 1), (question.truth + 1, INFINITE)):
        world = attacker.find_world(question.terms, least=least, most=most)
        if world is not None:
            worlds.append(world)
        if world is not None or attacker.gave_up:
            return False
    return True


def ask(attacker: Attacker, scores: Scores, target: Target) -> Iterator[Question]:
    codes = None if target.codes is None else set(target.codes)
    grades = [attacker.grade_of(one, scores, codes) for one in target.records]
    answers = [level for one in target.records for level in attacker.answers_of(one, scores, codes)]
    banks = [scores.bank_of[variant] for variant in {one.variant for one in target.records}]
    truth = make_cell(target.records, make_part(banks, lambda asked: codes is None or asked.code in codes))
    yield Question(
        f"{target.name}: below grade 2",
        [term for one in grades for term in ((one.is_scored, 1.0), (one.at_2, -1.0))],
        truth.grades.grade_0 + truth.grades.grade_1,
    )
    yield Question(
        f"{target.name}: at grade 0",
        [term for one in grades for term in ((one.is_scored, 1.0), (one.at_least_1, -1.0))],
        truth.grades.grade_0,
    )
    if not target.asks_points:
        return
    missing = [((one.is_scored, 2.0), (one.at_least_1, -1.0), (one.at_2, -1.0)) for one in answers]
    yield Question(
        f"{target.name}: points missing",
        [term for terms in missing for term in terms],
        2 * truth.n - truth.total,
    )


def list_targets(scores: Scores) -> list[Target]:
    """Whatever of a variant may not be shown by itself; and each organisation of a small variant.

    A variant's theme is no figure of a report. The points in it are the sum of its indicators', each of which is judged
    by itself; so of a theme in which all share a low grade, it is the grades that nobody may find out.
    """
    found = []
    for bank in scores.banks:
        records = scores.of([bank.variant])
        themes = {asked.theme for asked in bank.asked}
        for name, codes in list_parts(bank):
            if fault := find_fault(make_cell(records, make_part_of(bank, codes))):
                asks_points = fault is Fault.FEW or name not in themes
                found.append(Target(f"{bank.variant} {name}", records, codes, asks_points))
        if len(records) < FEWEST_THAT_SHARE:
            found += [Target(f"organisation {one.organisation}", (one,), None) for one in records[:1]]
    return found


def make_part_of(bank: Bank, codes: frozenset[str] | None) -> Part:
    return make_part([bank], lambda asked: codes is None or asked.code in codes)


def list_differences(versions: Sequence[Scores], version: int) -> list[Target]:
    """Whoever came or left, and whoever changed, between this version and its neighbours, where those are few in their
    variant, or in a small group share a low grade."""
    found = []
    for neighbour in {version - 1, version + 1} & set(range(1, len(versions) + 1)):
        here, there = versions[version - 1], versions[neighbour - 1]
        if (here.cycle, here.series) != (there.cycle, there.series):
            continue
        others = {record.organisation: record for record in there.records}
        for bank in here.banks:
            records = here.of([bank.variant])
            apart = tuple(one for one in records if one.organisation not in others)
            changed = tuple(one for one in records if others.get(one.organisation, one) != one)
            found += [
                Target(f"{bank.variant} {who}, {name}", group, codes, is_few(len(group)))
                for who, group in (("apart", apart), ("changed", changed))
                for name, codes in list_parts(bank)
                if is_few(len(group)) or shares_a_low_grade(make_cell(group, make_part_of(bank, codes)))
            ]
    return found


def list_parts(bank: Bank) -> list[tuple[str, frozenset[str] | None]]:
    themes = {asked.theme for asked in bank.asked}
    return [
        ("whole", None),
        *((one.code, frozenset(asked.code for asked in one.asked)) for one in bank.headings),
        *((code, frozenset(one.code for one in bank.asked if one.theme == code)) for code in sorted(themes)),
        *((one.code, frozenset([one.code])) for one in bank.asked),
    ]
