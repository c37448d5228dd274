"""What happens next, at the end of each section of the overview: from the figures, for whoever reads the report.

Says what the platform does or holds, never what anybody has promised.
"""

from __future__ import annotations

from collections.abc import Mapping

from s11.web import dates
from s11.web.text import plural
from surveys.overview import Overview


def make_next_steps(overview: Overview) -> Mapping[str, str]:
    """By section; empty where nothing follows from its figures."""
    return {
        "participation": say_after_participation(overview),
        "grades": say_after_grades(overview),
        "critical-zeros": say_after_critical_zeros(overview),
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
        return f"The closing day, {closes_on}, has passed. Late returns count until an officer closes the cycle."
    return f"Reminders go until the closing day, {closes_on}. Late returns count until an officer closes the cycle."


def say_after_grades(overview: Overview) -> str:
    below = overview.grades.total - overview.grades.grade_2
    if not overview.grades.total:
        return ""
    said = "Each 0 and 1 belongs to an action in its organisation’s plan, or has a reason why there is none."
    return f"{said} Plans of the {below} below grade 2 are the ones to read first." if below > 1 else said


def say_after_critical_zeros(overview: Overview) -> str:
    if not overview.critical_zeros:
        return ""
    return "A critical 0 raises its audit in the moderation queue, and support can be offered for it there and then."
