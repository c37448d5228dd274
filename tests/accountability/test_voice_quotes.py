"""A quotation in Markdown, found again however it was laid out, and taken out without a trace of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.voice_quotes import TAKEN_OUT, is_quoted, is_short, quote, take_out
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


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("**Children said:** They\nleft.\n\nSo?", f"**Children said:** {TAKEN_OUT}\n\nSo?"),
        ("Before.\n\n  they left. \nAfter.", f"Before.\n\n  {TAKEN_OUT} \nAfter."),
        ("They left.", TAKEN_OUT),
        ("A child said ‘They left.’ twice.", f"A child said ‘{TAKEN_OUT}’ twice."),
        ('"They left."', f'"{TAKEN_OUT}"'),
        ("**Key messages.** They left.", "**Key messages.** They left."),
        ("They left. Then they came.", "They left. Then they came."),
        ("Many said they left.", "Many said they left."),
        (f"{'We know it. ' * 20}They left.", f"{'We know it. ' * 20}They left."),
    ],
)
def test_a_short_one_goes_where_it_stands_by_itself(text: str, left: str) -> None:
    """As the chapter takes it over, behind who said it or what changed; and as officers quote it."""
    assert is_short("They left.")
    assert take_out(text, "They left.") == left
    assert is_quoted(text, "They left.") is (text != left)


def test_a_short_one_may_be_written_without_its_full_stop() -> None:
    assert take_out("**What changed:** Lunch is free.", "Lunch is free") == f"**What changed:** {TAKEN_OUT}."
    assert take_out("They call it ‘lunch’.", "Lunch") == f"They call it ‘{TAKEN_OUT}’."
    assert not is_short("Lunch is free for everybody.")
    assert not is_short("")


def test_a_short_one_is_looked_for_in_no_sentence() -> None:
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
    assert not is_quoted("no " * 15_000, "no")
    assert not is_quoted("> > >", "> >")
