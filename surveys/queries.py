"""What pages read across tables: which audit an address names, what it asks, and what has been answered."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Partnership, User
from s11.organisations.queries import Agency, get_own_roles
from s11.web.prepared import hold_related
from surveys.asking import Scope, ScopeKind, is_asked
from surveys.destroyed import check_is_kept
from surveys.enums import CycleKind, DocumentFormat, DocumentKind, Series, SignOffDecision
from surveys.enums import Scope as ScorecardScope
from surveys.models import (
    Answer,
    AnswerChange,
    Audit,
    Cycle,
    CycleQuestionnaire,
    Document,
    Indicator,
    Invitee,
    Questionnaire,
    SignOff,
    Standard,
)
from surveys.page_queries import ANSWERS, INDICATORS, PROFILE, STANDARDS
from surveys.saving_queries import OWN_AUDIT

SCOPES: dict[CycleKind, ScopeKind] = {
    CycleKind.FULL: "full",
    CycleKind.CORE: "core",
    CycleKind.TOPIC: "topic",
}


def get_audit_or_404(user: User, partnership: str, organisation: str, cycle: str) -> Audit:
    """The audit of this address, if the person may see it; the lookup is the permission check."""
    audit = Audit.objects.visible_to(user).in_place(partnership, organisation, cycle).with_place().first()
    if audit is None:
        raise Http404
    check_is_kept(audit)
    return audit


def get_own_audit_or_404(
    user: User, partnership: str, organisation: str, cycle: str
) -> tuple[Audit, frozenset[MembershipRole]]:
    """The audit of this address for a member of its agency, and what they are there.

    Two plain queries, put into words beforehand: every save of an answer begins with them.
    """
    roles = get_own_roles(user, organisation)
    audit = (
        OWN_AUDIT.first(partnership=partnership, organisation=organisation, cycle=cycle) if roles else None
    )
    if audit is None:
        raise Http404
    check_is_kept(audit)
    return audit, roles


def get_audit_of_agency_or_404(agency: Agency, cycle: str) -> Audit:
    """This agency's audit in that cycle, for somebody who has been let into its rooms. One query."""
    audit = OWN_AUDIT.first(
        partnership=agency.partnership.slug, organisation=agency.organisation.slug, cycle=cycle
    )
    if audit is None:
        raise Http404
    check_is_kept(audit)
    return audit


def get_invitee_or_404(user: User, partnership: str, organisation: str, cycle: str) -> Invitee:
    """An agency's place in an opened cycle, for its members, before or after there is an audit."""
    invitee = (
        Invitee.objects.filter(
            cycle__partnership__slug=partnership,
            cycle__slug=cycle,
            organisation__slug=organisation,
            cycle__in=Cycle.objects.opened(),
            organisation__in=Membership.objects.active().filter(user=user).values("organisation"),
        )
        .select_related(
            "organisation",
            "cycle__partnership",
            "cycle_questionnaire__questionnaire",
            "audit",
            "own_tool_return",
        )
        .first()
    )
    if invitee is None:
        raise Http404
    return invitee


def get_cycle_or_404(partnership: Partnership, cycle: str) -> Cycle:
    """A cycle of a partnership whose desk the person has already been let into."""
    found = Cycle.objects.of(partnership).filter(slug=cycle).first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found


def get_scope(cycle: Cycle, cycle_questionnaire: CycleQuestionnaire) -> Scope:
    """What the cycle asks of this variant; standards by row id."""
    kind = cycle.kind
    chosen = cycle_questionnaire.standards.values_list("pk", flat=True) if kind == CycleKind.TOPIC else ()
    return Scope(SCOPES[CycleKind(kind)], frozenset(chosen))


def get_profile(audit: Audit) -> dict[str, str] | None:
    """The profile by question code, without blanks; None where there is no profile at all, as after an import."""
    values: dict[str, str] = dict(PROFILE.fetch(audit=audit.pk))
    return {code: value for code, value in values.items() if value} if values else None


def pick_asked(
    indicators: Iterable[Indicator],
    *,
    cycle: Cycle,
    scope: Scope,
    profile: Mapping[str, str] | None,
    with_rows: frozenset[int] = frozenset(),
) -> list[Indicator]:
    """Those that an audit asks, in order. `with_rows` are the ids of indicators that have an answer's row."""
    return [
        indicator
        for indicator in indicators
        if is_asked(
            core=indicator.is_core,
            standard=indicator.standard_id,
            applies_if=indicator.applies_if,
            in_force=indicator.in_force,
            prepare=indicator.is_prepare,
            scope=scope,
            profile=profile,
            opens_on=cycle.opens_on,
            has_row=indicator.pk in with_rows,
        )
    ]


@dataclass(frozen=True, slots=True)
class AskedIndicator:
    """One indicator that the audit asks, and its answer if there is a row."""

    indicator: Indicator
    answer: Answer | None

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and self.answer.is_answered

    @property
    def is_to_confirm(self) -> bool:
        return self.answer is not None and self.answer.is_to_confirm


@dataclass(frozen=True, slots=True)
class AskedStandard:
    """One standard with the indicators that the audit asks under it; never empty."""

    standard: Standard
    items: tuple[AskedIndicator, ...]

    @property
    def answered(self) -> int:
        return sum(item.is_answered for item in self.items)

    @property
    def to_confirm(self) -> int:
        return sum(item.is_to_confirm for item in self.items)

    @property
    def is_complete(self) -> bool:
        return self.answered == len(self.items)


def get_asked_standards(audit: Audit) -> list[AskedStandard]:
    """All that the audit asks, by standard, with the answers so far. Four queries, whatever the size.

    A draft without a profile asks an indicator with `applies_if` only once there is a row, as an import does.
    """
    return list_asked(audit, get_answers(audit), get_profile(audit))


