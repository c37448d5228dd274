"""What every drawing is held to, whatever its family and its numbers."""

from __future__ import annotations

import itertools

from s11.web.drawings.marks import SMALLEST, Box, Drawing

NEAR = 0.6  # a letter is measured a little wider than it is


def check(drawing: Drawing) -> None:
    """Nothing lies outside the sheet, no words lie on words, and none are too small to read."""
    for mark in drawing.marks:
        edges = mark.edges
        assert edges.left >= -NEAR, mark
        assert edges.top >= -NEAR, mark
        assert edges.right <= drawing.width + NEAR, mark
        assert edges.bottom <= drawing.height + NEAR, mark
        if isinstance(mark, Box):
            assert mark.width > 0, mark
            assert mark.height > 0, mark
    for words in drawing.words:
        assert words.text, words
        assert words.size >= SMALLEST, words
    for one, other in itertools.combinations(drawing.words, 2):
        assert not one.edges.overlaps(other.edges), (one, other)


def read(drawing: Drawing) -> str:
    return " ".join(words.text for words in drawing.words)
