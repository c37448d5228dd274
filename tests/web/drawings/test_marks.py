"""Colours that can be told apart in grey and on white, and words that are as wide as they are said to be."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from s11.web.drawings import marks
from s11.web.drawings.bars import Part
from s11.web.drawings.marks import Box, Dot, Line, Steps, Words
from s11.web.drawings.words import measure, shorten, wrap

FONTS = Path("/usr/share/fonts/truetype/dejavu")
SENTENCES = (
    "Training, supervision and support for everyone who works with children",
    "10 of 11 (91%) – ‘Whistleblowing & complaints’; 24,000 invited: £5!",
    "WMWM jill fit @ 100%",
)


def luminance(colour: str) -> float:
    """As WCAG 2 defines it; what is left of a colour in grey."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_three_steps_differ_in_grey_and_each_has_an_edge_on_white() -> None:
    steps = [marks.WHITE, marks.LIGHT, marks.MIDDLE, marks.DARK]
    assert [luminance(step) for step in steps] == sorted(map(luminance, steps), reverse=True)
    assert all(contrast(one, other) >= 1.4 for one, other in itertools.pairwise(steps))
    assert contrast(marks.LIGHT, marks.DARK) >= 4.5
    for look in ("light", "middle", "dark", "outline", "empty", "aside"):
        found = marks.LOOKS[look]
        assert contrast(found.get("stroke", found["fill"]), marks.WHITE) >= 3, look


@pytest.mark.parametrize("look", ["light", "middle", "dark", "outline", "empty", "aside"])
def test_numbers_can_be_read_on_their_step(look: str) -> None:
    ink = marks.LOOKS[Part("at grade 1", look).ink]["fill"]
    assert contrast(ink, marks.LOOKS[look]["fill"]) >= 4.5


@pytest.mark.parametrize(
    "look", ["ring", "dot", "tick", "last", "critical", "axis", "deadline", "joint", "past", "dashed"]
)
def test_marks_that_say_something_stand_out(look: str) -> None:
    found = marks.LOOKS[look]
    colours = [colour for name in ("fill", "stroke") if (colour := found.get(name, "none")) != "none"]
    assert max(contrast(colour, marks.WHITE) for colour in colours) >= 3


@pytest.mark.parametrize("look", ["ink", "quiet", "alarm"])
def test_words_can_be_read(look: str) -> None:
    assert contrast(marks.LOOKS[look]["fill"], marks.WHITE) >= 4.5


@pytest.mark.parametrize("file", ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"])
def test_words_are_no_wider_than_they_are_measured(file: str) -> None:
    with TTFont(FONTS / file) as font:
        chars, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        for text in SENTENCES:
            true = 14 * sum(widths[chars[ord(char)]][0] for char in text) / em
            said = measure(text, 14, is_bold="Bold" in file)
            assert true <= said <= true * 1.15


def test_words_are_wrapped_and_cut_to_their_room() -> None:
    for text in (*SENTENCES, "x" * 200):
        for most in (1, 2, 3):
            lines = wrap(text, 120, 14, most=most)
            assert len(lines) <= most
            assert all(measure(line, 14) <= 120 for line in lines)
    assert wrap("One two", 500, 14) == ("One two",)
    assert wrap("", 500, 14) == ("",)
    assert shorten("One two three", 60, 14).endswith("…")


def test_marks_are_attributes_and_move_whole() -> None:
    line = Words(1, 20.04, "a", 14, "end", "quiet", is_bold=True).moved(1, 1)
    assert line.attributes == {
        "x": "2",
        "y": "21",
        "text-anchor": "end",
        "font-weight": "bold",
        "fill": marks.QUIET,
    }
    # Most words are as the drawing says for all of them.
    assert Words(1, 2, "a").attributes == {"x": "1", "y": "2"}
    assert Words(1, 2, "a", marks.SMALL).attributes["font-size"] == "13"
    for mark in (Box(0, 0, 4, 4, "dark"), Dot(2, 2, 2, "dot"), Line(0, 0, 4, 4, "rule")):
        assert mark.moved(3, 5).edges == marks.Edges(3, 5, 7, 9)
        assert "style" not in mark.attributes


def test_a_curve_is_one_mark() -> None:
    steps = Steps(((0, 9), (0, 8), (4, 8), (6, 2)), "joint").moved(1, 1)
    assert steps.attributes["d"] == "M1 10V9H5H7V3"
    assert steps.attributes["fill"] == "none"
    assert steps.edges == marks.Edges(1, 3, 7, 10)
