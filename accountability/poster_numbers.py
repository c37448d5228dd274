"""Which numbers a poster may say: its report's public ones, and no others. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from accountability.number_list import list_numbers
from surveys.figures import Share

Json = Any
# ‘10 of 11 (91%)’, and the same without its percentage.
SHARE: Final = re.compile(
    r"(?<![\d,.])(\d+(?:,\d{3})*)\s+(?:out\s+)?of\s+(\d+(?:,\d{3})*)(?:\s*\((\d+)\s*(?:%|per\s+cent)\))?(?!\d)"
)
NOT_SAID: Final = (
    "The report says no such number. Enter one that it says, just as it says it, or leave the figure empty."
)


class PublicNumbers:
    """What a report says to everybody, of all its cycles; `documents` are its public figures."""

    def __init__(self, documents: Sequence[Json]) -> None:
        listed = list(documents)
        self.said = {one.value for place in range(len(listed)) for one in list_numbers(listed, place)}
        self.shares = set(_list_shares(listed))

    def says(self, figure: str) -> bool:
        """No figure at all is well too."""
        figure = " ".join(figure.split())
        if not figure or figure in self.said:
            return True
        match = SHARE.fullmatch(figure)
        return match is not None and self._is_public(match)

    def find_unknown(self, *words: str) -> list[str]:
        """Shares in the words that the report does not say, as they stand there."""
        return [match[0] for one in words for match in SHARE.finditer(one) if not self._is_public(match)]

    def _is_public(self, match: re.Match[str]) -> bool:
        count, of = (int(match[place].replace(",", "")[:9]) for place in (1, 2))
        if (count, of) not in self.shares:
            return False
        return match[3] is None or Share(count, of).percent == int(match[3][:9])


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
