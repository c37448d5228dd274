"""What goes into each file that a worker builds."""

from __future__ import annotations

from django.utils.text import slugify

from surveys.models import Document


def make_file_name(document: Document) -> str:
    """Such as `hilltop-school-section-11-2026.pdf`."""
    subject = document.audit or document.questionnaire or document.cycle
    return f"{slugify(str(subject))[:80]}.{document.format}"


def build_file(document: Document) -> bytes:
    """The file's content, by kind and format."""
    raise NotImplementedError(document.kind)
