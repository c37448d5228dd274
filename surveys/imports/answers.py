"""Answers from a CSV file: `organisation,submitted_at,indicator,score,reason,commentary`.

The file is read three times: for its bytes, to check it whole before anything is locked, and to write it in batches,
each with a fixed number of queries. Memory holds a batch, and of each audit what audit_rows.py says.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from s11.organisations.models import User
from s11.web.text import plural
from surveys.enums import AuditEventKind, CycleStatus
from surveys.evidence_pins import pin_evidence
from surveys.imports.answer_cells import COLUMNS, Entered, read_answer
from surveys.imports.answer_checks import check_answers
from surveys.imports.audit_rows import AuditRows, Mark, Roll
from surveys.imports.csv_files import CsvFile, Faults, Refused, RowSource, Wrong
from surveys.imports.cycles import CycleOptions, find_cycle, get_or_make_cycle, get_or_make_partnership
from surveys.imports.inserting import Value, insert_rows
from surveys.models import Answer, AnswerChange, Audit, AuditEvent, Cycle, Indicator, Scorecard
from surveys.saving_queries import SAID_COLUMNS
from surveys.scorecards import make_scorecard_rows
from surveys.workflow import set_submitted

T = TypeVar("T")
ROWS_AT_ONCE: Final = 1_000
# Each has a scorecard of some twenty rows.
AUDITS_AT_ONCE: Final = 100
SUBMITTED_COLUMNS: Final = ("status", "submission", "submitted_at", "first_submitted_at", "submitted_by")
# Of a new answer.
NEW_COLUMNS: Final = (
    "audit",
    "indicator",
    "score",
    "not_applicable_reason",
    "commentary",
    "submitted_score",
    "submitted_not_applicable",
)
CARD_COLUMNS: Final = (
    "audit",
    "series",
    "submission",
    "scope",
    "standard",
    "theme",
    "n",
    "sum",
    "zeros",
    "not_applicable",
    "grade",
)


@dataclass(slots=True)
class AnswersImported:
    """What an import did."""

    cycle: Cycle
    is_earlier: bool = False
    submitted: int = 0
    drafts: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    in_future: int = 0

    def __str__(self) -> str:
        answers = plural(self.new + self.changed + self.unchanged, "answer")
        audits = plural(self.submitted + self.drafts, "audit")
        state = f"{self.submitted:,} submitted, {plural(self.drafts, 'draft')}"
        change = f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} as before"
        lines = [f"{answers} of {audits}: {state}; {change}."]
        if self.is_earlier:
            lines.append(
                f"{self.cycle.slug} opens on {self.cycle.opens_on} now, the day of the first submission."
            )
        if self.in_future:
            lines.append(
                f"{plural(self.in_future, 'submission')} in the future: check the file's submitted_at."
            )
        if not (self.new or self.changed or self.submitted):
            lines.append("Nothing changed.")
        return "\n".join(lines)


def import_answers(path: Path, *, partnership: str, cycle: CycleOptions) -> AnswersImported:
    """Raises Refused, having changed nothing."""
    file = CsvFile(path, COLUMNS)
    # Looked through while nothing is locked: on SQLite everybody who saves an answer would wait for it.
    checked = _check_ahead(file, partnership, cycle)
    with transaction.atomic():
        into = get_or_make_cycle(get_or_make_partnership(partnership), cycle)
        opened_on = into.opens_on
        roll = call_roll(into)
        if checked and checked.state == roll.state:
            roll = checked
            into.opens_on = roll.cycle.opens_on
        else:
            check_answers(file, roll)
        return write_answers(file, roll, cycle=into, opened_on=opened_on, by=None)


def write_answers(
    file: RowSource, roll: Roll, *, cycle: Cycle, opened_on: datetime.date, by: User | None
) -> AnswersImported:
    """A checked file into its locked cycle, which opened on this day before it was checked."""
    done = AnswersImported(cycle, is_earlier=cycle.opens_on != opened_on)
    if done.is_earlier:
        cycle.save(update_fields=["opens_on"])
    _Writer(file, roll, done, by).write()
    return done


def find_changed_drafts(file: RowSource, roll: Roll) -> set[int]:
    """Of a checked file: the drafts, by invitee, in which a row of it says something else than is there."""
    return _Writer(file, roll, AnswersImported(roll.cycle), None).find_changed()


def _check_ahead(file: CsvFile, partnership: str, cycle: CycleOptions) -> Roll | None:
    """What the file says of a cycle that is there already; it holds while the cycle is as it was."""
    with transaction.atomic():
        into = find_cycle(partnership, cycle)
        roll = call_roll(into) if into else None
    if roll:
        check_answers(file, roll)
    return roll


def call_roll(cycle: Cycle, *, for_officers: bool = False, locks: bool = True) -> Roll:
    """Raises Refused where nothing can be imported yet."""
    if cycle.status == CycleStatus.PLANNED:
        raise Refused(f"The cycle {cycle.slug} is not open yet: open it before you import answers into it.")
    return Roll(cycle, for_officers=for_officers, locks=locks)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the file, as checked."""

    audit_rows: AuditRows
    indicator: Indicator
    entered: Entered

    @property
    def audit(self) -> Audit:
        assert self.audit_rows.audit is not None  # all have one before the first row is written
        return self.audit_rows.audit


