"""Which numbers a poster may say: its report's public ones, and those confirmed to tell of nobody's scores. Pure.

A number is ‘10 of 11’, ‘10 of our 11’, ‘10 in 11’, also in words, and a percentage. Others are not looked at: a date,
an age or a telephone number gives nobody's scores away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from accountability.number_list import list_numbers
from surveys.figures import Share

Json = Any
WORDS: Final = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
)
NUMBER: Final = rf"\d+(?:,\d{{3}})*|{'|'.join(WORDS)}"
PER_CENT: Final = r"(?:%|per\s*cent\b)"
# ‘10 of 11 (91%)’, and the same without its percentage; ‘3 in 10’, but not ‘3 in 2027’.
SHARE: Final = re.compile(
    rf"(?<![\w,.])({NUMBER})\s+(?:(?:out\s+)?of\s+(?:(?:all|the|our|their|these|those)\s+){{0,2}}({NUMBER})|in\s+(\d\d?|100|{'|'.join(WORDS)}))"
    rf"(?:\s*\((\d+)\s*{PER_CENT}\))?(?!\w)",
    re.IGNORECASE,
)
PERCENTAGE: Final = re.compile(rf"(?<![\w,.])(\d+(?:\.\d+)?)\s*{PER_CENT}", re.IGNORECASE)
NOT_SAID: Final = (
    "The report says no such number, so it cannot stand large. Enter one that it says, just as it says it, or leave "
    "the figure empty."
)


class PublicNumbers:
    """What a report says to everybody, of all its cycles; `documents` are its public figures."""

    def __init__(self, documents: Sequence[Json]) -> None:
        listed = list(documents)
        self.said = {one.value for place in range(len(listed)) for one in list_numbers(listed, place)}
        self.shares = set(_list_shares(listed))
        self.percentages = {Share(count, of).percent for count, of in self.shares if of}

    def says(self, figure: str) -> bool:
        """No figure at all is well too."""
        figure = " ".join(figure.split())
        if not figure or figure in self.said:
            return True
        match = SHARE.fullmatch(figure)
        return match is not None and self._is_public(match)

    def find_unknown(self, *words: str) -> list[str]:
        """Numbers in the words that the report does not say, each once and as it stands there."""
        return list(
            dict.fromkeys(found for one in words for found in self._find_unknown(" ".join(one.split())))
        )

    def _find_unknown(self, words: str) -> Iterator[str]:
        yield from (match[0] for match in SHARE.finditer(words) if not self._is_public(match))
        for match in PERCENTAGE.finditer(SHARE.sub(" ", words)):
            if "." in match[1] or int(match[1][:9]) not in self.percentages:
                yield match[0]

    def _is_public(self, match: re.Match[str]) -> bool:
        count, of = _read(match[1]), _read(match[2] or match[3])
        if (count, of) not in self.shares:
            return False
        return match[4] is None or Share(count, of).percent == int(match[4][:9])


def _read(number: str) -> int:
    word = number.lower()
    return WORDS.index(word) + 1 if word in WORDS else int(number.replace(",", "")[:9])


def _list_shares(found: Json) -> Iterator[tuple[int, int]]:
    match found:
        case {"count": int(count), "of": int(of)}:
            yield count, of
        case dict():
            for one in found.values():
                yield from _list_shares(one)
        case list():
            for one in found:
                yield from _list_shares(one)
