"""Sheets for what stands beside an overview, after the overview's own (workbooks): years, series, groups, each
organisation's grades, what several lack, actions, and a sheet a table of what apps above this one add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from surveys.figures import Share
from surveys.full_overview import FullOverview
from surveys.overview_actions import ActionsUnder
from surveys.overview_heat import VariantHeat
from surveys.overview_parts import PartCell
from surveys.overview_years import Line
from surveys.sheets import Book, Column, Row
from surveys.workbooks import (
    CODE,
    GRADES,
    MEAN,
    ORGANISATION,
    SHARE,
    VARIANT,
    add_rules,
    begin_workbook,
    make_grade_cells,
    make_share_cells,
)

TITLE = Column("Title", 48, "text")
CYCLE = Column("Cycle", 12, "text")


def make_workbook(full: FullOverview) -> bytes:
    book = begin_workbook(full.overview, ", ".join(one.title for one in full.years.earlier))
    add_sheets(book, full)
    add_rules(book, full.overview)
    return book.read()


def add_sheets(book: Book, full: FullOverview) -> None:
    book.add_sheet("Year on year", YEAR_COLUMNS, make_year_rows(full))
    book.add_sheet("Same agencies", PAIR_COLUMNS, make_pair_rows(full))
    book.add_sheet("Returns by year", RETURN_COLUMNS, make_return_rows(full))
    book.add_sheet("Series", SERIES_COLUMNS, make_series_rows(full))
    book.add_sheet("Groups", GROUP_COLUMNS, make_group_rows(full))
    for heat in full.heat_map.variants if full.heat_map is not None else ():
        book.add_sheet(f"Grades {heat.variant.label}", make_heat_columns(heat), make_heat_rows(heat))
    book.add_sheet("Several lack", LACK_COLUMNS, make_lack_rows(full))
    book.add_sheet("Actions", ACTION_COLUMNS, make_action_rows(full))
    for part in full.parts:
        for table in part.tables:
            columns, spread = spread_columns(table.head, table.rows)
            book.add_sheet(f"{part.key} {table.key}".replace("_", " ").capitalize(), columns, spread)


def list_lines(full: FullOverview) -> Iterator[Line]:
    yield full.years.whole
    for variant in full.years.variants:
        yield variant.whole
        yield from variant.standards
    yield from full.years.themes


def name_line(line: Line) -> Row:
    return (str(line.variant.label) if line.variant is not None else "All", line.code, line.title)


YEAR_COLUMNS = (
    VARIANT,
    CODE,
    TITLE,
    CYCLE,
    *GRADES,
    *SHARE,
    MEAN,
    Column("The line is broken here", 60, "text"),
)


def make_year_rows(full: FullOverview) -> Iterable[Row]:
    for line in list_lines(full):
        for point in line.points:
            reason = point.change.reason if point.change is not None else ""
            grades = make_grade_cells(point.marks.grades)
            yield (*name_line(line), point.cycle, *grades, point.marks.mean, reason or None)


PAIR_COLUMNS = (
    VARIANT,
    CODE,
    TITLE,
    Column("Since", 12, "text"),
    Column("Agencies in both", 10),
    Column("At grade 2 then", 10),
    Column("% then", 8, "percent"),
    Column("At grade 2 now", 10),
    Column("% now", 8, "percent"),
    Column("Grade rose", 8),
    Column("Grade fell", 8),
    Column("Mean then", 8, "mean"),
    Column("Mean now", 8, "mean"),
    Column("Same indicators", 11),
)


def make_pair_rows(full: FullOverview) -> Iterable[Row]:
    for line in list_lines(full):
        for pair in line.pairs:
            before, now = pair.before.grades.at_grade_2, pair.now.grades.at_grade_2
            yield (
                *name_line(line),
                pair.cycle,
                pair.organisations,
                before.count,
                before.percent,
                now.count,
                now.percent,
                pair.up,
                pair.down,
                pair.before.mean,
                pair.now.mean,
                pair.change.shared,
            )


RETURN_COLUMNS = (
    CYCLE,
    Column("Closing day", 14, "date"),
    Column("Submitted", 11),
    Column("Invited", 11),
    Column("%", 8, "percent"),
    Column("On time", 11),
    Column("Submitted", 11),
    Column("%", 8, "percent"),
)


def make_return_rows(full: FullOverview) -> Iterable[Row]:
    for curve in full.returns.curves:
        came, on_time = (
            make_share_cells(curve.submitted_of_invited),
            make_share_cells(curve.on_time_of_submitted),
        )
        yield (curve.cycle, curve.closes_on, *came, *on_time)


SERIES_COLUMNS = (
    Column("From", 14, "text"),
    Column("To", 14, "text"),
    VARIANT,
    CODE,
    TITLE,
    Column("Audits with both", 10),
    Column("At grade 2 before", 10),
    Column("% before", 8, "percent"),
    Column("At grade 2 after", 10),
    Column("% after", 8, "percent"),
    Column("Mean before", 8, "mean"),
    Column("Mean after", 8, "mean"),
    Column("Answers", 9),
    Column("Raised", 8),
    Column("Lowered", 8),
    Column("Set aside", 8),
    Column("Scored", 8),
)


def make_series_rows(full: FullOverview) -> Iterable[Row]:
    for step in full.series.found:
        shifts = [("All", step.whole)]
        for variant in step.variants:
            shifts += [(str(variant.variant.label), one) for one in (variant.whole, *variant.standards)]
        for name, shift in shifts:
            before, after = shift.before.grades.at_grade_2, shift.after.grades.at_grade_2
            yield (
                str(step.before.label),
                str(step.after.label),
                name,
                shift.code,
                shift.title,
                shift.audits,
                before.count,
                before.percent,
                after.count,
                after.percent,
                shift.before.mean,
                shift.after.mean,
                shift.answers,
                shift.up,
                shift.down,
                shift.set_aside,
                shift.scored,
            )


GROUP_COLUMNS = (
    Column("By", 10, "text"),
    Column("Group", 28, "text"),
    Column("Submitted", 11),
    Column("Invited", 11),
    Column("%", 8, "percent"),
    Column("Audits", 10),
    *GRADES,
    *SHARE,
    MEAN,
)


def make_group_rows(full: FullOverview) -> Iterable[Row]:
    for breakdown in full.groups:
        for group in breakdown.groups:
            invited = group.submitted_of_invited
            came = make_share_cells(invited) if invited is not None else (None, None, None)
            grades = make_grade_cells(group.marks.grades)
            yield (breakdown.title, group.label, *came, group.audits, *grades, group.marks.mean)


def make_heat_columns(heat: VariantHeat) -> tuple[Column, ...]:
    """Heads are codes: the titles stand on the sheet of standards."""
    about = (ORGANISATION, Column("State", 24, "text"), Column("Grade", 8), MEAN, Column("Critical zeros", 9))
    return (*about, *(Column(code, 6) for code, _ in heat.columns))


def make_heat_rows(heat: VariantHeat) -> Iterable[Row]:
    for row in heat.rows:
        cells = [cell.grade if cell is not None else None for cell in row.cells] or [None] * len(heat.columns)
        if row.whole is None:
            yield (row.organisation, str(row.state.label), None, None, None, *cells)
        else:
            whole = row.whole
            yield (
                row.organisation,
                str(row.state.label),
                whole.grade,
                whole.mean,
                row.critical_zeros,
                *cells,
            )


LACK_COLUMNS = (
    Column("Indicator", 90, "text"),
    Column("Codes", 40, "text"),
    Column("Scored 0", 9),
    Column("Scored 1", 9),
    Column("0 or 1", 9),
    Column("Scored", 9),
    Column("%", 8, "percent"),
)


def make_lack_rows(full: FullOverview) -> Iterable[Row]:
    for one in full.highlights.lacking:
        yield (one.text, one.name, one.zeros, one.ones, *make_share_cells(one.lack))


ACTION_COLUMNS = (
    CODE,
    Column("About", 90, "text"),
    Column("Agencies", 9),
    Column("Actions", 9),
    Column("Not started", 9),
    Column("In progress", 9),
    Column("Done", 9),
    Column("Dropped", 9),
    Column("Overdue", 9),
    Column("Verified", 9),
    Column("Worked", 9),
    Column("Worked in part", 9),
    Column("Did not work", 9),
    Column("0 or 1 with an action", 10),
    Column("Scored 0 or 1", 10),
    Column("%", 8, "percent"),
)


def make_action_rows(full: FullOverview) -> Iterable[Row]:
    for under in (full.actions.whole, *full.actions.themes, *full.actions.indicators):
        counts = under.counts.as_json().values()
        yield (name_codes(under), under.title, *counts, *make_share_cells(under.planned))


def name_codes(under: ActionsUnder) -> str:
    """An indicator’s codes, a theme’s."""
    return ", ".join(under.codes.values()) or under.code


def spread_columns(
    head: Iterable[str], rows: Iterable[Iterable[PartCell]]
) -> tuple[list[Column], list[list[str | int | None]]]:
    """A share takes three columns; which ones hold shares is seen in the rows."""
    names, lines = list(head), [list(row) for row in rows]
    shares = [any(isinstance(line[x], Share) for line in lines) for x in range(len(names))]
    texts = [any(isinstance(line[x], str) for line in lines) for x in range(len(names))]
    columns: list[Column] = []
    for name, is_share, is_text in zip(names, shares, texts, strict=True):
        columns.append(Column(name, 48 if is_text else 11, "text" if is_text else "number"))
        columns += [Column("Of", 8), Column("%", 8, "percent")] if is_share else []
    spread: list[list[str | int | None]] = []
    for line in lines:
        cells: list[str | int | None] = []
        for cell, is_share in zip(line, shares, strict=True):
            if isinstance(cell, Share):
                cells += [cell.count, cell.of, cell.percent]
            else:
                cells += [cell, None, None] if is_share else [cell]
        spread.append(cells)
    return columns, spread
