"""What is known of every invited agency before a panel is called: the facts that `calling` judges.

A fixed number of queries, whatever the number of agencies. What an agency says counts as it was last submitted.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from accountability import calling
from accountability.calling import Facts, Score
from accountability.enums import MeetingStatus
from accountability.models import Meeting
from s11.organisations.enums import Variant
from s11.organisations.models import Participation
from surveys.enums import COUNTED, ActionOrigin, Obligation, Scope, Series
from surveys.models import Action, Answer, Audit, Cycle, Invitee, Scorecard
from surveys.series import with_outcome


@dataclass(frozen=True, slots=True)
class Known:
    """One invited agency, what this partnership calls it, and its facts."""

    invitee: Invitee
    name: str
    facts: Facts

    @property
    def variant(self) -> Variant:
        return Variant(self.invitee.cycle_questionnaire.variant)


def get_known(cycle: Cycle, today: datetime.date | None = None) -> list[Known]:
    """Every invitee that is not exempt, by name. Seven queries."""
    today = today or timezone.localdate()
    invitees = list(get_invitees(cycle))
    own, moderated = (get_series(cycle, series) for series in (Series.SELF, Series.MODERATED))
    zeros = get_critical_zeros(cycle, moderated)
    overdue, seen = get_overdue_actions(cycle, today), get_last_seen(cycle)
    found = []
    for invitee in invitees:
        invitee.cycle = cycle
        audit = getattr(invitee, "audit", None)
        pk = audit.pk if audit is not None and audit.status in COUNTED else None
        number, since = overdue.get(invitee.organisation_id, (0, None))
        facts = Facts(
            today=today,
            is_statutory=bool(vars(invitee)["is_statutory"]),
            must_submit=invitee.obligation == Obligation.MUST,
            due_on=invitee.due_on,
            has_submitted=pk is not None or hasattr(invitee, "own_tool_return"),
            self_assessed=own.get(pk) if pk else None,
            moderated=moderated.get(pk) if pk else None,
            critical_zeros=tuple(zeros.get(pk, ())) if pk else (),
            overdue_actions=number,
            overdue_since=since,
            last_seen=seen.get(invitee.organisation_id),
        )
        found.append(Known(invitee, str(vars(invitee)["name"]), facts))
    return found


def get_invitees(cycle: Cycle) -> QuerySet[Invitee]:
    """Each with `name`, what this partnership calls it, and `is_statutory`."""
    here = Participation.objects.filter(
        partnership=cycle.partnership_id, organisation=OuterRef("organisation")
    )
    own_name = NullIf(Subquery(here.values("local_name")[:1]), Value(""))
    return (
        Invitee.objects.filter(cycle=cycle)
        .not_exempt()
        .select_related("organisation", "cycle_questionnaire", "audit", "own_tool_return")
        .annotate(
            name=Coalesce(own_name, F("organisation__name")),
            is_statutory=Subquery(here.values("is_statutory")[:1]),
        )
        .order_by("name", "pk")
    )


def get_series(cycle: Cycle, series: Series) -> dict[int, calling.Series]:
    """By audit; moderated ones are frozen at the close alone, so an open moderation is in none. One query."""
    wholes: dict[int, Score] = {}
    standards: dict[int, list[tuple[str, Score]]] = defaultdict(list)
    rows = (
        Scorecard.objects.of_last_submission()
        .filter(
            audit__invitee__cycle=cycle,
            audit__status__in=COUNTED,
            series=series,
            scope__in=(Scope.WHOLE, Scope.STANDARD),
        )
        .order_by("audit", "standard__position")
        .values_list("audit", "scope", "standard__code", "sum", "n")
    )
    for audit, scope, code, total, n in rows:
        if scope == Scope.WHOLE:
            wholes[audit] = Score(total, n)
        else:
            standards[audit].append((code, Score(total, n)))
    return {audit: calling.Series(whole, tuple(standards[audit])) for audit, whole in wholes.items()}


def get_critical_zeros(cycle: Cycle, moderated: Mapping[int, object]) -> dict[int, list[str]]:
    """Codes by audit, in the audit's order: as moderated where that is final. Two queries."""
    audits = Audit.objects.counted().filter(invitee__cycle=cycle, invitee__exempt_reason="")
    asked = Answer.objects.submitted().filter(audit__in=audits, indicator__is_critical=True)
    final = list(moderated)
    found: dict[int, list[str]] = defaultdict(list)
    for answers in (
        with_outcome(asked.exclude(audit__in=final), Series.SELF),
        with_outcome(asked.filter(audit__in=final), Series.MODERATED),
    ):
        zeros = answers.filter(outcome=0).order_by("audit", "indicator__position")
        for audit, code in zeros.values_list("audit", "indicator__code"):
            found[audit].append(code)
    return found


def get_overdue_actions(cycle: Cycle, today: datetime.date) -> dict[int, tuple[int, datetime.date]]:
    """By organisation: how many agreed with a panel are overdue, and since when. One query."""
    rows = (
        Action.objects.overdue(today)
        .filter(participation__partnership=cycle.partnership_id, origin=ActionOrigin.PANEL)
        .order_by()
        .values_list("participation__organisation")
        .annotate(number=Count("pk"), since=Min("due_on"))
    )
    return {organisation: (number, since) for organisation, number, since in rows}


def get_last_seen(cycle: Cycle) -> dict[int, datetime.date]:
    """By organisation: when a panel of this partnership last saw it, in any cycle. One query."""
    rows = (
        Meeting.objects.filter(panel__cycle__partnership=cycle.partnership_id, status=MeetingStatus.HELD)
        .exclude(day=None)
        .order_by()
        .values_list("invitee__organisation")
        .annotate(at=Max("day__date"))
    )
    return dict(rows)
