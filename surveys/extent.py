"""How much of a question bank a cycle asks: all of it, the short form, or a topic's standards. In counts and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from s11.web.languages import say, show_bank, show_plain
from s11.web.spoken import list_words, plural
from surveys.asking import Scope
from surveys.enums import CycleKind
from surveys.models import Audit, Cycle, CycleQuestionnaire, Indicator, Questionnaire, Standard
from surveys.queries import SCOPES, AskedStandard, pick_asked

# So many standards of a topic are named with their titles, of more only the codes.
FEW = 3


@dataclass(frozen=True, slots=True)
class HeldStandard:
    """One standard with the indicators that the cycle holds: those that it asks of anybody whose facts fit."""

    standard: Standard
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """What a cycle asks of one variant, before anybody's facts are known."""

    kind: CycleKind
    standards: tuple[HeldStandard, ...]
    of: int

    @property
    def held(self) -> int:
        return sum(len(one.indicators) for one in self.standards)

    @property
    def by_facts(self) -> int:
        """How many of them are asked only where the facts about the organisation say so."""
        return sum(bool(indicator.applies_if) for one in self.standards for indicator in one.indicators)

    @property
    def words(self) -> str:
        """‘All 78 indicators’, ‘The short form: 24 of 78 indicators’."""
        said = say_extent(self.kind, self.held, self.of, [one.standard for one in self.standards])
        if not self.by_facts:
            return said
        return say(
            "{extent}; {n} of them only where the facts about the organisation ask for them",
            extent=said,
            n=self.by_facts,
        )


def say_extent(kind: str, asked: int, of: int, standards: Sequence[Standard]) -> str:
    count = say("{n} of {indicators}", n=f"{asked:,}", indicators=plural(of, "indicator"))
    match CycleKind(kind):
        case CycleKind.FULL:
            return say("All {indicators}", indicators=plural(of, "indicator")) if asked == of else count
        case CycleKind.CORE:
            return say("The short form: {count}", count=count)
        case CycleKind.TOPIC:
            is_few = len(standards) <= FEW
            names = [
                f"{one.code} {show_plain(show_bank(one.title))}" if is_few else one.code for one in standards
            ]
            if not names:
                return say("A topic: {count}", count=count)
            return say("A topic: {count}, in {standards}", count=count, standards=list_words(names))


def make_extent(cycle: Cycle, pin: CycleQuestionnaire) -> Extent:
    """No query where the pin's standards, and its bank's standards and indicators, have been fetched."""
    indicators = list(pin.questionnaire.indicators.all())
    held = pick_asked(
        indicators,
        cycle=cycle,
        scope=Scope(SCOPES[CycleKind(cycle.kind)], frozenset(one.pk for one in pin.standards.all())),
        profile=None,
        # Whatever the facts decide: some organisation's may.
        with_rows=frozenset(one.pk for one in indicators),
    )
    by_standard: dict[int, list[Indicator]] = {}
    for indicator in held:
        by_standard.setdefault(indicator.standard_id, []).append(indicator)
    return Extent(
        CycleKind(cycle.kind),
        tuple(
            HeldStandard(standard, tuple(by_standard[standard.pk]))
            for standard in pin.questionnaire.standards.all()
            if standard.pk in by_standard
        ),
        len(indicators),
    )


def get_extents(
    cycles: Mapping[int, Cycle], pins: Sequence[CycleQuestionnaire]
) -> list[tuple[CycleQuestionnaire, Extent]]:
    """Each pin with its extent, to be counted and not to be read; `cycles` by the pin's id.

    Three queries for any number of pins.
    """
    judged = Indicator.objects.only(
        "questionnaire", "standard", "key", "is_core", "applies_if", "in_force", "is_prepare", "position"
    )
    prefetch_related_objects(
        pins, "standards", "questionnaire__standards", Prefetch("questionnaire__indicators", judged)
    )
    return [(pin, make_extent(cycles[pin.pk], pin)) for pin in pins]


def get_extent(cycle: Cycle, pin: CycleQuestionnaire) -> Extent:
    """To be counted."""
    return get_extents({pin.pk: cycle}, [pin])[0][1]


def get_whole_extent(cycle: Cycle, pin: CycleQuestionnaire) -> Extent:
    """To be read: with the texts and the themes. Five queries."""
    prefetch_related_objects(
        [pin], "standards", "questionnaire__standards__theme", "questionnaire__indicators__theme"
    )
    return make_extent(cycle, pin)


def get_all_standards(bank: Questionnaire) -> list[HeldStandard]:
    """The whole bank, to be read. Four queries."""
    standards = bank.standards.select_related("theme").prefetch_related("indicators__theme")
    return [HeldStandard(standard, tuple(standard.indicators.all())) for standard in standards]


def say_audit_extent(audit: Audit, standards: Sequence[AskedStandard]) -> str:
    """That an audit is a short form or a topic, and how much that is; empty for a full one. One query at most."""
    if audit.cycle.kind == CycleKind.FULL:
        return ""
    asked = sum(len(one.items) for one in standards)
    of = audit.questionnaire.indicators.count()
    return say_extent(audit.cycle.kind, asked, of, [one.standard for one in standards])
