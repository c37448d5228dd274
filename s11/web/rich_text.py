"""Rich text as blocks, for documents that are no web page: what `text.markdown` shows, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Final, Literal

from s11.web.text import HEADING, markdown

# Of HTML; a space that does not break is none of them.
SPACE: Final = re.compile(r"[ \t\r\n\f]+")
INLINE: Final = frozenset({"strong", "em"})

Kind = Literal["heading", "paragraph", "bullet", "number", "continued"]


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one look. A line break is a newline; `address` is empty where it is no link."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item of a list, or what goes on within an item.

    `depth` is how deep the list lies, from 1; `list_number` counts the lists of the text, so that each begins anew.
    """

    kind: Kind
    runs: tuple[Run, ...]
    depth: int = 0
    list_number: int = 0
    is_quoted: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def read_blocks(value: str | None) -> list[Block]:
    """In reading order. Headings are all of one level, as on a page."""
    reader = _Reader()
    reader.feed(markdown(value))
    reader.close()
    reader.end_block()
    return reader.blocks


@dataclass(slots=True)
class _List:
    kind: Kind
    number: int
    # Whether its item has said nothing yet: its next block has the mark, those after it go on.
    is_new: bool = True


class _Reader(HTMLParser):
    """Of cleaned HTML, so each tag that opens closes. Items may stand outside a list: people type HTML too."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.lists: list[_List] = []
        self.lists_met = 0
        self.addresses: list[str] = []
        self.open: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.runs.append(Run("\n"))
        elif tag == "a":
            self.addresses.append(dict(attrs).get("href") or "")
        elif tag in INLINE:
            self.open[tag] += 1
        else:
            self.begin_block(tag)

    def begin_block(self, tag: str) -> None:
        self.end_block()
        if tag in ("ul", "ol"):
            self.lists_met += 1
            self.lists.append(_List("number" if tag == "ol" else "bullet", self.lists_met))
        elif tag == "li" and self.lists:
            self.lists[-1].is_new = True
        self.open[_name(tag)] += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.addresses.pop()
            return
        if tag not in INLINE:
            self.end_block()
        if tag in ("ul", "ol"):
            self.lists.pop()
        self.open[_name(tag)] -= 1

    def handle_data(self, data: str) -> None:
        text = SPACE.sub(" ", data)
        if self.runs and self.runs[-1].text.endswith("\n"):
            text = text.lstrip(" ")
        address = self.addresses[-1] if self.addresses else ""
        self.runs.append(Run(text, bool(self.open["strong"]), bool(self.open["em"]), address))

    def end_block(self) -> None:
        runs = _trim(self.runs)
        self.runs = []
        if not runs:
            return
        is_quoted = bool(self.open["blockquote"])
        inside = self.lists[-1] if self.lists else None
        if self.open["heading"] or inside is None:
            kind: Kind = "heading" if self.open["heading"] else "paragraph"
            self.blocks.append(Block(kind, runs, is_quoted=is_quoted))
            return
        kind = inside.kind if inside.is_new else "continued"
        inside.is_new = False
        self.blocks.append(Block(kind, runs, len(self.lists), inside.number, is_quoted))


def _name(tag: str) -> str:
    return "heading" if HEADING.match(tag) else tag


def _trim(runs: list[Run]) -> tuple[Run, ...]:
    """Without the space before the first letter and after the last."""
    found = [run for run in runs if run.text]
    while found and not found[0].text.strip():
        del found[0]
    while found and not found[-1].text.strip():
        del found[-1]
    if found:
        found[0] = replace(found[0], text=found[0].text.lstrip())
        found[-1] = replace(found[-1], text=found[-1].text.rstrip())
    return tuple(found)
