"""What the rows of an answer sheet say: an entry for each indicator, or what is wrong, by its cell.

Pure: rows and the audit's questions in, entries and problems out. What has become of the answers since is asked later.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from surveys.answer_sheet_files import (
    AGAIN,
    CODE,
    COMMENTARY,
    FILLED_IN,
    HOLDS,
    KEY,
    REASON,
    SCORE,
    VERSION,
    Cell,
    Merged,
    Sheet,
    SheetRow,
)

NOT_APPLICABLE: Final = "Not applicable"
YES: Final = "Yes"
# In place of a text that no cell of a spreadsheet holds: whatever the commentary says stays.
TOO_LONG: Final = (
    "This commentary is too long for a spreadsheet. It stays as it is: change it on the page of its standard."
)
SET_ASIDE: Final = frozenset({"not applicable", "n/a", "na", "not app", "n.a."})
AGREED: Final = frozenset({"yes", "y", "true", "x"})
DISAGREED: Final = frozenset({"no", "n", "false"})
# How the format writes characters that XML cannot hold, but for the one that no database takes.
CONTROL: Final = re.compile(r"_x(00(?:0[1-9A-Fa-f]|1[0-9A-Fa-f])|FFF[EF])_")
QUOTED: Final = 40
LARGEST_VERSION: Final = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """An indicator of the audit's bank."""

    key: str
    code: str
    may_be_not_applicable: bool = True


@dataclass(frozen=True, slots=True)
class Bank:
    """What the rows are held against. `labels` are the names of 0, 1 and 2."""

    questions: tuple[Question, ...]
    labels: Mapping[int, str]
    reasons: tuple[str, ...]
    longest: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says of one indicator.

    No commentary (None) leaves what is there. Without a version it is not known which answer the person saw.
    """

    key: str
    row: int
    version: int | None
    score: int | None = None
    reason: str = ""
    commentary: str | None = ""
    confirms: bool = False

    @property
    def is_blank(self) -> bool:
        return self.score is None and not (self.reason or self.commentary or self.confirms)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell, in one sentence that begins with its place. The row's answer is left out."""

    place: str
    words: str

    @property
    def sentence(self) -> str:
        return f"{self.place}: {self.words}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class _Wrong(Exception):
    """A cell that cannot be understood."""

    def __init__(self, cell: Cell, words: str) -> None:
        self.problem = Problem(cell.place, words)
        super().__init__(words)


def read_entries(sheet: Sheet, bank: Bank) -> tuple[list[Entry], list[Problem]]:
    """In the order of the file. A row that says nothing of any indicator is passed over."""
    entries: dict[str, tuple[Entry, SheetRow]] = {}
    problems: list[Problem] = []
    spoilt: set[str] = set()
    merged = index_merged(sheet)
    for row in sheet.rows:
        try:
            found = _read_row(row, bank, merged.get(row.number))
        except _Wrong as wrong:
            problems.append(wrong.problem)
            continue
        if found is None:
            continue
        if found.key in entries and not _says_the_same(found, entries[found.key][0]):
            first = entries[found.key][1]
            words = f"this indicator stands in row {first.number} too, with another answer: delete one of the rows"
            problems.append(Problem(row.get(CODE).place, words))
            spoilt.add(found.key)
        else:
            entries.setdefault(found.key, (found, row))
    return [entry for key, (entry, _) in entries.items() if key not in spoilt], problems


def index_merged(sheet: Sheet) -> dict[int, Merged]:
    """By a row's number, a range that it lies in. Both are gone through once, whatever their number."""
    waiting = sorted(sheet.merged, key=lambda one: one.rows.start, reverse=True)
    longest: Merged | None = None
    found = {}
    for row in sheet.rows:
        while waiting and waiting[-1].rows.start <= row.number:
            one = waiting.pop()
            if longest is None or one.rows.stop > longest.rows.stop:
                longest = one
        if longest is not None and row.number in longest.rows:
            found[row.number] = longest
    return found


def _says_the_same(one: Entry, other: Entry) -> bool:
    return (one.score, one.reason, one.commentary, one.confirms) == (
        other.score,
        other.reason,
        other.commentary,
        other.confirms,
    )


def _read_row(row: SheetRow, bank: Bank, merged: Merged | None) -> Entry | None:
    question = _find_question(row, bank)
    if question is None:
        return None
    if merged is not None:
        words = "these cells are merged, so it is not clear whose answer they hold: unmerge them"
        raise _Wrong(Cell(merged.place, None), words)
    score, reason = _read_value(row, question, bank)
    entry = Entry(
        key=question.key,
        row=row.number,
        version=_read_version(row.get(VERSION)) if not row.get(KEY).is_empty else None,
        score=score,
        reason=reason,
        commentary=_read_commentary(row.get(COMMENTARY), bank.longest),
        confirms=_read_holds(row.get(HOLDS)),
    )
    return None if entry.version is None and entry.is_blank else entry


