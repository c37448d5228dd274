"""A chart as files: its drawing as an SVG that needs nothing beside it, its table as CSV; all of them in one zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection, Iterable, Sequence

from django.template.loader import render_to_string
from django.utils.text import slugify

from s11.web import dates
from s11.web.drawings.chart import Chart, frame_chart
from surveys.figures import Share
from surveys.overview import Overview
from surveys.overview_csv import Cell, write_csv

TEMPLATE = "components/chart_file.svg"


def say_source(overview: Overview) -> str:
    """Under every chart that goes out by itself: whose it is, of which scores, as at when."""
    cycle = overview.cycle
    return (
        f"{cycle.partnership}: {cycle}, {overview.series.label.lower()} scores. Version {overview.fingerprint}, "
        f"{dates.date(overview.made_at)}. For officers, not for publication."
    )


def make_svg(chart: Chart, source: str) -> bytes:
    context = {"sheet": frame_chart(chart, source), "title": chart.spoken}
    return render_to_string(TEMPLATE, context).encode()


def make_table(chart: Chart) -> bytes:
    """A share is three columns here: its count, what it is of, and the percentage."""
    shares = {place for line in chart.lines for place, cell in enumerate(line) if isinstance(cell, Share)}
    heads = spread(chart.head, shares, lambda name: (name, f"{name}: of", f"{name}: %"))
    return write_csv(heads, (spread(line, shares, cut_share) for line in chart.lines))


def spread(
    cells: Sequence[object], shares: Collection[int], cut: Callable[[object], Sequence[object]]
) -> list[Cell]:
    """The cells, with three in place of each share."""
    parts = [cut(cell) if place in shares else (cell,) for place, cell in enumerate(cells)]
    return [cell if isinstance(cell, int) or cell is None else str(cell) for part in parts for cell in part]


def cut_share(cell: object) -> tuple[int | None, ...]:
    return (cell.count, cell.of, cell.percent) if isinstance(cell, Share) else (None, None, None)


def make_zip(charts: Iterable[Chart], source: str, folder: str, compared: str = "") -> bytes:
    """A picture and a table of each, numbered in the order of the report; beside them what they are of, in words."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, chart in enumerate(charts, start=1):
            name = f"{slugify(folder)}/{number:02}-{chart.key}"
            archive.writestr(f"{name}.svg", make_svg(chart, source))
            archive.writestr(f"{name}.csv", make_table(chart))
        about = f"{source}\n" + (f"Compared with {compared}.\n" if compared else "")
        archive.writestr(f"{slugify(folder)}/about.txt", about)
    return file.getvalue()
