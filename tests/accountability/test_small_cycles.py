"""What is said of a cycle of one, two, five or nobody: each sentence agrees with its number, and can be read aloud."""

from __future__ import annotations

import re
from typing import Any

import pytest

from accountability import narrative
from accountability.sentences import Shown
from accountability.tokens import fill_tokens, find_unknown
from accountability.who_took_part import say_who_took_part
from tests.accountability.small_cycles import make_small
from tests.accountability.test_narrative import DAY, write

ALL_2, MIXED, WEAK = "22222", "21212", "10101"
CYCLES: dict[str, tuple[dict[str, Any], str]] = {
    "nobody invited": (make_small([]), "Nobody was invited. The closing day was 4 March 2027."),
    "one, not submitted": (
        make_small([], absent={"standard": 1}),
        "The one invited organisation did not submit: 0 of 1 (0%). The closing day was 4 March 2027.",
    ),
    "two, neither submitted": (
        make_small([], absent={"standard": 2}),
        "Neither invited organisation submitted: 0 of 2 (0%). The closing day was 4 March 2027.",
    ),
    "five, none submitted": (
        make_small([], absent={"standard": 5}),
        "No invited organisation submitted: 0 of 5 (0%). The closing day was 4 March 2027.",
    ),
    "one": (
        make_small([ALL_2]),
        ("The one invited organisation submitted: 1 of 1 (100%). The closing day was 4 March 2027; it came on time: "
        "1 of 1 (100%)."),
    ),
    "two": (
        make_small([ALL_2, MIXED]),
        ("Both invited organisations submitted: 2 of 2 (100%). The closing day was 4 March 2027; both came on time: "
        "2 of 2 (100%)."),
    ),
    "one of five": (
        make_small([MIXED], absent={"standard": 4}),
        ("1 of 5 (20%) invited organisations submitted. The closing day was 4 March 2027; it came on time: "
        "1 of 1 (100%)."),
    ),
    "five": (
        make_small([ALL_2, MIXED, MIXED, ALL_2, WEAK]),
        ("Every invited organisation submitted: 5 of 5 (100%). The closing day was 4 March 2027; 4 of 5 (80%) came on "
        "time."),
    ),
    "five, one with its own tool": (
        make_small([ALL_2] * 4, own_tools={"standard": 1}),
        ("Every invited organisation submitted: 5 of 5 (100%). The closing day was 4 March 2027; 4 of 5 (80%) came on "
        "time. Of those that submitted, 1 returned its own audit tool in place of answers; it is counted here and in "
        "no score."),
    ),
    "ten, all at grade 2": (
        make_small([ALL_2] * 10, absent={"standard": 2}),
        ("10 of 12 (83%) invited organisations submitted. The closing day was 4 March 2027; 7 of 10 (70%) came on "
        "time."),
    ),
    "ten, one at grade 2": (
        make_small([ALL_2, *[WEAK] * 9], own_tools={"standard": 2}),
        ("Every invited organisation submitted: 12 of 12 (100%). The closing day was 4 March 2027; 8 of 12 (67%) came "
        "on time. Of those that submitted, 2 returned their own audit tools in place of answers; they are counted here "
        "and in no score."),
    ),
    "ten, nobody at grade 2": (
        make_small(["n1n10", *[WEAK] * 9]),
        ("Every invited organisation submitted: 10 of 10 (100%). The closing day was 4 March 2027; 7 of 10 (70%) came "
        "on time."),
    ),
}  # fmt: skip
OVERALL = {
    "nobody invited": "There are no scores to report.",
    "five, none submitted": "There are no scores to report.",
    "two": narrative.NOT_SHOWN,
    "five, one with its own tool": narrative.NOT_SHOWN,
    "ten, all at grade 2": "Every audit is at grade 2 overall: 10 of 10 (100%).",
    "ten, one at grade 2": "1 of 10 (10%) audits is at grade 2 overall.",
    "ten, nobody at grade 2": "No audit is at grade 2 overall: 0 of 10 (0%).",
}


def show(document: dict[str, Any], *, is_closed: bool = True) -> list[Shown]:
    return [Shown(1, "Audit 2027", document, DAY, is_closed=is_closed)]


@pytest.mark.parametrize("name", CYCLES)
def test_who_took_part(name: str) -> None:
    document, expected = CYCLES[name]
    assert fill_tokens(say_who_took_part(show(document)), [document]) == expected


def test_an_open_cycle_is_still_going_on() -> None:
    for name, expected in {
        "nobody invited": "Nobody has been invited so far.",
        "one, not submitted": "The one invited organisation has not submitted so far: 0 of 1 (0%).",
        "one of five": "1 of 5 (20%) invited organisations has submitted so far.",
        "two": "Both invited organisations have submitted: 2 of 2 (100%).",
        "ten, all at grade 2": "10 of 12 (83%) invited organisations have submitted so far.",
    }.items():
        document = CYCLES[name][0]
        text = fill_tokens(say_who_took_part(show(document, is_closed=False)), [document])
        assert text == f"{expected} The closing day is 4 March 2027."


@pytest.mark.parametrize("name", OVERALL)
def test_overall(name: str) -> None:
    document = CYCLES[name][0]
    assert fill_tokens(narrative.say_overall(show(document)), [document]) == OVERALL[name]


@pytest.mark.parametrize("name", CYCLES)
def test_everything_can_be_read_aloud(name: str) -> None:
    document = {"series": "self", **CYCLES[name][0]}
    for text in write(show(document)):
        assert not list(find_unknown(text, [document]))
        said = fill_tokens(text, [document])
        assert not re.search(r"\b(\w+) \1\b", said), said
        assert "None" not in said
        assert "  " not in said
        # Numbers and what they say of: one is, none is and several are.
        assert not re.search(
            r"\b1 of \d+ \(\d+%\) audits are|\b(?:[2-9]|\d\d+) of \d+ \(\d+%\) audits is\b", said
        )
        for paragraph in said.split("\n\n"):
            is_list = paragraph.startswith("- ")
            assert is_list or paragraph[0].isupper() or paragraph[0].isdigit(), paragraph
            assert is_list or paragraph.endswith((".", ":")), paragraph
        # A sentence that promises a list has one.
        assert not re.search(r":\n\n(?!- )|:$", said), said
