"""What a group's answer does to what a site has: one rule for each pair of a site and an indicator.

Pure. A site's own answer is never replaced unless somebody says so for this site: each is free to differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What the group's answer would do; the order is that of the page."""

    NEW = "new"  # nothing is there
    CARRIED = "carried"  # last year's answer, which nobody has confirmed
    EARLIER = "earlier"  # what this group answered before
    OWN = "own"  # what the site's own people said
    SAME = "same"  # it says this already
    NOT_ASKED = "not_asked"  # this site's audit does not ask it
    NOT_OFFERED = "not_offered"  # not applicable, or this reason for it, is no answer there


# What may be written at all, and what is written unless somebody says otherwise.
WRITTEN = frozenset({Effect.NEW, Effect.CARRIED, Effect.EARLIER, Effect.OWN})
BY_DEFAULT = WRITTEN - {Effect.OWN}


@dataclass(frozen=True, slots=True)
class Words:
    """An answer's score or reason, and its commentary."""

    score: int | None = None
    reason: str = ""
    commentary: str = ""

    @property
    def is_empty(self) -> bool:
        return self.score is None and not self.reason and not self.commentary.strip()

    def says(self, other: Words) -> bool:
        """Whether it is the same; what ends a line is not what was said."""
        same_text = self.commentary.splitlines() == other.commentary.splitlines()
        return same_text and (self.score, self.reason) == (other.score, other.reason)


@dataclass(frozen=True, slots=True)
class Held:
    """What a site has for an indicator; `is_from_group` is whether this group said so."""

    words: Words = Words()
    is_confirmed: bool = True
    is_from_group: bool = False


def judge(entered: Words, held: Held | None, *, is_asked: bool, reasons: frozenset[str]) -> Effect:
    """`reasons` are those that this site's bank offers for not applicable here; none where it must be scored."""
    if not is_asked:
        return Effect.NOT_ASKED
    if entered.reason and entered.reason not in reasons:
        return Effect.NOT_OFFERED
    if held is None or held.words.is_empty:
        return Effect.NEW
    if not held.is_confirmed:
        return Effect.CARRIED
    if held.words.says(entered):
        return Effect.SAME
    return Effect.EARLIER if held.is_from_group else Effect.OWN
