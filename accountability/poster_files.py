"""A poster or a briefing on one sheet of A4, and as a page; made from its boxes and nothing else."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accountability.enums import FileKind, PosterKind
from accountability.models import Poster, PosterBox
from accountability.report_files import CONTENT_TYPES, MadeFile
from s11.web.dates import date
from s11.web.drawings.words import measure
from s11.web.pdf import Cover, fit_sheet
from s11.web.qr_codes import make_qr_code

TEMPLATE: Final = "documents/poster.html"
# From large to small, as documents/poster.css has them: the first at which everything stands on one sheet. Below
# the last nobody reads it from afar.
POINTS: Final = (20, 19, 18, 17, 16, 15.5, 15, 14.5, 14, 13.5, 13, 12.5, 12, 11.5, 11, 10.5, 10)
SAID_TOO_LONG: Final = "The text does not fit on one page. Shorten the longest boxes, then make it again."
DRAFT: Final = "Draft"
SHARE: Final = re.compile(r"(.+) \((\d{1,3})%\)")
# Millimetres, as documents/poster.css has them: what is left for boxes, and the width of words in one.
ROOM, NARROW, WIDE, POINT = 213, 82, 178, 0.353


@dataclass(frozen=True, slots=True)
class SheetBox:
    """A box as it stands on the sheet; a share is told apart into its counts and its percentage, which is drawn too."""

    heading: str
    figure: str
    percent: int | None
    text: str


def make_poster_files(poster: Poster, published_on: datetime.date) -> list[MadeFile]:
    """The page and the PDF. Raises TooLongError."""
    name = f"{name_poster(poster)}-{poster.number}"
    pdf, size = make_pdf(poster, published_on)
    context = make_context(poster, published_on, size) | {"is_page": True}
    page = render_to_string(TEMPLATE, context).encode()
    return [
        MadeFile(FileKind.PAGE, f"{name}.html", CONTENT_TYPES[FileKind.PAGE], page),
        MadeFile(FileKind.PDF, f"{name}.pdf", CONTENT_TYPES[FileKind.PDF], pdf),
    ]


def name_poster(poster: Poster) -> str:
    """Such as `harbourside-briefing`."""
    return f"{poster.partnership.slug}-{'poster' if poster.kind == PosterKind.POSTER else 'briefing'}"


def name_sheet(poster: Poster) -> str:
    return f"draft-{name_poster(poster)}.pdf"


def make_pdf(poster: Poster, published_on: datetime.date | None = None) -> tuple[bytes, int]:
    """One sheet, and the size of letters at which it is one."""
    sizes = range(max(1, choose_size(poster) - 3), len(POINTS) + 1)
    return fit_sheet(TEMPLATE, partial(make_context, poster, published_on), sizes, SAID_TOO_LONG)


def make_context(poster: Poster, published_on: datetime.date | None, size: int) -> dict[str, Any]:
    report = poster.report
    assert report is not None  # a poster is laid out from a report
    source = f"From {report.reference[:1].lower()}{report.reference[1:]}: {report.title}"
    when = f"Published on {date(published_on)}" if published_on else DRAFT
    path = reverse("accountability:published_report", args=[poster.partnership.slug, report.number])
    address = f"{settings.SITE_URL}{path}"
    return {
        "cover": Cover(title=poster.title, partnership=str(poster.partnership), version=f"{source}. {when}"),
        "sections": [],
        "poster": poster,
        "boxes": make_boxes(poster),
        "size": size,
        "source": source,
        "when": when,
        "address": address,
        "code": make_qr_code(address),
    }


def make_boxes(poster: Poster) -> list[SheetBox]:
    return [_make_box(one) for one in poster.boxes.all() if has_words(one)]


def _make_box(box: PosterBox) -> SheetBox:
    match = SHARE.fullmatch(box.figure.strip())
    # A bar over the whole width is the most that can be drawn.
    if match is None or int(match[2]) > 100:
        return SheetBox(box.heading, box.figure.strip(), None, box.text)
    return SheetBox(box.heading, match[1], int(match[2]), box.text)


def has_words(box: PosterBox) -> bool:
    return bool(box.text.strip() or box.figure.strip())


def has_open_number(box: PosterBox) -> bool:
    """A number's token that was not filled when the poster was laid out, or that somebody typed since."""
    return any("[[" in words for words in (box.heading, box.figure, box.text))


# How large ------------------------------------------------------------------------------------------------------------


def choose_size(poster: Poster) -> int:
    """The size of letters that fills the sheet, about: a PDF is tried from three above it, a page takes it as it is."""
    boxes = make_boxes(poster)
    for size, points in enumerate(POINTS, start=1):
        if _get_height(boxes, points) <= ROOM:
            return size
    return len(POINTS)


def _get_height(boxes: Sequence[SheetBox], points: float) -> float:
    """Of all rows: two boxes side by side, an odd last one by itself."""
    paired = len(boxes) - len(boxes) % 2
    heights = [_get_box_height(one, points, NARROW) for one in boxes[:paired]]
    rows = [max(heights[place : place + 2]) for place in range(0, paired, 2)]
    rows += [_get_box_height(one, points, WIDE) for one in boxes[paired:]]
    return sum(rows) + 3.5 * len(rows)


def _get_box_height(box: SheetBox, points: float, width: float) -> float:
    letters = points * POINT
    heading = _count_lines(box.heading, letters * 1.12, width, is_bold=True) * letters * 1.12 * 1.2 + 1.5
    figure = (letters * 2.1 * 1.1 + 1.5 if box.figure else 0) + (4.4 if box.percent is not None else 0)
    blocks = [block for block in box.text.splitlines() if block.strip()]
    lines = sum(_count_lines(block, letters, width) for block in blocks)
    return 8 + heading + figure + lines * letters * 1.3 + len(blocks) * letters * 0.35


def _count_lines(words: str, letters: float, width: float, *, is_bold: bool = False) -> int:
    return max(1, math.ceil(measure(words, letters, is_bold=is_bold) * 1.04 / width))
