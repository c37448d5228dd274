"""The moderators' queue of a cycle: every submitted audit, its risk in words, and how far its moderation is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypedDict, cast

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, TextChoices, Value
from django.db.models.functions import Coalesce, NullIf

from s11.organisations.models import Participation
from surveys.enums import Series
from surveys.models import Answer, Audit, Clarification, Cycle, Moderation, ModerationSample, SeriesClose
from surveys.risk import Facts, Reason, get_reasons
from surveys.risk_facts import get_facts

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Queued(TypedDict):
        name: str
        is_in_sample: bool

    QueuedAudit = WithAnnotations[Audit, _Queued]


class ModerationState(TextChoices):
    """How far the moderation of one submission has come; derived, never stored."""

    TO_MODERATE = "to_moderate", "To moderate"
    IN_PROGRESS = "in_progress", "In progress"
    FINAL = "final", "Final"


SAMPLE: Final = "sample"
QUERIED: Final = "queried"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    audit: Audit
    name: str
    reasons: tuple[Reason, ...]
    state: ModerationState
    moderated: int
    submitted: int
    # Questions to the agency that are not settled, and those of them that it has replied to.
    questions: int
    replied: int
    is_in_sample: bool

    @property
    def risk(self) -> int:
        return sum(reason.weight for reason in self.reasons)

    @property
    def variant(self) -> str:
        return self.audit.variant.label


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one audit's moderation, counted."""

    moderated: int = 0
    submitted: int = 0
    questions: int = 0
    replied: int = 0
    is_final: bool = False

    @property
    def state(self) -> ModerationState:
        if self.is_final:
            return ModerationState.FINAL
        has_begun = self.moderated or self.questions
        return ModerationState.IN_PROGRESS if has_begun else ModerationState.TO_MODERATE


NONE: Final = Progress()


def get_queue(cycle: Cycle, *, search: str = "", variant: str = "", state: str = "") -> list[QueueRow]:
    """The riskiest first, and by name where two are alike. A fixed number of queries, whatever the number of audits."""
    facts = get_facts(cycle)
    progress = get_progress_of(facts)
    rows = [
        _make_row(audit, facts[audit.pk], progress.get(audit.pk, NONE)) for audit in _get_audits(cycle, facts)
    ]
    wanted = [row for row in rows if _fits(row, search.strip().casefold(), variant, state)]
    return sorted(wanted, key=lambda row: (-row.risk, row.name.casefold(), row.audit.pk))


def _make_row(audit: QueuedAudit, facts: Facts, progress: Progress) -> QueueRow:
    return QueueRow(
        audit,
        audit.name,
        tuple(get_reasons(facts)),
        progress.state,
        progress.moderated,
        progress.submitted,
        progress.questions,
        progress.replied,
        audit.is_in_sample,
    )


def _fits(row: QueueRow, search: str, variant: str, state: str) -> bool:
    if search and search not in row.name.casefold() and search not in row.audit.organisation.name.casefold():
        return False
    if variant and row.audit.variant != variant:
        return False
    if state == SAMPLE:
        return row.is_in_sample
    if state == QUERIED:
        return row.questions > 0
    return not state or row.state == state


def _get_audits(cycle: Cycle, audits: Iterable[int]) -> list[QueuedAudit]:
    """Each with the name that this partnership calls the organisation, and whether the newest sample holds it."""
    here = Participation.objects.filter(
        partnership=cycle.partnership_id, organisation=OuterRef("invitee__organisation")
    ).values("local_name")
    newest = ModerationSample.objects.filter(cycle=cycle).values("pk")[:1]
    drawn = ModerationSample.audits.through.objects.filter(moderationsample__in=newest)
    rows = (
        Audit.objects.filter(pk__in=list(audits))
        .select_related("invitee__organisation", "invitee__cycle_questionnaire")
        .annotate(
            name=Coalesce(NullIf(Subquery(here), Value("")), F("invitee__organisation__name")),
            is_in_sample=Q(pk__in=drawn.values("audit")),
        )
    )
    found = cast("list[QueuedAudit]", list(rows))
    for audit in found:
        audit.invitee.cycle = cycle
    return found


def get_progress_of(audits: Iterable[int]) -> dict[int, Progress]:
    """By audit; three queries."""
    pks = list(audits)
    current = Q(submission=F("answer__audit__submission"))
    moderated = _count(
        Moderation.objects.filter(current, answer__audit__in=pks, series=Series.MODERATED), distinct="answer"
    )
    open_questions = Clarification.objects.filter(answer__audit__in=pks, closed_at=None)
    questions = {
        audit: (number, replied)
        for audit, number, replied in open_questions.order_by()
        .values_list("answer__audit")
        .annotate(number=Count("pk"), replied=Count("replied_at"))
    }
    return {
        pk: Progress(moderated.get(pk, 0), submitted, *questions.get(pk, (0, 0)), is_final=is_final)
        for pk, submitted, is_final in _count_submitted(pks)
    }


def _count_submitted(audits: Iterable[int]) -> QuerySet[Audit, tuple[int, int, bool]]:
    """Of each audit its submitted answers, and whether their moderation is closed."""
    held = Answer.objects.submitted().filter(audit=OuterRef("pk")).order_by().values("audit")
    closes = SeriesClose.objects.filter(
        audit=OuterRef("pk"), submission=OuterRef("submission"), series=Series.MODERATED
    )
    rows = Audit.objects.filter(pk__in=list(audits)).order_by()
    return rows.annotate(
        number=Coalesce(Subquery(held.annotate(number=Count("pk")).values("number")), 0),
        is_final=Exists(closes),
    ).values_list("pk", "number", "is_final")


@dataclass(frozen=True, slots=True)
class StandardProgress:
    """Of one standard: how many of its answers a moderator has looked at."""

    code: str
    title: str
    moderated: int
    submitted: int

    @property
    def word(self) -> str:
        if self.moderated == self.submitted:
            return "Moderated"
        return "In progress" if self.moderated else "To moderate"


def get_standards_progress(audit: Audit) -> list[StandardProgress]:
    """In the audit's order. One query."""
    current = Q(moderations__submission=audit.submission, moderations__series=Series.MODERATED)
    rows = (
        audit.answers.submitted()
        .order_by("indicator__standard__position")
        .values_list("indicator__standard__code", "indicator__standard__title")
        .annotate(moderated=Count("pk", filter=current, distinct=True), submitted=Count("pk", distinct=True))
    )
    return [StandardProgress(*row) for row in rows]


def _count(rows: QuerySet[Moderation], *, distinct: str) -> Mapping[int, int]:
    counted = rows.order_by().values_list("answer__audit").annotate(number=Count(distinct, distinct=True))
    return dict(counted)


def get_sample(cycle: Cycle) -> ModerationSample | None:
    """The newest."""
    return cycle.samples.select_related("by").first()
