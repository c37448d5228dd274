"""Rich text as blocks: what a page shows, and nothing that it leaves out."""

from __future__ import annotations

import pytest

from s11.web.rich_text import Block, Run, read_blocks


def kinds(text: str) -> list[tuple[str, str, int]]:
    return [(one.kind, one.text, one.depth) for one in read_blocks(text)]


def test_headings_paragraphs_lists_and_what_goes_on_within_an_item() -> None:
    text = "# Loud\n\nOne\nline.\n\n- a\n\n    still a\n\n- b\n\n    1. deep\n    2. deeper\n\nEnd"
    assert kinds(text) == [
        ("heading", "Loud", 0),
        ("paragraph", "One line.", 0),
        ("bullet", "a", 1),
        ("continued", "still a", 1),
        ("bullet", "b", 1),
        ("number", "deep", 2),
        ("number", "deeper", 2),
        ("paragraph", "End", 0),
    ]


def test_each_list_has_a_number_of_its_own() -> None:
    found = [one.list_number for one in read_blocks("1. a\n2. b\n\nThen\n\n1. c") if one.kind == "number"]
    assert found[0] == found[1] != found[2]


def test_quotations_are_known_even_without_a_mark_on_each_line() -> None:
    blocks = read_blocks("> I was\nasked twice.\n>\n> A young person\n\nOurs")
    assert [(one.text, one.is_quoted) for one in blocks] == [
        ("I was asked twice.", True),
        ("A young person", True),
        ("Ours", False),
    ]


def test_letters_have_their_look_and_links_where_they_lead() -> None:
    (block,) = read_blocks(
        "A **bold *and* so** [word](https://a.example/x_y) [no](javascript:alert)  \nbreak"
    )
    assert block.runs == (
        Run("A "),
        Run("bold ", is_bold=True),
        Run("and", is_bold=True, is_italic=True),
        Run(" so", is_bold=True),
        Run(" "),
        Run("word", address="https://a.example/x_y"),
        Run(" "),
        Run("no"),
        Run("\n"),
        Run("break"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        None,
        "<script>alert(1)</script>",
        "<p> </p>",
    ],
)
def test_what_a_page_shows_nothing_of_is_no_block(text: str | None) -> None:
    assert read_blocks(text) == []


def test_html_that_somebody_typed_is_read_as_it_is_shown() -> None:
    assert kinds("<li>alone</li>") == [("paragraph", "alone", 0)]
    assert kinds("<div>in a box</div>") == [("paragraph", "in a box", 0)]
    assert read_blocks("a &lt;b&gt; &amp; c") == [Block("paragraph", (Run("a <b> & c"),))]
