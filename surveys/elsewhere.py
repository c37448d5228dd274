"""Where two audits of one organisation differ, and what of one can be sent to the other. Pure: values in, words out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Says:
    """What an answer says. One that nobody has confirmed yet says it too, but does not count."""

    score: int | None
    reason: str
    commentary: str
    counts: bool = True


class Outcome(Enum):
    """Of two answers to one key."""

    SAME = "The same"
    DIFFERENT = "Different"
    ONLY_HERE = "Not answered there"
    ONLY_THERE = "Not answered here"
    NEITHER = "Not answered"


def compare(here: Says | None, there: Says | None) -> Outcome:
    """None is one that is not answered; words without a score answer nothing."""
    if here is None or there is None:
        if here is there:
            return Outcome.NEITHER
        return Outcome.ONLY_THERE if here is None else Outcome.ONLY_HERE
    return Outcome.SAME if _words(here) == _words(there) else Outcome.DIFFERENT


def _words(says: Says) -> tuple[int | None, str, list[str]]:
    # An imported text may have other line ends than a browser sends; that is no difference.
    return says.score, says.reason, says.commentary.splitlines()


def explain_unsendable(
    outcome: Outcome, here: Says | None, *, may_be_not_applicable: bool, reasons: Collection[str]
) -> str:
    """Why this answer cannot be sent, whoever sends it; empty where it can. The last two are the other bank's."""
    if outcome not in (Outcome.DIFFERENT, Outcome.ONLY_HERE) or here is None:
        return "There is nothing to send."
    if not here.counts:
        return "It is not confirmed here yet. Confirm it first, then send it."
    if here.reason and not may_be_not_applicable:
        return "It cannot be not applicable there."
    if here.reason and here.reason not in reasons:
        return "This reason is not offered there."
    return ""
