"""The pipeline: every invitee of a cycle by how far it has come, to filter, sort, count and take away.

A state is derived from what is there, never stored, and each invitee has exactly one: the counts add up to all
invited. Progress is counts and dates; nothing here reads a score.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypedDict, cast

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
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
from django.db.models.functions import Coalesce, TruncDate
from django.http import Http404
from django.utils import timezone

from s11.organisations.models import Contact, Organisation, Participation, Partnership
from surveys.enums import AuditStatus, CycleStatus, MessageStatus
from surveys.figures import LONDON
from surveys.invitees import SIGNED_OFF, InviteeRow, InviteeState, get_invitees, make_rows
from surveys.models import Cycle, CycleQuestionnaire, Invitee, Message

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Placed(TypedDict):
        name: str
        state: str
        place: str
        stage: str
        due: datetime.date
        is_statutory: bool

    PipelineInvitee = WithAnnotations[Invitee, _Placed]

# Started, and nobody has worked on it since.
STALLS_AFTER: Final = datetime.timedelta(days=14)
OTHERS: Final = 10


class PipelineState(TextChoices):
    """How far an invitee has come, in the order of the counts on top."""

    INVITED = "invited", "Invited"
    REFUSED = "refused", "Refused mail"
    REGISTERED = "registered", "Registered"
    STARTED = "started", "Started"
    STALLED = "stalled", "Stalled"
    AWAITING_SIGN_OFF = "awaiting_sign_off", "Awaiting sign-off"
    OVERDUE = "overdue", "Overdue"
    RETURNED = "returned", "Returned"
    SUBMITTED = "submitted", "Submitted on time"
    SUBMITTED_LATE = "late", "Submitted late"
    OWN_TOOL = "own_tool", "Own tool"
    EXEMPT = "exempt", "Exempt"


# What each means, beside the counts.
MEANINGS: Final = {
    PipelineState.INVITED: "nobody of it has an account yet",
    PipelineState.REFUSED: "an e-mail to it came back, and nobody of it has an account",
    PipelineState.REGISTERED: "somebody has an account, and nothing is answered",
    PipelineState.STARTED: "at least one answer, and somebody worked on it less than 14 days ago",
    PipelineState.STALLED: "at least one answer, and nobody has worked on it for 14 days while the cycle is open",
    PipelineState.AWAITING_SIGN_OFF: "the signatory has to decide, or has signed and a lead has to submit",
    PipelineState.OVERDUE: "not submitted, and its own last day has gone",
    PipelineState.RETURNED: "submitted, and returned for correction",
    PipelineState.SUBMITTED: "first submitted by its own last day",
    PipelineState.SUBMITTED_LATE: "first submitted after its own last day",
    PipelineState.OWN_TOOL: "its own national audit in place of answers",
    PipelineState.EXEMPT: "in none of the figures",
}


class Sort(TextChoices):
    NAME = "name", "Name"
    DUE = "due", "Last day, the first on top"
    CHANGE = "change", "Last change, the longest ago on top"
    PROGRESS = "progress", "Progress, the least on top"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which invitees, and in which order; empty is all of them, by name."""

    search: str = ""
    state: str = ""
    variant: str = ""
    obligation: str = ""
    statutory: str = ""  # "yes" or "no"
    group: str = ""  # a parent organisation's slug
    sort: str = Sort.NAME


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """One line. `stage` is how far it would be were it not overdue; else the same as `state`."""

    row: InviteeRow
    state: PipelineState
    stage: PipelineState
    due_on: datetime.date
    is_statutory: bool

    @property
    def word(self) -> str:
        """For the status tag, whose words are few."""
        if self.state in (PipelineState.SUBMITTED, PipelineState.SUBMITTED_LATE):
            return "Submitted"
        if self.state == PipelineState.REFUSED:
            return "Refused"
        if self.state == PipelineState.AWAITING_SIGN_OFF and self.row.is_signed:
            return SIGNED_OFF
        return self.state.label

    @property
    def note(self) -> str:
        """What the tag alone does not say."""
        match self.state:
            case PipelineState.SUBMITTED:
                return "on time"
            case PipelineState.SUBMITTED_LATE:
                return "late"
            case PipelineState.REFUSED:
                return "mail"
            case PipelineState.OVERDUE:
                return self.stage.label.lower()
        return ""


