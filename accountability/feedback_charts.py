"""The one drawing of a feedback report: each standard's own mean over its sector."""

from __future__ import annotations

from collections.abc import Callable

from accountability.feedback_reports import HIGHEST, LOWEST, AgencyReport, Line
from accountability.models import SectorFigure
from s11.organisations.enums import Variant
from s11.web.drawings.chart import Chart
from s11.web.drawings.marks import NARROW, WIDE, Drawing
from s11.web.drawings.quarters import QuarterRow, draw_quarters
from s11.web.text import plural

OTHERS = {
    Variant.STANDARD: "agencies with the standard audit",
    Variant.HEALTH: "health agencies",
    Variant.CARE_HOME: "children’s homes",
    Variant.SCHOOL: "schools",
}


def make_sector_chart(report: AgencyReport) -> Chart | None:
    """None where nothing of the sector may be told."""
    if not report.has_sector:
        return None
    others = name_others(report)
    rows = [QuarterRow(line.name, line.own.own.mean, get_quartiles(line.sector)) for line in report.standards]
    draw: Callable[[float], Drawing] = lambda width: draw_quarters(rows, width, own="you", others=others)  # noqa: E731
    return Chart(
        key="sector",
        about=f"Means of self-assessed scores from 0 to 2, by standard, beside {others}",
        title=say_place(report),
        summary=say_method(report, others),
        wide=draw(WIDE),
        narrow=draw(NARROW),
        head=("Standard", "You", "Lower quartile", "Median", "Upper quartile", "Agencies"),
        lines=tuple(make_line(line) for line in report.lines),
    )


def name_others(report: AgencyReport) -> str:
    return OTHERS[Variant(report.audit.invitee.cycle_questionnaire.variant)]


def get_quartiles(sector: SectorFigure | None) -> tuple[str, str, str] | None:
    if sector is None:
        return None
    lower, median, upper = sector.values
    return str(lower), str(median), str(upper)


def make_line(line: Line) -> tuple[object, ...]:
    quartiles = get_quartiles(line.sector) or (None, None, None)
    return (line.name, line.own.own.mean, *quartiles, line.sector.organisations if line.sector else None)


def say_place(report: AgencyReport) -> str:
    """‘3 of your 11 standards are in the highest quarter, and 1 in the lowest’."""
    told = [line.place for line in report.standards if line.place]
    found = [
        (count, where)
        for count, where in ((told.count(HIGHEST), "highest quarter"), (told.count(LOWEST), "lowest"))
        if count
    ]
    of = f"of your {plural(len(told), 'standard')}"
    if not found:
        return f"All {of.removeprefix('of your ')} are in the middle half"
    (first, where), *others = found
    rest = f", and {others[0][0]} in the {others[0][1]}" if others else ", and the others in the middle half"
    where = where if where.endswith("quarter") else f"{where} quarter"
    return f"{first} {of} {'is' if first == 1 else 'are'} in the {where}{rest if first < len(told) else ''}"


def say_method(report: AgencyReport, others: str) -> str:
    most = max(line.sector.organisations for line in report.lines if line.sector)
    return (
        f"Half of {most} {others} lie within the light band, a quarter below it and a quarter above. "
        "A standard is left out where somebody could work another agency’s score out."
    )
