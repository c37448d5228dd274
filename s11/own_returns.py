"""Returns for an annual report that wait for one person: to write and hand in, or to approve."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse

from accountability.enums import OPEN_RETURNS, AgencyReturnStatus
from accountability.models import AgencyReturn, ReturnRequest
from accountability.reporting_years import ReportingYear
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Partnership
from s11.web.languages import say
from s11.web.spoken import date
from surveys.reach import WRITERS

Line = tuple[str, str]  # words and an address
Roles = Mapping[int, Collection[MembershipRole]]
# After that the report is written without it; it can still be handed in, and nobody is called for it any more.
CALLED_FOR: Final = datetime.timedelta(days=60)
PLACE: Final = "partnership__participations"


def list_own_returns(
    roles: Roles, today: datetime.date, *, partnership: Partnership | None = None
) -> list[Line]:
    """By organisation and partnership the newest that is asked for. One query."""
    requests = ReturnRequest.objects.filter(due_on__gte=today - CALLED_FOR)
    if partnership is not None:
        requests = requests.filter(partnership=partnership)
    return list(_list_lines(_find(requests, roles), roles))


def _find(requests: QuerySet[ReturnRequest], organisations: Iterable[int]) -> Iterable[dict[str, Any]]:
    """A row a request and place that it is asked of, the newest request of each place first."""
    own = AgencyReturn.objects.filter(request=OuterRef("pk"), participation=OuterRef(PLACE))
    signing = Membership.objects.active().filter(
        organisation=OuterRef(f"{PLACE}__organisation"), role=MembershipRole.SIGNATORY
    )
    here = {f"{PLACE}__organisation__in": list(organisations), f"{PLACE}__is_active": True}
    found: Iterable[dict[str, Any]] = (
        requests.filter(**here)
        .order_by(f"{PLACE}__organisation__name", "partnership__name", "-begins")
        .values(
            "begins",
            "due_on",
            "partnership__slug",
            f"{PLACE}__pk",
            f"{PLACE}__organisation",
            f"{PLACE}__organisation__name",
            f"{PLACE}__organisation__slug",
            status=Subquery(own.values("status")[:1]),
            has_signatory=Exists(signing),
        )
    )
    return found


def _list_lines(rows: Iterable[dict[str, Any]], roles: Roles) -> Iterator[Line]:
    seen: set[int] = set()
    for row in rows:
        if row[f"{PLACE}__pk"] in seen:
            continue
        seen.add(row[f"{PLACE}__pk"])
        if line := _make_line(row, frozenset(roles[row[f"{PLACE}__organisation"]])):
            yield line


def _make_line(row: dict[str, Any], held: frozenset[MembershipRole]) -> Line | None:
    """What this person can do for it now."""
    year, name = ReportingYear(row["begins"]), row[f"{PLACE}__organisation__name"]
    slugs = (row["partnership__slug"], row[f"{PLACE}__organisation__slug"], year.slug)
    about = {"organisation": name, "year": say("{first} to {last}", first=year.begins, last=year.begins + 1)}
    approver = MembershipRole.SIGNATORY if row["has_signatory"] else MembershipRole.LEAD
    if row["status"] == AgencyReturnStatus.TO_APPROVE and approver in held:
        said = say("Approve the return of {organisation} for the annual report {year}", **about)
        return said, reverse("accountability:agency_return_approve", args=slugs)
    if row["status"] in (None, *OPEN_RETURNS) and held & WRITERS:
        day = date(row["due_on"])
        said = (
            say(
                "Write the return of {organisation} for the annual report {year}, due by {day}",
                day=day,
                **about,
            )
            if row["status"] is None
            else say(
                "Finish the return of {organisation} for the annual report {year}, due by {day}",
                day=day,
                **about,
            )
        )
        return said, reverse("accountability:agency_return", args=slugs)
    return None
