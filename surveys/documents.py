"""Which builder makes each file that a worker builds, and what the file is called."""

from __future__ import annotations

from django.utils.text import slugify

from surveys.copies import render_audit_copy, render_blank
from surveys.enums import DocumentFormat, DocumentKind, Series
from surveys.models import Document
from surveys.reports import export_overview


def make_file_name(document: Document) -> str:
    """Such as `hilltop-school-section-11-2026.pdf`."""
    subject = document.audit or document.questionnaire or document.cycle
    return f"{slugify(str(subject))[:80]}.{document.format}"


def build_file(document: Document) -> bytes:
    """The file's content, by kind and format."""
    match DocumentKind(document.kind):
        case DocumentKind.AUDIT_COPY:
            assert document.audit is not None  # the check constraint promises each subject
            return render_audit_copy(document.audit)
        case DocumentKind.BLANK:
            assert document.questionnaire is not None
            return render_blank(document.questionnaire)
        case DocumentKind.OVERVIEW:
            assert document.cycle is not None
            return export_overview(document.cycle, Series(document.series), DocumentFormat(document.format))
