"""A partnership's retention schedule: what its officers set, and the shipped suggestions until they do."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from s11.organisations.models import Participation, Partnership, User
from s11.retention.enums import Kind
from s11.retention.models import Period
from s11.retention.record import Due, get_limit
from s11.retention.records import RECORDS
from s11.retention.schedule_defaults import DEFAULTS, Default
from s11.web.errors import NotInThisState
from surveys.models import Evidence


@dataclass(frozen=True, slots=True)
class Line:
    """One kind in the schedule as it holds. `period` is None while nobody has set one."""

    kind: Kind
    default: Default
    period: Period | None

    @property
    def months(self) -> int | None:
        """None: kept, whatever its age."""
        return self.default.months if self.period is None else self.period.months

    @property
    def why(self) -> str:
        return self.default.why if self.period is None else self.period.why

    @property
    def version(self) -> int:
        return 0 if self.period is None else self.period.version

    @property
    def words(self) -> str:
        return say_months(self.months)


def say_months(months: int | None) -> str:
    """‘6 years’, ‘18 months’, ‘For good’."""
    if months is None:
        return "For good"
    if months % 12 == 0:
        return "1 year" if months == 12 else f"{months // 12} years"
    return "1 month" if months == 1 else f"{months} months"


def get_schedule(partnership: Partnership) -> list[Line]:
    """In the order in which kinds are destroyed. One query."""
    newest: dict[str, Period] = {}
    for period in Period.objects.filter(partnership=partnership).select_related("set_by").order_by("version"):
        newest[period.kind] = period
    return [Line(kind, DEFAULTS[kind], newest.get(kind)) for kind in Kind]


@transaction.atomic
def set_period(
    *, partnership: Partnership, kind: Kind, months: int | None, why: str, seen_version: int, by: User
) -> Period:
    """A new version; the earlier ones stay to be read. Raises NotInThisState where somebody was quicker."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    line = next(one for one in get_schedule(partnership) if one.kind == kind)
    if line.version != seen_version:
        raise NotInThisState(
            f"Somebody else has set this period to {line.words.lower()} meanwhile. Look at it, then set yours."
        )
    return Period.objects.create(
        partnership=partnership, kind=kind, version=seen_version + 1, months=months, why=why, set_by=by
    )


def find_due(partnership: Partnership, today: datetime.date) -> Iterator[tuple[Kind, Due]]:
    """All that has come due, by kind. Holds are not looked at."""
    for line in get_schedule(partnership):
        if line.months is None:
            continue
        due = RECORDS[line.kind].list_due(partnership, get_limit(today, line.months))
        if line.kind == Kind.EVIDENCE:
            due = leave_what_others_keep(partnership, due, today)
        yield from ((line.kind, one) for one in due)


def leave_what_others_keep(
    partnership: Partnership, due: Iterator[Due], today: datetime.date
) -> Iterator[Due]:
    """Evidence is the organisation's: where that is in several partnerships, the longest period holds."""
    found = list(due)
    organisations = dict(
        Evidence.objects.filter(pk__in=[one.record for one in found]).values_list("pk", "organisation")
    )
    others: dict[int, list[Partnership]] = {}
    for part in (
        Participation.objects.filter(organisation__in=set(organisations.values()))
        .exclude(partnership=partnership)
        .select_related("partnership")
    ):
        others.setdefault(part.organisation_id, []).append(part.partnership)
    months = {
        other.pk: next(line.months for line in get_schedule(other) if line.kind == Kind.EVIDENCE)
        for other in {one.pk: one for several in others.values() for one in several}.values()
    }
    for one in found:
        kept = [months[other.pk] for other in others.get(organisations[one.record], [])]
        if all(longer is not None and one.counts_from <= get_limit(today, longer) for longer in kept):
            yield one
