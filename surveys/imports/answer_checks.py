"""Checks of an answers file against the cycle that it goes to: all that is wrong, before anything is written."""

from __future__ import annotations

import datetime
from functools import partial

from surveys.imports.answer_cells import read_answer, read_moment
from surveys.imports.audit_rows import AuditRows, Mark, Roll, make_mark
from surveys.imports.csv_files import Faults, Row, RowSource, Wrong
from surveys.imports.cycles import open_no_later_than
from surveys.models import Cycle
from surveys.yaml_nodes import shown


def check_answers(file: RowSource, roll: Roll) -> None:
    """Raises Refused with all faults."""
    find_faults(file, roll).refuse_if_any(file.name)


def find_faults(file: RowSource, roll: Roll) -> Faults:
    """Fills the roll with what the file says.

    Sets its cycle's opening day, unsaved, to that of the earliest submission if it is later: what was in force on that
    day decides what is asked, so what is missing can be said only when every row has been read.
    """
    faults = Faults()
    check = _AnswersCheck(roll, faults)
    for row in file.rows(faults):
        check.check_row(row)
    if check.earliest is not None:
        open_no_later_than(roll.cycle, check.earliest)
    for audit_rows in roll.named:
        _check_asked(audit_rows, roll.cycle, faults)
        _check_complete(audit_rows, faults)
    return faults


class _AnswersCheck:
    """Looks at one row after the other."""

    def __init__(self, roll: Roll, faults: Faults) -> None:
        self.earliest: datetime.datetime | None = None
        self._roll = roll
        self._faults = faults

    def check_row(self, row: Row) -> None:
        submitted_at = self._faults.read(row, "submitted_at", read_moment)
        is_dated = not self._faults.is_bad(row)
        found = self._faults.read(row, "organisation", self._roll.find_open)
        if found is None:
            return
        if not found.first_line:
            found.begin(row.line)
        if is_dated:
            self._faults.read(row, "submitted_at", partial(self._check_moment, found, row.line, submitted_at))
        place = self._faults.read(row, "indicator", partial(self._find_place, found))
        if place is None:
            return
        indicator = found.bank.indicators[place]
        entered = read_answer(
            row,
            self._faults,
            reasons=found.bank.reasons,
            may_be_not_applicable=indicator.may_be_not_applicable,
        )
        found.lines[place] = row.line
        found.marks[place] = make_mark(entered.score, entered.reason) if entered else Mark.WRONG

    def _check_moment(
        self, found: AuditRows, line: int, submitted_at: datetime.datetime | None, text: str
    ) -> None:
        if not found.dated_line:
            found.dated_line, found.submitted_at = line, submitted_at
            if submitted_at and (self.earliest is None or submitted_at < self.earliest):
                self.earliest = submitted_at
        elif submitted_at != found.submitted_at:
            what = (
                f"{shown(text) if text else 'nothing'} differs from line {found.dated_line} of the same audit"
            )
            raise Wrong(what, "write the same in all rows of an audit")

    def _find_place(self, found: AuditRows, text: str) -> int:
        if not text:
            raise Wrong("it is empty", "write the indicator's code, such as A1.1")
        place = found.bank.places.get(text)
        if place is None:
            others = [bank.variant for bank in self._roll.banks.values() if text in bank.places]
            what = f"is an indicator of {', '.join(others)} only" if others else "is no indicator"
            right = (
                f"write a code of the {found.bank.variant} questionnaire, which {shown(found.name)} answers"
            )
            raise Wrong(f"{shown(text)} {what}", right)
        if found.lines[place]:
            what = f"{text} of {shown(found.name)} stands on line {found.lines[place]} already"
            raise Wrong(what, "keep one of the two rows")
        return place


def _check_asked(found: AuditRows, cycle: Cycle, faults: Faults) -> None:
    """An answer to what the cycle does not ask would be in no figure: better said than lost."""
    indicators = found.bank.indicators
    asked = set(found.bank.get_asked((one.pk for one in indicators), found.profile))
    for place, line in enumerate(found.lines):
        if line and place not in asked:
            what = f"{cycle.slug} does not ask {indicators[place].code} of {shown(found.name)}"
            faults.add(line, "indicator", Wrong(what, "remove the row"))


def _check_complete(found: AuditRows, faults: Faults) -> None:
    """Imported audits are submitted on scores alone, but on all of them."""
    if found.submitted_at is None:
        return
    missing = [
        found.bank.indicators[place].code
        for place in found.get_asked()
        if found.marks[place] in (Mark.NO_ROW, Mark.BLANK)
    ]
    if missing:
        what = f"{shown(found.name)} has no answer to {', '.join(missing)}"
        right = "give each a row with a score, or leave submitted_at empty for a draft"
        faults.add(found.first_line, "indicator", Wrong(what, right))
