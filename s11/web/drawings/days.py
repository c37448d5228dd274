"""Returns day by day: steps that add up, how many were asked, and the closing day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from s11.web.drawings.marks import LETTER, SMALL, Box, Drawing, Line, Mark, Words
from s11.web.drawings.words import measure

TOP, PLOT = 24.0, 150.0
FOOT = TOP + PLOT
DAYS = 20  # what a line of days' names takes


@dataclass(frozen=True, slots=True)
class Returns:
    """`by_day` counts first submissions, `of` says how many were invited, `until` is the last day that is known."""

    opens: dt.date
    closes: dt.date
    by_day: Mapping[dt.date, int]
    of: int
    until: dt.date

    @property
    def days(self) -> list[dt.date]:
        return sorted(day for day, count in self.by_day.items() if count)

    @property
    def total(self) -> int:
        return sum(self.by_day.values())

    @property
    def start(self) -> dt.date:
        return min([self.opens, *self.days])

    @property
    def end(self) -> dt.date:
        """Late returns stretch the drawing past the closing day."""
        return max([self.closes, *self.days])

    def place(self, day: dt.date) -> float:
        """Where a day begins, from 0 to 1."""
        return (day - self.start).days / self.length

    def place_after(self, day: dt.date) -> float:
        """A day lasts until the next one begins."""
        return self.place(day) + 1 / self.length

    @property
    def length(self) -> int:
        return (self.end - self.start).days + 1

    def height(self, count: int) -> float:
        return PLOT * count / max(self.of, self.total, 1)


def draw_returns(returns: Returns, width: float) -> Drawing:
    """How many had come by each day. The closing mark stands at the end of the closing day."""
    invited = Words(0, TOP - 7, f"{returns.of:,} invited", SMALL, look="quiet")
    marks: list[Mark] = [Line(0, TOP, width, TOP, "dashed"), invited, *draw_steps(returns, width)]
    deadline = min(returns.place_after(returns.closes) * width, width - 1)
    marks += [Line(0, FOOT, width, FOOT, "axis"), Line(deadline, TOP, deadline, FOOT + 6, "deadline")]
    names = name_days(returns, deadline, width)
    if returns.total:
        marks.append(say_total(returns, invited, deadline, width))
    return Drawing(width, max(name.edges.bottom for name in names) + 4, (*marks, *names))


def draw_steps(returns: Returns, width: float) -> list[Mark]:
    marks: list[Mark] = []
    days, so_far = returns.days, 0
    edges = [*map(returns.place, days[1:]), find_edge(returns)] if days else []
    for day, edge in zip(days, edges, strict=True):
        so_far += returns.by_day[day]
        left, height = returns.place(day) * width, returns.height(so_far)
        marks.append(Box(left, FOOT - height, edge * width - left, height, "area"))
        marks.append(Box(left, FOOT - height, edge * width - left, min(height, 3), "dark"))
    return marks


def find_edge(returns: Returns) -> float:
    """Where what is known ends."""
    return returns.place_after(min(max([returns.until, *returns.days]), returns.end))


def name_days(returns: Returns, deadline: float, width: float) -> list[Words]:
    """The opening and the closing day, below one another where they have no room beside each other."""
    opening, closing = f"opens {say_day(returns.opens)}", f"closes {say_day(returns.closes)}"
    first = Words(
        min(returns.place(returns.opens) * width, width - measure(opening, SMALL)),
        FOOT + DAYS,
        opening,
        SMALL,
        look="quiet",
    )
    wide = measure(closing, SMALL)
    left = deadline - wide if deadline > width / 2 else deadline
    left = min(max(left, 0), width - wide)
    line = 0 if first.edges.right + 8 <= left else DAYS
    return [first, Words(left, FOOT + DAYS + line, closing, SMALL)]


def say_total(returns: Returns, invited: Words, deadline: float, width: float) -> Words:
    """Above the line's end; near the top beside how many were invited. Beside the closing day's mark, not across it."""
    text = f"{returns.total:,} submitted"
    wide = measure(text, LETTER, is_bold=True)
    height = returns.height(returns.total)
    right = min(max(find_edge(returns) * width - 4, wide), width)
    if height > PLOT - 26:
        right = max(right, invited.edges.right + 12 + wide)
        return Words(right, TOP - 7, text, LETTER, "end", is_bold=True)
    if right - wide - 4 < deadline < right + 4:
        right = deadline - 8 if deadline - 8 >= wide else deadline + 8 + wide
    return Words(right, FOOT - height - 8, text, LETTER, "end", is_bold=True)


def say_day(day: dt.date) -> str:
    return f"{day.day} {day:%b}"
