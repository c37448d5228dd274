"""A board paper as a Word document, to go on with: the partnership's own annual report takes the chapter up from here.

It says what the web page and the PDF say, in the styles that every Word document has.
"""

from __future__ import annotations

import datetime
from typing import Final

from accountability.board_files import SIZES, make_document
from accountability.models import BoardPaper
from s11.organisations.colours import is_readable_under_white

WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Of documents whose partnership has no colour of its own.
USUAL_COLOUR: Final = "#1d4a6d"


def make_docx(paper: BoardPaper) -> bytes:
    """The same bytes as long as the paper says the same. Ten pages take a fifth of a second, so no worker is needed."""
    # Here, because most pages and commands never make one, and the library takes a moment to load.
    from s11.web.docx import WordDocument  # noqa: PLC0415

    about = make_document(paper, SIZES[0])
    cover = about["cover"]
    document = WordDocument(
        title=cover.title,
        author=cover.partnership,
        subject=cover.subtitle,
        colour=find_colour(paper.report.partnership.colour),
        made_at=find_moment(paper),
    )
    document.add_heading(cover.title, 1)
    document.add_text(cover.subtitle, "Subtitle")
    document.add_text(f"{cover.partnership}. {cover.version}.")
    if figures := about["figures"]:
        rows = [(f"{counted[:1].upper()}{counted[1:]}", value) for value, counted in figures]
        document.add_table("Key figures", ("What is counted", "Figure"), rows)
    for part in about["parts"]:
        if part.title:
            document.add_heading(part.title, 2)
        document.add_rich_text(part.text, 3 if part.title else 2)
    return document.read()


def find_colour(colour: str) -> str:
    """The partnership's, where it can be read on white as well as under it."""
    return colour if colour and is_readable_under_white(colour) else USUAL_COLOUR


def find_moment(paper: BoardPaper) -> datetime.datetime:
    """Since when it says what it says."""
    return max(paper.drafted_at, paper.edited_at or paper.drafted_at)
