"""What the cells of an answers file mean: moments, scores, reasons and commentary. No database."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Final

from surveys.figures import LONDON
from surveys.imports.csv_files import Faults, Row, Wrong
from surveys.models.answers import COMMENTARY_LENGTH
from surveys.yaml_nodes import shown

COLUMNS: Final = ("organisation", "submitted_at", "indicator", "score", "reason", "commentary")
NOT_APPLICABLE: Final = "NA"
SCORES: Final = {"0": 0, "1": 1, "2": 2, NOT_APPLICABLE: None, "": None}
# Before the Education Act 2002 nobody was asked: an earlier year is a slip.
FIRST_YEAR: Final = 2002


@dataclass(frozen=True, slots=True)
class Entered:
    """What one row says of one indicator; nothing at all is a cleared answer, beside which commentary may stand."""

    score: int | None
    reason: str
    commentary: str

    @property
    def is_answer(self) -> bool:
        return self.score is not None or bool(self.reason)


def read_moment(text: str) -> datetime.datetime | None:
    """ISO 8601; without an offset it is local time in England, and an hour that comes twice is the first of the two."""
    if not text:
        return None
    right = "write a date and a time such as 2017-03-31T16:30, or leave it empty for a draft"
    if _is_day(text):
        raise Wrong(f"{shown(text)} is a date without a time", right)
    # Python takes any character for the T between date and time.
    if "T" not in text.upper() and " " not in text:
        raise Wrong(f"{shown(text)} is not a date and a time", right)
    try:
        moment = datetime.datetime.fromisoformat(text)
        is_local = moment.tzinfo is None
        in_england = moment.replace(tzinfo=LONDON) if is_local else moment.astimezone(LONDON)
        again = in_england.astimezone(datetime.UTC).astimezone(LONDON)
    except (ValueError, OverflowError):
        raise Wrong(f"{shown(text)} is not a possible date and time", right) from None
    if again.replace(tzinfo=None) != in_england.replace(tzinfo=None):
        raise Wrong(f"{shown(text)} does not exist: clocks went forward", "write the hour after it")
    if again.year < FIRST_YEAR:
        raise Wrong(f"{shown(text)} is before {FIRST_YEAR}", right)
    return again


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_commentary(text: str) -> str:
    """Lines end alike, whichever machine the file comes from."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > COMMENTARY_LENGTH:
        raise Wrong(f"it has {len(text):,} characters", f"use at most {COMMENTARY_LENGTH:,}")
    return text


def read_score(may_be_not_applicable: bool, text: str) -> int | None:
    if text not in SCORES:
        right = f"write 0, 1, 2, {NOT_APPLICABLE}, or nothing to clear a draft's answer"
        raise Wrong(f"{shown(text)} is not a score", right)
    if text == NOT_APPLICABLE and not may_be_not_applicable:
        raise Wrong("this indicator cannot be set aside as not applicable", "write 0, 1 or 2")
    return SCORES[text]


def read_reason(score: str, reasons: Collection[str], text: str) -> str:
    if score != NOT_APPLICABLE:
        if text:
            right = f"leave it empty, or write {NOT_APPLICABLE} as the score"
            raise Wrong(f"there is a reason, and the score is not {NOT_APPLICABLE}", right)
    elif text not in reasons:
        what = f"{shown(text)} is none of the question bank's reasons" if text else "NA needs a reason"
        raise Wrong(what, f"write one of: {'; '.join(reasons)}")
    return text


def read_answer(
    row: Row, faults: Faults, *, reasons: Collection[str], may_be_not_applicable: bool
) -> Entered | None:
    """Score, reason and commentary together; None, and faults, where they are wrong."""
    score = faults.read(row, "score", partial(read_score, may_be_not_applicable))
    reason = faults.read(row, "reason", partial(read_reason, row.cells["score"], reasons))
    commentary = faults.read(row, "commentary", read_commentary)
    # A score of None is no sign of a fault: that is what NA and an empty cell say.
    if faults.is_bad(row) or reason is None or commentary is None:
        return None
    return Entered(score, reason, commentary)
