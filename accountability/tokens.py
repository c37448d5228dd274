"""Numbers in the text of a report: each stands as a token that names a public figure, and is filled when it is shown.

`[[participation/submitted_of_invited]]` becomes ‘29 of 56 (52%)’; `[[variants/health/standards/A1/at_grade_2]]` finds
list entries by their variant or code. `[[2:all/at_grade_2]]` is of the report's second cycle. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from surveys.figures import Share

TOKEN: Final = re.compile(r"\[\[(?:(\d{1,2}):)?([^\[\]\n]+)\]\]")
# Brackets that open or close no token, and braces in their place: a slip of the hand, which would be printed.
STRAY: Final = re.compile(
    r"\[\[[^\s\[\]]{0,60}\]?|[^\s\[\]]{0,60}\]\]|\{\{[^{}\n]{0,60}\}\}|\{\{[^\s{}]{0,60}\}?|[^\s{}]{0,60}\}\}"
)
# The first of two, with which a token would begin or end.
DOUBLED: Final = re.compile(r"\[(?=\[)|\](?=\])|\{(?=\{)|\}(?=\})")
WITHHELD: Final = "a number that is withheld"
# By which of its values an entry of a list is named.
NAMES: Final = ("variant", "code", "indicator")


class UnknownFigure(LookupError):
    """A token that names no figure; its text is the token."""


def fill_tokens(text: str, figures: Sequence[Any]) -> str:
    """`figures` are the public figures of each cycle, in the report's order. An unknown token stays as it is."""

    def fill(match: re.Match[str]) -> str:
        try:
            return say(find(match, figures))
        except UnknownFigure:
            return match[0]

    return TOKEN.sub(fill, text)


def without_tokens(text: str) -> str:
    """Words from elsewhere, in which no brackets and no braces name a figure."""
    return DOUBLED.sub(r"\g<0> ", text)


def find_unknown(text: str, figures: Sequence[Any]) -> Iterator[str]:
    """Tokens that name no figure, and brackets that are no token: their text can not be published."""
    for match in TOKEN.finditer(text):
        try:
            say(find(match, figures))
        except UnknownFigure:
            yield match[0]
    yield from STRAY.findall(TOKEN.sub(" ", text))


def find(match: re.Match[str], figures: Sequence[Any]) -> Any:
    number = int(match[1] or 1)
    if not 0 < number <= len(figures):
        raise UnknownFigure(match[0])
    found = figures[number - 1]
    for part in match[2].strip().split("/"):
        found = _step(found, part)
    return found


def _step(found: Any, part: str) -> Any:
    match found:
        case {"suppressed": True}:
            return found
        case dict() if part in found:
            return found[part]
        case list():
            for one in found:
                if isinstance(one, dict) and part in [one.get(name) for name in NAMES]:
                    return one
    raise UnknownFigure(part)


def say(found: Any) -> str:
    """A figure in words; what holds several figures is none."""
    match found:
        case {"suppressed": True}:
            return WITHHELD
        case {"count": int(count), "of": int(of)}:
            return str(Share(count, of))
        case bool():
            raise UnknownFigure(str(found))
        case int():
            return f"{found:,}"
        case str():
            return found
    raise UnknownFigure(str(found))
