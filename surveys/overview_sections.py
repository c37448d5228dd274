"""The parts of an overview's page and document: their addresses and titles, in order, without those that are empty."""

from __future__ import annotations

from collections.abc import Mapping

from s11.web.drawings.chart import Chart
from surveys.full_overview import FullOverview

Sections = list[tuple[str, str]]

# On paper alone: rules and long tables behind the report.
APPENDIX = (
    ("rules", "How the figures are made"),
    ("returns", "Submissions by day"),
    ("indicators", "Every indicator"),
)
# On paper a section of its own; on the page they stand with the grades.
BELOW = "below-grade-2"


def list_sections(full: FullOverview, charts: Mapping[str, Chart]) -> Sections:
    """Of the document."""
    variants = [variant.variant for variant in full.overview.variants]
    has_groups = any(key.startswith("by-") for key in charts)
    has_heat = full.heat_map is not None and any(variant.graded for variant in full.heat_map.variants)
    counts = full.actions.whole.counts
    sections = [
        ("participation", "Who took part", True),
        ("grades", "Overall grades", bool(variants)),
        (BELOW, "Organisations below grade 2", bool(variants)),
        ("critical-zeros", "Critical indicators scored 0", bool(variants)),
        ("years", "Year on year", "years" in charts),
        ("series", "Self-assessed and moderated scores", "series" in charts),
        *((variant.value, f"{variant.label}: standards and indicators", True) for variant in variants),
        ("themes", "Themes across variants", bool(variants)),
        ("groups", "By sector, size and duty", has_groups),
        ("strengths", "What all achieved and several lack", bool(variants)),
        ("actions", "What agencies plan", bool(counts.actions or full.actions.whole.planned.of)),
        *((part.key, part.title, True) for part in full.parts),
        ("organisations", "Organisations by standard", has_heat),
        *((key, title, key == "rules" or is_known(key, full)) for key, title in APPENDIX),
    ]
    return [(key, title) for key, title, is_there in sections if is_there]


def is_known(key: str, full: FullOverview) -> bool:
    return bool(full.overview.returns if key == "returns" else full.overview.variants)


def list_page_sections(sections: Sections) -> Sections:
    """Of the page: it folds the appendix away where it is needed, and ends with files and rules."""
    absent = {BELOW, *(key for key, _ in APPENDIX)}
    ends = [("files", "Report files"), APPENDIX[0]]
    return [*((key, title) for key, title in sections if key not in absent), *ends]