def get_answers(audit: Audit) -> dict[int, Answer]:
    """By indicator, with who said it. One query."""
    found: dict[int, Answer] = {}
    for answer in ANSWERS.fetch(audit=audit.pk):
        answer.audit = audit
        found[answer.indicator_id] = answer
    return found


def get_submitted_standards(
    audit: Audit,
    submission: int,
    profile: Mapping[str, str] | None,
    frozen_at: datetime.datetime | None = None,
) -> list[AskedStandard]:
    """What a submission said, whatever has been changed since: answers are wound back by their changes.

    The answers are copies in memory, never to be saved. Whoever has the moment at hand saves a query.
    """
    if frozen_at is None:
        whole = audit.scorecards.filter(scope=ScorecardScope.WHOLE, series=Series.SELF)
        frozen_at = whole.get(submission=submission).frozen_at
    answers = get_answers(audit)
    changes = AnswerChange.objects.filter(answer__audit=audit, at__gt=frozen_at)
    then = wind_back_answers(answers.values(), changes)
    wound_back = {answer.indicator_id: answer for answer in then}
    # What was asked is known for the last submission: a profile that changed since must not change it.
    is_last = audit.is_counted and submission == audit.submission
    was_asked = {indicator for indicator, answer in answers.items() if answer.is_submitted}
    return list_asked(audit, wound_back, profile, only=was_asked if is_last else None)


def wind_back_answers(answers: Iterable[Answer], changes: QuerySet[AnswerChange]) -> list[Answer]:
    """As they were before these changes: copies in memory, where any is of them. One query."""
    first: dict[int, AnswerChange] = {}
    reasons: dict[int, str] = {}
    for change in changes.order_by("version"):
        first.setdefault(change.answer_id, change)
        if change.no_action_before != change.no_action_after:
            reasons.setdefault(change.answer_id, change.no_action_before)
    return [_wind_back(answer, first.get(answer.pk), reasons.get(answer.pk)) for answer in answers]


def _wind_back(answer: Answer, change: AnswerChange | None, no_action: str | None) -> Answer:
    """The answer as it was before this change; who had made it so is not looked up.

    `no_action` is the reason that a later change replaced; most changes say nothing of it.
    """
    if change is None:
        return answer
    before = answer.as_before(change)
    if no_action is not None:
        before.no_action_reason = no_action
    return before


def get_standards(questionnaire: Questionnaire) -> list[Standard]:
    """Each with its indicators at hand. Two queries."""
    indicators: dict[int, list[Indicator]] = {}
    for indicator in INDICATORS.fetch(questionnaire=questionnaire.pk):
        indicators.setdefault(indicator.standard_id, []).append(indicator)
    standards = STANDARDS.fetch(questionnaire=questionnaire.pk)
    for standard in standards:
        standard.questionnaire = questionnaire
        held = indicators.get(standard.pk, [])
        for indicator in held:
            indicator.standard = standard
        hold_related(standard, "indicators", Indicator.objects.filter(standard=standard.pk), held)
    return standards


def list_asked(
    audit: Audit,
    answers: Mapping[int, Answer],
    profile: Mapping[str, str] | None,
    only: set[int] | None = None,
) -> list[AskedStandard]:
    """The questionnaire's standards with what is asked of each: what the rules say, or `only` these indicators."""
    standards = get_standards(audit.questionnaire)
    indicators = [indicator for standard in standards for indicator in standard.indicators.all()]
    if only is None:
        asked = pick_asked(
            indicators,
            cycle=audit.cycle,
            scope=get_scope(audit.cycle, audit.invitee.cycle_questionnaire),
            profile=profile,
            with_rows=frozenset(answers),
        )
    else:
        asked = [indicator for indicator in indicators if indicator.pk in only]
    by_standard: dict[int, list[AskedIndicator]] = {}
    for indicator in asked:
        by_standard.setdefault(indicator.standard_id, []).append(
            AskedIndicator(indicator, answers.get(indicator.pk))
        )
    return [
        AskedStandard(standard, tuple(by_standard[standard.pk]))
        for standard in standards
        if standard.pk in by_standard
    ]


def get_current_sign_off(audit: Audit) -> SignOff | None:
    """The one that waits for a decision, or the signature that has not led to a submission yet."""
    current = Q(decision="") | Q(decision=SignOffDecision.SIGNED, submission=None)
    return audit.sign_offs.filter(current).select_related("asked_by", "decided_by").last()


def get_submitted_copy(audit: Audit) -> Document | None:
    """The PDF of the last submission that every reader shares; none where it could not be built."""
    copies = Document.objects.filter(kind=DocumentKind.AUDIT_COPY, audit=audit, submission=audit.submission)
    return copies.filter(format=DocumentFormat.PDF, error="").first()


def make_reference(audit: Audit, submission: int) -> str:
    """What an agency quotes when it asks about a submission, such as `HARBOUR-2026-41-1`."""
    return f"{audit.partnership.slug}-{audit.cycle.slug}-{audit.pk}-{submission}".upper()


def rank_banks(partnership: Partnership) -> list[Questionnaire]:
    """All that it may use, best first: its own before the shared, then the newest edition, then the newest revision."""
    return sorted(
        Questionnaire.objects.available_to(partnership),
        key=lambda bank: (bank.partnership_id is not None, bank.edition, bank.revision),
        reverse=True,
    )


def get_newest_questionnaires(partnership: Partnership) -> dict[str, Questionnaire]:
    """For each variant, the newest edition's newest revision; a partnership's own bank outranks the shared one."""
    newest: dict[str, Questionnaire] = {}
    for bank in rank_banks(partnership):
        newest.setdefault(bank.variant, bank)
    return newest
