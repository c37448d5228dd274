"""What came of the rule: each figure with what of it is shown, in the shape of the overview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from surveys.disclosure.cells import Cell
from surveys.disclosure.earlier import Ledger, name_figure
from surveys.disclosure.merging import Group
from surveys.disclosure.rules import Fault
from surveys.disclosure.scores import Asked, Heading, Scores


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell with what of it is shown; `fault` says why its grades are not."""

    cell: Cell
    fault: Fault | None
    shows_mean: bool

    @property
    def is_shown(self) -> bool:
        return self.fault is None


@dataclass(frozen=True, slots=True)
class ShownIndicator:
    asked: Asked
    figure: Figure


@dataclass(frozen=True, slots=True)
class ShownHeading:
    heading: Heading
    figure: Figure
    indicators: tuple[ShownIndicator, ...]


@dataclass(frozen=True, slots=True)
class ShownGroup:
    group: Group
    figure: Figure
    headings: tuple[ShownHeading, ...]


@dataclass(frozen=True, slots=True)
class ShownTheme:
    code: str
    title: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Release:
    """All that may be shown. `late` came after an earlier publication and are too few to be added to it."""

    scores: Scores
    whole: Figure
    groups: tuple[ShownGroup, ...]
    themes: tuple[ShownTheme, ...]
    late: frozenset[int]

    @property
    def ledger(self) -> Ledger:
        return Ledger.of(self.scores, (one.group.variants for one in self.groups), self._name_hidden())

    def _name_hidden(self) -> Iterator[str]:
        for theme in self.themes:
            if theme.figure.fault:
                yield name_figure("", theme.code)
        for shown in self.groups:
            key = shown.group.key
            for heading in shown.headings:
                if heading.figure.fault:
                    yield name_figure(key, heading.heading.code)
                for indicator in heading.indicators:
                    if indicator.figure.fault:
                        yield name_figure(key, indicator.asked.code)
