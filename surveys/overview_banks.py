"""What cycles asked: the indicators that each of them holds, by variant. Two queries, however many cycles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from s11.organisations.enums import Variant
from surveys import asking
from surveys.enums import CycleKind, Scope
from surveys.models import Cycle, CycleQuestionnaire, Indicator
from surveys.queries import SCOPES

Subject = tuple[str, str]  # a scorecard's scope, and the code of its standard or theme
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


def get_banks(cycles: Collection[Cycle]) -> Banks:
    """Two queries: all that is in the pinned banks, in order; `is_held` says what the cycle asks of anybody whose
    profile it fits. `keep_asked` leaves the rest out."""
    by_pk = {cycle.pk: cycle for cycle in cycles}
    pins: dict[tuple[int, int, str], set[int]] = {}
    for cycle, questionnaire, variant, standard in CycleQuestionnaire.objects.filter(
        cycle__in=by_pk
    ).values_list("cycle", "questionnaire", "variant", "standards"):
        pins.setdefault((cycle, questionnaire, variant), set()).add(standard)
    banks: dict[int, list[dict[str, Any]]] = {}
    pinned = {questionnaire for _, questionnaire, _ in pins}
    for row in Indicator.objects.filter(questionnaire__in=pinned).order_by("position").values(*COLUMNS):
        banks.setdefault(row["questionnaire"], []).append(row)
    return {
        (cycle, Variant(variant)): tuple(
            _make_held(row, Variant(variant), by_pk[cycle], frozenset(standards))
            for row in banks.get(questionnaire, ())
        )
        for (cycle, questionnaire, variant), standards in pins.items()
    }


def _make_held(row: dict[str, Any], variant: Variant, cycle: Cycle, standards: frozenset[int]) -> Held:
    scope = asking.Scope(SCOPES[CycleKind(cycle.kind)], standards)
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
