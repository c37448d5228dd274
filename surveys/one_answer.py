"""One answer at a time, as a page saves it by itself: where it stands in its standard, and what a colleague changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.http import Http404

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from surveys.action_plans import Plan, get_plans
from surveys.asking import Scope
from surveys.models import Answer, Audit, Indicator
from surveys.queries import AskedIndicator, AskedStandard, get_profile, get_scope, pick_asked
from surveys.reach import Given, get_live_assignments


@dataclass(frozen=True, slots=True)
class Spot:
    """An indicator’s spot in its standard: how many the audit asks there, and how many of the others are answered."""

    indicator: Indicator
    asked: int
    others_answered: int
    is_asked: bool
    others_to_confirm: int
    # Before this save.
    score: int | None
    # What is assigned to the person, as far as this indicator goes; none where they may answer everything.
    given: Given | None = None

    def count_answered(self, answer: Answer | None) -> int:
        """Of the standard, once the indicator has this answer."""
        is_answered = self.is_asked and answer is not None and answer.is_answered
        return self.others_answered + is_answered

    def count_to_confirm(self, answer: Answer | None) -> int:
        """Of the standard, once the indicator has this answer."""
        return self.others_to_confirm + (self.is_asked and answer is not None and answer.is_to_confirm)


def get_spot_or_404(
    audit: Audit, standard: str, indicator: str, user: User, roles: frozenset[MembershipRole]
) -> Spot:
    """By their codes. One query, and one more each for a topic and where the profile decides what is asked.

    An indicator that a colleague's profile has just ruled out is found all the same: it may have been typed before.
    """
    is_lead = MembershipRole.LEAD in roles
    indicators = _get_indicators(audit, standard, user, is_lead=is_lead)
    profile = get_profile(audit) if any(one.applies_if for one in indicators) else None
    scope = get_scope(audit.cycle, audit.invitee.cycle_questionnaire)

    found = next((one for one in indicators if one.code == indicator), None)
    if found is None or not is_held(audit, scope, found):
        raise Http404
    # Once it is saved it has a row, too.
    rows = frozenset({found.pk, *(one.pk for one in indicators if one.has_row is not None)})
    picked = pick_asked(indicators, cycle=audit.cycle, scope=scope, profile=profile, with_rows=rows)
    asked = {one.pk for one in picked}
    others = [_read(one) for one in indicators if one.pk in asked and one.pk != found.pk]
    is_limited = not is_lead and found.is_shared
    return Spot(
        found,
        len(asked),
        sum(one.is_answered for one in others if one),
        is_asked=found.pk in asked,
        others_to_confirm=sum(one.is_to_confirm for one in others if one),
        score=found.score,
        given=Given(indicators=frozenset({found.pk} if found.is_own else ())) if is_limited else None,
    )


def _get_indicators(audit: Audit, standard: str, user: User, *, is_lead: bool) -> list[Any]:
    """Of the standard, each with what this audit holds of it; and, but for a lead, whether it is the person's share.

    Joined, not asked for one by one: five subqueries cost more to write than all else that saving does.
    """
    found = (
        audit.questionnaire.indicators.filter(standard__code=standard)
        .select_related("standard")
        .annotate(
            row=FilteredRelation("answers", condition=Q(answers__audit=audit)),
            has_row=F("row__pk"),
            score=F("row__score"),
            reason=F("row__not_applicable_reason"),
            is_confirmed=F("row__confirmed"),
        )
    )
    if not is_lead:
        shares = get_live_assignments(audit)
        own = shares.filter(Q(indicator=OuterRef("pk")) | Q(standard=OuterRef("standard")), user=user)
        found = found.annotate(is_shared=Exists(shares), is_own=Exists(own))
    return list(found)


def _read(indicator: Any) -> Answer | None:
    """What the row that was joined to the indicator says, not to be saved."""
    if indicator.has_row is None:
        return None
    return Answer(
        score=indicator.score, not_applicable_reason=indicator.reason, confirmed=indicator.is_confirmed
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
