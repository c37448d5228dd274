"""An agency's words keep to their own place in the annual report, whatever was typed."""

from __future__ import annotations

import pytest

from accountability.agency_return_words import count_words, flatten
from accountability.board_words import split_sections
from accountability.tokens import find_unknown
from s11.web.text import markdown


@pytest.mark.parametrize(
    ("typed", "flat"),
    [
        ("", ""),
        ("  \n\n ", ""),
        ("One line\nthat goes on", "One line that goes on"),
        ("One\n\n\n\nTwo", "One\n\nTwo"),
        ("# Ours\nWe swim.", "Ours\n\nWe swim."),
        ("Before\n## What we found\nAfter", "Before\n\nWhat we found\n\nAfter"),
        ("Ours\n====\nWe swim.", "Ours\n\nWe swim."),
        ("Ours\n-\nWe swim.", "Ours\n\nWe swim."),
        ("#ThinkFamily", "\\#ThinkFamily"),
        ("We will:\n- ask\n* listen\n  to all\n1. tell", "We will:\n\n- ask\n- listen to all\n- tell"),
        ("- one\n\n- two", "- one\n\n- two"),
        ("- # no heading", "- \\# no heading"),
        ("> quoted", "quoted"),
        ("    not code", "not code"),
        ("```\ncode\n```", "code"),
        ("a <h2>b</h2> 2 < 3", "a &lt;h2>b&lt;/h2> 2 < 3"),
        ("[[all/at_grade_2]] {{x}}", "[ [all/at_grade_2] ] { {x} }"),
    ],
)
def test_flat(typed: str, flat: str) -> None:
    assert flatten(typed) == flat


@pytest.mark.parametrize(
    "typed",
    [
        "## Who took part\n[[all/at_grade_2]]\n{{",
        "<h2>Ours</h2>\n\n<script>alert(1)</script>",
        "Ours\n---\n### More\n#### Deeper\n#deepest",
        "- ## one\n- > two\n- <h3>three</h3>",
        "***\n___\n===",
    ],
)
def test_nothing_breaks_into_the_chapter(typed: str) -> None:
    chapter = f"### Anchor Trust\n\n{flatten(typed)}"
    assert len(split_sections(f"## What agencies did\n\n{chapter}")) == 1
    assert list(find_unknown(chapter, [])) == []
    html = markdown(chapter)
    assert html.count("<h") == 1
    assert "<script" not in html
    assert "blockquote" not in html
    assert flatten(flatten(typed)).replace("\\", "") == flatten(typed).replace("\\", "")


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("  one ", 1), ("one two\n\n- three", 4), ("well-known", 1)]
)
def test_count(text: str, words: int) -> None:
    assert count_words(text) == words
