"""The overview report: what stands around its figures, and its files (PDF, one HTML page, workbook, CSV, JSON, charts).

For officers: organisations are named and no small group is hidden. What is published is frozen and checked elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from s11.web import dates
from s11.web.pdf import Cover, render_pdf
from surveys.chart_files import make_zip, say_source
from surveys.enums import DocumentFormat, Series
from surveys.models import Cycle
from surveys.overview import Overview, as_json, get_overview
from surveys.overview_charts import Charts, make_charts
from surveys.overview_csv import make_csv
from surveys.overview_next import make_next_steps
from surveys.overview_rules import Rule, make_rules
from surveys.overview_sentences import Findings, make_findings
from surveys.workbooks import make_workbook

TEMPLATE = "documents/overview.html"
# A fifth format, of the command alone: on the desk the page itself is there.
HTML = "html"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that an overview's page and document say, draw and explain."""

    overview: Overview
    findings: Findings
    charts: Charts
    next: Mapping[str, str]
    rules: list[Rule]

    @property
    def page_sections(self) -> list[tuple[str, str]]:
        """Of the page, which has organisations below grade 2 with the grades, and the appendix elsewhere."""
        absent = {"below-grade-2", "rules", "returns", "indicators"}
        return [(key, title) for key, title in make_sections(self.overview) if key not in absent]


def make_report(overview: Overview) -> Report:
    findings = make_findings(overview)
    return Report(
        overview=overview,
        findings=findings,
        charts=make_charts(overview, findings),
        next=make_next_steps(overview),
        rules=make_rules(overview),
    )


def export_overview(cycle: Cycle, series: Series, file_format: DocumentFormat) -> bytes:
    """The file's content; figures are as at now."""
    overview = get_overview(cycle, series)
    match file_format:
        case DocumentFormat.PDF:
            return render_pdf(TEMPLATE, make_document(overview))
        case DocumentFormat.XLSX:
            return make_workbook(overview)
        case DocumentFormat.CSV:
            return make_csv(overview)
        case DocumentFormat.JSON:
            text = json.dumps(as_json(overview), indent=1, ensure_ascii=False)
            return f"{text}\n".encode()
        case DocumentFormat.ZIP:
            charts = make_report(overview).charts
            return make_zip(charts.values(), say_source(overview), f"{cycle} charts")
        case _:
            raise ValueError(f"an overview is not made as {file_format}")


def export_overview_page(cycle: Cycle, series: Series) -> bytes:
    """The same document as the PDF, as one HTML file that needs nothing beside it."""
    return render_to_string(TEMPLATE, make_document(get_overview(cycle, series))).encode()


def make_document(overview: Overview) -> dict[str, Any]:
    """What the document's template shows."""
    return {
        "cover": make_cover(overview),
        "sections": make_sections(overview),
        "overview": overview,
        "report": make_report(overview),
    }


def make_cover(overview: Overview) -> Cover:
    return Cover(
        title=f"{overview.cycle}: overview report",
        partnership=str(overview.cycle.partnership),
        subtitle=f"{overview.series.label} scores",
        version=f"Version {overview.fingerprint}, {dates.date(overview.made_at)}",
        status="For officers, not for publication",
    )


def make_sections(overview: Overview) -> list[tuple[str, str]]:
    """Addresses and titles of the document's parts, in order; what there is nothing to say of is left out."""
    variants = [variant.variant for variant in overview.variants]
    sections = [
        ("participation", "Who took part"),
        ("grades", "Overall grades"),
        ("below-grade-2", "Organisations below grade 2"),
        ("critical-zeros", "Critical indicators scored 0"),
        *((variant.value, f"{variant.label}: standards and indicators") for variant in variants),
        ("themes", "Themes across variants"),
        ("rules", "How the figures are made"),
        ("returns", "Submissions by day"),
        ("indicators", "Every indicator"),
    ]
    absent = set() if variants else {"grades", "below-grade-2", "critical-zeros", "themes", "indicators"}
    absent |= set() if overview.returns else {"returns"}
    return [(key, title) for key, title in sections if key not in absent]
