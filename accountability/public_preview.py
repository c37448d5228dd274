"""What the public will see of a cycle, beside what officers see: each figure with whether it is withheld, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accountability.report_figures import get_ledgers
from surveys.disclosure import REASONS, Decision, Figure, ShownGroup
from surveys.enums import Series
from surveys.models import Cycle
from surveys.public_overview import get_public_overview


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `public` is empty where it is withheld; `note` says why, or what else is."""

    name: str
    officers: str
    public: str
    note: str


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one heading. `indicators` are those withheld alone, for the others are as on the overview."""

    key: str
    title: str
    rows: tuple[Row, ...]
    indicators: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """`earlier` counts publications of this cycle that this one was held against."""

    cycle: Cycle
    series: Series
    submitted: int
    parts: tuple[Part, ...]
    decisions: tuple[Decision, ...]
    shown: int
    withheld: int
    earlier: int


def get_preview(cycle: Cycle, series: Series) -> Preview:
    ledgers = get_ledgers(cycle.partnership)
    public = get_public_overview(cycle, series, ledgers)
    release = public.release
    parts = [make_group_part(group) for group in release.groups]
    if release.scores.records:
        everybody = make_row("Overall grades", release.whole)
        themes = (make_row(f"{one.code} {one.title}", one.figure) for one in release.themes)
        parts = [Part("all", "All organisations", (everybody, *themes)), *parts]
    figures = [*list_figures(release.groups), release.whole, *(one.figure for one in release.themes)]
    return Preview(
        cycle=cycle,
        series=series,
        submitted=len(release.scores.records),
        parts=tuple(parts),
        decisions=public.decisions,
        shown=sum(figure.is_shown for figure in figures),
        withheld=sum(not figure.is_shown for figure in figures),
        earlier=sum(ledger["cycle"] == cycle.slug for ledger in ledgers),
    )


def make_group_part(group: ShownGroup) -> Part:
    whole = make_row("Overall grades", group.figure, with_mean=group.group.has_mean)
    rows = (
        make_row(f"{one.heading.code} {one.heading.title}", one.figure, with_mean=group.group.has_mean)
        for one in group.headings
    )
    indicators = (
        make_row(f"{one.asked.code} {one.asked.text}", one.figure)
        for heading in group.headings
        if heading.figure.is_shown
        for one in heading.indicators
        if not one.figure.is_shown
    )
    count = len(group.group.records)
    return Part(group.group.key, f"{group.group.label} ({count:,})", (whole, *rows), tuple(indicators))


def make_row(name: str, figure: Figure, *, with_mean: bool = False) -> Row:
    share = str(figure.cell.grades.at_grade_2) if figure.cell.grades.total else "No grade"
    mean = figure.cell.mean if with_mean else None
    officers = f"{share}, mean {mean}" if mean else share
    if figure.fault:
        return Row(name, officers, "", f"{REASONS[figure.fault].capitalize()}.")
    if mean and not figure.shows_mean:
        return Row(name, officers, share, "The mean is withheld: it would give away what is.")
    return Row(name, officers, officers, "")


def list_figures(groups: tuple[ShownGroup, ...]) -> Iterator[Figure]:
    for group in groups:
        yield group.figure
        for heading in group.headings:
            yield heading.figure
            for indicator in heading.indicators:
                yield indicator.figure
