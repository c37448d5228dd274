"""Where the marks of a chart stand. Pure arithmetic; templates/components/charts.html only draws.

Across, every place is a share of the drawing's width (‘58.18%’), and down it is in pixels: so text keeps its size on a
phone, on the desk and on paper, where scaling one picture would make it unreadable or huge.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

# The narrowest drawing: a screen of 320 px less its margins. A character is about half as wide as it is high.
NARROWEST = 290
CHARACTER = 8.2


def across(part: float) -> str:
    """A part of the width, between 0 and 1, as SVG takes it."""
    return f"{part * 100:.2f}%"


def fits(text: str, part: float) -> bool:
    """Whether words can stand inside this part of the narrowest drawing."""
    return len(text) * CHARACTER + 3 <= part * NARROWEST


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a stacked bar: `kind` is "0", "1", "2" or "na"; `text` is empty where it would not fit."""

    kind: str
    count: int
    x: str
    width: str
    middle: str
    text: str


@dataclass(frozen=True, slots=True)
class Stack:
    label: str
    spoken: str
    segments: tuple[Segment, ...]


KINDS = (("0", "zeros"), ("1", "ones"), ("2", "twos"), ("na", "not_applicable"))
WORDS = {"0": "at 0", "1": "at 1", "2": "at 2", "na": "n/a"}
SPOKEN = WORDS | {"na": "not applicable"}


def score_steps(rows: Iterable[Mapping[str, Any]]) -> tuple[Stack, ...]:
    """Rows are {"label", "zeros", "ones", "twos", "not_applicable"}; what is missing counts as none."""
    return tuple(
        make_stack(str(row["label"]), [(kind, int(row.get(name) or 0)) for kind, name in KINDS])
        for row in rows
    )


def make_stack(label: str, counts: Sequence[tuple[str, int]]) -> Stack:
    total = sum(count for _, count in counts)
    segments = []
    before = 0
    for kind, count in counts:
        if count:
            part = count / total
            text = next((text for text in (f"{count:,} {WORDS[kind]}", f"{count:,}") if fits(text, part)), "")
            middle = across((before + count / 2) / total)
            segments.append(Segment(kind, count, across(before / total), across(part), middle, text))
            before += count
    spoken = ", ".join(f"{segment.count:,} {SPOKEN[segment.kind]}" for segment in segments)
    return Stack(label, spoken or "no answers", tuple(segments))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar of shares; `kind` counts the words of its chart from 0."""

    kind: int
    x: str
    width: str
    middle: str
    text: str


@dataclass(frozen=True, slots=True)
class PartedBar:
    label: str
    spoken: str
    parts: tuple[Part, ...]


def parted_bars(rows: Iterable[Mapping[str, Any]], words: Sequence[str]) -> tuple[PartedBar, ...]:
    """Rows are {"label", "counts"}, a count for each of the words; each bar is as wide as the others."""
    return tuple(make_parted_bar(str(row["label"]), list(row["counts"]), words) for row in rows)


def make_parted_bar(label: str, counts: Sequence[int], words: Sequence[str]) -> PartedBar:
    total = sum(counts)
    parts = []
    before = 0
    for kind, count in enumerate(counts):
        if count:
            part = count / total
            text = f"{count:,}" if fits(f"{count:,}", part) else ""
            middle = across((before + count / 2) / total)
            parts.append(Part(kind, across(before / total), across(part), middle, text))
            before += count
    spoken = ", ".join(
        f"{count:,} {word.lower()}" for count, word in zip(counts, words, strict=True) if count
    )
    return PartedBar(label, spoken or "none", tuple(parts))


class Mean(Protocol):
    """A mean as it is printed: ‘1.75’, or None where nothing was scored."""

    @property
    def mean(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class MeanBars:
    """One row: the agency's own bar, below it the moderated one, and a mark where last year stood."""

    label: str
    own: str
    own_text: str
    moderated: str | None
    moderated_text: str
    last: str | None
    spoken: str


@dataclass(frozen=True, slots=True)
class MeanChart:
    rows: tuple[MeanBars, ...]
    full: str  # how wide a bar of the highest mean is
    has_moderated: bool
    has_last: bool

    @property
    def height(self) -> int:
        return 42 if self.has_moderated else 24


HIGHEST_MEAN = 2
MEAN_ROOM = 1 - (len("1.75") * CHARACTER + 12) / NARROWEST


def mean_bars(rows: Iterable[Mapping[str, Any]]) -> MeanChart:
    """Rows are {"label", "own", "moderated", "last"}: things with a mean; the last two may be None."""
    bars = tuple(
        make_mean_bars(str(row["label"]), row["own"], row.get("moderated"), row.get("last")) for row in rows
    )
    return MeanChart(
        bars,
        across(MEAN_ROOM),
        any(bar.moderated is not None for bar in bars),
        any(bar.last is not None for bar in bars),
    )


def make_mean_bars(label: str, own: Mean, moderated: Mean | None, last: Mean | None) -> MeanBars:
    other, before = (one.mean if one is not None else None for one in (moderated, last))
    said = [("self-assessed", own.mean), ("moderated", other), ("last year", before)]
    return MeanBars(
        label=label,
        own=place_mean(own.mean) or across(0),
        own_text=own.mean or "–",
        moderated=place_mean(other),
        moderated_text=other or "",
        last=place_mean(before),
        spoken=", ".join(f"{name} {mean}" for name, mean in said if mean) or "nothing scored",
    )


def place_mean(mean: str | None) -> str | None:
    return None if mean is None else across(MEAN_ROOM * float(mean) / HIGHEST_MEAN)


@dataclass(frozen=True, slots=True)
class Cell:
    """One count of a square table; `shade` is 0 to 3, none for no count. `is_same` where row and column agree."""

    count: int
    x: str
    y: int
    width: str
    middle: str
    shade: int
    is_same: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """Two people's categories across and down: labels with their places, and a cell for each pair."""

    columns: tuple[tuple[str, str], ...]  # a label and its middle
    rows: tuple[tuple[str, int], ...]  # a label and the top of its cells
    cells: tuple[Cell, ...]
    height: int
    spoken: str


SHADES, LABELS, ROW, HEAD = 3, 0.2, 44, 26


def agreement_grid(counts: Sequence[Sequence[int]], labels: Sequence[str]) -> Grid:
    """`counts[row][column]`; the darkest third of shades is for the highest counts."""
    most = max((count for row in counts for count in row), default=0)
    width = (1 - LABELS) / len(labels)
    lefts = [LABELS + place * width for place in range(len(labels))]
    cells = [
        Cell(
            count=count,
            x=across(lefts[column]),
            y=HEAD + row * ROW,
            width=across(width),
            middle=across(lefts[column] + width / 2),
            shade=-(-SHADES * count // most) if most else 0,
            is_same=row == column,
        )
        for row, line in enumerate(counts)
        for column, count in enumerate(line)
    ]
    said = [
        f"{labels[row]} and {labels[column]}: {count}"
        for row, line in enumerate(counts)
        for column, count in enumerate(line)
        if count
    ]
    return Grid(
        columns=tuple((label, across(left + width / 2)) for label, left in zip(labels, lefts, strict=True)),
        rows=tuple((label, HEAD + place * ROW) for place, label in enumerate(labels)),
        cells=tuple(cells),
        height=HEAD + ROW * len(labels) + 4,
        spoken="; ".join(said) or "nothing to compare",
    )
