"""What the pages on top show of audits: a member's, an agency's, a desk's, and a partnership's question banks."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Partnership
from s11.web import spoken
from s11.web.languages import say
from s11.web.text import plural
from surveys.enums import COUNTED, AuditStatus, CycleStatus, SignOffDecision
from surveys.figures import Share
from surveys.models import Answer, Audit, Cycle, CycleQuestionnaire, Invitee, Questionnaire, SignOff
from surveys.queries import get_newest_questionnaires

VARIANT_ORDER = {variant.value: position for position, variant in enumerate(Variant)}


@dataclass(frozen=True, slots=True)
class AgencyAudit:
    """An organisation's place in an opened cycle, whether or not anybody has started."""

    invitee: Invitee
    is_started: bool
    today: datetime.date
    is_signed: bool = False

    @property
    def cycle(self) -> Cycle:
        return self.invitee.cycle

    @property
    def audit(self) -> Audit | None:
        return getattr(self.invitee, "audit", None)

    @property
    def word(self) -> str:
        """For the status tag."""
        status = self.audit.status if self.audit else AuditStatus.DRAFT
        if self.invitee.is_exempt:
            return "Exempt"
        if hasattr(self.invitee, "own_tool_return"):
            return "Own tool"
        if status == AuditStatus.AWAITING_SIGN_OFF and self.is_signed:
            return SignOffDecision.SIGNED.label
        if status in (*COUNTED, AuditStatus.AWAITING_SIGN_OFF):
            return AuditStatus(status).label
        if not self.cycle.is_open:
            return "Closed"
        if self.today > self.invitee.due_on:
            return "Overdue"
        return "Started" if self.is_started else "Not started"

    @property
    def line(self) -> str:
        """Where it stands, in a few words with a date."""
        if self.invitee.is_exempt:
            return say("You need not take part")
        if hasattr(self.invitee, "own_tool_return"):
            moment = self.invitee.own_tool_return.submitted_at
            return say("Your own audit was returned on {day}", day=spoken.date(moment))
        if self.audit and self.audit.submitted_at:
            day = spoken.date(self.audit.submitted_at)
            if self.audit.status == AuditStatus.RETURNED:
                return say("Submitted on {day}, returned for correction", day=day)
            return say("Submitted on {day}", day=day)
        if self.cycle.closed_at:
            return say("Closed on {day} without a submission", day=spoken.date(self.cycle.closed_at))
        day, kind = spoken.date(self.invitee.due_on), spoken.chosen(self.cycle.kind_words)
        due = say("{kind}, due by {day}", kind=kind, day=day) if kind else say("Due by {day}", day=day)
        return say("{due}, you can still submit", due=due) if self.today > self.invitee.due_on else due


def get_agency_audits(
    organisations: Iterable[int], *, partnership: Partnership | None = None, is_open: bool | None = None
) -> list[AgencyAudit]:
    """Of these organisations, newest cycle first; planned cycles are not theirs to see yet. One query."""
    answered = Answer.objects.answered().filter(audit__invitee=OuterRef("pk"))
    found = (
        Invitee.objects.filter(organisation__in=list(organisations), cycle__in=Cycle.objects.opened())
        .select_related("cycle__partnership", "organisation", "audit", "own_tool_return")
        .annotate(is_started=Exists(answered), is_signed=Exists(get_signatures()))
        .order_by("-cycle__closes_on", "-cycle__pk", "organisation__name")
    )
    if partnership is not None:
        found = found.filter(cycle__partnership=partnership)
    if is_open is not None:
        found = found.filter(cycle__status=CycleStatus.OPEN if is_open else CycleStatus.CLOSED)
    today = timezone.localdate()
    return [make_agency_audit(invitee, today) for invitee in found]


def get_signatures() -> QuerySet[SignOff]:
    """Of an invitee's audit: a signature with which nothing was submitted yet."""
    signed = SignOff.objects.filter(decision=SignOffDecision.SIGNED, submission=None)
    return signed.filter(audit__invitee=OuterRef("pk"))


def make_agency_audit(invitee: Invitee, today: datetime.date) -> AgencyAudit:
    """Of an invitee that was asked for with `is_started` and `is_signed`."""
    is_started, is_signed = getattr(invitee, "is_started", False), getattr(invitee, "is_signed", False)
    return AgencyAudit(invitee, is_started, today, is_signed)


@dataclass(frozen=True, slots=True)
class OpenCycle:
    """How far a cycle has come, in the few numbers of the desk's first page; surveys.participation has them all."""

    cycle: Cycle
    started: Share
    submitted: Share
    today: datetime.date

    @property
    def not_started(self) -> int:
        return self.started.of - self.started.count

    @property
    def in_progress(self) -> int:
        return self.started.count - self.submitted.count

    @property
    def days_left(self) -> str:
        """The closing day counts: a return is on time until it ends."""
        days = (self.cycle.closes_on - self.today).days
        if days < 0:
            return f"closing day was {plural(-days, 'day')} ago"
        return "today is the closing day" if not days else f"{plural(days, 'day')} left"


def get_planned_cycles(partnership: Partnership) -> list[Cycle]:
    """The one that opens first on top."""
    planned = Cycle.objects.of(partnership).filter(status=CycleStatus.PLANNED)
    return list(planned.order_by("opens_on", "pk"))


def get_coming_cycles(partnership: Partnership, today: datetime.date) -> list[Cycle]:
    """What everybody may read before it opens: planned for today or later, with at least one question bank."""
    planned = Cycle.objects.of(partnership).filter(status=CycleStatus.PLANNED, opens_on__gte=today)
    with_banks = planned.filter(Exists(CycleQuestionnaire.objects.filter(cycle=OuterRef("pk"))))
    return list(with_banks.prefetch_related("cycle_questionnaires").order_by("opens_on", "pk"))


def get_open_cycles(partnership: Partnership) -> list[OpenCycle]:
    """The one that closes first on top. Two queries, however many there are."""
    cycles = list(Cycle.objects.of(partnership).filter(status=CycleStatus.OPEN).order_by("closes_on", "pk"))
    answered = Answer.objects.answered().filter(audit__invitee=OuterRef("pk"))
    counted = Q(audit__status__in=COUNTED) | Q(own_tool_return__isnull=False)
    rows = (
        Invitee.objects.not_exempt()
        .filter(cycle__in=cycles)
        .annotate(is_answered=Exists(answered))
        .order_by()
        .values_list("cycle")
        .annotate(
            invited=Count("pk"),
            started=Count("pk", filter=Q(is_answered=True) | counted),
            submitted=Count("pk", filter=counted),
        )
    )
    figures = {
        cycle: (Share(started, invited), Share(submitted, invited))
        for cycle, invited, started, submitted in rows
    }
    nobody = (Share(0, 0), Share(0, 0))
    today = timezone.localdate()
    return [OpenCycle(cycle, *figures.get(cycle.pk, nobody), today) for cycle in cycles]


def get_public_question_banks(partnership: Partnership) -> list[Questionnaire]:
    """What its opened cycles ask, newest first by variant; before the first one, what a new cycle would ask."""
    pinned = list(
        Questionnaire.objects.filter(
            cycle_questionnaires__cycle__in=Cycle.objects.of(partnership).opened()
        ).distinct()
    )
    banks = pinned or list(get_newest_questionnaires(partnership).values())
    newest_first = sorted(banks, key=lambda bank: (bank.edition, bank.revision), reverse=True)
    return sorted(newest_first, key=lambda bank: VARIANT_ORDER[bank.variant])
