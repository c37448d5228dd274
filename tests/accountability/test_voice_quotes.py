"""A quotation in Markdown, found again however it was laid out, and taken out without a trace of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.voice_quotes import TAKEN_OUT, is_quoted, quote, take_out
from s11.web.text import markdown

WORDS = "They asked me first,\nand then - it's true - they did it."


def test_it_is_a_block_with_whose_words_they_are() -> None:
    assert (
        quote("I know *now*.\n# Telling", "a child") == "> I know \\*now\\*.\n> \\# Telling\n>\n> — A child"
    )
    shown = markdown(quote("1. Tell us <b>early</b>\n- [[all]] of us", "parents and carers"))
    assert "1. Tell us &lt;b&gt;early&lt;/b&gt;" in shown
    assert "- [[all]] of us" in shown
    assert "— Parents and carers" in shown


@pytest.mark.parametrize(
    "text",
    [
        f"Before.\n\n{quote(WORDS, 'a child')}\n\nAfter.",
        "Before.\n\n> they asked me FIRST, and\n> then – it’s true – they did it.\n\nAfter.",
    ],
)
def test_a_block_goes_whole(text: str) -> None:
    assert is_quoted(text, WORDS)
    assert take_out(text, WORDS) == "Before.\n\nAfter."


def test_inside_a_sentence_a_note_takes_its_place() -> None:
    text = "A child said: ‘They asked me first, and then - it's true - they did it.’ So we went on."
    assert take_out(text, WORDS) == f"A child said: ‘{TAKEN_OUT}’ So we went on."


def test_other_words_stay() -> None:
    text = "They asked me first, and then they did not."
    assert not is_quoted(text, WORDS)
    assert take_out(text, WORDS) == text
    assert not is_quoted(text, " ")


def test_a_short_one_is_looked_for_among_quotations_alone() -> None:
    """‘quotation’ stands in many a sentence, and in the note itself."""
    text = "A quotation is a quotation.\n\n> Quotation\n>\n> — A child"
    assert take_out(text, "Quotation") == "A quotation is a quotation."


@given(st.text(alphabet="ab*[]<>-.1# \n’'“", min_size=20, max_size=60).filter(lambda one: one.strip()))
def test_what_was_quoted_is_found_again(words: str) -> None:
    text = f"Before.\n\n{quote(words, 'a child')}\n\nAfter."
    assert is_quoted(text, words)
    assert take_out(text, words) == "Before.\n\nAfter."


def test_marks_in_a_row_are_not_tried_in_every_way() -> None:
    """With two ways to read each mark this would never have ended."""
    words = "we said > > > > > > > > > > > > no"
    assert not is_quoted(f"we said {'>' * 5_000}", words)
    assert not is_quoted(f"we said {'> ' * 2_500}", words)
    assert is_quoted("So we said > > > no.", words)
    assert not is_quoted("> > >", "> >")
