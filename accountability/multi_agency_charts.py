"""The timeline of a year's multi-agency audits, drawn from its plan."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.utils import timezone

from accountability.models import MultiAgencyAudit
from accountability.multi_agency_plan import Plan
from accountability.multi_agency_state import State
from s11.web.dates import date
from s11.web.drawings.chart import Chart
from s11.web.drawings.marks import NARROW, WIDE, Drawing
from s11.web.drawings.months import MonthsRow, Span, Year, draw_months
from s11.web.text import list_words, plural

KEY = (("outline", "planned"), ("middle", "under way"), ("dot", "reported"), ("ring", "to be repeated"))
HEAD = ("Audit", "Planned for", "Began", "Reported", "To be repeated", "State")


def make_plan_chart(plan: Plan) -> Chart | None:
    """None for a year without an audit."""
    if not plan.audits:
        return None
    today = timezone.localdate()
    rows = [make_row(audit, today) for audit in plan.audits]
    year = Year([month for month, _ in plan.months], plan.year.last_day, today)
    draw: Callable[[float], Drawing] = lambda width: draw_months(rows, year, width, KEY)  # noqa: E731
    return Chart(
        key="audit-plan",
        about=f"Multi-agency audits from April {plan.year.begins} to March {plan.year.begins + 1}",
        title=say_title(plan),
        summary=say_states(plan),
        wide=draw(WIDE),
        narrow=draw(NARROW),
        head=HEAD,
        lines=tuple(make_line(audit) for audit in plan.audits),
        note="The upright line is today." if today in plan.year else "",
    )


def make_row(audit: MultiAgencyAudit, today: datetime.date) -> MonthsRow:
    """What is planned as an outline; the work, as far as it has come, as a bar in it."""
    name = f"{audit.title} (late)" if audit.late else audit.title
    first, last = audit.days.planned
    spans = [Span(first, last, "outline")]
    if audit.cancelled:
        return MonthsRow(f"{audit.title} (cancelled)", tuple(spans))
    if audit.begins_on is not None and audit.begins_on <= today:
        until = audit.ends_on or audit.reported_on or today
        spans.append(Span(audit.begins_on, max(audit.begins_on, min(until, today)), "middle"))
    days = [(audit.again_on, "ring"), (audit.reported_on, "dot")]
    return MonthsRow(name, tuple(spans), tuple((day, look) for day, look in days if day is not None))


def make_line(audit: MultiAgencyAudit) -> tuple[object, ...]:
    began = audit.begins_on if audit.state not in (State.PLANNED, State.CANCELLED) else None
    return (
        audit.title,
        f"{audit.month:%B %Y}",
        *(date(day) if day else None for day in (began, audit.reported_on, audit.again_on)),
        f"{audit.state}, late" if audit.late else str(audit.state),
    )


def say_title(plan: Plan) -> str:
    """‘1 of 4 audits is late’."""
    of = f"of {plural(len(plan.audits), 'audit')}"
    if plan.late:
        return f"{len(plan.late)} {of} {'is' if len(plan.late) == 1 else 'are'} late"
    if plan.due_again:
        return f"{len(plan.due_again)} {of} {'is' if len(plan.due_again) == 1 else 'are'} due again"
    reported = plan.count(State.REPORTED)
    return f"{reported} {of} {'is' if reported == 1 else 'are'} reported, and none is late"


def say_states(plan: Plan) -> str:
    """‘1 is planned, 1 is under way and 2 are reported.’; states that none has are left out."""
    counts = [(state, plan.count(state)) for state in State]
    said = [
        f"{number} {'is' if number == 1 else 'are'} {state.value.lower()}"
        for state, number in counts
        if number
    ]
    return f"{list_words(said)}."
