"""The pipeline as a file: what is filtered, in its order, as CSV or as a workbook. No cell is ever a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from surveys.models import Cycle
from surveys.overview_csv import write_csv
from surveys.pipeline import PipelineRow
from surveys.sheets import FORMULA_STARTS

# Title, width
COLUMNS: tuple[tuple[str, int], ...] = (
    ("Organisation", 44),
    ("URN", 9),
    ("ODS code", 10),
    ("Ofsted number", 14),
    ("Variant", 12),
    ("Takes part", 18),
    ("Statutory", 10),
    ("State", 20),
    ("Stage", 20),
    ("Last day", 13),
    ("Answered", 10),
    ("Asked", 8),
    ("Last change", 13),
)
HEAD = {"bold": True, "font_color": "#ffffff", "bg_color": "#1d4a6d", "text_wrap": True, "valign": "vcenter"}


def make_cells(line: PipelineRow) -> list[Any]:
    """In the order of COLUMNS."""
    invitee, organisation = line.row.invitee, line.row.invitee.organisation
    return [
        line.row.name,
        organisation.urn,
        organisation.ods_code,
        organisation.ofsted_number,
        invitee.cycle_questionnaire.get_variant_display(),
        invitee.get_obligation_display(),
        "Yes" if line.is_statutory else "No",
        line.state.label,
        line.stage.label,
        line.due_on,
        line.row.answered if line.row.asked is not None else None,
        line.row.asked,
        timezone.localdate(line.row.changed_at) if line.row.changed_at else None,
    ]


def make_pipeline_csv(cycle: Cycle, lines: Iterable[PipelineRow]) -> bytes:
    return write_csv([title for title, _ in COLUMNS], map(make_cells, lines))


def make_pipeline_workbook(cycle: Cycle, lines: Iterable[PipelineRow]) -> bytes:
    # Here, because most pages and commands never make a workbook.
    import xlsxwriter  # noqa: PLC0415

    file = io.BytesIO()
    # A cell is what it says: a name is never a formula, and an address in it is no link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options | {"default_date_format": "d mmm yyyy"})
    book.set_properties({"title": f"Pipeline: {cycle}"})
    head, quoted = book.add_format(HEAD), book.add_format({"quote_prefix": True})
    sheet = book.add_worksheet("Pipeline")
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    for x, (title, width) in enumerate(COLUMNS):
        sheet.set_column(x, x, width)
        sheet.write_string(0, x, title, head)
    y = 0
    for y, line in enumerate(lines, start=1):
        for x, cell in enumerate(make_cells(line)):
            if isinstance(cell, str):
                # Else it becomes a formula once somebody edits its cell.
                sheet.write_string(y, x, cell, quoted if cell.startswith(FORMULA_STARTS) else None)
            elif cell is not None:
                sheet.write(y, x, cell)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, y, len(COLUMNS) - 1)
    book.close()
    return file.getvalue()
