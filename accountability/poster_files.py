"""A poster or a briefing on one sheet of A4, and as a page; made from its boxes and nothing else."""

from __future__ import annotations

import datetime
from functools import partial
from typing import Any, Final

from django.template.loader import render_to_string

from accountability.enums import FileKind, PosterKind
from accountability.models import Poster, PosterBox
from accountability.report_files import CONTENT_TYPES, MadeFile
from s11.web.dates import date
from s11.web.pdf import Cover, fit_sheet

TEMPLATE: Final = "documents/poster.html"
# From large to small: the first at which everything stands on one sheet. Below the last nobody reads it from afar.
SIZES: Final = range(1, 8)
SAID_TOO_LONG: Final = "The text does not fit on one page. Shorten the longest boxes, then publish it again."


def make_poster_files(poster: Poster, published_on: datetime.date) -> list[MadeFile]:
    """The page and the PDF. Raises TooLongError."""
    name = f"{poster.partnership.slug}-{'poster' if poster.kind == PosterKind.POSTER else 'briefing'}-{poster.number}"
    pdf, size = make_pdf(poster, published_on)
    page = render_to_string(TEMPLATE, make_context(poster, published_on, size)).encode()
    return [
        MadeFile(FileKind.PAGE, f"{name}.html", CONTENT_TYPES[FileKind.PAGE], page),
        MadeFile(FileKind.PDF, f"{name}.pdf", CONTENT_TYPES[FileKind.PDF], pdf),
    ]


def make_pdf(poster: Poster, published_on: datetime.date | None = None) -> tuple[bytes, int]:
    """One sheet, and the size of letters at which it is one."""
    return fit_sheet(TEMPLATE, partial(make_context, poster, published_on), SIZES, SAID_TOO_LONG)


def make_context(poster: Poster, published_on: datetime.date | None, size: int) -> dict[str, Any]:
    report = poster.report
    assert report is not None  # a poster is laid out from a report
    source = f"From report {report.number}: {report.title}"
    when = f"Published on {date(published_on)}" if published_on else "Draft"
    return {
        "cover": Cover(title=poster.title, partnership=str(poster.partnership), version=f"{source}. {when}"),
        "sections": [],
        "poster": poster,
        "boxes": [one for one in poster.boxes.all() if has_words(one)],
        "size": size,
        "source": source,
        "when": when,
    }


def has_words(box: PosterBox) -> bool:
    return bool(box.text.strip() or box.figure.strip())


def has_open_number(box: PosterBox) -> bool:
    """A number's token that was not filled when the poster was laid out, or that somebody typed since."""
    return any("[[" in words for words in (box.heading, box.figure, box.text))
