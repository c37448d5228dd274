"""The overview report as files: PDF, workbook, CSV and JSON."""

from __future__ import annotations

from surveys.enums import DocumentFormat, Series
from surveys.models import Cycle


def export_overview(cycle: Cycle, series: Series, file_format: DocumentFormat) -> bytes:
    """The file's content; figures are as at now."""
    raise NotImplementedError
