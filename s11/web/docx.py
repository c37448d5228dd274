"""A Word document that is being written: real headings, lists, tables and pictures, by the names of Word's own styles.

So whoever pastes it into a document of their own keeps its outline and gets their own look. Nothing in it is loaded
from elsewhere; text from people is text: never a field, and a link only where it leads to a web page.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final
from urllib.parse import urlsplit

from s11.web.docx_xml import (
    TEXT_WIDTH,
    add_page_numbers,
    begin_document,
    clean,
    describe_picture,
    describe_table,
    keep_whole,
    make_link,
    number_anew,
    set_facts,
    set_look,
    write_archive,
)
from s11.web.rich_text import Block, Run, read_blocks

# Word has styles for lists so deep.
DEEPEST: Final = 3
USUAL: Final = "Normal"
LIST_STYLES: Final = {"bullet": "List Bullet", "number": "List Number", "continued": "List Continue"}
SCHEMES: Final = frozenset({"http", "https"})
# Longer addresses Word refuses, and with them the whole document.
LONGEST_ADDRESS: Final = 2_000
PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
TALLEST: Final = 0.9  # of its width, so that a picture and its heading fit on a page


class WordDocument:
    """In memory, from top to bottom. `colour` (#rrggbb) is that of its headings; the moment is that of its words."""

    def __init__(
        self, *, title: str, author: str, subject: str, colour: str, made_at: datetime.datetime
    ) -> None:
        self.document = begin_document()
        set_look(self.document, colour)
        set_facts(self.document, clean(title), clean(author), clean(subject), made_at)
        add_page_numbers(self.document, clean(author))
        # The library would look through all of them for each paragraph: most of the time that a document takes.
        self.styles = {style.name: style.style_id for style in self.document.styles}
        # Numbered lists that were begun, by which text they stand in.
        self.lists: dict[tuple[int, int], int] = {}
        self.texts = 0

    def add_heading(self, text: str, level: int) -> None:
        self.add_text(text, f"Heading {level}")

    def add_text(self, text: str, style: str = USUAL) -> None:
        """Plain, as one paragraph."""
        self.add_paragraph(style).add_run(clean(text))

    def add_paragraph(self, style: str) -> Any:
        paragraph = self.document.add_paragraph()
        if style != USUAL:
            paragraph._p.style = self.styles[style]
        return paragraph

    def add_rich_text(self, markdown: str, level: int) -> None:
        """Its headings are all of this level."""
        self.texts += 1
        blocks = read_blocks(clean(markdown))
        for block, after in zip_longest(blocks, blocks[1:]):
            paragraph = self.add_block(block, level)
            if after is not None and after.is_quoted:
                # Who said it, and what was said, on one page.
                paragraph.paragraph_format.keep_with_next = True

    def add_block(self, block: Block, level: int) -> Any:
        paragraph = self.add_paragraph(_name_style(block, level))
        if block.kind == "number":
            key = (self.texts, block.list_number)
            self.lists[key] = number_anew(self.document, paragraph, self.lists.get(key))
        for run in block.runs:
            self.add_run(paragraph, run)
        return paragraph

    def add_run(self, paragraph: Any, run: Run) -> None:
        is_link = _leads_to_a_page(run.address)
        made = paragraph.add_run(clean(run.text))
        made.bold = run.is_bold or None
        made.italic = run.is_italic or None
        if is_link:
            made._r.style = self.styles["Hyperlink"]
            make_link(paragraph, made, clean(run.address))

    def add_table(self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Its head is repeated on each page, and each row stays whole. The first cell of a row names it."""
        self.add_text(title, "Caption")
        table = self.document.add_table(rows=0, cols=len(head), style="Table Grid")
        describe_table(table, clean(title))
        for number, row in enumerate((head, *rows)):
            cells = table.add_row().cells
            for place, (cell, text) in enumerate(zip(cells, row, strict=True)):
                made = cell.paragraphs[0].add_run(clean(text))
                made.bold = number == 0 or place == 0 or None
            keep_whole(table.rows[number], is_head=number == 0)

    def add_picture(self, content: bytes, alternative: str) -> None:
        """A PNG or a JPEG, as wide as the text at most; `alternative` is what it shows, for who does not see it."""
        if not content.startswith(PICTURES):
            raise ValueError("Only PNG and JPEG can be put into a document.")
        if not alternative.strip():
            raise ValueError("A picture needs words that say what it shows.")
        shape = self.document.add_picture(io.BytesIO(content))
        shrink = min(1, TEXT_WIDTH / shape.width, TEXT_WIDTH * TALLEST / shape.height)
        shape.width, shape.height = int(shape.width * shrink), int(shape.height * shrink)
        describe_picture(shape, clean(alternative))

    def read(self) -> bytes:
        return write_archive(self.document)


def _name_style(block: Block, level: int) -> str:
    if block.kind == "heading":
        return f"Heading {level}"
    if block.kind == "paragraph":
        return "Quote" if block.is_quoted else USUAL
    depth = min(block.depth, DEEPEST)
    return LIST_STYLES[block.kind] + (f" {depth}" if depth > 1 else "")


def _leads_to_a_page(address: str) -> bool:
    if len(address) > LONGEST_ADDRESS:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in SCHEMES and bool(parts.netloc)
