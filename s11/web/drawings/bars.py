"""Bars: the share of a whole, and how a whole is made up. Every count is said on the thing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from s11.web.drawings.marks import (
    LETTER,
    SIDE_BY_SIDE,
    SMALL,
    Box,
    Drawing,
    Mark,
    Words,
    text_height,
    write_lines,
)
from s11.web.drawings.rows import GAP, TITLES, Band, Naming, draw_key, lay_rows
from s11.web.drawings.words import measure, wrap

BAR = 20
LAST = 4
SHORTEST = 0.55  # a full bar takes at least this of its room


@dataclass(frozen=True, slots=True)
class ShareRow:
    """`percent` and `last` come rounded by the one rule; None where there is nothing to take a share of."""

    name: str
    count: int
    of: int
    percent: int | None
    last: int | None = None

    @property
    def text(self) -> str:
        """‘10 of 11 (91%)’: a percentage never stands without its count."""
        return f"{self.count:,} of {self.of:,} ({self.percent}%)" if self.of else "no grades"


def draw_shares(
    rows: Sequence[ShareRow], width: float, *, last: str = "last year", naming: Naming = TITLES
) -> Drawing:
    """A bar of each share beside a full one, its value at the end, and a mark where the year before stood."""
    key = [("last", last)] if any(row.last is not None for row in rows) else []
    marks, top = draw_key(key, width)
    laid = lay_rows([row.name for row in rows], width, [BAR + 4] * len(rows), top=top, naming=naming)
    values = max((measure(row.text, LETTER) for row in rows), default=0)
    marks += laid.names
    for row, band in zip(rows, laid.bands, strict=True):
        full = max(band.width - values - 10, 40)
        y = band.middle - BAR / 2
        marks.append(Box(band.left, y, full, BAR, "track"))
        if row.of and row.count:
            marks.append(Box(band.left, y, full * row.count / row.of, BAR, "dark"))
        if row.last is not None:
            x = band.left + full * row.last / 100
            marks.append(
                Box(min(max(x - LAST / 2, band.left), band.left + full - LAST), y - 2, LAST, BAR + 4, "last")
            )
        marks.append(Words(band.left + full + 8, band.middle + 5, row.text))
    return Drawing(width, laid.height, tuple(marks))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: what is said of a count of it (‘at grade 2’), and its look."""

    word: str
    look: str

    @property
    def ink(self) -> str:
        return "reversed" if self.look == "dark" else "ink"


GRADES = (
    Part("at grade 0", "light"),
    Part("at grade 1", "middle"),
    Part("at grade 2", "dark"),
)
SCORES = (
    Part("scored 0", "light"),
    Part("scored 1", "middle"),
    Part("scored 2", "dark"),
    Part("not applicable", "outline"),
)


@dataclass(frozen=True, slots=True)
class PartsRow:
    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of one bar: where it stands in it, from 0 to 1, and what it says of itself if it has room."""

    part: Part
    count: int
    start: float
    share: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How long a full bar is, and whether what it has no room for stands below it instead of after it."""

    full: float
    is_below: bool


def fit_bars(pieces: Sequence[Sequence[Piece]], room: float, *, is_beside: bool) -> Fit:
    """Said after the bars are at most the parts that are too small in the shortest bar, so these have room."""
    shortest = room * SHORTEST
    taken = max((measure(say_small(cuts, shortest), SMALL) for cuts in pieces), default=0)
    taken += GAP / 2 if taken else 0
    if is_beside and taken <= room - shortest:
        return Fit(room - taken, is_below=False)
    return Fit(room, is_below=True)


def draw_parts(
    rows: Sequence[PartsRow],
    parts: Sequence[Part],
    width: float,
    *,
    none: str = "none",
    naming: Naming = TITLES,
) -> Drawing:
    """How each whole is made up. A part too small for its count has it said after the bar, or below it."""
    pieces = [cut(row.counts, parts) for row in rows]
    room = width * (1 - naming.share) if naming.is_beside(width) else width
    fit = fit_bars(pieces, room, is_beside=width >= SIDE_BY_SIDE)
    ends = [wrap(say_small(cuts, fit.full), room, SMALL) if fit.is_below else () for cuts in pieces]
    marks, top = draw_key([(part.look, part.word) for part in find_unsaid(parts, pieces, fit.full)], width)
    heights = [BAR + 4 + text_height(len(end), SMALL) * bool("".join(end)) for end in ends]
    laid = lay_rows([row.name for row in rows], width, heights, top=top, naming=naming)
    marks += laid.names
    for cuts, end, band in zip(pieces, ends, laid.bands, strict=True):
        marks += draw_bar(cuts, band, fit.full, none)
        if fit.is_below:
            marks += [
                line
                for line in write_lines(end, band.left, band.top + BAR + 4, SMALL, look="quiet")
                if line.text
            ]
        elif said := say_small(cuts, fit.full):
            marks.append(Words(band.left + fit.full + GAP / 2, band.top + 17, said, SMALL, look="quiet"))
    return Drawing(width, laid.height, tuple(marks))


def cut(counts: Sequence[int], parts: Sequence[Part]) -> list[Piece]:
    total = sum(counts)
    pieces, before = [], 0
    for part, count in zip(parts, counts, strict=True):
        if count:
            pieces.append(Piece(part, count, before / total, count / total))
            before += count
    return pieces


def say_inside(piece: Piece, full: float) -> str:
    """The longest of its labels that has room in it."""
    room = piece.share * full - 8
    words = (f"{piece.count:,} {piece.part.word}", f"{piece.count:,}")
    return next((text for text in words if measure(text, SMALL) <= room), "")


def say_small(pieces: Sequence[Piece], full: float) -> str:
    return ", ".join(f"{one.count:,} {one.part.word}" for one in pieces if not say_inside(one, full))


def find_unsaid(parts: Sequence[Part], pieces: Sequence[Sequence[Piece]], full: float) -> list[Part]:
    """The parts whose word stands nowhere in the drawing: only these need a key."""
    said, used = set(), set()
    for cuts in pieces:
        for one in cuts:
            used.add(one.part)
            if say_inside(one, full) != f"{one.count:,}":
                said.add(one.part)
    return [part for part in parts if part in used - said]


def draw_bar(pieces: Sequence[Piece], band: Band, full: float, none: str) -> list[Mark]:
    marks: list[Mark] = []
    y = band.top + 2
    if not pieces:
        return [Words(band.left, y + 15, none, SMALL, look="quiet")]
    for one in pieces:
        x = band.left + one.start * full
        wide = one.share * full
        # A gap of white on either side; what is too narrow for that stays a line, inside the bar.
        start = min(x + 1, band.left + full - 1)
        marks.append(Box(start, y, max(wide - 2, 1), BAR, one.part.look))
        if text := say_inside(one, full):
            marks.append(Words(x + wide / 2, y + 15, text, SMALL, "middle", one.part.ink))
    return marks
