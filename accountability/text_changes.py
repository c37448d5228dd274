"""What two texts say differently, word by word. Pure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Final, Literal

# A word, a number's token, or the space between, so that the pieces put together are the text again.
PIECE: Final = re.compile(r"\[\[[^\]]*\]\]|\s+|[^\s\[]+|\[")

Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch that stands in both, in the new text alone, or in the old one alone."""

    kind: Kind
    text: str


def compare_texts(before: str, after: str) -> list[Passage]:
    """In reading order; what went stands before what came in its place."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    found: list[Passage] = []
    # Spaces are every other piece: were they looked for too, a page of text would take ten seconds.
    matcher = difflib.SequenceMatcher(str.isspace, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append(Passage("same", "".join(old[a:b])))
            continue
        if a < b:
            found.append(Passage("removed", "".join(old[a:b])))
        if c < d:
            found.append(Passage("added", "".join(new[c:d])))
    return found
