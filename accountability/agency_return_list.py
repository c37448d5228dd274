"""Lists of returns: on the desk every agency of the partnership with how far it is, in an agency's room its years."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accountability.agency_return_standing import NOT_STARTED
from accountability.enums import APPROVED_RETURNS, OPEN_RETURNS, AgencyReturnStatus
from accountability.models import AgencyReturn, ReturnRequest
from accountability.reporting_years import ReportingYear
from s11.organisations.models import Participation, ParticipationQuerySet, Partnership
from s11.organisations.queries import get_participations
from s11.web.text import plural

NONE: Final = "none"
# In the order in which an officer looks: what waits for them, what may need a word, what is done.
STATES: Final[Mapping[str, str]] = {
    AgencyReturnStatus.APPROVED.value: AgencyReturnStatus.APPROVED.label,
    AgencyReturnStatus.RETURNED.value: AgencyReturnStatus.RETURNED.label,
    NONE: NOT_STARTED,
    AgencyReturnStatus.DRAFT.value: AgencyReturnStatus.DRAFT.label,
    AgencyReturnStatus.TO_APPROVE.value: AgencyReturnStatus.TO_APPROVE.label,
    AgencyReturnStatus.ACCEPTED.value: AgencyReturnStatus.ACCEPTED.label,
}

# The desk -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One agency's line. What is not approved is no more than its state."""

    participation: Participation
    state: str
    approved_at: datetime.datetime | None

    @property
    def word(self) -> str:
        return STATES[self.state]

    @property
    def is_readable(self) -> bool:
        return self.state in APPROVED_RETURNS

    @property
    def leads(self) -> str:
        """`get_participations` has fetched them."""
        return ", ".join(str(one.user) for one in getattr(self.participation.organisation, "leads", ()))


def list_agencies(request: ReturnRequest, *, words: str = "", state: str = "") -> ParticipationQuerySet:
    """Who takes part, and who has left since and had begun; each with its `state` and when it was approved."""
    own = AgencyReturn.objects.filter(request=request, participation=OuterRef("pk"))
    found = get_participations(request.partnership, words=words).filter(Q(is_active=True) | Exists(own))
    if state:
        found = found.filter(~Exists(own) if state == NONE else Exists(own.filter(status=state)))
    return found.annotate(
        state=Coalesce(Subquery(own.values("status")[:1]), Value(NONE)),
        approved_at=Subquery(own.values("approved_at")[:1]),
    )


def make_rows(places: Iterable[Participation]) -> list[Row]:
    """Of rows of `list_agencies`."""
    return [
        Row(place, getattr(place, "state", NONE), getattr(place, "approved_at", None)) for place in places
    ]


def count_states(request: ReturnRequest) -> dict[str, int]:
    """How many agencies are how far, every state named. Two queries."""
    own = AgencyReturn.objects.filter(request=request)
    begun = dict(own.order_by().values_list("status").annotate(Count("pk")))
    places = Participation.objects.active().filter(partnership=request.partnership)
    counts: dict[str, int] = dict.fromkeys(STATES, 0) | begun
    counts[NONE] = places.exclude(pk__in=own.values("participation")).count()
    return counts


def list_to_decide(partnership: Partnership) -> list[tuple[ReportingYear, int]]:
    """By year, the newest first, how many are approved and wait for an officer. One query."""
    waiting = AgencyReturn.objects.filter(
        request__partnership=partnership, status=AgencyReturnStatus.APPROVED
    )
    counted = waiting.order_by("-request__begins").values_list("request__begins").annotate(Count("pk"))
    return [(ReportingYear(begins), number) for begins, number in counted]


def say_progress(partnership: Partnership, year: ReportingYear) -> str:
    """For the room’s line on the page of the annual report."""
    request = get_request(partnership, year)
    if request is None:
        return "Agencies have not been asked yet"
    counts = count_states(request)
    accepted, waiting = counts[AgencyReturnStatus.ACCEPTED], counts[AgencyReturnStatus.APPROVED]
    said = f"{accepted} of {plural(sum(counts.values()), 'agency', 'agencies')} accepted"
    return f"{said}, {waiting} to decide" if waiting else said


def get_request(partnership: Partnership, year: ReportingYear) -> ReturnRequest | None:
    found = ReturnRequest.objects.filter(partnership=partnership, begins=year.begins).first()
    if found is not None:
        found.partnership = partnership
    return found


# An agency's room -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnYear:
    """A year for which the agency was asked, and how far its return is."""

    request: ReturnRequest
    state: str

    @property
    def word(self) -> str:
        return STATES[self.state]

    @property
    def is_to_write(self) -> bool:
        return self.state in (NONE, *OPEN_RETURNS)


def list_own_years(participation: Participation) -> QuerySet[ReturnRequest]:
    """The newest on top; each with its `state`."""
    own = AgencyReturn.objects.filter(request=OuterRef("pk"), participation=participation)
    return (
        ReturnRequest.objects.filter(partnership=participation.partnership)
        .annotate(state=Coalesce(Subquery(own.values("status")[:1]), Value(NONE)))
        .order_by("-begins")
    )


def make_own_years(requests: Iterable[ReturnRequest]) -> list[OwnYear]:
    return [OwnYear(one, getattr(one, "state", NONE)) for one in requests]