class _Writer:
    """Writes a file that has been checked. The trail and all changes bear one moment, before that of the scorecards."""

    def __init__(self, file: RowSource, roll: Roll, done: AnswersImported, by: User | None) -> None:
        self._file = file
        self._roll = roll
        self._done = done
        self._by = by
        self._now = timezone.now()
        self._named = roll.named
        self._were_there = {one.audit.pk for one in self._named if one.audit}
        # What the trail tells of: new audits, submitted ones, and those of which an answer changed.
        self._touched: set[int] = set()

    def write(self) -> None:
        self._write_audits()
        for rows in _in_batches(self._read_rows(), ROWS_AT_ONCE):
            self._write_answers(rows)
        for named in _in_batches(self._named, AUDITS_AT_ONCE):
            self._freeze([one for one in named if one.submitted_at])
            self._write_events(named)

    def find_changed(self) -> set[int]:
        changed: set[int] = set()
        for rows in _in_batches(self._read_rows(), ROWS_AT_ONCE):
            drafts = [row for row in rows if row.audit_rows.audit is not None]
            held = self._get_held(drafts)
            for row in drafts:
                answer = held.get((row.audit.pk, row.indicator.pk))
                if answer is None or _differs(answer, row.entered):
                    changed.add(row.audit_rows.invitee)
        return changed

    def _write_audits(self) -> None:
        for named in _in_batches(self._named, AUDITS_AT_ONCE):
            new, resubmitted = [], []
            for one in named:
                audit = one.audit or Audit(invitee_id=one.invitee, created_at=self._now)
                if one.submitted_at:
                    set_submitted(audit, at=one.submitted_at, by=None)
                    self._done.in_future += one.submitted_at > self._now
                if one.audit is None:
                    new.append(audit)
                elif one.submitted_at:
                    resubmitted.append(audit)
                one.audit = audit
            Audit.objects.bulk_create(new)
            Audit.objects.bulk_update(resubmitted, SUBMITTED_COLUMNS)
            self._touched.update(audit.pk for audit in (*new, *resubmitted))
        self._done.submitted = sum(one.submitted_at is not None for one in self._named)
        self._done.drafts = len(self._named) - self._done.submitted

    def _read_rows(self) -> Iterator[_Row]:
        faults = Faults()
        for row in self._file.rows(faults):
            try:
                one = self._roll.find(row.cells["organisation"])
                place = one.bank.places[row.cells["indicator"]]
                indicator = one.bank.indicators[place]
                entered = read_answer(
                    row,
                    faults,
                    reasons=one.bank.reasons,
                    may_be_not_applicable=indicator.may_be_not_applicable,
                )
            except (Wrong, LookupError):
                entered = None
            if entered is None or one.lines[place] != row.line:
                raise Refused(f"{self._file.name} was changed while it was read: import it again.")
            yield _Row(one, indicator, entered)

    def _write_answers(self, rows: Sequence[_Row]) -> None:
        held = self._get_held(rows)
        new, changed, changes = [], [], []
        for row in rows:
            answer = held.get((row.audit.pk, row.indicator.pk))
            if answer is None:
                new.append(_make_values(row))
            elif _differs(answer, row.entered):
                changes.append(self._change(answer, row.entered))
                changed.append(answer)
            else:
                continue
            self._touched.add(row.audit.pk)
        insert_rows(Answer, NEW_COLUMNS, new, updated_at=self._now)
        Answer.objects.bulk_update(changed, SAID_COLUMNS)
        AnswerChange.objects.bulk_create(changes)
        self._done.new += len(new)
        self._done.changed += len(changed)
        self._done.unchanged += len(rows) - len(new) - len(changed)

    def _get_held(self, rows: Sequence[_Row]) -> dict[tuple[int, int], Answer]:
        """Answers to the rows' indicators that drafts held before this import."""
        drafts = {row.audit.pk for row in rows} & self._were_there
        if not drafts:
            return {}
        held = Answer.objects.filter(
            audit__in=drafts, indicator__in={row.indicator.pk for row in rows}
        ).order_by()
        return {(answer.audit_id, answer.indicator_id): answer for answer in held}

    def _change(self, answer: Answer, entered: Entered) -> AnswerChange:
        """Change the answer, unsaved; what is returned keeps before and after."""
        return answer.change_to(
            score=entered.score, reason=entered.reason, commentary=entered.commentary, by=None, at=self._now
        )

    def _freeze(self, submitted: Iterable[AuditRows]) -> None:
        """As workflow.freeze_answers does for one audit: what was submitted beside each answer, and the scorecard."""
        cards: list[Scorecard] = []
        drafts: dict[int, AuditRows] = {}
        for one in submitted:
            assert one.audit is not None  # made by _write_audits
            cards += make_scorecard_rows(one.audit, one.get_items())
            if one.audit.pk in self._were_there:
                drafts[one.audit.pk] = one
        insert_rows(Scorecard, CARD_COLUMNS, [_make_card_values(card) for card in cards])
        if drafts:
            self._freeze_held(drafts)

    def _freeze_held(self, drafts: Mapping[int, AuditRows]) -> None:
        """Answers that stood in a draft before, also where the file has no row for them."""
        Answer.objects.filter(audit__in=drafts).update(
            submitted_score=F("score"), submitted_not_applicable=~Q(not_applicable_reason="")
        )
        for audit, one in drafts.items():
            asked = set(one.get_asked())
            held = (place for place, mark in enumerate(one.marks) if mark != Mark.NO_ROW)
            # Rare: a profile or an earlier opening day has ruled out what was answered before.
            if others := [one.bank.indicators[place].pk for place in held if place not in asked]:
                Answer.objects.filter(audit=audit, indicator__in=others).update(
                    submitted_score=None, submitted_not_applicable=False
                )
        pin_evidence(drafts)

    def _write_events(self, named: Iterable[AuditRows]) -> None:
        """One event an audit, whose file can be told by its SHA-256."""
        AuditEvent.objects.bulk_create(
            AuditEvent(
                audit=one.audit,
                kind=AuditEventKind.IMPORTED,
                by=self._by,
                at=self._now,
                detail=f"From {self._file.origin}",
            )
            for one in named
            if one.audit is not None and one.audit.pk in self._touched
        )


def _make_values(row: _Row) -> tuple[Value, ...]:
    """Of a new answer, in the order of NEW_COLUMNS."""
    entered, is_submitted = row.entered, row.audit_rows.submitted_at is not None
    said = (entered.score, entered.reason, entered.commentary)
    submitted = (entered.score, bool(entered.reason)) if is_submitted else (None, False)
    return (row.audit.pk, row.indicator.pk, *said, *submitted)


def _make_card_values(card: Scorecard) -> tuple[Value, ...]:
    """In the order of CARD_COLUMNS."""
    subject = (card.audit_id, str(card.series), card.submission, str(card.scope))
    counts = (card.n, card.sum, card.zeros, card.not_applicable, card.grade)
    return (*subject, card.standard_id, card.theme_id, *counts)


def _differs(answer: Answer, entered: Entered) -> bool:
    return (answer.score, answer.not_applicable_reason, answer.commentary, answer.confirmed) != (
        entered.score,
        entered.reason,
        entered.commentary,
        True,
    )


def _in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
