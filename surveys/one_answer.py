"""One answer at a time, as a page saves it by itself: where it stands in its standard, and what a colleague changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404

from surveys.action_plans import Plan, get_plans
from surveys.asking import Scope
from surveys.models import Answer, Audit, Indicator
from surveys.queries import AskedIndicator, AskedStandard, get_profile, get_scope, pick_asked


@dataclass(frozen=True, slots=True)
class Spot:
    """An indicator’s spot in its standard: how many the audit asks there, and how many of the others are answered."""

    indicator: Indicator
    asked: int
    others_answered: int
    is_asked: bool
    # Before this save.
    score: int | None

    def count_answered(self, answer: Answer | None) -> int:
        """Of the standard, once the indicator has this answer."""
        is_answered = self.is_asked and answer is not None and answer.is_answered
        return self.others_answered + is_answered


def get_spot_or_404(audit: Audit, standard: str, indicator: str) -> Spot:
    """By their codes. One query, and one more each for a topic and where the profile decides what is asked.

    An indicator that a colleague's profile has just ruled out is found all the same: it may have been typed before.
    """
    rows = audit.answers.filter(indicator=OuterRef("pk"))
    indicators = list(
        audit.questionnaire.indicators.filter(standard__code=standard)
        .select_related("standard")
        .annotate(
            has_row=Exists(rows),
            is_answered=Exists(rows.answered()),
            old_score=Subquery(rows.values("score")),
        )
    )
    profile = get_profile(audit) if any(one.applies_if for one in indicators) else None
    scope = get_scope(audit.cycle, audit.invitee.cycle_questionnaire)

    def pick(with_rows: set[int]) -> list[Indicator]:
        return pick_asked(
            indicators, cycle=audit.cycle, scope=scope, profile=profile, with_rows=frozenset(with_rows)
        )

    with_rows = {one.pk for one in indicators if one.has_row}
    found = next((one for one in indicators if one.code == indicator), None)
    if found is None or not is_held(audit, scope, found):
        raise Http404
    # Once it is saved it has a row, too.
    asked = {one.pk for one in pick(with_rows | {found.pk})}
    answered = {one.pk for one in indicators if one.is_answered} & asked
    return Spot(
        found, len(asked), len(answered - {found.pk}), is_asked=found.pk in asked, score=found.old_score
    )


def is_held(audit: Audit, scope: Scope, indicator: Indicator) -> bool:
    """Whether the cycle asks it of anybody whose facts fit."""
    own = frozenset({indicator.pk})
    return bool(pick_asked([indicator], cycle=audit.cycle, scope=scope, profile=None, with_rows=own))


def get_plan(audit: Audit, answer: Answer) -> Plan:
    """What is planned for the answer, and whether it asks for an action. One query."""
    indicator = answer.indicator
    asked = AskedStandard(indicator.standard, (AskedIndicator(indicator, answer),))
    return get_plans(audit, [asked])[indicator.pk]


def list_changed(answer: Answer, seen_version: int) -> list[str]:
    """What of an answer is not as it was in the version that a person saw; empty where its history does not say."""
    since = answer.changes.filter(version=seen_version + 1).first()
    if since is None:
        return []
    compared = {
        "the score": (since.score_before, answer.score),
        "the reason": (since.reason_before, answer.not_applicable_reason),
        "the commentary": (since.commentary_before, answer.commentary),
    }
    return [words for words, (before, now) in compared.items() if before != now]
