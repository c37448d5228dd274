"""One answer at a time, as a page saves it by itself: where it stands in its standard, and what a colleague changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.http import Http404

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.web.languages import say
from s11.web.prepared import Later, Prepared
from surveys.asking import Scope
from surveys.models import Answer, Assignment, Audit, Indicator
from surveys.models.answers import Standing
from surveys.queries import get_profile, get_scope, pick_asked
from surveys.reach import Given, list_writers


@dataclass(frozen=True, slots=True)
class Spot:
    """An indicator’s spot in its standard: how many the audit asks there, and how many of the others are answered."""

    standard: str
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
    indicators = _get_indicators(audit, standard, user, roles)
    profile = get_profile(audit) if any(one.applies_if for one in indicators) else None
    scope = get_scope(audit.cycle, audit.invitee.cycle_questionnaire)

    found = next((one for one in indicators if one.code == indicator), None)
    if found is None or not is_held(audit, scope, found):
        raise Http404
    # Once it is saved it has a row, too.
    rows = frozenset({found.pk, *(one.pk for one in indicators if one.held)})
    picked = pick_asked(indicators, cycle=audit.cycle, scope=scope, profile=profile, with_rows=rows)
    asked = {one.pk for one in picked}
    others = [one.held for one in indicators if one.pk in asked and one.pk != found.pk and one.held]
    return Spot(
        standard,
        found,
        len(asked),
        sum(held.is_answered for held in others),
        is_asked=found.pk in asked,
        others_to_confirm=sum(held.is_to_confirm for held in others),
        score=found.held_score,
        given=Given(indicators=frozenset({found.pk} if found.is_own else ())) if found.is_shared else None,
    )


def _get_indicators(audit: Audit, standard: str, user: User, roles: frozenset[MembershipRole]) -> list[Any]:
    """Of the standard, each with what this audit holds of it, `held`, and whether it is the person's share."""
    asked = {"questionnaire": audit.invitee.cycle_questionnaire.questionnaire_id, "standard": standard}
    # A lead may answer all of it.
    if MembershipRole.LEAD in roles:
        indicators: list[Any] = _OF_LEAD.fetch(audit=audit.pk, **asked)
    else:
        organisation = audit.invitee.organisation_id
        indicators = _OF_OTHERS.fetch(audit=audit.pk, user=user.pk, organisation=organisation, **asked)
    for one in indicators:
        one.held = _make_held(one)
    return indicators


def _select_indicators(**shares: Any) -> QuerySet[Indicator]:
    """The answers are joined, not asked for one by one: this is the longest statement of every save."""
    joined = Indicator.objects.filter(
        questionnaire=Later("questionnaire"), standard__code=Later("standard")
    ).annotate(row=FilteredRelation("answers", condition=Q(answers__audit=Later("audit"))))
    return joined.defer(*LONG).annotate(
        held_score=F("row__score"),
        held_reason=F("row__not_applicable_reason"),
        held_confirmed=F("row__confirmed"),
        **shares,
    )


def _select_shares() -> dict[str, Any]:
    """Whether the work is shared out, and whether the indicator is this person's."""
    shares = Assignment.objects.filter(audit=Later("audit"), user__in=list_writers(Later("organisation")))
    own = shares.filter(Q(indicator=OuterRef("pk")) | Q(standard=OuterRef("standard")), user=Later("user"))
    return {"is_shared": Exists(shares), "is_own": Exists(own)}


# What is shown on the page alone.
LONG: Final = ("guidance", "descriptor_0", "descriptor_1", "descriptor_2", "evidence", "sources")
_OF_LEAD: Final = Prepared(lambda: _select_indicators(is_shared=Value(value=False), is_own=Value(value=True)))
_OF_OTHERS: Final = Prepared(lambda: _select_indicators(**_select_shares()))


@dataclass(frozen=True, slots=True)
class Held(Standing):
    """What an answer's row says, as far as this page asks."""

    score: int | None
    not_applicable_reason: str
    confirmed: bool


def _make_held(indicator: Any) -> Held | None:
    """None without a row."""
    if indicator.held_confirmed is None:
        return None
    return Held(indicator.held_score, indicator.held_reason, indicator.held_confirmed)


def is_held(audit: Audit, scope: Scope, indicator: Indicator) -> bool:
    """Whether the cycle asks it of anybody whose facts fit."""
    own = frozenset({indicator.pk})
    return bool(pick_asked([indicator], cycle=audit.cycle, scope=scope, profile=None, with_rows=own))


def list_changed(answer: Answer, seen_version: int) -> list[str]:
    """What of an answer is not as it was in the version that a person saw; empty where its history does not say."""
    since = answer.changes.filter(version=seen_version + 1).first()
    if since is None:
        return []
    compared = {
        say("the score"): (since.score_before, answer.score),
        say("the reason"): (since.reason_before, answer.not_applicable_reason),
        say("the commentary"): (since.commentary_before, answer.commentary),
    }
    return [words for words, (before, now) in compared.items() if before != now]
