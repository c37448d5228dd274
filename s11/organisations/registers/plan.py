"""What a register's row changes, given what is known: decided here, written elsewhere. No database.

National facts (identifier, parent, closed, successor) come by the register. A file loaded on a page changes none of an
organisation that another partnership also has: it lists them for an operator, whose command applies them.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from s11.organisations.registers.dates import say_date
from s11.organisations.registers.refusals import shown
from s11.organisations.registers.rows import RegisterRow, Status, make_key


class Kind(StrEnum):
    """What a line of the plan says, in the order in which it is shown."""

    CLASH = "clash"
    LEFT = "left"
    NEW = "new"
    RENAMED = "renamed"
    CLOSED = "closed"
    CHANGED = "changed"
    MISSING = "missing"


# What somebody chose who said that a row is none of those that look the same.
ANOTHER: Final = 0
# Successors in one sentence: more than any real school has, and what the database's column holds.
NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the plan. `choice` is the organisation that may be the same one, for somebody to decide."""

    kind: Kind
    code: str
    name: str
    text: str
    organisation: int | None = None
    choice: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """`is_operator`: the command, which changes what other partnerships also have. `what` is ‘URN’ or ‘ODS code’."""

    today: datetime.date
    is_operator: bool
    what: str = "URN"


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation that has the row's identifier. `is_shared`: another partnership also has it."""

    pk: int
    name: str
    is_here: bool = True
    is_active: bool = True
    is_shared: bool = False
    has_lead: bool = False
    local_name: str = ""
    closed_on: datetime.date | None = None
    parent: int | None = None
    parent_code: str = ""
    successor: int | None = None


@dataclass(frozen=True, slots=True)
class LookAlike:
    """An organisation of this partnership that has no identifier of the register, under the name of a row."""

    pk: int
    name: str
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Parent:
    """The row's parent as it is known; without a `pk` it is to be made."""

    pk: int | None
    name: str


@dataclass(slots=True)
class Step:
    """What is to be written for one row, and the lines that say it. A fact that stays is None here."""

    row: RegisterRow
    known: Known | None
    lines: list[Line] = field(default_factory=list)
    make: bool = False
    join: bool = False
    # An organisation without an identifier that gets the row's.
    adopt: int | None = None
    name: str | None = None
    local_name: str | None = None
    closed_on: datetime.date | None = None
    reopen: bool = False
    set_parent: bool = False
    # Filled in once the parent is written.
    parent: Parent | None = None
    clear_parent: bool = False
    is_active: bool | None = None

    def say(self, kind: Kind, text: str, choice: int | None = None) -> None:
        name = self.known.name if self.known else self.row.name
        self.lines.append(
            Line(kind, self.row.code, name, text, self.known.pk if self.known else None, choice)
        )

    @property
    def is_national(self) -> bool:
        """Whether it writes to the organisation itself."""
        return bool(self.name or self.closed_on or self.reopen or self.set_parent or self.clear_parent)

    @property
    def is_write(self) -> bool:
        return bool(
            self.make
            or self.join
            or self.adopt
            or self.is_national
            or self.local_name is not None
            or self.is_active is not None
        )


def plan_row(
    row: RegisterRow,
    known: Known | None,
    *,
    look_alikes: Sequence[LookAlike],
    parent: Parent | None,
    rules: Rules,
    chosen: int | None = None,
) -> Step | None:
    """None where the row changes nothing and says nothing. `chosen` is the look-alike that somebody said is the same.

    `parent` is None where the row has none, or where nobody knows yet which organisation it is.
    """
    step = Step(row, known)
    if known is None:
        _plan_unknown(step, look_alikes, parent, rules, chosen)
    elif not known.is_here:
        _plan_joining(step, parent, rules)
    elif row.status == Status.CLOSED:
        _plan_closed(step, rules)
    elif row.is_open:
        _plan_open(step, parent, rules)
    return step if step.lines or step.is_write else None


