"""Who is invited to a cycle and how far each has come: the list on the cycle's page.

Progress is counts and dates. Nothing here reads a score for show: before submission officers see no answers.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower, NullIf

from s11.organisations.models import Membership, Participation
from surveys.enums import COUNTED, AuditStatus, CycleStatus, SignOffDecision
from surveys.figures import Share
from surveys.last_work import make_last_work
from surveys.models import Answer, Audit, Cycle, Indicator, Invitee, ProfileAnswer, SignOff
from surveys.queries import get_scope, pick_asked

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Listed(TypedDict):
        name: str
        state: str
        is_signed: bool
        last_change: datetime.datetime | None

    ListedInvitee = WithAnnotations[Invitee, _Listed]


class InviteeState(TextChoices):
    """How far an invited organisation has come; derived, never stored."""

    INVITED = "invited", "Invited"
    REGISTERED = "registered", "Registered"
    STARTED = "started", "Started"
    SUBMITTED = "submitted", "Submitted"
    EXEMPT = "exempt", "Exempt"


# Also what the list can be narrowed to: both together are those to be chased.
NOT_STARTED = "not_started"
BEFORE_START = frozenset({InviteeState.INVITED, InviteeState.REGISTERED})
SIGNED_OFF = "Signed off"


@dataclass(frozen=True, slots=True)
class InviteeRow:
    """One line of the list. `asked` is None where there is no audit yet; `changed_at` is when somebody worked on it."""

    invitee: Invitee
    name: str
    state: InviteeState
    answered: int = 0
    asked: int | None = None
    changed_at: datetime.datetime | None = None
    # The signatory has decided, and a lead has to submit.
    is_signed: bool = False

    @property
    def word(self) -> str:
        """For the status tag: how far sign-off is, and what was returned, say so; of a plan nobody knows yet."""
        if self.state in BEFORE_START and self.invitee.cycle.status == CycleStatus.PLANNED:
            return CycleStatus.PLANNED.label
        if self.has_own_tool and self.state != InviteeState.EXEMPT:
            return "Own tool"
        told = (AuditStatus.AWAITING_SIGN_OFF, AuditStatus.RETURNED)
        if self.audit and self.audit.status in told and self.state != InviteeState.EXEMPT:
            return SIGNED_OFF if self.is_waiting_to_be_sent else self.audit.get_status_display()
        return self.state.label

    @property
    def is_waiting_to_be_sent(self) -> bool:
        return (
            self.is_signed and self.audit is not None and self.audit.status == AuditStatus.AWAITING_SIGN_OFF
        )

    @property
    def audit(self) -> Audit | None:
        return self.invitee.audit if hasattr(self.invitee, "audit") else None

    @property
    def has_own_tool(self) -> bool:
        """Whether the organisation's own national audit was returned in place of answers."""
        return hasattr(self.invitee, "own_tool_return")

    @property
    def progress(self) -> str:
        return "Not started" if self.asked is None else f"{self.answered} of {self.asked} answered"


def get_returns(cycles: Iterable[Cycle]) -> dict[int, Share]:
    """Submitted of invited, by cycle; one query."""
    counted = Invitee.objects.not_exempt().filter(cycle__in=[cycle.pk for cycle in cycles]).order_by()
    rows = counted.values_list("cycle").annotate(
        invited=Count("pk"),
        submitted=Count("pk", filter=Q(audit__status__in=COUNTED) | Q(own_tool_return__isnull=False)),
    )
    return {cycle: Share(submitted, invited) for cycle, invited, submitted in rows}


def get_invitees(
    cycle: Cycle, *, search: str = "", variant: str = "", state: str = ""
) -> QuerySet[ListedInvitee]:
    """The cycle's invitees by the name that this partnership calls them; each has `name` and `state`."""
    here = Participation.objects.filter(
        partnership=cycle.partnership_id, organisation=OuterRef("organisation")
    ).values("local_name")
    members = Membership.objects.filter(organisation=OuterRef("organisation"))
    moment = cycle.closed_at
    # As the figures count: as at now, or as at the moment the cycle was closed.
    members = members.active() if moment is None else members.active_at(moment)
    answered = Answer.objects.answered().filter(audit__invitee=OuterRef("pk"))
    signed = SignOff.objects.filter(audit=OuterRef("audit"), decision=SignOffDecision.SIGNED, submission=None)
    found = cycle.invitees.annotate(
        name=Coalesce(NullIf(Subquery(here), Value("")), F("organisation__name")),
        state=Case(
            When(~Q(exempt_reason=""), then=Value(InviteeState.EXEMPT)),
            When(own_tool_return__isnull=False, then=Value(InviteeState.SUBMITTED)),
            When(audit__status__in=COUNTED, then=Value(InviteeState.SUBMITTED)),
            When(Exists(answered), then=Value(InviteeState.STARTED)),
            When(Exists(members), then=Value(InviteeState.REGISTERED)),
            default=Value(InviteeState.INVITED),
            output_field=CharField(),
        ),
        is_signed=Exists(signed),
        last_change=make_last_work(),
    )
    if search:
        found = found.filter(Q(name__icontains=search) | Q(organisation__name__icontains=search))
    if variant:
        found = found.filter(cycle_questionnaire__variant=variant)
    if state:
        found = found.filter(state__in=BEFORE_START if state == NOT_STARTED else {state})
    found = found.select_related("organisation", "cycle_questionnaire", "audit", "own_tool_return").order_by(
        Lower("name"), "pk"
    )
    return cast("QuerySet[ListedInvitee]", found)


