"""What is known of every submitted audit of a cycle before a moderator has looked: the facts that `risk` judges.

Eight queries at most, whatever the number of audits, and no commentary is read.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from surveys.enums import ActionOrigin, CycleKind
from surveys.models import Action, Answer, AnswerEvidence, Audit, Cycle
from surveys.risk import Facts
from surveys.risk_comparison import HIGHEST, Comparison, Sent, compare
from surveys.staff_says import count_below

# The audit itself and the two before it.
YEARS: Final = 3
COUNTED: Final = ("scored", "twos", "twos_without_evidence", "with_expired_evidence", "critical_zeros")
NOTHING: Final = Comparison()


@dataclass(slots=True)
class Line:
    """One submitted audit, and the organisation's two before it in this partnership, the nearest first."""

    audit: int
    organisation: int
    earlier: list[Sent] = field(default_factory=list)


def get_facts(
    cycle: Cycle, today: datetime.date | None = None, audit: Audit | None = None
) -> dict[int, Facts]:
    """By audit: every one that counts in this cycle, or one of them."""
    today = today or timezone.localdate()
    lines = get_lines(cycle, audit)
    counts = _count_answers(lines, today)
    compared = compare((line.audit, line.earlier) for line in lines)
    actions = _count_panel_actions(cycle)
    below = count_below(cycle, [line.audit for line in lines])
    found = {}
    for line in lines:
        comparison = compared.get(line.audit, NOTHING)
        found[line.audit] = Facts(
            **counts.get(line.audit, {}),
            unchanged_for_three_years=comparison.unchanged,
            percent=comparison.percent,
            percent_before=comparison.percent_before,
            leaps=comparison.leaps,
            open_panel_actions=actions.get(line.organisation, 0),
            staff_say_less=below[line.audit],
        )
    return found


def get_lines(cycle: Cycle, audit: Audit | None = None) -> list[Line]:
    """Two queries. A topic is no step of the line, unless it is a topic that is asked about: it asks other things."""
    here = Audit.objects.counted().filter(invitee__cycle=cycle, invitee__exempt_reason="")
    if audit is not None:
        here = here.filter(pk=audit.pk)
    rows = here.order_by("pk").values_list("pk", "invitee__organisation")
    lines = {organisation: Line(pk, organisation) for pk, organisation in rows}
    before = (
        Audit.objects.counted()
        .filter(
            invitee__cycle__partnership=cycle.partnership_id,
            invitee__cycle__closes_on__lt=cycle.closes_on,
            invitee__organisation__in=here.values("invitee__organisation"),
        )
        .exclude(invitee__cycle=cycle)
    )
    if cycle.kind != CycleKind.TOPIC:
        before = before.exclude(invitee__cycle__kind=CycleKind.TOPIC)
    ordered = before.order_by("-invitee__cycle__closes_on", "-pk").values_list(
        "invitee__organisation", "pk", "invitee__cycle_questionnaire__questionnaire"
    )
    for organisation, pk, bank in ordered:
        if len(lines[organisation].earlier) < YEARS - 1:
            lines[organisation].earlier.append(Sent(pk, bank))
    return list(lines.values())


def _count_answers(lines: Iterable[Line], today: datetime.date) -> dict[int, dict[str, int]]:
    """What the submission alone says. One query."""
    pinned = AnswerEvidence.objects.pinned().filter(answer=OuterRef("pk"))
    expired = pinned.filter(evidence__expires_on__lt=today)
    two, scored = Q(submitted_score=HIGHEST), Q(submitted_score__isnull=False)
    rows = (
        Answer.objects.submitted()
        .filter(audit__in=[line.audit for line in lines])
        .order_by()
        .values_list("audit")
        .annotate(
            scored=Count("pk", filter=scored),
            twos=Count("pk", filter=two),
            twos_without_evidence=Count("pk", filter=two & Q(~Exists(pinned))),
            with_expired_evidence=Count("pk", filter=Exists(expired)),
            critical_zeros=Count("pk", filter=Q(submitted_score=0, indicator__is_critical=True)),
        )
    )
    return {audit: dict(zip(COUNTED, counts, strict=True)) for audit, *counts in rows}


def _count_panel_actions(cycle: Cycle) -> dict[int, int]:
    """Agreed with a panel and not finished, by organisation. One query."""
    rows = (
        Action.objects.unfinished()
        .filter(participation__partnership=cycle.partnership_id, origin=ActionOrigin.PANEL)
        .order_by()
        .values_list("participation__organisation")
        .annotate(number=Count("pk"))
    )
    return dict(rows)
