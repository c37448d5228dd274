"""What the annual report's chapter draws from the partnership's year, beside the figures of a published report.

A part is Markdown of its own: paragraphs, headings of the third level, lists and quotations. It says only what its
writers approved for the public, and names no child and no person.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChapterPart:
    """One section of the chapter: `title` becomes its heading of the second level."""

    title: str
    text: str