def _plan_unknown(
    step: Step,
    look_alikes: Sequence[LookAlike],
    parent: Parent | None,
    rules: Rules,
    chosen: int | None,
) -> None:
    """A closed one is nobody's any more, and a proposed one nobody's yet."""
    row = step.row
    if not row.is_open:
        return
    if not look_alikes or chosen == ANOTHER:
        step.make = step.join = True
        step.set_parent = parent is not None
        step.say(Kind.NEW, _describe_new(row, parent))
        return
    same = next((one for one in look_alikes if one.pk == chosen and may_be_changed(one, rules)), None)
    if same is not None:
        step.adopt = same.pk
        step.set_parent = parent is not None
        step.say(Kind.CHANGED, f"{shown(same.name)} has the {rules.what} {row.code} from now on.")
        return
    for one in look_alikes:
        said = f"{shown(one.name)} has no {rules.what} and looks like {shown(row.name)} ({rules.what} {row.code})."
        if may_be_changed(one, rules):
            step.say(Kind.CLASH, said, one.pk)
        else:
            step.say(Kind.LEFT, f"{said} Another partnership also has it, so an operator decides.")


def may_be_changed(one: LookAlike, rules: Rules) -> bool:
    return rules.is_operator or not one.is_shared


def _describe_new(row: RegisterRow, parent: Parent | None) -> str:
    said = "Takes part from now on"
    if parent is not None:
        said += f", as part of {parent.name}"
    if row.status == Status.CLOSING:
        said += "; " + _say_closing(row)
    return said + "."


def _say_closing(row: RegisterRow) -> str:
    return "it is to close" + (f" on {say_date(row.closed_on)}" if row.closed_on else "")


def _plan_joining(step: Step, parent: Parent | None, rules: Rules) -> None:
    """It is known, from another partnership or as a parent: it is that organisation which joins."""
    known, row = _assume_known(step), step.row
    if not row.is_open:
        return
    step.join = True
    said = "It is known already, and takes part from now on"
    if make_key(known.name) != make_key(row.name):
        step.local_name = row.name
        said += f"; you call it {shown(row.name)}, its own name stays"
    step.say(Kind.NEW, said + ".")
    _plan_national(step, parent, rules)


def _plan_closed(step: Step, rules: Rules) -> None:
    known, row = _assume_known(step), step.row
    closed_on = row.closed_on or known.closed_on or rules.today
    said = f"Closed on {say_date(closed_on)}."
    if known.closed_on != closed_on:
        if known.is_shared and not rules.is_operator:
            step.say(Kind.LEFT, f"{said} Another partnership also has it, so an operator sets that.")
        else:
            step.closed_on = closed_on
    # The closing day may lie ahead: until then it takes part.
    if known.is_active and closed_on <= rules.today:
        step.is_active = False
        said += " It takes part no longer; its audits, people and history stay."
    if step.closed_on or step.is_active is not None:
        step.say(Kind.CLOSED, said)


def _plan_open(step: Step, parent: Parent | None, rules: Rules) -> None:
    _plan_name(step, rules)
    _plan_national(step, parent, rules)
    if step.reopen and not _assume_known(step).is_active:
        step.is_active = True


def _plan_name(step: Step, rules: Rules) -> None:
    """Its lead changes its name. Where there is none, and it is nobody else's, the register's is as good as any."""
    known, row = _assume_known(step), step.row
    same = {make_key(name) for name in (known.name, known.local_name) if name}
    if make_key(row.name) in same:
        return
    differ = f"{rules.what} {row.code} is {shown(row.name)} in the register and {shown(known.name)} here"
    if known.local_name:
        step.say(
            Kind.CLASH,
            f"{differ}, where you call it {shown(known.local_name)}. Check the name; it stays as it is.",
        )
    elif known.has_lead or known.is_shared:
        step.local_name = row.name
        step.say(
            Kind.RENAMED,
            f"{differ}. You call it {shown(row.name)} from now on; its own name is its lead’s to change.",
        )
    else:
        step.name = row.name
        step.say(Kind.RENAMED, f"{differ}. It is called {shown(row.name)} from now on.")


def _plan_national(step: Step, parent: Parent | None, rules: Rules) -> None:
    """Open again, and part of another group."""
    known, row = _assume_known(step), step.row
    said = []
    reopen = known.closed_on is not None
    if reopen:
        said.append("It is open")
    is_new = parent is not None and (parent.pk is None or parent.pk != known.parent)
    # A parent without a code did not come from the register, and stays.
    has_left = not row.parent_code and bool(known.parent_code)
    if is_new and parent is not None:
        said.append(f"It is part of {parent.name}")
    elif has_left:
        said.append("It is part of no group any more")
    if not said:
        return
    text = ". ".join(said) + "."
    if known.is_shared and not rules.is_operator:
        step.say(Kind.LEFT, f"{text} Another partnership also has it, so an operator sets that.")
        return
    step.reopen, step.set_parent, step.clear_parent = reopen, is_new, has_left
    step.say(Kind.CHANGED, text)


