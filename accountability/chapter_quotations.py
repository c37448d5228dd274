"""Which words of a chapter are somebody's: what stands as a quotation, and passages that were one once. Pure.

Of a quotation only a mark is kept beside a draft, how many words it has and a digest of them: whoever takes a consent
back is not quoted once more in order to be found. Quotation marks, commas and capital letters make no difference.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from typing import Final

from s11.web.rich_text import read_blocks

WORD: Final = re.compile(r"[^\W_]+")
# So many words in a row are nobody else's; fewer, such as ‘they listened’, are found only as a quotation.
ENOUGH: Final = 5


def list_quotations(text: str) -> list[str]:
    """Each paragraph that stands in a quotation, as words without markup."""
    return [block.text for block in read_blocks(text) if block.is_quoted and WORD.search(block.text)]


def mark(words: str) -> str:
    """Such as `7:9f86d0…`."""
    return _mark([word.casefold() for word in WORD.findall(words)])


def find_marked(text: str, marks: Collection[str], but: Collection[str] = ()) -> list[str]:
    """Passages with one of these marks, wherever they stand; not in paragraphs whose own mark is one of `but`."""
    found = []
    for block in read_blocks(text):
        whole = mark(block.text)
        if whole in but:
            continue
        if whole in marks and block.is_quoted:
            found.append(block.text)
            continue
        found += _find_within(block.text, marks)
    return list(dict.fromkeys(found))


def _find_within(text: str, marks: Collection[str]) -> Iterator[str]:
    places = list(WORD.finditer(text))
    words = [place[0].casefold() for place in places]
    for length in sorted({int(one.partition(":")[0]) for one in marks}):
        if length < ENOUGH:
            continue
        for start in range(len(words) - length + 1):
            if _mark(words[start : start + length]) in marks:
                yield text[places[start].start() : places[start + length - 1].end()]


def _mark(words: list[str]) -> str:
    return f"{len(words)}:{hashlib.sha256(' '.join(words).encode()).hexdigest()}"