@dataclass(slots=True)
class Counts:
    """Which indicators one audit has rows for and which it has answered; nothing of what they say."""

    rows: set[int] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)


def make_rows(cycle: Cycle, invitees: Iterable[ListedInvitee]) -> list[InviteeRow]:
    """A page of the list. The same number of queries for any number of invitees."""
    invitees = list(invitees)
    pins = {
        invitee.audit.pk: invitee.cycle_questionnaire_id for invitee in invitees if hasattr(invitee, "audit")
    }
    counts = count_answers(pins)
    asked = _get_asked(cycle, pins, counts)
    for invitee in invitees:
        invitee.cycle = cycle
    return [_make_row(invitee, counts, asked) for invitee in invitees]


def _make_row(
    invitee: ListedInvitee, counts: Mapping[int, Counts], asked: Mapping[int, set[int]]
) -> InviteeRow:
    state = InviteeState(invitee.state)
    if not hasattr(invitee, "audit"):
        return InviteeRow(invitee, invitee.name, state)
    count, wanted = counts[invitee.audit.pk], asked[invitee.audit.pk]
    return InviteeRow(
        invitee,
        invitee.name,
        state,
        len(count.answered & wanted),
        len(wanted),
        invitee.last_change,
        invitee.is_signed,
    )


def count_answers(audits: Iterable[int]) -> dict[int, Counts]:
    """By audit; one query."""
    counts = {audit: Counts() for audit in audits}
    rows = Answer.objects.filter(audit__in=list(counts)).order_by()
    for audit, indicator, confirmed, score, set_aside in rows.values_list(
        "audit", "indicator", "confirmed", "score", "not_applicable_reason"
    ):
        count = counts[audit]
        count.rows.add(indicator)
        if confirmed and (score is not None or set_aside):
            count.answered.add(indicator)
    return counts


def _get_asked(cycle: Cycle, pins: Mapping[int, int], counts: Mapping[int, Counts]) -> dict[int, set[int]]:
    """Which indicators each audit asks, by the rules of its own pages; `pins` says which bank an audit has."""
    profiles = get_profiles(pins)
    always: dict[int, set[int]] = {}
    by_profile: dict[int, list[Indicator]] = {}
    scopes = {}
    for row in cycle.cycle_questionnaires.select_related("questionnaire").prefetch_related(
        "questionnaire__indicators"
    ):
        scopes[row.pk] = get_scope(cycle, row)
        # Judged once a bank; only what waits for the profile is judged for each audit.
        indicators = list(row.questionnaire.indicators.all())
        plain = [indicator for indicator in indicators if not indicator.applies_if]
        by_profile[row.pk] = [indicator for indicator in indicators if indicator.applies_if]
        asked = pick_asked(plain, cycle=cycle, scope=scopes[row.pk], profile=None)
        always[row.pk] = {indicator.pk for indicator in asked}
    return {
        audit: always[pin]
        | {
            indicator.pk
            for indicator in pick_asked(
                by_profile[pin],
                cycle=cycle,
                scope=scopes[pin],
                profile=profiles.get(audit),
                with_rows=frozenset(counts[audit].rows),
            )
        }
        for audit, pin in pins.items()
    }


def get_profiles(audits: Iterable[int]) -> dict[int, dict[str, str]]:
    """What each audit's profile says, without blanks; an audit that has none at all is not in it."""
    profiles: dict[int, dict[str, str]] = {}
    rows = ProfileAnswer.objects.filter(audit__in=list(audits)).order_by()
    for audit, code, value in rows.values_list("audit", "question__code", "value"):
        profile = profiles.setdefault(audit, {})
        if value:
            profile[code] = value
    return profiles
