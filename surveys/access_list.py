"""Organisations by whether somebody has looked through who has access to them: for the desk, and as CSV."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from s11.organisations.access_checks import get_due_on, get_latest_unchecked, with_last_check
from s11.organisations.enums import MembershipRole
from s11.organisations.models import (
    AccessCheck,
    Membership,
    Participation,
    Partnership,
)
from surveys.enums import MessageStatus
from surveys.models import Message
from surveys.overview_csv import Cell, write_csv

# How the key of a reminder begins (`Message.once`).
KEY: Final = "access"
COLUMNS: Final = (
    "Organisation",
    "Leads",
    "E-mail addresses",
    "Last checked",
    "By",
    "Due since",
    "Reminders",
    "Last reminder",
)
Reminded = tuple[int, datetime.datetime | None]


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One organisation. `last` is none where nobody has ever checked."""

    participation: Participation
    leads: tuple[Membership, ...]
    last: AccessCheck | None
    due_on: datetime.date
    is_due: bool
    reminders: int
    reminded_at: datetime.datetime | None


def get_participations(partnership: Partnership, *, is_due: bool) -> QuerySet[Any]:
    """Those that take part and have not closed, longest unchecked first; all of them, or those that are due."""
    here = Participation.objects.active().filter(partnership=partnership, organisation__closed_on=None)
    found = with_last_check(here.select_related("organisation"), "organisation")
    latest = get_latest_unchecked(timezone.now())
    if is_due:
        found = found.none() if latest is None else found.filter(checked_at__lte=latest)
    return found.order_by("checked_at", "organisation__name", "pk")


def make_rows(participations: Sequence[Participation]) -> Iterator[AccessRow]:
    """Of one page, or of all. Three queries, whatever their number."""
    last = {one.pk: one.last_check for one in participations if one.last_check}  # type: ignore[attr-defined]
    checks = AccessCheck.objects.select_related("by").in_bulk(last.values())
    leads = _get_leads(participations)
    reminded = _get_reminded(participations)
    latest = get_latest_unchecked(timezone.now())
    for one in participations:
        checked_at: datetime.datetime = one.checked_at  # type: ignore[attr-defined]
        is_due = latest is not None and checked_at <= latest
        count, at = reminded.get(one.organisation_id, (0, None)) if is_due else (0, None)
        yield AccessRow(
            participation=one,
            leads=tuple(leads.get(one.organisation_id, ())),
            last=checks.get(last.get(one.pk, 0)),
            due_on=get_due_on(checked_at),
            is_due=is_due,
            reminders=count,
            reminded_at=at,
        )


def _get_leads(participations: Iterable[Participation]) -> Mapping[int, list[Membership]]:
    found: dict[int, list[Membership]] = defaultdict(list)
    leads = Membership.objects.active().filter(
        role=MembershipRole.LEAD, organisation__in=[one.organisation_id for one in participations]
    )
    for one in leads.select_related("user").order_by("pk"):
        found[one.organisation_id].append(one)
    return found


def _get_reminded(participations: Iterable[Participation]) -> Mapping[int, Reminded]:
    """By organisation, whichever of its partnerships' outboxes they went through: how many, and when last."""
    gone = Message.objects.filter(
        organisation__in=[one.organisation_id for one in participations],
        once__startswith=f"{KEY}:",
        status=MessageStatus.SENT,
    )
    counted = gone.order_by().values("organisation").annotate(count=Count("pk"), at=Max("sent_at"))
    return {one["organisation"]: (one["count"], one["at"]) for one in counted}


def make_csv(rows: Iterable[AccessRow]) -> bytes:
    return write_csv(COLUMNS, map(_make_cells, rows))


def _make_cells(row: AccessRow) -> Iterator[Cell]:
    yield row.participation.name
    yield ", ".join(str(lead.user) for lead in row.leads)
    yield ", ".join(lead.user.email for lead in row.leads)
    yield timezone.localdate(row.last.at).isoformat() if row.last else ""
    yield str(row.last.by) if row.last else ""
    yield row.due_on.isoformat() if row.is_due else ""
    yield row.reminders
    yield timezone.localdate(row.reminded_at).isoformat() if row.reminded_at else ""
