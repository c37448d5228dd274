"""The overview report: what stands around its figures, and its files (PDF, one HTML page, workbook, CSV, JSON, charts).

For officers: organisations are named and no small group is hidden. What is published is frozen and checked elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from s11.web import dates
from s11.web.pdf import Cover, render_pdf
from surveys.chart_files import make_zip, say_source
from surveys.enums import DocumentFormat, Series
from surveys.full_csv import make_csv
from surveys.full_overview import FullOverview, full_as_json, get_full_overview
from surveys.full_workbook import make_workbook
from surveys.models import Cycle
from surveys.overview import Overview, as_json, get_overview
from surveys.overview_charts import Charts, make_charts
from surveys.overview_list_charts import find_critical
from surveys.overview_next import make_next_steps
from surveys.overview_rules import Rule, make_rules
from surveys.overview_sections import Sections, list_page_sections, list_sections
from surveys.overview_sentences import Findings, make_findings

TEMPLATE = "documents/overview.html"
# A fifth format, of the command alone: on the desk the page itself is there.
HTML = "html"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that an overview's page and document say, draw and explain."""

    overview: Overview
    # What compares and lists beside it, also over several cycles.
    full: FullOverview
    findings: Findings
    charts: Charts
    next: Mapping[str, str]
    rules: list[Rule]

    @property
    def sections(self) -> Sections:
        """Of the document."""
        return list_sections(self.full, self.charts)

    @property
    def page_sections(self) -> Sections:
        return list_page_sections(self.sections)

    @property
    def critical(self) -> frozenset[tuple[str, str]]:
        """Cells of the heat map under which a critical indicator is scored 0."""
        return find_critical(self.overview)


def make_report(full: FullOverview, *, has_heat: bool = True) -> Report:
    """`has_heat` is False for a page that only leads to the heat maps."""
    overview = full.overview
    findings = make_findings(overview)
    return Report(
        overview=overview,
        full=full,
        findings=findings,
        charts=make_charts(full, findings, has_heat=has_heat),
        next=make_next_steps(full),
        rules=make_rules(overview),
    )


def export_overview(
    cycle: Cycle, series: Series, file_format: DocumentFormat, compared: Collection[str] | None = None
) -> bytes:
    """The file's content; figures are as at now. `compared` are slugs of earlier cycles, as in get_full_overview."""
    full = get_full_overview(cycle, series, compared)
    overview = full.overview
    match file_format:
        case DocumentFormat.PDF:
            return render_pdf(TEMPLATE, make_document(full))
        case DocumentFormat.XLSX:
            return make_workbook(full)
        case DocumentFormat.CSV:
            return make_csv(full)
        case DocumentFormat.JSON:
            return _write_json(full_as_json(full))
        case DocumentFormat.ZIP:
            charts = make_report(full).charts
            earlier = ", ".join(one.title for one in full.years.earlier)
            return make_zip(charts.values(), say_source(overview), f"{cycle} charts", earlier)
        case _:
            raise ValueError(f"an overview is not made as {file_format}")


def export_alone(cycle: Cycle, series: Series) -> bytes:
    """The same JSON without what compares and lists beside it."""
    return _write_json(as_json(get_overview(cycle, series)))


def _write_json(figures: Mapping[str, Any]) -> bytes:
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    return f"{text}\n".encode()


def export_overview_page(cycle: Cycle, series: Series, compared: Collection[str] | None = None) -> bytes:
    """The same document as the PDF, as one HTML file that needs nothing beside it."""
    return render_to_string(TEMPLATE, make_document(get_full_overview(cycle, series, compared))).encode()


def make_document(full: FullOverview) -> dict[str, Any]:
    """What the document's template shows."""
    report = make_report(full)
    return {
        "cover": make_cover(full.overview),
        "sections": report.sections,
        "overview": full.overview,
        "report": report,
    }


def make_cover(overview: Overview) -> Cover:
    return Cover(
        title=f"{overview.cycle}: overview report",
        partnership=str(overview.cycle.partnership),
        subtitle=f"{overview.series.label} scores",
        version=f"Version {overview.fingerprint}, {dates.date(overview.made_at)}",
        status="For officers, not for publication",
    )
