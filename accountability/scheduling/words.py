"""Times, people and meetings as sentences name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from accountability.scheduling.problem import Slot


def join(parts: Sequence[str], last: str = "and") -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def say_day(day: date, *, with_year: bool) -> str:
    # Not strftime: its day has a leading zero, and its month the language of the machine
    return f"{day.day} {MONTHS[day.month - 1]}{f' {day.year}' if with_year else ''}"


MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def say_slot(slots: Sequence[Slot], slot: int) -> str:
    one = slots[slot].start
    return f"{say_day(one.date(), with_year=has_years(slots))} at {one:%H:%M}"


def say_times(slots: Sequence[Slot], these: Iterable[int], among: Iterable[int]) -> str:
    """Some of the slots that a meeting can make, a day at a time: ‘on 3 March, and on 4 March from 14:00’."""
    chosen, whole = set(these), set(among)
    with_year = has_years(slots)
    days: dict[date, list[int]] = {}
    for slot in sorted(whole, key=lambda one: (slots[one].start, one)):
        days.setdefault(slots[slot].start.date(), []).append(slot)
    said = []
    for day, there in days.items():
        if hit := [slot for slot in there if slot in chosen]:
            said.append(f"on {say_day(day, with_year=with_year)}{say_part(slots, there, hit)}")
    return join(said)


def say_part(slots: Sequence[Slot], there: list[int], hit: list[int]) -> str:
    first, last = slots[hit[0]].start, slots[hit[-1]].start
    if hit == there and len(there) > 1:
        return ""
    if len(hit) > 1 and hit == there[-len(hit) :]:
        return f" from {first:%H:%M}"
    if len(hit) > 1 and hit == there[: len(hit)]:
        return f" until {last:%H:%M}"
    return f" at {join(list(dict.fromkeys(f'{slots[slot].start:%H:%M}' for slot in hit)))}"


def has_years(slots: Sequence[Slot]) -> bool:
    return len({slot.start.year for slot in slots}) > 1
