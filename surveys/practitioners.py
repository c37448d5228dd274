"""What pages about practitioner surveys read: what a cycle can ask, who asks, and leaders beside staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from s11.organisations.enums import Variant
from surveys.extent import get_extents
from surveys.invitees import get_invitees
from surveys.models import Cycle, CycleSurvey, Indicator, Invitee, PractitionerSurvey, SurveyStatement
from surveys.practitioner_questions import read_statements
from surveys.practitioner_results import Result
from surveys.scoring import NOT_APPLICABLE, Item
from surveys.staff_says import get_own_scores, get_staff_says


@dataclass(frozen=True, slots=True)
class OfferedStatement:
    """One that a cycle can ask, with the indicator that it stands beside in each variant that takes part."""

    code: str
    text: str
    indicators: Mapping[str, Indicator]

    @property
    def beside(self) -> str:
        """‘A2.3 (Standard), H9.3 (Health)’."""
        return ", ".join(
            f"{indicator.code} ({Variant(variant).label})" for variant, indicator in self.indicators.items()
        )


def get_offered(cycle: Cycle) -> list[OfferedStatement]:
    """Those of the shipped statements whose indicators the cycle asks about, of some variant. Four queries."""
    pins = list(cycle.cycle_questionnaires.select_related("questionnaire"))
    pins.sort(key=lambda pin: Variant.values.index(pin.variant))
    held = {
        pin.variant: {
            indicator.key: indicator for standard in extent.standards for indicator in standard.indicators
        }
        for pin, extent in get_extents({pin.pk: cycle for pin in pins}, pins)
    }
    offered = []
    for one in read_statements():
        beside = {
            variant: indicators[one.indicators[variant]]
            for variant, indicators in held.items()
            if one.indicators.get(variant) in indicators
        }
        if beside:
            offered.append(OfferedStatement(one.code, one.text, beside))
    return offered


def get_cycle_survey(cycle: Cycle) -> CycleSurvey | None:
    return CycleSurvey.objects.filter(cycle=cycle).select_related("switched_on_by").first()


def get_statements(cycle: Cycle) -> list[tuple[str, list[SurveyStatement]]]:
    """What is asked, by the variant's name. One query."""
    found: dict[str, list[SurveyStatement]] = {}
    for one in SurveyStatement.objects.filter(round__cycle=cycle).order_by("position"):
        found.setdefault(one.variant, []).append(one)
    return [(Variant(variant).label, found[variant]) for variant in Variant.values if variant in found]


def get_survey(invitee: Invitee) -> PractitionerSurvey | None:
    """The agency's, where it has one. One query."""
    survey = (
        PractitionerSurvey.objects.filter(invitee=invitee).select_related("opened_by", "closed_by").first()
    )
    if survey is not None:
        survey.invitee = invitee
    return survey


def get_asked(invitee: Invitee) -> list[SurveyStatement]:
    """What the agency's staff are, or would be, asked; 404 where the cycle has no survey for them. One query."""
    variant = invitee.cycle_questionnaire.variant
    asked = list(SurveyStatement.objects.filter(round__cycle=invitee.cycle_id, variant=variant))
    if not asked:
        raise Http404
    return asked


def get_asked_survey(invitee: Invitee) -> tuple[bool, PractitionerSurvey | None]:
    """Whether its cycle has a survey for its staff; and the agency's own, if it is opened. Two queries at most."""
    variant = invitee.cycle_questionnaire.variant
    may_ask = SurveyStatement.objects.filter(round__cycle=invitee.cycle_id, variant=variant).exists()
    return may_ask, get_survey(invitee) if may_ask else None


# The desk's list ------------------------------------------------------------------------------------------------------


def list_agencies(cycle: Cycle, search: str = "") -> QuerySet[Invitee]:
    """Who is invited and not exempt, by the name that the partnership calls them, each with its survey."""
    variants = SurveyStatement.objects.filter(round__cycle=cycle).values("variant")
    found = get_invitees(cycle, search=search).filter(
        exempt_reason="", cycle_questionnaire__variant__in=variants
    )
    return found.select_related(
        "organisation", "cycle_questionnaire", "audit", "own_tool_return", "practitioner_survey"
    )


def count_without(cycle: Cycle) -> int:
    """Agencies that could ask and do not yet."""
    return list_agencies(cycle).filter(practitioner_survey=None).count()


# Leaders say, staff say -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One statement: what staff say, where it may be told, beside the leaders' score of its indicator."""

    statement: SurveyStatement
    indicator: Indicator | None
    leaders: Item
    result: Result | None

    @property
    def is_below(self) -> bool:
        return self.result is not None and self.result.is_below(self.leaders)

    @property
    def leaders_words(self) -> str | None:
        if self.leaders is NOT_APPLICABLE:
            return "Not applicable"
        return None if self.leaders is None else str(self.leaders)


def compare_with_leaders(invitee: Invitee, asked: list[SurveyStatement], *, is_submitted: bool) -> list[Line]:
    """In the order of the survey; three queries. What too few answered stands there without a result."""
    results = {line.code: line.result for line in get_staff_says(invitee).lines}
    keys = [one.key for one in asked]
    scores = get_own_scores(invitee, keys, is_submitted=is_submitted)
    bank = invitee.cycle_questionnaire.questionnaire_id
    indicators = {one.key: one for one in Indicator.objects.filter(questionnaire=bank, key__in=keys)}
    return [Line(one, indicators.get(one.key), scores.get(one.key), results.get(one.code)) for one in asked]
