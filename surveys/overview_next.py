"""What happens next, at the end of each section of the overview: from the figures, for whoever reads the report.

Says what the platform does or holds, never what anybody has promised.
"""

from __future__ import annotations

from collections.abc import Mapping

from s11.web import dates
from s11.web.text import plural
from surveys.full_overview import FullOverview
from surveys.overview import Overview


def make_next_steps(full: FullOverview) -> Mapping[str, str]:
    """By section; empty where nothing follows from its figures."""
    overview = full.overview
    return {
        "participation": say_after_participation(overview),
        "grades": say_after_grades(full),
        "critical-zeros": say_after_critical_zeros(overview),
        "years": say_after_years(full),
        "strengths": say_after_strengths(full),
        "actions": say_after_actions(full),
    }


def say_after_participation(overview: Overview) -> str:
    outstanding = overview.participation.invited - overview.participation.submitted
    if not outstanding:
        return ""
    closes_on = dates.date(overview.cycle.closes_on)
    if overview.cycle.is_closed:
        without = plural(outstanding, "organisation")
        return f"The pipeline names the {without} without a return, with all that was sent to each."
    if overview.until > overview.cycle.closes_on:
        return (
            f"The closing day, {closes_on}, has passed. Late returns count until an officer closes the cycle."
        )
    return f"Reminders go until the closing day, {closes_on}. Late returns count until an officer closes the cycle."


def say_after_grades(full: FullOverview) -> str:
    """Of the answers at 0 and 1 the same figures as under the actions: not every one has what it asks for."""
    overview, low = full.overview, full.actions.whole
    below = overview.grades.total - overview.grades.grade_2
    if not overview.grades.total:
        return ""
    open_ones = low.planned.of - low.planned.count - low.reasoned.count
    said = (
        f"Of {plural(low.planned.of, 'answer')} at 0 or 1: {low.planned.count:,} with an action in a plan, "
        f"{low.reasoned.count:,} with a reason why there is none, {open_ones:,} with neither."
        if low.planned.of
        else "No answer is at 0 or 1."
    )
    return f"{said} Plans of the {below} below grade 2 are the ones to read first." if below > 1 else said


def say_after_critical_zeros(overview: Overview) -> str:
    if not overview.critical_zeros:
        return ""
    return "A critical 0 raises its audit in the moderation queue, and support can be offered for it there and then."


def say_after_years(full: FullOverview) -> str:
    if not any(point.is_broken for point in full.years.whole.points):
        return ""
    return "Where the questions changed a new line begins, which the next cycle goes on with if it asks the same."


def say_after_strengths(full: FullOverview) -> str:
    lacking = full.highlights.lacking
    return "What several lack is where one course or one piece of guidance reaches most." if lacking else ""


def say_after_actions(full: FullOverview) -> str:
    overdue = full.actions.whole.counts.overdue
    if not overdue:
        return ""
    late = plural(overdue, "overdue action")
    return f"Owners of the {late} are reminded by e-mail, or their leads where nobody owns one."
