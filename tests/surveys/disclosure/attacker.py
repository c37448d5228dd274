"""Somebody who reads all that was published and computes what must be true of a few organisations.

A whole-number programme over every answer: the attacker knows who took part, the question banks, who set which
indicator aside, and whose answers changed between two publications; not one score. What a document says is a
constraint. A figure is found out when its least and greatest possible values are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any

from accountability.scheduling.highs import Ended, Model
from surveys.disclosure import Bank, Record, Scores
from surveys.disclosure.cells import make_cell, make_part
from surveys.disclosure.rules import FEWEST_THAT_SHARE, find_fault, is_few

Json = dict[str, Any]
Terms = list[tuple[int, float]]
SECONDS = 20
EXACT = 1e-4


@dataclass
class Attacker:
    """`relaxed` leaves out that answers are whole: linear programming as in the textbooks, which knows less."""

    relaxed: bool = False
    model: Model = field(default_factory=Model)
    scores: dict[tuple[object, ...], tuple[int, int]] = field(default_factory=dict)
    grades: dict[tuple[object, ...], tuple[int, int]] = field(default_factory=dict)
    # The publication in which an answer was first as it is, by (series, cycle, organisation, code)
    since: dict[tuple[object, ...], tuple[str, int]] = field(default_factory=dict)
    history: list[dict[tuple[object, ...], tuple[str, int]]] = field(default_factory=list)

    def learn(self, document: Json, scores: Scores) -> None:
        """Of `scores` only the shape is used, and which answers are others than in the publication before."""
        for record in scores.records:
            bank = scores.bank_of[record.variant]
            for code, said in zip(bank.codes, record.answers, strict=True):
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
        assert said["submitted"] == len(records)
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
        at_least_1 = [(one[0], 1.0) for one in grades if one]
        at_2 = [(one[1], 1.0) for one in grades if one]
        if is_shown(said.get("at_grade_2")):
            count = said["at_grade_2"]["count"]
            self.model.require(at_2, count, count)
        if is_shown(said.get("grades")):
            zeros, ones, twos = (said["grades"][grade] for grade in "012")
            assert zeros + ones + twos == len(at_2)
            self.model.require(at_2, twos, twos)
            self.model.require(at_least_1, ones + twos, ones + twos)
        if isinstance(said.get("mean"), str):
            terms = [term for record in records for term in self.total_of(record, scores, codes)]
            n, mean, half = len(terms) // 2, Fraction(said["mean"]), Fraction(1, 200)
            self.model.require(terms, ceil((mean - half) * n), ceil((mean + half) * n) - 1)

    def score_of(self, record: Record, scores: Scores, code: str) -> tuple[int, int]:
        """Whether it is at least 1, and whether it is 2."""
        key = (scores.cycle, scores.series, record.organisation, code)
        since = self.since[key][1]
        if (*key, since) not in self.scores:
            whole = not self.relaxed
            at_least_1, at_2 = self.model.add(whole=whole), self.model.add(whole=whole)
            self.model.require([(at_least_1, 1), (at_2, -1)], lower=0)
            self.scores[*key, since] = at_least_1, at_2
        return self.scores[*key, since]

    def scored(self, record: Record, scores: Scores, codes: set[str] | None) -> list[str]:
        bank = scores.bank_of[record.variant]
        pairs = zip(bank.codes, record.answers, strict=True)
        return [code for code, said in pairs if said in "012" and (codes is None or code in codes)]

    def total_of(self, record: Record, scores: Scores, codes: set[str] | None) -> Terms:
        held = self.scored(record, scores, codes)
        return [(one, 1.0) for code in held for one in self.score_of(record, scores, code)]

    def grade_of(self, record: Record, scores: Scores, codes: set[str] | None) -> tuple[int, int] | None:
        """Half up: at least 1 from a mean of 0.5, at 2 from a mean of 1.5."""
        terms = self.total_of(record, scores, codes)
        n = len(terms) // 2
        if not n:
            return None
        if n == 1:
            return terms[0][0], terms[1][0]
        key = tuple(sorted(column for column, _ in terms))
        if key not in self.grades:
            whole = not self.relaxed
            pair = self.model.add(whole=whole), self.model.add(whole=whole)
            for grade, least in zip(pair, (ceil(Fraction(n, 2)), ceil(Fraction(3 * n, 2))), strict=True):
                self.model.require([*terms, (grade, -least)], lower=0)
                self.model.require([*terms, (grade, -(2 * n - least + 1))], upper=least - 1)
            self.grades[key] = pair
        return self.grades[key]

    def find_world(self, terms: Terms, *, most: bool) -> tuple[float, ...]:
        """Answers that agree with all that is published, and in which the sum of the terms is as great as can be."""
        costs: dict[int, float] = {}
        for column, factor in terms:
            costs[column] = costs.get(column, 0) + (factor if most else -factor)
        solution = self.model.solve(costs, seconds=SECONDS)
        assert solution.ended is not Ended.IMPOSSIBLE, "what is published cannot be true"
        assert solution.values is not None
        return solution.values


def is_shown(figure: object) -> bool:
    return isinstance(figure, dict) and "suppressed" not in figure


def find_theme(scores: Scores, theme: str) -> set[str]:
    return {asked.code for bank in scores.banks for asked in bank.asked if asked.theme == theme}


@dataclass(frozen=True)
class Target:
    """A figure that nobody may find out: of these organisations, over these indicators (None: over all)."""

    name: str
    records: tuple[Record, ...]
    codes: frozenset[str] | None


@dataclass(frozen=True)
class Question:
    """How many of something bad there are in a target: a sum over unknowns."""

    about: str
    terms: Terms
    constant: int

    def answer(self, world: Sequence[float]) -> float:
        return self.constant + sum(factor * world[column] for column, factor in self.terms)


def attack(attacker: Attacker, scores: Scores, targets: Iterable[Target]) -> list[str]:
    """What is found out of them, but for good news: that nobody is at 0, or that everybody is at 2."""
    questions = [one for target in targets for one in ask(attacker, scores, target)]
    everything = [term for question in questions for term in question.terms]
    worlds = [attacker.find_world(everything, most=most) for most in (False, True)]
    return [question.about for question in questions if is_found_out(attacker, question, worlds)]


def is_found_out(attacker: Attacker, question: Question, worlds: list[tuple[float, ...]]) -> bool:
    """Every world that was found answers other questions too; only where all agree is there a search for another."""
    answers = [question.answer(world) for world in worlds]
    if max(answers) - min(answers) > EXACT:
        return False
    for most in (False, True):
        world = attacker.find_world(question.terms, most=most)
        worlds.append(world)
        if abs(question.answer(world) - answers[0]) > EXACT:
            return False
    return answers[0] > EXACT


def ask(attacker: Attacker, scores: Scores, target: Target) -> Iterator[Question]:
    codes = None if target.codes is None else set(target.codes)
    grades = [pair for one in target.records if (pair := attacker.grade_of(one, scores, codes))]
    totals = [term for one in target.records for term in attacker.total_of(one, scores, codes)]
    yield Question(f"{target.name}: below grade 2", [(at_2, -1.0) for _, at_2 in grades], len(grades))
    yield Question(f"{target.name}: at grade 0", [(at_1, -1.0) for at_1, _ in grades], len(grades))
    yield Question(f"{target.name}: points missing", [(column, -1.0) for column, _ in totals], len(totals))


def list_targets(scores: Scores) -> list[Target]:
    """Whatever of a variant may not be shown by itself; and each organisation of a small variant."""
    found = []
    for bank in scores.banks:
        records = scores.of([bank.variant])
        for name, codes in list_parts(bank):
            part = make_part([bank], lambda asked, codes=codes: codes is None or asked.code in codes)  # type: ignore[misc]  # a default of a lambda
            if find_fault(make_cell(records, part)):
                found.append(Target(f"{bank.variant} {name}", records, codes))
        if len(records) < FEWEST_THAT_SHARE:
            found += [Target(f"organisation {one.organisation}", (one,), None) for one in records[:1]]
    return found


def list_differences(versions: Sequence[Scores], version: int) -> list[Target]:
    """Whoever came, left or changed between this version and its neighbours, where those are few in their variant."""
    found = []
    for neighbour in {version - 1, version + 1} & set(range(1, len(versions) + 1)):
        here, there = versions[version - 1], versions[neighbour - 1]
        others = {record.organisation: record for record in there.records}
        for bank in here.banks:
            changed = [one for one in here.of([bank.variant]) if others.get(one.organisation) != one]
            if is_few(len(changed)):
                found += [
                    Target(f"{bank.variant} changed, {name}", tuple(changed), codes)
                    for name, codes in list_parts(bank)
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
