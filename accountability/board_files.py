"""A board paper as one HTML document and as a PDF: the chapter on as many pages as it takes, the cover on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from django.template.loader import render_to_string

from accountability.board_figures import fill
from accountability.board_words import Section, split_sections
from accountability.enums import BoardPaperKind
from accountability.models import BoardPaper
from accountability.report_content import read_snapshot
from accountability.report_pages import make_page
from s11.web.pdf import Cover, fit_sheet, render_pdf

TEMPLATE: Final = "documents/board_paper.html"
# Points, from large to small: the first at which a cover paper stands on one sheet. Smaller letters nobody reads.
SIZES: Final = (11, 10.5, 10, 9.5, 9, 8.5)
SAID_TOO_LONG: Final = "The cover paper does not fit on one page. Shorten it, then make the PDF again."


def make_pdf(paper: BoardPaper) -> bytes:
    """Raises TooLongError."""
    if paper.kind == BoardPaperKind.CHAPTER:
        return render_pdf(TEMPLATE, make_document(paper, SIZES[0]))
    pdf, _ = fit_sheet(TEMPLATE, partial(make_document, paper), SIZES, SAID_TOO_LONG)
    return pdf


def make_html(paper: BoardPaper) -> bytes:
    return render_to_string(TEMPLATE, make_document(paper, SIZES[0])).encode()


def make_document(paper: BoardPaper, size: float) -> dict[str, Any]:
    """What the document's template shows, as a page and on paper."""
    report = paper.report
    cover = Cover(
        title=name_paper(paper),
        partnership=str(report.partnership),
        subtitle=report.title,
        version=f"From {report.reference[:1].lower()}{report.reference[1:]}, version {paper.version} of this paper",
    )
    return {
        "cover": cover,
        "sections": [],
        "figures": get_key_figures(paper),
        "parts": get_parts(paper),
        "size": size,
    }


def get_key_figures(paper: BoardPaper) -> tuple[tuple[str, str], ...]:
    """The published report's own, at the head of the chapter; a cover paper lists its figures."""
    if paper.kind != BoardPaperKind.CHAPTER:
        return ()
    return make_page(read_snapshot(paper.report.snapshot)).rounds[0].key_figures


def get_parts(paper: BoardPaper) -> Sequence[Section]:
    return split_sections(fill(paper))


def name_paper(paper: BoardPaper) -> str:
    """What stands on it."""
    return "Safeguarding self-assessment" if paper.kind == BoardPaperKind.CHAPTER else "Paper for the board"


def name_file(paper: BoardPaper, ending: str) -> str:
    """Such as `harbourside-report-3-annual-chapter.pdf`."""
    about = "annual-chapter" if paper.kind == BoardPaperKind.CHAPTER else "board-cover-paper"
    return f"{paper.report.partnership.slug}-report-{paper.report.number}-{about}.{ending}"