def get_pipeline(
    cycle: Cycle, wanted: Wanted, now: datetime.datetime | None = None
) -> QuerySet[PipelineInvitee]:
    """The invitees wanted; each has `place`, its state, and `stage`, `due` and `is_statutory`.

    Sorting by progress needs to know what each audit asks: `make_pipeline_rows` does that.
    """
    found = _with_places(cycle, now or timezone.now())
    conditions = {
        "place": wanted.state,
        "cycle_questionnaire__variant": wanted.variant,
        "obligation": wanted.obligation,
    }
    found = found.filter(**{name: value for name, value in conditions.items() if value})
    if wanted.statutory:
        found = found.filter(is_statutory=wanted.statutory == "yes")
    if wanted.group:
        found = found.filter(Q(organisation__parent__slug=wanted.group) | Q(organisation__slug=wanted.group))
    for word in wanted.search.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(organisation__urn=word)
            | Q(organisation__ods_code__iexact=word)
            | Q(organisation__ofsted_number__iexact=word)
        )
    match wanted.sort:
        case Sort.DUE:
            return found.order_by("due", *found.query.order_by)
        case Sort.CHANGE:
            return found.order_by(F("last_change").asc(nulls_last=True), *found.query.order_by)
    return found


def _with_places(cycle: Cycle, now: datetime.datetime) -> QuerySet[PipelineInvitee]:
    invitees = get_invitees(cycle)
    here = Participation.objects.filter(
        partnership=cycle.partnership_id, organisation=OuterRef("organisation")
    )
    due = Case(
        When(extended_to__gt=cycle.closes_on, then=F("extended_to")),
        default=Value(cycle.closes_on),
        output_field=DateField(),
    )
    annotated = invitees.annotate(
        due=due,
        is_statutory=Coalesce(
            Subquery(here.values("is_statutory")[:1]), Value(False), output_field=BooleanField()
        ),
        returned_on=TruncDate("audit__first_submitted_at", tzinfo=LONDON),
        was_refused=_was_refused(cycle),
    )
    annotated = annotated.annotate(stage=_make_stage(cycle, now))
    return cast("QuerySet[PipelineInvitee]", annotated.annotate(place=_make_place(cycle, now)))


def _was_refused(cycle: Cycle) -> Q:
    """A mail to its lead or to a contact came back, and no later one to the same address has gone."""
    of_it = Message.objects.filter(partnership=cycle.partnership_id, organisation=OuterRef("organisation"))
    gone_later = Message.objects.filter(
        partnership=cycle.partnership_id,
        organisation=OuterRef("organisation"),
        email=OuterRef("email"),
        status=MessageStatus.SENT,
        sent_at__gt=OuterRef("created_at"),
    )
    came_back = of_it.filter(
        ~Exists(gone_later), Q(contact=None) | Q(contact__ended_at=None), status=MessageStatus.REFUSED
    )
    contacts = Contact.objects.current().filter(
        participation__partnership=cycle.partnership_id,
        participation__organisation=OuterRef("organisation"),
        refused_at__isnull=False,
    )
    return Q(Exists(came_back)) | Q(Exists(contacts))


def _make_stage(cycle: Cycle, now: datetime.datetime) -> Case:
    """How far it has come, whatever the day; from the last step back to the first."""
    state, status = InviteeState, PipelineState
    stalled = Q(state=state.STARTED, last_change__lte=now - STALLS_AFTER) if cycle.is_open else Q(pk=None)
    return Case(
        When(state=state.EXEMPT, then=Value(status.EXEMPT)),
        When(own_tool_return__isnull=False, then=Value(status.OWN_TOOL)),
        When(audit__status=AuditStatus.RETURNED, then=Value(status.RETURNED)),
        When(
            audit__status=AuditStatus.SUBMITTED, returned_on__gt=F("due"), then=Value(status.SUBMITTED_LATE)
        ),
        When(audit__status=AuditStatus.SUBMITTED, then=Value(status.SUBMITTED)),
        When(audit__status=AuditStatus.AWAITING_SIGN_OFF, then=Value(status.AWAITING_SIGN_OFF)),
        When(stalled, then=Value(status.STALLED)),
        When(state=state.STARTED, then=Value(status.STARTED)),
        When(state=state.REGISTERED, then=Value(status.REGISTERED)),
        When(was_refused=True, then=Value(status.REFUSED)),
        default=Value(status.INVITED),
        output_field=CharField(),
    )


