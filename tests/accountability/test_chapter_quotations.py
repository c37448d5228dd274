"""Words that were somebody's: found wherever an officer put them, and never confused with one's own."""

from __future__ import annotations

import pytest

from accountability.chapter_quotations import find_marked, list_quotations, mark

SAID = "“I was asked what I wanted, and it happened.”"
SHORT = "They listened."


def test_each_paragraph_of_a_quotation_is_one() -> None:
    text = f"Ours.\n\n> {SAID}\n>\n> A young person\n\nOurs.\n\n> {SHORT}\nand more\n\n> —"
    assert list_quotations(text) == [SAID, "A young person", "They listened. and more"]


@pytest.mark.parametrize(
    "text",
    [
        f"> {SAID}",
        "> I was asked what\n> I wanted and it happened",
        "One child said: ‘i was asked what I wanted – and it **happened**’, and so did others.",
        "- I was asked what I wanted, and it _happened_",
        "### I WAS ASKED WHAT I WANTED AND IT HAPPENED",
    ],
)
def test_it_is_found_wherever_it_stands_and_however_it_is_typed(text: str) -> None:
    assert len(find_marked(text, {mark(SAID)})) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "> I was asked what I wanted.",
        "I was asked what I wanted.\n\nAnd it happened.",
        "> Something else",
    ],
)
def test_other_words_are_not_it(text: str) -> None:
    assert find_marked(text, {mark(SAID)}) == []


def test_few_words_are_anybodys_unless_they_stand_as_a_quotation() -> None:
    assert find_marked("They listened, and wrote it down.", {mark(SHORT)}) == []
    assert find_marked("They listened.", {mark(SHORT)}) == []
    assert find_marked("> ‘They listened’", {mark(SHORT)}) == ["‘They listened’"]


def test_what_may_be_quoted_may_hold_what_may_not() -> None:
    longer = f"{SAID} I would ask for it again."
    assert find_marked(f"> {longer}", {mark(SAID)}, but={mark(longer)}) == []
    assert find_marked(f"> {longer}", {mark(SAID)}) == ["I was asked what I wanted, and it happened"]


def test_a_mark_does_not_say_the_words() -> None:
    assert mark(SAID).startswith("9:")
    assert "asked" not in mark(SAID)
