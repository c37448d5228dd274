"""What goes on in a year, a row a thing: from when to when as bars, single days as dots, today as a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from s11.web.drawings.marks import SMALLEST, Box, Dot, Drawing, Line, Mark, Words
from s11.web.drawings.rows import Band, draw_key, lay_rows
from s11.web.drawings.words import measure

HEAD = 22
ROW = 20
# A day of a year is narrower than a line: the least that a bar is drawn with.
LEAST = 4
INSET = 7  # so that a dot on the first or the last day lies inside


@dataclass(frozen=True, slots=True)
class Span:
    """From the first of these days to the end of the last."""

    first: dt.date
    last: dt.date
    look: str


@dataclass(frozen=True, slots=True)
class MonthsRow:
    """`days` are pairs of a day and a look. What lies outside the year is left out."""

    name: str
    spans: tuple[Span, ...] = ()
    days: tuple[tuple[dt.date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Year:
    """The first days of its months in a row, its last day, and the day that it is now."""

    months: Sequence[dt.date]
    last: dt.date
    today: dt.date


@dataclass(frozen=True, slots=True)
class Scale:
    """Days of the year across one band."""

    year: Year
    band: Band

    @property
    def months(self) -> Sequence[dt.date]:
        return self.year.months

    @property
    def last(self) -> dt.date:
        return self.year.last

    def place(self, day: dt.date) -> float:
        """Where it begins. Months are equally wide, so that their names stand under each other in every year."""
        number = (day.year - self.months[0].year) * 12 + day.month - self.months[0].month
        following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        part = (day.day - 1) / (following - day.replace(day=1)).days
        return self.band.left + self.band.width * (number + part) / len(self.months)

    def has(self, day: dt.date) -> bool:
        return self.months[0] <= day <= self.last


def draw_months(
    rows: Sequence[MonthsRow], year: Year, width: float, key: Sequence[tuple[str, str]]
) -> Drawing:
    marks, top = draw_key(key, width)
    laid = lay_rows([row.name for row in rows], width, [ROW] * len(rows), top=top + HEAD)
    if not laid.bands:
        return Drawing(width, max(top, 1), tuple(marks))
    bands = [Band(band.left + INSET, band.right - INSET, band.top, band.height) for band in laid.bands]
    scale = Scale(year, bands[0])
    marks += name_months(scale, top)
    for row, band in zip(rows, bands, strict=True):
        marks += draw_row(row, Scale(year, band))
    if scale.has(year.today):
        x = scale.place(year.today)
        marks += [Line(x, band.top - 4, x, band.top + band.height + 4, "deadline") for band in bands]
    return Drawing(width, laid.height, (*marks, *laid.names))


def name_months(scale: Scale, top: float) -> list[Mark]:
    """‘Apr’, and on a phone ‘A’."""
    wide = scale.band.width / len(scale.months)
    names = [f"{month:%b}" for month in scale.months]
    if max(measure(name, SMALLEST) for name in names) + 2 > wide:
        names = [name[0] for name in names]
    return [
        Words(scale.place(month) + wide / 2, top + 14, name, SMALLEST, "middle", look="quiet")
        for month, name in zip(scale.months, names, strict=True)
    ]


def draw_row(row: MonthsRow, scale: Scale) -> list[Mark]:
    band = scale.band
    marks: list[Mark] = [Box(band.left, band.middle - 1, band.width, 2, "track")]
    edges = [*map(scale.place, scale.months), band.right]
    marks += [Line(x, band.middle - 4, x, band.middle + 4, "rule") for x in edges]
    for span in row.spans:
        first, last = max(span.first, scale.months[0]), min(span.last, scale.last)
        if first > last:
            continue
        end = min(scale.place(last + dt.timedelta(days=1)), band.right)
        left = min(scale.place(first), band.right - LEAST)
        marks.append(Box(left, band.middle - 6, max(end - left, LEAST), 12, span.look))
    for day, look in row.days:
        if scale.has(day):
            marks.append(Dot(scale.place(day), band.middle, 6.5 if look == "ring" else 5, look))
    return marks
