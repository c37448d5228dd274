"""Words with placeholders: plain replacement, and a sentence about what cannot be filled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.placeholders import PLACEHOLDERS, Words, fill, find_fault, split_words

VALUES = {name: f"<{name}>" for name in PLACEHOLDERS}


def test_each_placeholder_is_filled_and_nothing_else() -> None:
    words = Words("{cycle} by {closes}", "{organisation}: {link}, {unknown}, { cycle }")
    filled = words.fill(VALUES)
    assert filled == Words("<cycle> by <closes>", "<organisation>: <link>, {unknown}, { cycle }")


def test_what_stands_in_a_value_is_not_looked_at_again() -> None:
    assert fill("{organisation}", {"organisation": "{link}", "link": "x"}) == "{link}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("All is well, {name}.", ""),
        ("No braces.", ""),
        ("{organization} is late", "{organization} is not a placeholder. Use one of these: {name}, "),
        ("{cycle.partnership}", "{cycle.partnership} is not a placeholder."),
        ("{}", "{} is not a placeholder."),
        ("{{ cycle }}", "{ cycle } is not a placeholder."),
        ("{cycle", "A brace has no partner."),
        ("cycle}", "A brace has no partner."),
    ],
)
def test_what_cannot_be_filled_is_said_with_what_exists(text: str, fault: str) -> None:
    found = find_fault(text)
    assert found.startswith(fault)
    assert bool(found) == bool(fault)
    assert not fault or all(f"{{{name}}}" in found for name in PLACEHOLDERS)


@given(st.text(alphabet="{}abcdelnikmos \n%$", max_size=60))
def test_a_text_without_a_fault_has_nothing_left_to_fill(text: str) -> None:
    if not find_fault(text):
        assert not set("{}") & set(fill(text, VALUES))


def test_the_first_line_is_the_subject() -> None:
    assert split_words("\nSubject \n\nBody\nmore\n") == Words("Subject", "Body\nmore")
