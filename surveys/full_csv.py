"""What stands beside an overview as rows of its tidy table: a row a figure, under the same columns (overview_csv).

`cycle` is the one that a figure is of, so a year's figures stand under that year; `compared_with` is the earlier cycle
of a pair, whose figures are of the same agencies over the same indicators.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from surveys.figures import Share
from surveys.full_overview import FullOverview
from surveys.overview_actions import ActionsUnder
from surveys.overview_csv import COLUMNS, Cell, Row, make_grade_rows, make_share_cells, write_rows
from surveys.overview_csv import make_rows as make_overview_rows
from surveys.overview_heat import VariantHeat
from surveys.overview_indicator_years import IndicatorLine
from surveys.overview_parts import OverviewPart
from surveys.overview_results import Marks
from surveys.overview_returns import MILESTONES, ReturnCurve
from surveys.overview_series import Shift, Step
from surveys.overview_years import Line

__all__ = ("COLUMNS", "list_rows", "make_csv")


def make_csv(full: FullOverview) -> bytes:
    """UTF-8 with a byte-order mark: without it a spreadsheet reads names with accents wrongly."""
    file = io.StringIO(newline="")
    write_rows(file, list_rows(full))
    return file.getvalue().encode("utf-8-sig")


def list_rows(full: FullOverview) -> Iterator[Row]:
    """Each with whose figure it is."""
    cycle = full.overview.cycle
    about: Row = {
        "partnership": cycle.partnership.slug,
        "cycle": cycle.slug,
        "series": full.overview.series.value,
        "as_at": full.overview.made_at.isoformat(timespec="seconds"),
    }
    for row in make_rows(full):
        yield about | row


def make_rows(full: FullOverview) -> Iterator[Row]:
    yield from make_overview_rows(full.overview)
    yield from make_year_rows(full)
    for curve in full.returns.curves:
        yield from make_curve_rows(curve)
    yield from make_own_tool_rows(full)
    yield from make_group_rows(full)
    for step in full.series.found:
        yield from make_step_rows(step)
    for heat in full.heat_map.variants if full.heat_map is not None else ():
        yield from make_heat_rows(heat)
    yield from make_highlight_rows(full)
    for under in (full.actions.whole, *full.actions.themes, *full.actions.indicators):
        yield from make_action_rows(under, "indicator" if under.codes else "theme" if under.code else "all")
    for part in full.parts:
        yield from make_part_rows(part)


def make_year_rows(full: FullOverview) -> Iterator[Row]:
    for line in (full.years.whole, *full.years.themes):
        yield from make_line_rows(line)
    for variant in full.years.variants:
        for line in (variant.whole, *variant.standards):
            yield from make_line_rows(line)
        for indicator in variant.indicators:
            yield from make_indicator_rows(indicator)


def make_marks_rows(about: Row, marks: Marks) -> Iterator[Row]:
    yield from make_grade_rows(about, marks.grades)
    yield about | {"figure": "mean", "value": marks.mean}


def make_line_rows(line: Line) -> Iterator[Row]:
    variant = line.variant.value if line.variant is not None else None
    about: Row = {"variant": variant, "code": line.code, "title": line.title}
    for point in line.points:
        here: Row = about | {"section": f"year_{line.scope}", "cycle": point.cycle}
        yield from make_marks_rows(here, point.marks)
        if point.is_broken and point.change is not None:
            yield here | {"figure": "broken", "value": 1, "title": point.change.reason}
    for pair in line.pairs:
        compared: Row = about | {"section": f"same_agencies_{line.scope}", "compared_with": pair.cycle}
        yield from make_marks_rows(compared | {"cycle": pair.cycle}, pair.before)
        yield from make_marks_rows(compared, pair.now)
        for name, count in (("up", pair.up), ("down", pair.down), ("same", pair.same)):
            yield compared | {"figure": f"grade_{name}"} | make_share_cells(Share(count, pair.organisations))


def make_indicator_rows(line: IndicatorLine) -> Iterator[Row]:
    about: Row = {"variant": line.variant.value, "code": line.code, "title": line.text}
    for point in line.points:
        here = about | {"section": "year_indicator", "cycle": point.cycle}
        for score, count in enumerate((point.zeros, point.ones, point.twos)):
            yield here | {"figure": f"scored_{score}"} | make_share_cells(Share(count, point.n))
        yield here | {"figure": "mean", "value": point.mean}
    for pair in line.pairs:
        compared = about | {"section": "same_agencies_indicator", "compared_with": pair.cycle}
        yield compared | {"figure": "mean", "value": pair.mean_before, "cycle": pair.cycle}
        yield compared | {"figure": "mean", "value": pair.mean}
        for name, count in (("up", pair.up), ("down", pair.down), ("same", pair.same)):
            yield compared | {"figure": f"score_{name}"} | make_share_cells(Share(count, pair.organisations))


def make_curve_rows(curve: ReturnCurve) -> Iterator[Row]:
    about: Row = {"section": "year_returns", "cycle": curve.cycle}
    yield about | {"figure": "submitted_of_invited"} | make_share_cells(curve.submitted_of_invited)
    yield about | {"figure": "on_time_of_submitted"} | make_share_cells(curve.on_time_of_submitted)
    for variant, share in curve.variants.items():
        yield about | {"variant": variant.value, "figure": "submitted_of_invited"} | make_share_cells(share)
    for day in MILESTONES:
        by = curve.by(day)
        if by is not None:
            yield about | {"figure": "submitted_by_day", "title": f"{day:+d}"} | make_share_cells(by)


def make_own_tool_rows(full: FullOverview) -> Iterator[Row]:
    for both in full.returns.both:
        about: Row = {"section": "same_agencies_returns", "compared_with": both.cycle}
        yield about | {"figure": "submitted_of_invited", "cycle": both.cycle} | make_share_cells(both.before)
        yield about | {"figure": "submitted_of_invited"} | make_share_cells(both.now)
    own: Row = {"section": "own_tool", "figure": "own_tool_of_submitted"}
    yield own | make_share_cells(full.returns.own_tools_of_submitted)
    for one in full.returns.own_tools:
        yield {
            "section": "own_tool",
            "variant": one.variant.value,
            "title": one.title,
            "organisation": one.organisation,
            "figure": "own_tool",
            "value": 1,
        }


def make_group_rows(full: FullOverview) -> Iterator[Row]:
    for breakdown in full.groups:
        for group in breakdown.groups:
            about: Row = {"section": f"by_{breakdown.key}", "code": group.key, "title": group.label}
            if group.submitted_of_invited is not None:
                yield (
                    about | {"figure": "submitted_of_invited"} | make_share_cells(group.submitted_of_invited)
                )
            yield from make_marks_rows(about, group.marks)
            for theme, grades in group.themes.items():
                yield from make_grade_rows(
                    about | {"section": f"by_{breakdown.key}_theme", "title": theme}, grades
                )


def make_step_rows(step: Step) -> Iterator[Row]:
    section = f"{step.before}_to_{step.after}"
    yield from make_shift_rows(section, None, step.whole)
    for variant in step.variants:
        for shift in (variant.whole, *variant.standards):
            yield from make_shift_rows(section, variant.variant.value, shift)


def make_shift_rows(section: str, variant: Cell, shift: Shift) -> Iterator[Row]:
    about: Row = {"section": section, "variant": variant, "code": shift.code, "title": shift.title}
    yield about | {"figure": "audits_with_both", "value": shift.audits}
    for name, marks in (("before", shift.before), ("after", shift.after)):
        yield about | {"figure": f"grade_2_{name}"} | make_share_cells(marks.grades.at_grade_2)
        yield about | {"figure": f"mean_{name}", "value": marks.mean}
    changes = {"up": shift.up, "down": shift.down, "set_aside": shift.set_aside, "scored": shift.scored}
    for name, count in changes.items():
        yield about | {"figure": f"answers_{name}"} | make_share_cells(Share(count, shift.answers))


def make_heat_rows(heat: VariantHeat) -> Iterator[Row]:
    for row in heat.rows:
        about: Row = {
            "section": "organisation",
            "variant": heat.variant.value,
            "organisation": row.organisation,
        }
        if row.whole is None:
            yield about | {"figure": "state", "title": str(row.state.label)}
            continue
        yield about | {"figure": "grade", "value": row.whole.grade}
        yield about | {"figure": "mean", "value": row.whole.mean}
        yield about | {"figure": "critical_zeros", "value": row.critical_zeros}
        for (code, title), cell in zip(heat.columns, row.cells, strict=True):
            if cell is not None:
                yield about | {"code": code, "title": title, "figure": "grade", "value": cell.grade}


def make_highlight_rows(full: FullOverview) -> Iterator[Row]:
    for one in full.highlights.lacking:
        about: Row = {"section": "lacking", "code": one.key, "title": one.text}
        yield about | {"figure": "scored_0_or_1"} | make_share_cells(one.lack)
        for variant, share in one.variants.items():
            yield about | {"variant": variant.value, "figure": "scored_0_or_1"} | make_share_cells(share)


def make_action_rows(under: ActionsUnder, level: str) -> Iterator[Row]:
    about: Row = {"section": f"actions_{level}", "code": under.code, "title": under.title}
    for name, count in under.counts.as_json().items():
        yield about | {"figure": name, "value": count}
    yield about | {"figure": "low_scores_with_an_action"} | make_share_cells(under.planned)
    yield about | {"figure": "low_scores_with_a_reason"} | make_share_cells(under.reasoned)


def make_part_rows(part: OverviewPart) -> Iterator[Row]:
    """Cell by cell: the row’s first cell names it, the column’s head is the figure."""
    for table in part.tables:
        for first, *cells in table.rows:
            about: Row = {"section": f"{part.key}_{table.key}"}
            about |= {"organisation" if table.names else "title": str(first)}
            for head, cell in zip(table.head[1:], cells, strict=True):
                value: Row = make_share_cells(cell) if isinstance(cell, Share) else {"value": cell}
                yield about | {"figure": head.lower().replace(" ", "_")} | value