def _find_question(row: SheetRow, bank: Bank) -> Question | None:
    """By the hidden key; where that is gone, by the code. Raises where the two disagree."""
    key, code = row.get(KEY), row.get(CODE)
    by_code = next((one for one in bank.questions if one.code == _text(code).strip()), None)
    if key.is_empty:
        if by_code is None and (filled := _find_filled(row)) is not None:
            words = "this row belongs to no indicator: move it to the row of its indicator, or empty it"
            raise _Wrong(filled, words)
        return by_code
    by_key = next((one for one in bank.questions if one.key == _text(key).strip()), None)
    if by_key is None:
        raise _Wrong(code, f"this row’s indicator is not in the audit: {AGAIN}")
    if not code.is_empty and by_key is not by_code:
        words = f"the row of {by_key.code} says {_quote(code)} here, so its cells have been mixed with others: {AGAIN}"
        raise _Wrong(code, words)
    return by_key


def _find_filled(row: SheetRow) -> Cell | None:
    return next((row.get(title) for title in FILLED_IN if not row.get(title).is_empty), None)


def _read_value(row: SheetRow, question: Question, bank: Bank) -> tuple[int | None, str]:
    """Its score, or the reason why it does not apply."""
    score, given = row.get(SCORE), row.get(REASON)
    _check_is_typed(score, "choose 0, 1, 2 or Not applicable")
    _check_is_typed(given, "choose one of the reasons")
    number = None if score.is_empty or _is_set_aside(score) else _read_score(score, bank, question)
    if number is not None:
        if not given.is_empty:
            raise _Wrong(
                given, f"a reason is given, but {question.code} is scored {number}: empty one of the two"
            )
        return number, ""
    if score.is_empty and given.is_empty:
        return None, ""
    if not question.may_be_not_applicable:
        cell = given if score.is_empty else score
        raise _Wrong(cell, f"{question.code} always applies: choose 0, 1 or 2")
    if given.is_empty:
        raise _Wrong(given, f"choose why {question.code} does not apply")
    reason = _match(_text(given), bank.reasons)
    if reason is None:
        raise _Wrong(given, f"{_quote(given)} is not one of the reasons: choose one from the list")
    return None, reason


def _is_set_aside(cell: Cell) -> bool:
    return isinstance(cell.value, str) and " ".join(cell.value.split()).casefold() in SET_ASIDE


def _read_score(cell: Cell, bank: Bank, question: Question) -> int:
    choices = "0, 1, 2 or Not applicable" if question.may_be_not_applicable else "0, 1 or 2"
    value = cell.value
    if isinstance(value, str):
        typed = " ".join(value.split()).casefold()
        for number, label in bank.labels.items():
            name = label.casefold()
            if typed in {str(number), f"{number}.0", name, f"{name} ({number})", f"{number} {name}"}:
                return number
    elif value in bank.labels:
        return int(value)
    raise _Wrong(cell, f"{_quote(cell)} is not a score: choose {choices}")


def _read_commentary(cell: Cell, longest: int) -> str | None:
    if cell.kind in {"f", "e"}:
        _check_is_typed(cell, "type the text itself")
    text = CONTROL.sub(lambda found: chr(int(found[1], 16)), _text(cell))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text == TOO_LONG:
        return None
    if len(text) > longest:
        raise _Wrong(
            cell, f"the text must be {longest:,} characters or fewer; yours has {len(text):,}, so shorten it"
        )
    return text if text.strip() else ""


def _read_holds(cell: Cell) -> bool:
    if cell.is_empty:
        return False
    typed = _text(cell).strip().casefold()
    if typed in AGREED:
        return True
    if typed in DISAGREED:
        return False
    raise _Wrong(cell, f"{_quote(cell)} is not clear: choose Yes, or leave it empty")


def _read_version(cell: Cell) -> int | None:
    value = cell.value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= LARGEST_VERSION and value == int(value) else None


def _check_is_typed(cell: Cell, what_to_do: str) -> None:
    if cell.is_empty:
        return
    if cell.kind == "f":
        raise _Wrong(cell, f"this is a formula, which is not calculated here: {what_to_do}")
    if cell.kind == "e":
        raise _Wrong(cell, f"this is the error {_quote(cell)}: {what_to_do}")
    if isinstance(cell.value, datetime.date | datetime.time | datetime.timedelta):
        raise _Wrong(cell, f"this is a date or a time: {what_to_do}")
    if isinstance(cell.value, bool):
        raise _Wrong(cell, f"this is {_quote(cell)}: {what_to_do}")


def _text(cell: Cell) -> str:
    """As a person reads the cell."""
    match cell.value:
        case None:
            return ""
        case bool():
            return "TRUE" if cell.value else "FALSE"
        case float() if cell.value.is_integer():
            return str(int(cell.value))
        case datetime.datetime() if cell.value.time() == datetime.time():
            return _say_day(cell.value)
        case datetime.datetime():
            return f"{_say_day(cell.value)} at {cell.value:%H:%M}"
        case datetime.date():
            return _say_day(cell.value)
        case datetime.time():
            return f"{cell.value:%H:%M}"
        case _:
            return str(cell.value)


def _say_day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _quote(cell: Cell) -> str:
    text = " ".join(_text(cell).split())
    return f"‘{text if len(text) <= QUOTED else text[: QUOTED - 1] + '…'}’"


def _match(text: str, known: Sequence[str]) -> str | None:
    """The one of these texts that it is, whatever its capitals and spaces."""
    wanted = " ".join(text.split()).casefold()
    return next((one for one in known if " ".join(one.split()).casefold() == wanted), None)


def load_entries(rows: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
    """As they were kept."""
    return (Entry(**row) for row in rows)


def load_problems(rows: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    return (Problem(**row) for row in rows)
