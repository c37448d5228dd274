"""Which indicators are asked: each condition by itself, then together, and nothing that outweighs another."""

from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest

from surveys.asking import Scope, is_applicable, is_asked, is_in_force, is_in_scope

OPENS_ON = date(2027, 9, 1)
FULL = Scope("full")
CORE = Scope("core")
TOPIC = Scope("topic", frozenset({"A5", "A8"}))

ASKED: dict[str, Any] = {
    "core": False,
    "standard": "A5",
    "applies_if": None,
    "in_force": None,
    "prepare": False,
    "scope": FULL,
    "profile": {},
    "opens_on": OPENS_ON,
}


@pytest.mark.parametrize(
    ("scope", "core", "standard", "expected"),
    [
        (FULL, False, "A1", True),
        (FULL, True, "A1", True),
        (CORE, False, "A1", False),
        (CORE, True, "A1", True),
        (TOPIC, False, "A5", True),
        (TOPIC, False, "A8", True),
        (TOPIC, True, "A1", False),  # part of the short form, but this cycle is on something else
        (Scope("topic"), True, "A5", False),  # nothing chosen yet
        (Scope("topic", frozenset({7, 9})), False, 9, True),  # row ids do as well as codes
        (Scope("topic", frozenset({7, 9})), False, 8, False),
        (Scope("full", frozenset({"A5"})), False, "A1", True),  # chosen standards count for a topic only
        (Scope("core", frozenset({"A5"})), False, "A5", False),
    ],
)
def test_scope(scope: Scope, core: bool, standard: int | str, expected: bool) -> None:
    assert is_in_scope(scope, core=core, standard=standard) is expected


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'short' is not a scope: choose one of full, core, topic"):
        Scope("short")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("in_force", "prepare", "expected"),
    [
        (None, False, True),
        (None, True, True),
        (date(2027, 8, 31), False, True),
        (date(2027, 9, 1), False, True),  # on the opening day itself
        (date(2027, 9, 2), False, False),  # the day after, even though the cycle is still open then
        (date(2027, 9, 2), True, True),  # readiness for a duty to come is always asked
    ],
)
def test_in_force(in_force: date | None, prepare: bool, expected: bool) -> None:
    assert is_in_force(in_force, prepare=prepare, opens_on=OPENS_ON) is expected


@pytest.mark.parametrize(
    ("applies_if", "profile", "has_row", "expected"),
    [
        (None, {}, False, True),
        (
            None,
            None,
            False,
            True,
        ),  # an import: unconditional indicators are asked without a row, so may be missing
        ({}, None, False, True),
        ({"P12": "yes"}, {"P12": "yes"}, False, True),
        ({"P12": "yes"}, {"P12": "no"}, False, False),
        ({"P12": "yes"}, {"P12": ""}, False, False),
        ({"P12": "yes"}, {"P13": "yes"}, False, False),  # left blank
        ({"P12": "yes"}, {}, False, False),
        ({"P12": "yes"}, {"P12": "no"}, True, False),  # where there is a profile, it decides and not the row
        ({"P12": "yes"}, {}, True, False),
        ({"P12": "yes"}, None, False, False),
        ({"P12": "yes"}, None, True, True),
        ({"P12": "yes", "P3": "trust"}, {"P12": "yes", "P3": "trust"}, False, True),
        (
            {"P12": "yes", "P3": "trust"},
            {"P12": "yes", "P3": "charity"},
            False,
            False,
        ),  # all of them, not any
        ({"P12": "yes", "P3": "trust"}, {"P12": "yes"}, False, False),
        ({"P12": "yes", "P3": "trust"}, None, True, True),
    ],
)
def test_applies_if(
    applies_if: Mapping[str, str] | None, profile: Mapping[str, str] | None, has_row: bool, expected: bool
) -> None:
    assert is_applicable(applies_if, profile=profile, has_row=has_row) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"scope": CORE}, False),
        ({"scope": CORE, "core": True}, True),
        ({"scope": CORE, "prepare": True}, False),  # preparing lifts the date, not the scope
        ({"scope": TOPIC, "standard": "A1", "prepare": True}, False),
        ({"applies_if": {"P12": "yes"}}, False),
        ({"applies_if": {"P12": "yes"}, "prepare": True}, False),  # nor the profile
        ({"applies_if": {"P12": "yes"}, "profile": {"P12": "yes"}}, True),
        ({"applies_if": {"P12": "yes"}, "profile": None}, False),
        ({"applies_if": {"P12": "yes"}, "profile": None, "has_row": True}, True),
        ({"in_force": date(2028, 4, 1)}, False),
        (
            {"in_force": date(2028, 4, 1), "profile": None, "has_row": True},
            False,
        ),  # a row does not bring it forward
        ({"in_force": date(2028, 4, 1), "prepare": True}, True),
        ({"scope": CORE, "has_row": True, "profile": None}, False),
    ],
)
def test_is_asked(changed: dict[str, Any], expected: bool) -> None:
    assert is_asked(**(ASKED | changed)) is expected


def test_asked_means_that_all_three_conditions_hold() -> None:
    """Every combination, so that no condition can outweigh another."""
    for core, later, applies in product([False, True], repeat=3):
        asked = is_asked(
            core=core,
            standard="A1",
            applies_if={"P1": "yes"},
            in_force=date(2027, 9, 2) if later else date(2027, 9, 1),
            prepare=False,
            scope=CORE,
            profile={"P1": "yes" if applies else "no"},
            opens_on=OPENS_ON,
        )
        assert asked is (core and not later and applies)
