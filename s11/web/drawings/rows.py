"""Rows with a name each, beside what is drawn where there is room, else above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s11.web.drawings.marks import (
    LETTER,
    SIDE_BY_SIDE,
    SMALL,
    Box,
    Dot,
    Mark,
    Words,
    text_height,
    write_lines,
)
from s11.web.drawings.words import measure, wrap

GAP = 16
BETWEEN = 10  # from row to row
FOOT = 4


@dataclass(frozen=True, slots=True)
class Naming:
    """The share of the width that names take beside what is drawn (none: they stand above it); lines at most."""

    share: float
    most: int

    def is_beside(self, width: float) -> bool:
        return bool(self.share) and width >= SIDE_BY_SIDE


TITLES = Naming(0.4, 3)
# Whole sentences: beside their bars they would leave these a quarter of the width. Above, two lines hold most of them.
STATEMENTS = Naming(0, 6)


@dataclass(frozen=True, slots=True)
class Band:
    """Where one row may draw."""

    left: float
    right: float
    top: float
    height: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


@dataclass(frozen=True, slots=True)
class Rows:
    bands: tuple[Band, ...]
    names: tuple[Words, ...]
    height: float


def lay_rows(
    names: Sequence[str], width: float, heights: Sequence[float], *, top: float = 0, naming: Naming = TITLES
) -> Rows:
    """A band of its height for each name, which takes as many lines as it needs."""
    is_beside = naming.is_beside(width)
    left = width * naming.share if is_beside else 0
    room = (left - GAP) if is_beside else width
    bands, words, at = [], [], top
    for name, height in zip(names, heights, strict=True):
        lines = wrap(name, room, LETTER, most=naming.most)
        tall = text_height(len(lines))
        if is_beside:
            row = max(tall, height)
            words += write_lines(lines, 0, at + (row - tall) / 2)
            bands.append(Band(left, width, at + (row - height) / 2, height))
        else:
            row = tall + 3 + height
            words += write_lines(lines, 0, at)
            bands.append(Band(left, width, at + tall + 3, height))
        at += row + BETWEEN
    return Rows(tuple(bands), tuple(words), at - (BETWEEN if names else 0) + FOOT)


SWATCH = 22
KEY_LINE = 22


def draw_key(parts: Sequence[tuple[str, str]], width: float) -> tuple[list[Mark], float]:
    """Looks and their words in one line, or more where it is narrow, and how high that is; nothing for no parts."""
    marks: list[Mark] = []
    x, line = 0.0, 0
    for look, text in parts:
        needed = SWATCH + 6 + measure(text, SMALL)
        if x and x + needed > width:
            x, line = 0.0, line + 1
        middle = line * KEY_LINE + 9
        marks += [*draw_swatch(look, x, middle), Words(x + SWATCH + 6, middle + 5, text, SMALL, look="quiet")]
        x += needed + 18
    return marks, (line + 1) * KEY_LINE + 4 if parts else 0


def draw_swatch(look: str, x: float, middle: float) -> list[Mark]:
    match look:
        case "ring" | "dot":
            return [Dot(x + SWATCH / 2, middle, 6.5 if look == "ring" else 4.5, look)]
        case "tick" | "last":
            return [Box(x + SWATCH / 2 - 2, middle - 9, 4, 18, look)]
        case _:
            return [Box(x + 1, middle - 6, SWATCH - 2, 12, look)]
