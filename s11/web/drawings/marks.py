"""What a drawing is made of: boxes, lines, dots and words, each with a look out of one table of colours.

Attributes alone, no style: the security policy refuses a style attribute, and a file has to carry its look with it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from s11.web.drawings.words import LINE, measure

# How wide drawings are: on a desk and on paper; on a screen of 320 pixels less its margins.
WIDE, NARROW = 680, 288
SIDE_BY_SIDE = 500  # from here on names stand beside what is drawn

# Letters: of names and values, and of what is said beside them. On paper a WIDE drawing is shown at 0.94 of its size.
LETTER, SMALL, SMALLEST = 14, 13, 12

# One hue in three steps, which differ in grey too; red is for a critical 0 and what is overdue.
WHITE, TRACK, LIGHT, MIDDLE, DARK = "#ffffff", "#e9edf1", "#c9dbe8", "#7ba4c4", "#1d4a6d"
INK, QUIET, EDGE, RULE, RED = "#0b0c0c", "#505a5f", "#5b6b7a", "#b8c3cd", "#a2231d"

# A line is one unit wide where nothing else is said.
LOOKS: Mapping[str, Mapping[str, str]] = {
    "paper": {"fill": WHITE},
    "track": {"fill": TRACK},
    "dark": {"fill": DARK},
    "middle": {"fill": MIDDLE, "stroke": DARK},
    "light": {"fill": LIGHT, "stroke": EDGE},
    "area": {"fill": LIGHT},
    "outline": {"fill": WHITE, "stroke": EDGE, "stroke-dasharray": "4 3"},
    "empty": {"fill": WHITE, "stroke": EDGE},
    "aside": {"fill": TRACK, "stroke": EDGE},
    "last": {"fill": EDGE, "stroke": WHITE},
    "ring": {"fill": WHITE, "stroke": DARK, "stroke-width": "2.5"},
    "dot": {"fill": DARK},
    "tick": {"fill": INK, "stroke": WHITE},
    "critical": {"fill": "none", "stroke": RED, "stroke-width": "3"},
    "rule": {"stroke": RULE},
    "dashed": {"stroke": EDGE, "stroke-dasharray": "3 4"},
    "axis": {"stroke": EDGE},
    "deadline": {"stroke": INK, "stroke-width": "2"},
    "past": {"stroke": EDGE, "stroke-width": "1.5", "stroke-dasharray": "5 3"},
    "joint": {"stroke": DARK, "stroke-width": "2.5"},
    "ink": {"fill": INK},
    "quiet": {"fill": QUIET},
    "reversed": {"fill": WHITE},
    "alarm": {"fill": RED},
}


def number(value: float) -> str:
    """As SVG takes it: ‘12’, ‘12.5’."""
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Edges:
    """What a mark covers."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Edges) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    look: str

    tag = "rect"
    text = ""

    @property
    def edges(self) -> Edges:
        return Edges(self.x, self.y, self.x + self.width, self.y + self.height)

    @property
    def attributes(self) -> dict[str, str]:
        places = {"x": self.x, "y": self.y, "width": self.width, "height": self.height}
        return {name: number(value) for name, value in places.items()} | dict(LOOKS[self.look])

    def moved(self, x: float, y: float) -> Self:
        return dataclasses.replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    look: str

    tag = "line"
    text = ""

    @property
    def edges(self) -> Edges:
        return Edges(
            min(self.x1, self.x2), min(self.y1, self.y2), max(self.x1, self.x2), max(self.y1, self.y2)
        )

    @property
    def attributes(self) -> dict[str, str]:
        places = {"x1": self.x1, "y1": self.y1, "x2": self.x2, "y2": self.y2}
        return {name: number(value) for name, value in places.items()} | dict(LOOKS[self.look])

    def moved(self, x: float, y: float) -> Self:
        return dataclasses.replace(self, x1=self.x1 + x, y1=self.y1 + y, x2=self.x2 + x, y2=self.y2 + y)


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float
    look: str

    tag = "circle"
    text = ""

    @property
    def edges(self) -> Edges:
        r = self.radius
        return Edges(self.x - r, self.y - r, self.x + r, self.y + r)

    @property
    def attributes(self) -> dict[str, str]:
        places = {"cx": self.x, "cy": self.y, "r": self.radius}
        return {name: number(value) for name, value in places.items()} | dict(LOOKS[self.look])

    def moved(self, x: float, y: float) -> Self:
        return dataclasses.replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text. `y` is its foot, on which the letters stand; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    size: float = LETTER
    anchor: str = "start"
    look: str = "ink"
    is_bold: bool = False

    tag = "text"

    @property
    def width(self) -> float:
        return measure(self.text, self.size, is_bold=self.is_bold)

    @property
    def edges(self) -> Edges:
        left = self.x - self.width * {"start": 0, "middle": 0.5, "end": 1}[self.anchor]
        return Edges(left, self.y - 0.78 * self.size, left + self.width, self.y + 0.24 * self.size)

    @property
    def attributes(self) -> dict[str, str]:
        """Without what a drawing's own element says of most of its words: their size and their colour."""
        found = {"x": number(self.x), "y": number(self.y)}
        if self.size != LETTER:
            found["font-size"] = number(self.size)
        if self.anchor != "start":
            found["text-anchor"] = self.anchor
        if self.is_bold:
            found["font-weight"] = "bold"
        return found if self.look == "ink" else found | dict(LOOKS[self.look])

    def moved(self, x: float, y: float) -> Self:
        return dataclasses.replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True, slots=True)
class Steps:
    """One line through these places, flat until the next and then up or down."""

    places: tuple[tuple[float, float], ...]
    look: str

    tag = "path"
    text = ""

    @property
    def edges(self) -> Edges:
        across, down = zip(*self.places, strict=True)
        return Edges(min(across), min(down), max(across), max(down))

    @property
    def attributes(self) -> dict[str, str]:
        path = f"M{number(self.places[0][0])} {number(self.places[0][1])}"
        for (x, y), (after, other) in pairwise(self.places):
            path += f"H{number(after)}" * (after != x) + f"V{number(other)}" * (other != y)
        return {"d": path, "fill": "none"} | dict(LOOKS[self.look])

    def moved(self, x: float, y: float) -> Self:
        return dataclasses.replace(self, places=tuple((left + x, top + y) for left, top in self.places))


Mark = Box | Line | Dot | Words | Steps


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks in the order in which they are drawn, on a sheet of this size."""

    width: float
    height: float
    marks: tuple[Mark, ...]

    @property
    def words(self) -> tuple[Words, ...]:
        return tuple(mark for mark in self.marks if isinstance(mark, Words))


def write_lines(
    lines: Iterable[str],
    x: float,
    top: float,
    size: float = LETTER,
    *,
    look: str = "ink",
    is_bold: bool = False,
) -> list[Words]:
    """Lines below one another, the first one's letters beginning at `top`."""
    return [
        Words(x, top + 0.85 * size + place * size * LINE, line, size, look=look, is_bold=is_bold)
        for place, line in enumerate(lines)
    ]


def text_height(lines: int, size: float = LETTER) -> float:
    return lines * size * LINE
