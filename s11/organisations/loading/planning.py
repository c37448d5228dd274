"""A whole register against a whole partnership, by the batch: each line is told, and written where asked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from s11.organisations.loading.facts import Facts
from s11.organisations.registers.plan import (
    ANOTHER,
    Kind,
    Known,
    Line,
    LookAlike,
    Parent,
    ParentStep,
    Rules,
    Step,
    Successor,
    plan_parent,
    plan_row,
    plan_successor,
)
from s11.organisations.registers.rows import RegisterRow, batches

BATCH: Final = 500


class Writes(Protocol):
    """Who writes what was planned, in the order in which it is asked."""

    def write_parents(self, steps: Sequence[ParentStep]) -> Mapping[str, int]: ...
    def write_steps(self, steps: Sequence[Step]) -> None: ...
    def write_later_parents(self, pairs: Mapping[str, str]) -> None: ...
    def write_successors(self, pairs: Mapping[int, str]) -> None: ...


@dataclass(slots=True)
class Planned:
    """How many lines of each kind, rows as before, parents to be made, and writes; and a digest of all lines."""

    counts: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    parents: int = 0
    writes: int = 0
    digest: str = ""


class Planner:
    """`tell` is given each line in order. `chosen`: by identifier, the organisation that is the same, or ANOTHER."""

    def __init__(
        self,
        facts: Facts,
        rules: Rules,
        tell: Callable[[Line], None],
        *,
        chosen: Mapping[str, int] | None = None,
        writer: Writes | None = None,
    ) -> None:
        self.facts = facts
        self.rules = rules
        self.writer = writer
        self._tell = tell
        self._chosen = chosen or {}
        self._taken = {pk: code for code, pk in self._chosen.items() if pk != ANOTHER}
        self._done = Planned()
        self._digest = hashlib.sha256()
        # By code; None where somebody must decide first.
        self._parents: dict[str, Parent | None] = {}
        # What has an organisation once this is applied: by identifier the register's name of it.
        self._here: dict[str, str] = {}
        self._with_successors: list[tuple[RegisterRow, Known]] = []
        # Rows whose parent is a row of the file too, by identifiers: for after all of them are written.
        self._later: dict[str, str] = {}

    def run(self, rows: Callable[[], Iterator[RegisterRow]], followed: Collection[str]) -> Planned:
        """Rows are read twice: first for what is in the file at all. `followed` are identifiers that should be."""
        codes = frozenset(row.code for row in rows())
        columns = self.facts.columns
        in_file = codes if columns.parent_identifier == columns.identifier else frozenset()
        for batch in batches(rows(), BATCH):
            self._run_batch(batch, in_file)
        self._run_successors()
        self._run_missing(sorted(frozenset(followed) - codes))
        if self.writer is not None:
            self.writer.write_later_parents(self._later)
        self._done.digest = self._digest.hexdigest()
        return self._done

    def _say(self, line: Line) -> None:
        self._digest.update(f"{line.kind}\0{line.code}\0{line.name}\0{line.text}\n".encode())
        self._done.counts[line.kind] += 1
        self._tell(line)

    def _run_batch(self, batch: Sequence[RegisterRow], in_file: Collection[str]) -> None:
        known = self.facts.get_known(row.code for row in batch)
        parents = self._plan_parents(batch, in_file)
        steps = []
        for row in batch:
            step = plan_row(
                row,
                known.get(row.code),
                look_alikes=self._drop_taken(self.facts.get_look_alikes(row.name), row.code),
                parent=self._parents.get(row.parent_code) if row.parent_code != row.code else None,
                rules=self.rules,
                chosen=self._chosen.get(row.code),
            )
            self._note(row, known.get(row.code), step, in_file)
            if step is not None and step.is_write:
                steps.append(step)
        self._write(self._drop_unused(parents, steps), steps)

    def _plan_parents(self, batch: Sequence[RegisterRow], in_file: Collection[str]) -> list[ParentStep]:
        """Of rows that are open: only these have a parent here. The first name of a code is its name."""
        named = {
            row.parent_code: row.parent_name for row in reversed(batch) if row.is_open and row.parent_code
        }
        new = {code: name for code, name in sorted(named.items()) if code not in self._parents}
        known = self.facts.get_known_parents(new)
        found = []
        for code, name in new.items():
            one = known.get(code)
            if code in in_file:
                # Its own row says all else of it.
                step = ParentStep(code, Parent(one.pk if one else None, name))
            else:
                alike = self._drop_taken(self.facts.get_parent_look_alikes(name), code)
                chosen = self._chosen.get(code)
                step = plan_parent(code, name, one, look_alikes=alike, rules=self.rules, chosen=chosen)
            self._parents[code] = step.parent
            for line in step.lines:
                self._say(line)
            found.append(step)
        return found

    def _drop_taken(self, look_alikes: Sequence[LookAlike], code: str) -> list[LookAlike]:
        """Without those of which somebody said that they are another row."""
        return [one for one in look_alikes if self._taken.get(one.pk, code) == code]

    def _drop_unused(self, parents: Sequence[ParentStep], steps: Sequence[Step]) -> list[ParentStep]:
        """A parent is made for a row that gets it; one whose row must be decided first is planned again when needed."""
        used = {step.row.parent_code for step in steps if step.set_parent}
        unused = [step for step in parents if step.make and step.code not in used]
        for step in unused:
            del self._parents[step.code]
        kept = [step for step in parents if step not in unused]
        self._done.parents += sum(step.make for step in kept)
        return kept

    def _note(
        self, row: RegisterRow, known: Known | None, step: Step | None, in_file: Collection[str]
    ) -> None:
        if step is None:
            self._done.unchanged += known is not None and known.is_here
        else:
            for line in step.lines:
                self._say(line)
            self._done.writes += step.is_write
            if step.set_parent and row.parent_code in in_file:
                self._later[row.code] = row.parent_code
        if known is not None or (step is not None and (step.make or step.adopt)):
            self._here[row.code] = row.name
        if known is not None and known.is_here and row.successors:
            self._with_successors.append((row, known))

    def _write(self, parents: Sequence[ParentStep], steps: Sequence[Step]) -> None:
        self._done.writes += sum(bool(step.adopt or step.name) for step in parents)
        if self.writer is None:
            return
        made = self.writer.write_parents([one for one in parents if one.make or one.adopt or one.name])
        for code, pk in made.items():
            parent = self._parents[code]
            assert parent is not None
            self._parents[code] = Parent(pk, parent.name)
        for step in steps:
            step.parent = self._parents.get(step.row.parent_code) if step.set_parent else None
        self.writer.write_steps(steps)

    def _run_successors(self) -> None:
        """Read for the second time those few that have one: a successor may stand anywhere in the file."""
        pairs: dict[int, str] = {}
        for start in range(0, len(self._with_successors), BATCH):
            part = self._with_successors[start : start + BATCH]
            names = self.facts.get_names(code for row, _ in part for code in row.successors)
            for row, known in part:
                line, one = plan_successor(row, known, self._find(row, names), self.rules)
                if line is not None:
                    self._say(line)
                if one is not None:
                    pairs[known.pk] = one.code
        self._done.writes += len(pairs)
        if self.writer is not None:
            self.writer.write_successors(pairs)

    def _find(self, row: RegisterRow, names: Mapping[str, tuple[int, str]]) -> list[Successor]:
        found = []
        for code in row.successors:
            pk, name = names.get(code, (None, ""))
            if pk is not None or code in self._here:
                found.append(Successor(code, pk, self._here.get(code, name)))
        return found

    def _run_missing(self, codes: Sequence[str]) -> None:
        what = self.rules.what
        for start in range(0, len(codes), BATCH):
            for code, pk, name in self.facts.get_active(codes[start : start + BATCH]):
                text = f"The {what} {code} is not in the file, or not among what is taken from it. Check the {what}."
                self._say(Line(Kind.MISSING, code, name, text, pk))