def _assume_known(step: Step) -> Known:
    assert step.known is not None
    return step.known


# Parents


@dataclass(frozen=True, slots=True)
class ParentStep:
    """What becomes of a parent. `parent` is None where somebody must decide first which organisation it is."""

    code: str
    parent: Parent | None
    lines: tuple[Line, ...] = ()
    make: bool = False
    adopt: int | None = None
    name: str | None = None


def plan_parent(
    code: str,
    name: str,
    known: Known | None,
    *,
    look_alikes: Sequence[LookAlike],
    rules: Rules,
    chosen: int | None = None,
) -> ParentStep:
    """A trust or a federation: known by its code, made where nobody looks like it."""
    if known is not None:
        if make_key(known.name) == make_key(name):
            return ParentStep(code, Parent(known.pk, name))
        return _rename_parent(code, name, known, rules)
    if not look_alikes or chosen == ANOTHER:
        return ParentStep(code, Parent(None, name), make=True)
    same = next((one for one in look_alikes if one.pk == chosen and may_be_changed(one, rules)), None)
    if same is not None:
        line = Line(
            Kind.CHANGED, code, same.name, f"It is the group with the code {code} from now on.", same.pk
        )
        return ParentStep(code, Parent(same.pk, name), (line,), adopt=same.pk)
    return ParentStep(code, None, tuple(_say_look_alike(code, name, one, rules) for one in look_alikes))


def _rename_parent(code: str, name: str, known: Known, rules: Rules) -> ParentStep:
    differ = f"The group with the code {code} is {shown(name)} in the register and {shown(known.name)} here"
    if known.has_lead or (known.is_shared and not rules.is_operator):
        text = (
            f"{differ}. Its own name is its lead’s to change."
            if known.has_lead
            else f"{differ}. An operator sets it."
        )
        kind = Kind.CLASH if known.has_lead else Kind.LEFT
        return ParentStep(code, Parent(known.pk, name), (Line(kind, code, known.name, text, known.pk),))
    line = Line(
        Kind.RENAMED, code, known.name, f"{differ}. It is called {shown(name)} from now on.", known.pk
    )
    return ParentStep(code, Parent(known.pk, name), (line,), name=name)


def _say_look_alike(code: str, name: str, one: LookAlike, rules: Rules) -> Line:
    said = f"{shown(one.name)} looks the same as the group {shown(name)} (code {code})."
    if may_be_changed(one, rules):
        return Line(Kind.CLASH, code, name, said, choice=one.pk)
    return Line(Kind.LEFT, code, name, f"{said} Another partnership also has it, so an operator decides.")


# Successors


@dataclass(frozen=True, slots=True)
class Successor:
    """Another organisation of the register, as it is known; without a `pk` this load makes it."""

    code: str
    pk: int | None
    name: str


def plan_successor(
    row: RegisterRow, known: Known, found: Sequence[Successor], rules: Rules
) -> tuple[Line | None, Successor | None]:
    """Of a closed one. `found` are those of the row's successors that are here, or will be."""
    if row.status != Status.CLOSED or not known.is_here or not row.successors:
        return None, None
    if len(row.successors) > 1 and len(found) != 1:
        if known.successor is not None:
            return None, None
        codes = ", ".join(row.successors[:NAMED])
        if len(row.successors) > NAMED:
            codes += f" and {len(row.successors) - NAMED} more"
        text = f"It has several successors ({rules.what} {codes}), and a register’s file cannot say which one is meant."
        return Line(Kind.CLASH, row.code, known.name, text, known.pk), None
    if not found or found[0].pk == known.pk or (found[0].pk is not None and found[0].pk == known.successor):
        return None, None
    one = found[0]
    text = f"Its successor is {one.name} ({rules.what} {one.code})."
    if known.is_shared and not rules.is_operator:
        text += " Another partnership also has it, so an operator sets that."
        return Line(Kind.LEFT, row.code, known.name, text, known.pk), None
    return Line(Kind.CHANGED, row.code, known.name, text, known.pk), one
