"""The answers of a cycle: as they were submitted on the way out; on the way in, what `import_answers` does.

The columns are that command's, so that one file serves both. Every check and every write is in surveys.imports: the
page says the same of a row as the command. It refuses one thing more, audits that their organisation has begun.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from s11.organisations.models import Participation, Partnership
from s11.web import dates
from s11.web.errors import NotInThisState
from s11.web.text import plural
from surveys.imports.answer_cells import COLUMNS, NOT_APPLICABLE, SCORES
from surveys.imports.answer_checks import find_faults
from surveys.imports.answers import call_roll, find_changed_drafts, write_answers
from surveys.imports.audit_rows import AuditRows, Roll
from surveys.imports.csv_files import Faults, Refused, Row, Wrong
from surveys.imports.cycles import refuse_closed
from surveys.models import Answer, Audit, Cycle
from surveys.resources.base import CHANGED_MEANWHILE, SAY_EVERY, FileRow, PartnershipResource
from surveys.resources.columns import Column
from surveys.resources.rows import Kind, Line, Preview, PreviewMaker
from surveys.submitted_answers import iterate_submitted


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The rows of an uploaded table, as an import reads them."""

    name: str
    origin: str
    uploaded: Sequence[FileRow]
    # Told now and then how many rows are looked at.
    say: Callable[[int], None] | None = None

    def rows(self, faults: Faults) -> Iterator[Row]:
        for number, one in enumerate(self.uploaded, start=1):
            if self.say is not None and number % SAY_EVERY == 0:
                self.say(number)
            for column, text in one.faults.items():
                wrong, _, right = text.partition("; ")
                faults.add(one.line, column, Wrong(wrong, right))
            if not one.faults:
                yield Row(one.line, {column: one.cells.get(column, "") for column in COLUMNS})


@dataclass(slots=True, eq=False)
class SubmittedAnswer:
    """A row of the export."""

    organisation: str
    submitted_at: str
    answer: Answer

    @property
    def score(self) -> str:
        return NOT_APPLICABLE if self.answer.is_not_applicable else str(self.answer.score)


