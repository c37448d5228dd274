"""A day of meetings as a strip: where each block stands, as a share of the width. Pure; a macro only draws."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from accountability.slots import Slot, to_minutes, to_time


@dataclass(frozen=True, slots=True)
class Block:
    """From x, so wide, both as SVG takes them; `text` is read out."""

    x: str
    width: str
    text: str


@dataclass(frozen=True, slots=True)
class Hour:
    """A mark of the scale."""

    x: str
    text: str


@dataclass(frozen=True, slots=True)
class Strip:
    """What stands on a day: meetings, breaks, and the scale under them."""

    meetings: tuple[Block, ...]
    breaks: tuple[Block, ...]
    hours: tuple[Hour, ...]
    spoken: str


def make_strip(
    hours: tuple[datetime.time, datetime.time],
    slots: Sequence[Slot],
    breaks: Sequence[tuple[str, datetime.time, datetime.time]],
) -> Strip:
    """Breaks that reach beyond the day are cut at its ends."""
    first, last = to_minutes(hours[0]), to_minutes(hours[1])
    length = max(last - first, 1)

    def block(start: int, end: int, text: str) -> Block:
        start, end = max(start, first), min(end, last)
        return Block(_share(start - first, length), _share(max(end - start, 0), length), text)

    meetings = [
        block(to_minutes(slot.start), to_minutes(slot.start) + slot.minutes, f"{slot.start:%H:%M}")
        for slot in slots
    ]
    pauses = [
        block(to_minutes(start), to_minutes(end), name)
        for name, start, end in breaks
        if to_minutes(end) > first and to_minutes(start) < last
    ]
    marks = range(-(-first // 60) * 60, last + 1, 60)
    return Strip(
        meetings=tuple(meetings),
        breaks=tuple(pauses),
        hours=tuple(Hour(_share(one - first, length), f"{to_time(one):%H}") for one in marks),
        spoken=f"{len(slots)} meetings between {hours[0]:%H:%M} and {hours[1]:%H:%M}",
    )


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.2f}%"
