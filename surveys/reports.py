"""The overview report as a file: PDF, one HTML page, workbook, CSV and JSON.

For officers: organisations are named and no small group is hidden. What is published is frozen and checked elsewhere.
"""

from __future__ import annotations

import json
from typing import Any

from django.template.loader import render_to_string

from s11.web import dates
from s11.web.pdf import Cover, render_pdf
from surveys.enums import DocumentFormat, Series
from surveys.models import Cycle
from surveys.overview import Overview, as_json, get_overview
from surveys.overview_csv import make_csv
from surveys.overview_rules import make_rules
from surveys.overview_sentences import make_findings
from surveys.workbooks import make_workbook

TEMPLATE = "documents/overview.html"


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


def export_overview_page(cycle: Cycle, series: Series) -> bytes:
    """The same document as the PDF, as one HTML file that needs nothing beside it."""
    return render_to_string(TEMPLATE, make_document(get_overview(cycle, series))).encode()


def make_document(overview: Overview) -> dict[str, Any]:
    """What the document's template shows."""
    return {
        "cover": make_cover(overview),
        "sections": make_sections(overview),
        "overview": overview,
        "findings": make_findings(overview),
        "rules": make_rules(overview),
    }


def make_cover(overview: Overview) -> Cover:
    cycle = overview.cycle
    state = (
        f"Cycle closed on {dates.date(cycle.closed_at)}"
        if cycle.closed_at
        else "Cycle not closed: figures will change"
    )
    return Cover(
        title="Overview report",
        partnership=str(cycle.partnership),
        subtitle=str(cycle),
        version=f"Version {overview.fingerprint}, {dates.date(overview.made_at)}",
        status=f"{overview.series.label} scores · {state} · For officers, not for publication",
    )


def make_sections(overview: Overview) -> list[tuple[str, str]]:
    """Addresses and titles of the document's parts, in order."""
    variants = [
        (variant.variant.value, f"{variant.variant.label}: standard by standard")
        for variant in overview.variants
    ]
    shown = [
        ("grades", "Overall grades"),
        *variants,
        ("themes", "Themes across variants"),
        ("critical-zeros", "Critical indicators scored 0"),
        ("below-grade-2", "Organisations below grade 2"),
    ]
    return [
        ("participation", "Who took part"),
        *(shown if overview.variants else ()),
        ("rules", "How the figures are made"),
        *([("indicators", "Every indicator")] if overview.variants else ()),
    ]