class AnswerTable(PartnershipResource):
    """Without a key: a row is told by its organisation and indicator."""

    slug = "answers"
    title = "Answers"
    hint = (
        "What has been submitted in the cycle. Answers that came on paper or from elsewhere can be brought in for "
        "organisations that have not begun."
    )
    needs_cycle = True
    holds_answers = True
    for_administrators = True
    unit = "audit"
    how_to_change = (
        "The file says what has been submitted, and no file changes that: take those rows out. Write a row for each "
        "answer under the same headings. With a submitted_at in its rows an audit is submitted, and needs all its "
        "answers; without one it stays a draft, which its organisation can go on with."
    )

    organisation = Column("organisation", "organisation", width=44, hint="Its URN, or its exact name here.")
    submitted_at = Column(
        "submitted_at",
        "submitted_at",
        width=28,
        hint="Such as 2027-03-31T16:30, the same in all rows of an audit; empty for a draft.",
    )
    indicator = Column("indicator", "answer__indicator__code", width=10, hint="Its code, such as A1.1.")
    score = Column("score", "score", width=8, choices=tuple(score for score in SCORES if score))
    reason = Column(
        "reason",
        "answer__not_applicable_reason",
        width=40,
        hint=f"Only for {NOT_APPLICABLE}: one of the bank’s.",
    )
    commentary = Column("commentary", "answer__commentary", width=80)

    class Meta(PartnershipResource.Meta):
        model = Answer

    @property
    def own_cycle(self) -> Cycle:
        assert self.cycle is not None  # it is the table of one
        return self.cycle

    # Out --------------------------------------------------------------------------------------------------------------

    def get_queryset(self) -> Any:
        """How many there are; `get_rows` says what they said when they were submitted."""
        audits = Audit.objects.counted().filter(invitee__cycle=self.own_cycle)
        return Answer.objects.submitted().filter(audit__in=audits)

    def get_rows(self) -> Iterator[SubmittedAnswer]:
        names = name_all(self.partnership)
        audits = Audit.objects.filter(invitee__cycle=self.own_cycle).select_related("invitee")
        for audit, answers in iterate_submitted(audits):
            assert audit.submitted_at is not None  # as it counts
            at = timezone.localtime(audit.submitted_at).isoformat()
            for answer in answers:
                yield SubmittedAnswer(names[audit.invitee.organisation_id], at, answer)

    def list_cells(self) -> Iterator[list[str]]:
        """A batch at a time: the library's own export would hold them all."""
        for row in self.get_rows():
            yield [self.show(column, row) for column in self.columns]

    # In ---------------------------------------------------------------------------------------------------------------

    def preview(self, rows: Sequence[FileRow], say: Callable[[int], None] | None = None) -> Preview:
        """A line an audit. Nothing is locked meanwhile. Raises Refused where nothing of the file can be imported."""
        self._say = say
        return self._look_through(rows, Cycle.objects.get(pk=self.own_cycle.pk), locks=False)[0]

    @transaction.atomic
    def save_rows(self, rows: Sequence[FileRow], seen: str) -> Preview:
        # In the order of the command: partnership, cycle, audits.
        Partnership.objects.select_for_update().get(pk=self.partnership.pk)
        cycle = Cycle.objects.select_for_update().get(pk=self.own_cycle.pk)
        cycle.partnership, opened_on = self.partnership, cycle.opens_on
        done, roll = self._look_through(rows, cycle, locks=True)
        if done.faults or done.fingerprint != seen:
            raise NotInThisState(CHANGED_MEANWHILE)
        write_answers(self._as_source(rows), roll, cycle=cycle, opened_on=opened_on, by=self.by)
        return done

    def _as_source(self, rows: Sequence[FileRow]) -> Uploaded:
        return Uploaded(self.title, self.file_origin or self.title, rows)

    def _look_through(self, rows: Sequence[FileRow], cycle: Cycle, *, locks: bool) -> tuple[Preview, Roll]:
        maker = PreviewMaker()
        opened_on = cycle.opens_on
        _check_columns(rows)
        refuse_closed(cycle)
        roll = call_roll(cycle, for_officers=True, locks=locks)
        source = self._as_source(rows)
        faults = find_faults(replace(source, say=self._say), roll)
        if faults.total:
            maker.preview.faults += faults.list_texts()
            maker.preview.counts[Kind.WRONG.value] = faults.total
            return maker.finish(), roll
        changed = find_changed_drafts(source, roll)
        for one in sorted(roll.named, key=lambda one: one.first_line):
            maker.add(
                Line(
                    one.first_line, _get_kind(one, changed), one.name, notes=tuple(_describe(one, opened_on))
                )
            )
        done = maker.finish()
        # Whoever answers or submits meanwhile makes it another import.
        done.fingerprint = hashlib.sha256(f"{done.fingerprint} {roll.state}".encode()).hexdigest()
        return done, roll


def _check_columns(rows: Sequence[FileRow]) -> None:
    given = next((row.cells for row in rows if row.cells), None)
    if given is None:
        return  # no row could be told apart into cells, and each says so
    if missing := [column for column in COLUMNS if column not in given]:
        named = f"column{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
        raise Refused(f"The file lacks the {named}: the columns are {','.join(COLUMNS)}.")


def _get_kind(one: AuditRows, changed: set[int]) -> Kind:
    if one.audit is None:
        return Kind.ADDED
    return Kind.CHANGED if one.submitted_at or one.invitee in changed else Kind.UNCHANGED


def _describe(one: AuditRows, opened_on: datetime.date) -> Iterator[str]:
    answers = plural(sum(line > 0 for line in one.lines), "answer")
    if one.submitted_at is None:
        yield f"{answers}, as a draft that its organisation can go on with."
        return
    yield f"{answers}, submitted on {dates.datetime(one.submitted_at)}."
    if one.submitted_at > timezone.now():
        yield "That is in the future: check submitted_at."
    if timezone.localdate(one.submitted_at) < opened_on:
        yield f"That is before the cycle opens, on {dates.date(opened_on)}: its opening day moves back."


def name_all(partnership: Partnership) -> dict[int, str]:
    """By organisation: the name that an import finds it by, or its URN where two have one name."""
    names: dict[str, set[int]] = {}
    found = list(Participation.objects.filter(partnership=partnership).select_related("organisation"))
    for here in found:
        for name in (here.local_name, here.organisation.name, here.organisation.urn):
            names.setdefault(name, set()).add(here.organisation_id)
    return {
        here.organisation_id: here.name if len(names[here.name]) == 1 else here.organisation.urn or here.name
        for here in found
    }
