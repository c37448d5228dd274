"""Names of agencies in what is said of a multi-agency audit: found, and left out. Pure.

The annual report names no agency beside what was weak, and no figure of one. Names are matched as they are written, for
some are words too: ‘The Hub’ is one, ‘the hub’ may be any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

INSTEAD: Final = "one agency"


def find_agencies(text: str, names: Iterable[str]) -> list[str]:
    """Which of these names stand in the text, in its order, each once."""
    pattern = _match(names)
    return list(dict.fromkeys(found[0] for found in pattern.finditer(text))) if pattern else []


def without_agencies(text: str, names: Iterable[str]) -> str:
    """The text with ‘one agency’ in place of each name; ‘One agency’ where a sentence begins."""
    pattern = _match(names)
    return pattern.sub(lambda found: _say(text, found.start()), text) if pattern else text


def _say(text: str, start: int) -> str:
    before = text[:start].rstrip(" ")
    begins = not before or before[-1] in ".!?:\n-*•"
    return INSTEAD.capitalize() if begins else INSTEAD


def _match(names: Iterable[str]) -> re.Pattern[str] | None:
    """The longest first: of ‘Anchor Trust North’ more than ‘Anchor Trust’ is left out."""
    wanted = sorted({name.strip() for name in names} - {""}, key=len, reverse=True)
    if not wanted:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)")
