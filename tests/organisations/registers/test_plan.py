"""What a row changes, for every state of what is known: pure, without a database."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s11.organisations.registers.plan import (
    ANOTHER,
    Kind,
    Known,
    LookAlike,
    Parent,
    Rules,
    Step,
    Successor,
    plan_parent,
    plan_row,
    plan_successor,
)
from s11.organisations.registers.rows import RegisterRow, Status

TODAY = datetime.date(2026, 9, 1)
PAGE = Rules(TODAY, is_operator=False)
COMMAND = Rules(TODAY, is_operator=True)
OPEN = RegisterRow(2, "100001", "Hill School", Status.OPEN)
CLOSED = RegisterRow(2, "100001", "Hill School", Status.CLOSED, datetime.date(2026, 8, 31))
HILL = Known(7, "Hill School")


def plan(
    row: RegisterRow,
    known: Known | None,
    rules: Rules = PAGE,
    *,
    alike: tuple[LookAlike, ...] = (),
    parent: Parent | None = None,
    chosen: int | None = None,
) -> Step | None:
    return plan_row(row, known, look_alikes=alike, parent=parent, rules=rules, chosen=chosen)


def say(step: Step | None) -> list[tuple[str, str]]:
    return [(line.kind.value, line.text) for line in step.lines] if step else []


def test_an_open_one_is_new() -> None:
    step = plan(replace(OPEN, parent_code="1", parent_name="Trust"), None, parent=Parent(None, "Trust"))
    assert step is not None
    assert (step.make, step.join, step.set_parent) == (True, True, True)
    assert say(step) == [("new", "Takes part from now on, as part of Trust.")]


def test_one_that_is_to_close_says_when() -> None:
    row = replace(OPEN, status=Status.CLOSING, closed_on=datetime.date(2027, 8, 31))
    assert say(plan(row, None)) == [("new", "Takes part from now on; it is to close on 31 August 2027.")]
    assert plan(row, HILL) is None


@pytest.mark.parametrize("status", [Status.CLOSED, Status.PROPOSED])
def test_what_is_not_open_does_not_come(status: Status) -> None:
    row = replace(OPEN, status=status)
    assert plan(row, None) is None
    assert plan(row, replace(HILL, is_here=False)) is None


def test_one_that_is_known_elsewhere_joins_under_the_registers_name() -> None:
    step = plan(OPEN, Known(7, "Old Hill", is_here=False, is_shared=True, has_lead=True))
    assert step is not None
    assert (step.join, step.make, step.name, step.local_name) == (True, False, None, "Hill School")
    assert say(step) == [
        (
            "new",
            "It is known already, and takes part from now on; you call it ‘Hill School’, its own name stays.",
        )
    ]


def test_closing_makes_inactive_and_keeps_the_rest() -> None:
    step = plan(CLOSED, HILL)
    assert step is not None
    assert (step.closed_on, step.is_active, step.name) == (CLOSED.closed_on, False, None)
    assert say(step) == [
        ("closed", "Closed on 31 August 2026. It takes part no longer; its audits, people and history stay.")
    ]
    assert plan(CLOSED, replace(HILL, closed_on=CLOSED.closed_on, is_active=False)) is None


def test_a_closing_day_that_is_not_known_is_today_once() -> None:
    row = replace(CLOSED, closed_on=None)
    step = plan(row, HILL)
    assert step is not None
    assert step.closed_on == TODAY
    later = replace(PAGE, today=TODAY + datetime.timedelta(days=40))
    assert plan(row, replace(HILL, closed_on=TODAY, is_active=False), later) is None


def test_a_closing_day_ahead_lets_it_take_part_until_then() -> None:
    ahead = TODAY + datetime.timedelta(days=1)
    step = plan(replace(CLOSED, closed_on=ahead), HILL)
    assert step is not None
    assert (step.closed_on, step.is_active) == (ahead, None)
    again = plan(replace(CLOSED, closed_on=ahead), replace(HILL, closed_on=ahead), replace(PAGE, today=ahead))
    assert again is not None
    assert again.is_active is False


def test_one_that_is_open_again_takes_part_again() -> None:
    step = plan(OPEN, replace(HILL, closed_on=TODAY, is_active=False))
    assert step is not None
    assert (step.reopen, step.is_active) == (True, True)
    # Whom an officer made inactive stays so.
    assert plan(OPEN, replace(HILL, is_active=False)) is None


SHARED = replace(HILL, is_shared=True)


@pytest.mark.parametrize(
    ("row", "known"),
    [
        (CLOSED, SHARED),
        (OPEN, replace(SHARED, closed_on=TODAY)),
        (replace(OPEN, parent_code="1", parent_name="Trust"), SHARED),
        (OPEN, replace(SHARED, parent=9, parent_code="1")),
    ],
    ids=["closed", "open again", "another parent", "no parent"],
)
def test_a_page_leaves_to_an_operator_what_others_also_have(row: RegisterRow, known: Known) -> None:
    parent = Parent(9, "Trust") if row.parent_code else None
    on_page, by_command = plan(row, known, parent=parent), plan(row, known, COMMAND, parent=parent)
    assert on_page is not None
    assert by_command is not None
    assert not on_page.is_national
    assert "left" in {line.kind.value for line in on_page.lines}
    assert by_command.is_national
    assert "left" not in {line.kind.value for line in by_command.lines}


@pytest.mark.parametrize(
    ("known", "name", "local_name", "kind"),
    [
        (Known(7, "Old Hill"), "Hill School", None, "renamed"),
        (Known(7, "Old Hill", has_lead=True), None, "Hill School", "renamed"),
        (Known(7, "Old Hill", is_shared=True), None, "Hill School", "renamed"),
        (Known(7, "Old Hill", local_name="Hilltop"), None, None, "clash"),
    ],
    ids=["nobody’s", "a lead’s", "others’", "a name of its own here"],
)
def test_another_name(known: Known, name: str | None, local_name: str | None, kind: str) -> None:
    for rules in (PAGE, COMMAND):
        step = plan(OPEN, known, rules)
        assert step is not None
        assert (step.name, step.local_name) == (name, local_name)
        assert say(step)[0][0] == kind
        assert say(step)[0][1].startswith("URN 100001 is ‘Hill School’ in the register and ‘Old Hill’ here")


@pytest.mark.parametrize(
    "known", [Known(7, "The HILL school"), Known(7, "Old", local_name="Hill School", has_lead=True)]
)
def test_a_name_that_looks_the_same_is_no_other(known: Known) -> None:
    assert plan(OPEN, known) is None


ALIKE = LookAlike(9, "Hill School")


def test_a_name_without_an_identifier_waits_for_somebody() -> None:
    step = plan(OPEN, None, alike=(ALIKE,))
    assert step is not None
    assert not step.is_write
    assert [(line.kind, line.choice) for line in step.lines] == [(Kind.CLASH, 9)]


def test_whoever_says_that_it_is_the_same_gives_it_the_identifier() -> None:
    step = plan(OPEN, None, alike=(ALIKE,), chosen=9)
    assert step is not None
    assert (step.adopt, step.make) == (9, False)
    assert say(step) == [("changed", "‘Hill School’ has the URN 100001 from now on.")]


def test_whoever_says_that_it_is_another_has_it_added() -> None:
    step = plan(OPEN, None, alike=(ALIKE,), chosen=ANOTHER)
    assert step is not None
    assert (step.adopt, step.make) == (None, True)


def test_an_identifier_for_what_others_also_have_is_an_operators() -> None:
    shared = replace(ALIKE, is_shared=True)
    step = plan(OPEN, None, alike=(shared,), chosen=9)
    assert step is not None
    assert not step.is_write
    assert say(step)[0][0] == "left"
    by_command = plan(OPEN, None, COMMAND, alike=(shared,), chosen=9)
    assert by_command is not None
    assert by_command.adopt == 9


def test_a_parent_that_no_register_gave_stays() -> None:
    assert plan(OPEN, replace(HILL, parent=9, parent_code="")) is None
    left = plan(OPEN, replace(HILL, parent=9, parent_code="1"))
    assert left is not None
    assert left.clear_parent
    assert say(left) == [("changed", "It is part of no group any more.")]


# Parents


def test_a_parent_is_made_known_or_renamed() -> None:
    made = plan_parent("1", "Trust", None, look_alikes=(), rules=PAGE)
    assert (made.make, made.parent) == (True, Parent(None, "Trust"))
    known = plan_parent("1", "Trust", Known(9, "The Trust", is_here=False), look_alikes=(), rules=PAGE)
    assert (known.parent, known.lines, known.name) == (Parent(9, "Trust"), (), None)
    renamed = plan_parent("1", "Trust", Known(9, "Old", is_here=False), look_alikes=(), rules=PAGE)
    assert renamed.name == "Trust"


@pytest.mark.parametrize(
    ("known", "rules", "kind"),
    [
        (Known(9, "Old", is_shared=True), PAGE, Kind.LEFT),
        (Known(9, "Old", has_lead=True), COMMAND, Kind.CLASH),
    ],
)
def test_a_parents_name_may_be_somebody_elses(known: Known, rules: Rules, kind: Kind) -> None:
    step = plan_parent("1", "Trust", known, look_alikes=(), rules=rules)
    assert (step.name, [line.kind for line in step.lines]) == (None, [kind])
    assert step.parent == Parent(9, "Trust")


def test_a_parent_that_looks_the_same_waits_too() -> None:
    alike = (LookAlike(9, "trust"),)
    waits = plan_parent("1", "Trust", None, look_alikes=alike, rules=PAGE)
    assert (waits.parent, waits.make, [line.choice for line in waits.lines]) == (None, False, [9])
    assert plan_parent("1", "Trust", None, look_alikes=alike, rules=PAGE, chosen=9).adopt == 9
    assert plan_parent("1", "Trust", None, look_alikes=alike, rules=PAGE, chosen=ANOTHER).make
    shared = (LookAlike(9, "trust", is_shared=True),)
    assert plan_parent("1", "Trust", None, look_alikes=shared, rules=PAGE, chosen=9).adopt is None


# Successors


def test_a_successor() -> None:
    row = replace(CLOSED, successors=("100002",))
    new = Successor("100002", None, "Hill Academy")
    line, one = plan_successor(row, HILL, [new], PAGE)
    assert one == new
    assert line is not None
    assert line.text == "Its successor is Hill Academy (URN 100002)."
    there = Successor("100002", 8, "Hill Academy")
    assert plan_successor(row, replace(HILL, successor=8), [there], PAGE) == (None, None)
    assert plan_successor(row, HILL, [], PAGE) == (None, None)
    assert plan_successor(replace(row, status=Status.OPEN), HILL, [there], PAGE) == (None, None)
    left, nobody = plan_successor(row, SHARED, [there], PAGE)
    assert nobody is None
    assert left is not None
    assert left.kind == Kind.LEFT


def test_ever_so_many_successors_fit_into_the_preview_s_column() -> None:
    codes = tuple(str(number) for number in range(100_000, 101_000))
    line, _ = plan_successor(replace(CLOSED, successors=codes), HILL, [], PAGE)
    assert line is not None
    assert "100019 and 980 more), and" in line.text
    assert len(line.text) < 1_000


def test_several_successors_are_for_a_person() -> None:
    row = replace(CLOSED, successors=("100002", "100003"))
    both = [Successor("100002", 8, "A"), Successor("100003", 9, "B")]
    line, one = plan_successor(row, HILL, both, PAGE)
    assert one is None
    assert line is not None
    assert (line.kind, line.text.startswith("It has several successors (URN 100002, 100003)")) == (
        Kind.CLASH,
        True,
    )
    # Of one that split, one may be the only one in this partnership.
    assert plan_successor(row, HILL, both[:1], PAGE)[1] == both[0]


# Whatever is known: applied once, nothing is left to write


def write(step: Step, row: RegisterRow) -> Known:
    """What is known once the step is written."""
    known = step.known or Known(step.adopt or 7, row.name)
    closed_on = None if step.reopen else step.closed_on or known.closed_on
    parent = 9 if step.set_parent else None if step.clear_parent else known.parent
    code = row.parent_code if step.set_parent else "" if step.clear_parent else known.parent_code
    return replace(
        known,
        is_here=known.is_here or step.join,
        is_active=(known.is_active or step.join) if step.is_active is None else step.is_active,
        name=step.name or known.name,
        local_name=known.local_name if step.local_name is None else step.local_name,
        closed_on=closed_on,
        parent=parent,
        parent_code=code,
    )


NAMES = st.sampled_from(["Hill School", "Old Hill", "The hill school"])
DAYS = st.none() | st.sampled_from(
    [TODAY, TODAY + datetime.timedelta(days=9), TODAY - datetime.timedelta(days=9)]
)
KNOWN = st.builds(
    Known,
    pk=st.just(7),
    name=NAMES,
    is_here=st.booleans(),
    is_active=st.booleans(),
    is_shared=st.booleans(),
    has_lead=st.booleans(),
    local_name=st.just("") | NAMES,
    closed_on=DAYS,
    parent=st.sampled_from([None, 8, 9]),
    parent_code=st.just(""),
).map(lambda one: replace(one, parent_code={9: "1"}.get(one.parent or 0, "")))
ROWS = st.builds(
    RegisterRow,
    line=st.just(2),
    code=st.just("100001"),
    name=NAMES,
    status=st.sampled_from(Status),
    closed_on=DAYS,
    parent_code=st.sampled_from(["", "1"]),
    parent_name=st.just("Trust"),
)


@given(
    row=ROWS,
    known=st.none() | KNOWN,
    is_operator=st.booleans(),
    is_alike=st.booleans(),
    chosen=st.none() | st.sampled_from([ANOTHER, 7]),
)
def test_a_second_time_there_is_nothing_to_write(
    row: RegisterRow, known: Known | None, is_operator: bool, is_alike: bool, chosen: int | None
) -> None:
    rules = Rules(TODAY, is_operator=is_operator)
    parent = Parent(9, "Trust") if row.parent_code else None
    alike = (LookAlike(7, row.name),) if is_alike and known is None else ()
    step = plan(row, known, rules, alike=alike, parent=parent, chosen=chosen)
    if step is None:
        return
    assert step.lines
    if known is not None and known.is_shared and not is_operator:
        assert not step.is_national
    if known is not None and known.has_lead:
        assert step.name is None
    if not step.is_write:
        return
    again = plan(row, write(step, row), rules, parent=parent, chosen=chosen)
    assert again is None or not again.is_write
