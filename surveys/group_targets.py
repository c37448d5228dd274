"""What a group's answers would do in each of its sites: the preview's rows, checked again on writing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from s11.organisations.models import Organisation
from surveys.group_sites import get_places, make_scope
from surveys.invitees import get_profiles
from surveys.many_sites import BY_DEFAULT, WRITTEN, Effect, Held, Words, judge
from surveys.models import Answer, CycleQuestionnaire, Indicator, Invitee
from surveys.queries import AskedIndicator, AskedStandard, pick_asked


@dataclass(frozen=True, slots=True)
class Pair:
    """One indicator of one site: its bank's indicator with this key, what is there, and what would become of it."""

    invitee: Invitee
    asked: Indicator
    indicator: Indicator | None
    answer: Answer | None
    effect: Effect

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0

    @property
    def value(self) -> str:
        """Names the pair, and the version that the person saw, in a form."""
        return f"{self.invitee.pk}-{self.asked.pk}-{self.version}"

    @property
    def can_write(self) -> bool:
        return self.effect in WRITTEN

    @property
    def is_by_default(self) -> bool:
        return self.effect in BY_DEFAULT


@dataclass(frozen=True, slots=True)
class Target:
    """One site with its pairs, in the order of the questionnaire."""

    invitee: Invitee
    pairs: tuple[Pair, ...]

    @property
    def can_write(self) -> bool:
        return any(pair.can_write for pair in self.pairs)

    @property
    def is_started(self) -> bool:
        return hasattr(self.invitee, "audit")


def get_answerable(group: Organisation) -> list[tuple[CycleQuestionnaire, int]]:
    """The question banks of open cycles in which sites take part, each with how many do. Two queries."""
    counts: dict[int, int] = {}
    places = get_places(group).filter(cycle__status="open")
    for pin in places.order_by().values_list("cycle_questionnaire", flat=True):
        counts[pin] = counts.get(pin, 0) + 1
    pins = CycleQuestionnaire.objects.filter(pk__in=counts).select_related(
        "cycle__partnership", "questionnaire"
    )
    return [(pin, counts[pin.pk]) for pin in pins.order_by("cycle__closes_on", "cycle", "pk")]


def get_held_standards(pin: CycleQuestionnaire) -> list[AskedStandard]:
    """All that the cycle may ask of this variant, whatever a site's facts. A fixed number of queries."""
    standards = list(
        pin.questionnaire.standards.select_related("theme").prefetch_related("indicators__theme")
    )
    indicators = [indicator for standard in standards for indicator in standard.indicators.all()]
    asked = pick_asked(
        indicators,
        cycle=pin.cycle,
        scope=make_scope(pin),
        profile=None,
        with_rows=frozenset(one.pk for one in indicators),
    )
    items: dict[int, list[AskedIndicator]] = {}
    for indicator in asked:
        items.setdefault(indicator.standard_id, []).append(AskedIndicator(indicator, None))
    return [AskedStandard(one, tuple(items[one.pk])) for one in standards if one.pk in items]


def get_sites(group: Organisation, pin: CycleQuestionnaire) -> list[Invitee]:
    """All the group's sites in the cycle, whatever their variant: an indicator's key is the same in each. One query."""
    found = get_places(group).filter(cycle=pin.cycle)
    return list(
        found.select_related(
            "cycle__partnership",
            "organisation",
            "audit",
            "own_tool_return",
            "cycle_questionnaire__questionnaire",
        ).order_by("organisation__name", "pk")
    )


def get_targets(
    group: Organisation, invitees: Sequence[Invitee], entered: Mapping[Indicator, Words]
) -> list[Target]:
    """The same number of queries for any number of sites and indicators."""
    pins = _get_pins(invitees)
    keys = [indicator.key for indicator in entered]
    by_bank = _get_by_key({pin.questionnaire_id for pin in pins.values()}, keys)
    audits = [one.audit.pk for one in invitees if hasattr(one, "audit")]
    answers = _get_answers(audits, keys)
    profiles = get_profiles(audits)
    targets = []
    for invitee in invitees:
        pin = pins[invitee.cycle_questionnaire_id]
        audit = invitee.audit.pk if hasattr(invitee, "audit") else 0
        found = by_bank.get(pin.questionnaire_id, {})
        here = {one.pk: answers[audit, one.pk] for one in found.values() if (audit, one.pk) in answers}
        asked = pick_asked(
            found.values(),
            cycle=pin.cycle,
            scope=make_scope(pin),
            profile=profiles.get(audit),
            with_rows=frozenset(here),
        )
        pairs = []
        for chosen, words in entered.items():
            there = found.get(chosen.key)
            answer = here.get(there.pk) if there is not None else None
            held, reasons = make_held(answer, group), get_reasons(pin, there)
            effect = judge(words, held, is_asked=there in asked, reasons=reasons)
            pairs.append(Pair(invitee, chosen, there, answer, effect))
        targets.append(Target(invitee, tuple(pairs)))
    return targets


def _get_pins(invitees: Iterable[Invitee]) -> dict[int, CycleQuestionnaire]:
    found = CycleQuestionnaire.objects.filter(pk__in={one.cycle_questionnaire_id for one in invitees})
    found = found.select_related("cycle", "questionnaire").prefetch_related("standards")
    return {pin.pk: pin for pin in found}


def _get_by_key(banks: Collection[int], keys: Collection[str]) -> dict[int, dict[str, Indicator]]:
    """By bank and key."""
    by_bank: dict[int, dict[str, Indicator]] = {}
    for indicator in Indicator.objects.filter(questionnaire__in=banks, key__in=keys):
        by_bank.setdefault(indicator.questionnaire_id, {})[indicator.key] = indicator
    return by_bank


def _get_answers(audits: Collection[int], keys: Collection[str]) -> dict[tuple[int, int], Answer]:
    """By audit and indicator."""
    found = Answer.objects.filter(audit__in=audits, indicator__key__in=keys)
    return {(one.audit_id, one.indicator_id): one for one in found.select_related("updated_by", "group")}


def make_held(answer: Answer | None, group: Organisation) -> Held | None:
    if answer is None:
        return None
    words = Words(answer.score, answer.not_applicable_reason, answer.commentary)
    return Held(words, not answer.is_to_confirm, answer.group_id == group.pk)


def get_reasons(pin: CycleQuestionnaire, indicator: Indicator | None) -> frozenset[str]:
    """Those that this bank offers for not applicable at this indicator."""
    if indicator is None or not indicator.may_be_not_applicable:
        return frozenset()
    reasons: Iterable[str] = pin.questionnaire.not_applicable_reasons
    return frozenset(reasons)
