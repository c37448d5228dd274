"""How long each part of an agency's return may well be, and its words made ready for the annual report. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from accountability.enums import ReturnHeading
from accountability.tokens import without_tokens

# A guide, never a limit: with forty agencies a chapter of such returns is what a board still reads.
GUIDES: Final[Mapping[ReturnHeading, int]] = MappingProxyType(
    {ReturnHeading.ABOUT: 100, ReturnHeading.CELEBRATE: 300, ReturnHeading.PRIORITIES: 150}
)
HINTS: Final[Mapping[ReturnHeading, str]] = MappingProxyType(
    {
        ReturnHeading.ABOUT: "Whom you work with, and how you meet children and families.",
        ReturnHeading.CELEBRATE: "What is better for children now, and how you know. Name no child or family.",
        ReturnHeading.PRIORITIES: "Few, and such that you can say next year what became of them.",
    }
)

# What begins a heading or a quotation in Markdown, draws a line, or begins an item of a list.
MARK: Final = re.compile(r"^(?:#{1,6}(?:\s+|$)|>\s?)+")
RULE: Final = re.compile(r"^(?:[-=]+|(?:[*_]\s*){3,}|`{3,}.*|~{3,}.*)$")
ITEM: Final = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])\s+")
TAG: Final = re.compile(r"<(?=[A-Za-z/!?])")
BULLET: Final = "- "


def count_words(text: str) -> int:
    """As the browser's own count does: what stands between spaces."""
    return len(text.split())


def flatten(text: str) -> str:
    """An agency's words as Markdown that cannot break into what stands around them.

    Paragraphs and lists stay. A heading is a paragraph, a tag is text, and no bracket makes a number of a report.
    """
    blocks: list[list[str]] = [[]]
    for line in map(str.strip, text.splitlines()):
        words = MARK.sub("", line)
        safe = without_tokens(TAG.sub("&lt;", words))
        if not words or RULE.match(words):
            blocks.append([])
        elif ITEM.match(words):
            if not _is_list(blocks[-1]):
                blocks.append([])
            blocks[-1].append(f"{BULLET}{_begin(ITEM.sub('', safe))}")
        elif words != line:
            blocks += [[_begin(safe)], []]
        elif blocks[-1]:
            # People break lines where their window ends, also within an item.
            blocks[-1][-1] += f" {safe}"
        else:
            blocks[-1].append(_begin(safe))
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _is_list(block: list[str]) -> bool:
    return bool(block) and block[0].startswith(BULLET)


def _begin(words: str) -> str:
    """‘#ThinkFamily’ is no heading, wherever a paragraph or an item begins with it."""
    return f"\\{words}" if words.startswith(("#", ">")) else words