DONE: Final = (
    PipelineState.EXEMPT,
    PipelineState.OWN_TOOL,
    PipelineState.RETURNED,
    PipelineState.SUBMITTED_LATE,
    PipelineState.SUBMITTED,
)


def _make_place(cycle: Cycle, now: datetime.datetime) -> Case:
    """The stage, or overdue: of a plan nothing is."""
    is_over = ~Q(stage__in=DONE) & Q(due__lt=now.astimezone(LONDON).date())
    return Case(
        When(
            is_over if cycle.status != CycleStatus.PLANNED else Q(pk=None), then=Value(PipelineState.OVERDUE)
        ),
        default=F("stage"),
        output_field=CharField(),
    )


def count_places(cycle: Cycle, now: datetime.datetime | None = None) -> dict[PipelineState, int]:
    """All states, also those that nobody is in; one query."""
    # Counted here: to group by it, Django writes the long expression a second time and the database weighs it again.
    counts = Counter(get_pipeline(cycle, Wanted(), now).order_by().values_list("place", flat=True))
    return {state: counts[state] for state in PipelineState}


def make_pipeline_rows(cycle: Cycle, invitees: Iterable[PipelineInvitee]) -> list[PipelineRow]:
    """A fixed number of queries, whatever the number of invitees."""
    invitees = list(invitees)
    rows = make_rows(cycle, cast("Any", invitees))
    return [
        PipelineRow(
            row,
            PipelineState(invitee.place),
            PipelineState(invitee.stage),
            invitee.due,
            bool(invitee.is_statutory),
        )
        for row, invitee in zip(rows, invitees, strict=True)
    ]


def sort_by_progress(rows: Iterable[PipelineRow]) -> list[PipelineRow]:
    """By the share that is answered, least first; among equals the order stays."""

    def get_share(line: PipelineRow) -> float:
        return line.row.answered / line.row.asked if line.row.asked else 0.0

    return sorted(rows, key=get_share)


def list_rows(cycle: Cycle, wanted: Wanted) -> list[PipelineRow]:
    """All that are wanted, in the order wanted: for a file, and for the sort that only the rows know."""
    rows = make_pipeline_rows(cycle, get_pipeline(cycle, wanted))
    return sort_by_progress(rows) if wanted.sort == Sort.PROGRESS else rows


def get_groups(cycle: Cycle) -> Sequence[Organisation]:
    """Organisations above those invited, by name; one query."""
    above = cycle.invitees.exclude(organisation__parent=None).values("organisation__parent")
    return list(Organisation.objects.filter(pk__in=above).order_by("name", "pk"))


@dataclass(frozen=True, slots=True)
class CyclesAround:
    """A cycle, the newest few others to go over to, and the one that its forecast goes by."""

    cycle: Cycle
    others: tuple[Cycle, ...]
    last: Cycle | None


def get_cycles_around_or_404(partnership: Partnership, slug: str) -> CyclesAround:
    """One query. The last is the closed one before it, of its kind, that asked one of its variants: one that was asked
    of schools alone is no guide."""
    variants = CycleQuestionnaire.objects.filter(cycle__partnership=partnership, cycle__slug=slug)
    alike = CycleQuestionnaire.objects.filter(cycle=OuterRef("pk"), variant__in=variants.values("variant"))
    rows = list(Cycle.objects.of(partnership).annotate(is_alike=Exists(alike)))
    cycle = next((one for one in rows if one.slug == slug), None)
    if cycle is None:
        raise Http404
    cycle.partnership = partnership
    others = [one for one in rows if one != cycle]
    earlier = [
        one
        for one in others
        if one.is_closed
        and one.kind == cycle.kind
        and one.closes_on < cycle.closes_on
        and vars(one)["is_alike"]
    ]
    return CyclesAround(cycle, tuple(others[:OTHERS]), earlier[0] if earlier else None)
