"""Which numbers a poster may say: its report's public ones, and those confirmed to tell of nobody's scores. Pure.

A number is a share (‘10 of 11’, ‘10 homes of our 11’, ‘10/11’, ‘one in four’, ‘all nine’), a fraction (‘half of the
homes’) or a percentage, in figures or in words; number_words.py has how they are written. Others are not looked at: a
date, an age or a telephone number gives nobody's scores away.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from accountability.number_list import list_numbers
from accountability.number_words import FRACTION, PARTS, PERCENTAGE, QUANTITY, SHARE, read_number
from surveys.figures import Share

Json = Any
# As much as is kept of a number that somebody confirms.
MOST_LETTERS: Final = 200
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
        self.fractions = {Fraction(count, of) for count, of in self.shares if of}
        self.percentages = {Share(count, of).percent for count, of in self.shares if of}
        # In this order: ‘three quarters of 12’ is no 3 of 12, ‘two of all six’ no six of six.
        self.kinds: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], bool]]] = (
            (FRACTION, self._is_public_fraction),
            (SHARE, self._is_public),
            (QUANTITY, self._is_public_quantity),
            (PERCENTAGE, self._is_public_percentage),
        )

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
        for pattern, is_public in self.kinds:
            yield from (one[0][:MOST_LETTERS] for one in pattern.finditer(words) if not is_public(one))
            words = pattern.sub(" | ", words)

    def _is_public(self, match: re.Match[str]) -> bool:
        count, of = read_number(match["count"]), read_number(match["of"])
        if match["slash"] and (count > of or of > 999):
            # ‘24/7’, ‘2026/27’, ‘11/2027’
            return match["percent"] is None or int(match["percent"][:9]) in self.percentages
        if match["lead"] or (count, of) not in self.shares:
            return False
        return match["percent"] is None or Share(count, of).percent == int(match["percent"][:9])

    def _is_public_fraction(self, match: re.Match[str]) -> bool:
        fraction = _read_fraction(match)
        if not match["of"]:
            return fraction in self.fractions
        of = read_number(match["of"])
        count = fraction * of
        return count.denominator == 1 and (int(count), of) in self.shares

    def _is_public_quantity(self, match: re.Match[str]) -> bool:
        """‘Most of 14’ is none that a report says."""
        of = read_number(match["of"])
        return bool(match["all"]) and (of, of) in self.shares

    def _is_public_percentage(self, match: re.Match[str]) -> bool:
        number = match["number"]
        return not re.search("[.,]", number) and read_number(number) in self.percentages


def _read_fraction(match: re.Match[str]) -> Fraction:
    if match["half"]:
        return Fraction(1, 2)
    if match["sign"]:
        return Fraction(unicodedata.numeric(match["sign"])).limit_denominator(10)
    if match["part"]:
        return Fraction(1, PARTS[match["part"].lower()])
    return Fraction(read_number(match["many"]), PARTS[match["parts"].lower()])


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
