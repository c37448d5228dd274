"""Charts of an overview that set the agencies' own scores beside moderated ones and the panel's, of the same audits.

Names by which addresses know them: `series`, and for a variant `school-series`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from s11.web.drawings.chart import Chart
from s11.web.drawings.marks import NARROW, WIDE
from s11.web.drawings.series import SeriesRow, draw_series
from s11.web.text import plural
from surveys.enums import Series
from surveys.overview_series import SeriesComparison, Shift, Step
from surveys.overview_titles import say_step

ALL = "All variants"


@dataclass(frozen=True, slots=True)
class Shown:
    """One series as one step has it: what it was before the step, or after it."""

    series: Series
    step: Step
    is_after: bool = False

    def mean(self, find: Callable[[Step], Shift]) -> str | None:
        shift = find(self.step)
        return (shift.after if self.is_after else shift.before).mean


def find_shown(comparison: SeriesComparison) -> list[Shown]:
    """All of the same audits: those with a panel's scores if there are any, else the moderated ones."""
    moderated, middle, panel = comparison.steps
    if panel.audits:
        between = [Shown(Series.MODERATED, middle)] if middle.audits == panel.audits else []
        return [Shown(Series.SELF, panel), *between, Shown(Series.PANEL, panel, is_after=True)]
    if moderated.audits:
        return [Shown(Series.SELF, moderated), Shown(Series.MODERATED, moderated, is_after=True)]
    return []


def list_series_charts(comparison: SeriesComparison) -> Iterator[Chart]:
    """All variants, and each of them."""
    shown = find_shown(comparison)
    if not shown:
        return
    step = shown[-1].step
    rows: list[tuple[str, Callable[[Step], Shift]]] = [(ALL, lambda one: one.whole)]
    for place, variant in enumerate(step.variants):
        rows.append((str(variant.variant.label), partial(find_variant, place)))
    about = "Mean scores by series, of the audits that have each"
    yield make_series_chart("series", about, say_step(step), shown, rows, audits=step.audits)


def list_variant_series_charts(comparison: SeriesComparison) -> Iterator[Chart]:
    shown = find_shown(comparison)
    for place, variant in enumerate(shown[-1].step.variants if shown else ()):
        rows = [
            (f"{shift.code} {shift.title}", partial(find_standard, place, number))
            for number, shift in enumerate(variant.standards)
            if shift.audits
        ]
        label = variant.variant.label
        yield make_series_chart(
            f"{variant.variant.value}-series",
            f"{label}: mean scores by series and standard, of the audits that have each",
            f"{label}: {variant.whole.changed} answers were changed",
            shown,
            rows,
            audits=variant.whole.audits,
        )


def find_variant(place: int, step: Step) -> Shift:
    return step.variants[place].whole


def find_standard(place: int, number: int, step: Step) -> Shift:
    return step.variants[place].standards[number]


def make_series_chart(
    key: str,
    about: str,
    title: str,
    shown: Sequence[Shown],
    rows: Sequence[tuple[str, Callable[[Step], Shift]]],
    *,
    audits: int,
) -> Chart:
    last = shown[-1].step
    names = [str(one.series.label) for one in shown]
    drawn = [SeriesRow(name, tuple(one.mean(find) for one in shown)) for name, find in rows]
    return Chart(
        key=key,
        about=about,
        title=title,
        summary=f"Means from 0 to 2, over {plural(audits, 'audit')}, the same in each series.",
        wide=draw_series(drawn, names, WIDE),
        narrow=draw_series(drawn, names, NARROW),
        head=(
            "Standard" if rows[0][0] != ALL else "Variant",
            "Audits",
            *names,
            "Answers changed",
            "Up",
            "Down",
        ),
        lines=tuple(
            (
                row.name,
                found.audits,
                *row.means,
                found.changed if found.answers else None,
                found.up,
                found.down,
            )
            for row, (_, find) in zip(drawn, rows, strict=True)
            for found in [find(last)]
        ),
    )
