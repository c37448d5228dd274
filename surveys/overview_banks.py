"""What cycles asked: the indicators that each of them holds, by variant; and which earlier cycles asked the like.

A query for the pins of all cycles and one for their banks, however many cycles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import F, Q

from s11.organisations.enums import Variant
from surveys import asking
from surveys.enums import CycleKind, Scope
from surveys.models import Cycle, CycleQuestionnaire, Indicator
from surveys.queries import SCOPES

Subject = tuple[str, str]  # a scorecard's scope, and the code of its standard or theme
Subjects = Mapping[tuple[int | None, int | None], Subject]  # by a scorecard's standard and theme
WHOLE: Final[Subject] = (Scope.WHOLE.value, "")


@dataclass(frozen=True, slots=True)
class Held:
    """One indicator of a cycle's bank. `wording` is what may read otherwise and still be the same key."""

    pk: int
    questionnaire: int
    variant: Variant
    key: str
    code: str
    text: str
    is_critical: bool
    standard_pk: int
    standard: str
    standard_title: str
    standard_theme: str
    theme_pk: int
    theme: str
    theme_title: str
    theme_position: int
    wording: tuple[str, ...]
    is_held: bool = True

    @property
    def subjects(self) -> tuple[Subject, Subject, Subject]:
        """The scorecards that its score is in."""
        return WHOLE, (Scope.STANDARD.value, self.standard), (Scope.THEME.value, self.theme)

    @property
    def spine(self) -> tuple[Variant, str]:
        """What makes it the same indicator in another cycle: a key means the same within its variant."""
        return self.variant, self.key


Bank = Sequence[Held]
Banks = Mapping[tuple[int, Variant], Bank]  # by cycle and variant


class Pin(NamedTuple):
    """A bank that a cycle asks, with the standards chosen for a topic: where none is, what else is there is None."""

    cycle: int
    questionnaire: int
    variant: str
    standards: frozenset[int | None]


# So many earlier cycles are offered for comparison, the newest.
MOST_OFFERED: Final = 20
COLUMNS: Final = (
    "pk",
    "questionnaire",
    "key",
    "code",
    "text",
    "is_critical",
    "standard",
    "standard__code",
    "standard__title",
    "standard__theme__code",
    "theme",
    "theme__code",
    "theme__title",
    "theme__position",
    "descriptor_0",
    "descriptor_1",
    "descriptor_2",
    "is_core",
    "in_force",
    "is_prepare",
)


def get_offered(cycle: Cycle) -> tuple[list[Cycle], list[Pin]]:
    """Earlier cycles of the partnership that asked a variant of this one's, the newest first; and the pins of all.

    One query.
    """
    earlier = (
        Cycle.objects.opened()
        .whole()
        .filter(partnership=cycle.partnership_id, closes_on__lt=cycle.closes_on)
        .order_by()
    )
    rows = list(
        CycleQuestionnaire.objects.filter(Q(cycle=cycle.pk) | Q(cycle__in=earlier))
        .select_related("cycle")
        .annotate(chosen=F("standards"))
        .order_by("-cycle__closes_on", "-cycle__pk", "pk")
    )
    variants = {row.variant for row in rows if row.cycle_id == cycle.pk}
    found: dict[int, Cycle] = {}
    for row in rows:
        if row.cycle_id != cycle.pk and row.variant in variants:
            found.setdefault(row.cycle_id, row.cycle)
    pins = _gather_pins((row.cycle_id, row.questionnaire_id, row.variant, row.chosen) for row in rows)
    return list(found.values())[:MOST_OFFERED], pins


def get_banks(cycles: Collection[Cycle]) -> Banks:
    """Two queries: see `read_banks`."""
    pins = CycleQuestionnaire.objects.filter(cycle__in=[cycle.pk for cycle in cycles])
    return read_banks(
        cycles, _gather_pins(pins.values_list("cycle", "questionnaire", "variant", "standards"))
    )


def _gather_pins(rows: Iterable[tuple[int, int, str, int | None]]) -> list[Pin]:
    """Of a row a chosen standard."""
    found: dict[tuple[int, int, str], set[int | None]] = {}
    for cycle, questionnaire, variant, standard in rows:
        found.setdefault((cycle, questionnaire, variant), set()).add(standard)
    return [Pin(*key, frozenset(standards)) for key, standards in found.items()]


def read_banks(cycles: Collection[Cycle], pins: Iterable[Pin]) -> Banks:
    """One query: all that is in the pinned banks, in order; `is_held` says what the cycle asks of anybody whose
    profile it fits. `keep_asked` leaves the rest out."""
    by_pk = {cycle.pk: cycle for cycle in cycles}
    pins = [pin for pin in pins if pin.cycle in by_pk]
    banks: dict[int, list[dict[str, Any]]] = {}
    pinned = {pin.questionnaire for pin in pins}
    for row in Indicator.objects.filter(questionnaire__in=pinned).order_by("position").values(*COLUMNS):
        banks.setdefault(row["questionnaire"], []).append(row)
    return {
        (pin.cycle, Variant(pin.variant)): tuple(
            _make_held(row, Variant(pin.variant), by_pk[pin.cycle], pin.standards)
            for row in banks.get(pin.questionnaire, ())
        )
        for pin in pins
    }


def _make_held(row: dict[str, Any], variant: Variant, cycle: Cycle, standards: frozenset[int | None]) -> Held:
    chosen = frozenset(standard for standard in standards if standard is not None)
    scope = asking.Scope(SCOPES[CycleKind(cycle.kind)], chosen)
    is_held = asking.is_in_scope(scope, core=row["is_core"], standard=row["standard"]) and asking.is_in_force(
        row["in_force"], prepare=row["is_prepare"], opens_on=cycle.opens_on
    )
    return Held(
        pk=row["pk"],
        questionnaire=row["questionnaire"],
        variant=variant,
        key=row["key"],
        code=row["code"],
        text=row["text"],
        is_critical=row["is_critical"],
        standard_pk=row["standard"],
        standard=row["standard__code"],
        standard_title=row["standard__title"],
        standard_theme=row["standard__theme__code"],
        theme_pk=row["theme"],
        theme=row["theme__code"],
        theme_title=row["theme__title"],
        theme_position=row["theme__position"],
        wording=(row["text"], row["descriptor_0"], row["descriptor_1"], row["descriptor_2"]),
        is_held=is_held,
    )


def keep_asked(banks: Banks, counted: Collection[tuple[int, int]]) -> Banks:
    """What a cycle holds, and what it has answers to (cycle, indicator): one that was asked stays, whatever the plan
    says by now."""
    counted = frozenset(counted)
    return {
        (cycle, variant): tuple(held for held in bank if held.is_held or (cycle, held.pk) in counted)
        for (cycle, variant), bank in banks.items()
    }


def keep_asked_in(cycle: Cycle, banks: Banks, counted: Iterable[int]) -> dict[Variant, Bank]:
    """Of one cycle, by variant; `counted` are the indicators that it has answers to."""
    kept = keep_asked(banks, [(cycle.pk, indicator) for indicator in counted])
    return {variant: bank for (pk, variant), bank in kept.items() if pk == cycle.pk}


def list_subjects(banks: Iterable[Bank]) -> Subjects:
    found: dict[tuple[int | None, int | None], Subject] = {(None, None): WHOLE}
    for bank in banks:
        for held in bank:
            found[held.standard_pk, None] = Scope.STANDARD.value, held.standard
            found[None, held.theme_pk] = Scope.THEME.value, held.theme
    return found
