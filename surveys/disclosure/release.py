"""From scores to what may be shown of them: groups first, then each group's figures, then what is over all groups."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.disclosure.cells import is_cut, make_cell, make_part
from surveys.disclosure.earlier import Before, Ledger, name_figure
from surveys.disclosure.hiding import GroupMaker
from surveys.disclosure.merging import Group, make_groups
from surveys.disclosure.rules import Fault, find_fault
from surveys.disclosure.scores import Scores
from surveys.disclosure.shown import Figure, Release, ShownGroup, ShownTheme


def make_release(scores: Scores, published_before: Sequence[Ledger] = ()) -> Release:
    before = Before.of(scores, published_before)
    scores, groups, late = _leave_out_late(scores, before)
    makers = [GroupMaker(scores, before, group) for group in groups]
    shown = tuple(maker.make() for maker in makers)
    themes = tuple(_make_theme(code, title, scores, before, makers) for code, title in scores.themes)
    return Release(
        scores=scores,
        whole=_make_whole(scores, shown),
        groups=shown,
        themes=tuple(theme for theme in themes if theme.figure.cell.grades.total),
        late=late,
    )


def _leave_out_late(scores: Scores, before: Before) -> tuple[Scores, tuple[Group, ...], frozenset[int]]:
    """A few who came after a publication would be the difference between the two. Without them groups may be others."""
    late: frozenset[int] = frozenset()
    while True:
        groups = make_groups(scores, before)
        joiners = frozenset[int]().union(*(before.find_joiners(group.records) for group in groups))
        if not joiners:
            return scores, groups, late
        late |= joiners
        scores = scores.without(joiners)


def _make_whole(scores: Scores, shown: Sequence[ShownGroup]) -> Figure:
    """Everybody’s grades are the sum of the groups’, so they are shown only where every group’s are."""
    cell = make_cell(scores.records, make_part(scores.banks))
    fault = find_fault(cell)
    for one in shown:
        fault = fault or one.figure.fault
    return Figure(cell, fault, shows_mean=False)


def _make_theme(
    code: str, title: str, scores: Scores, before: Before, makers: Sequence[GroupMaker]
) -> ShownTheme:
    """Over all groups: shown only where each group’s could be, and where it holds no cluster in part."""
    part = make_part(scores.banks, lambda asked: asked.theme == code)
    cell = make_cell(scores.records, part)
    fault = find_fault(cell)
    for maker in makers:
        fault = fault or maker.judge_part(part)[1]
        is_cutting = any(is_cut(cluster, part) for cluster in maker.clusters)
        if fault is None and (is_cutting or maker.tells_what_is_hidden(part)):
            fault = Fault.PARTNER
    if fault is None and before.was_hidden(name_figure("", code)):
        fault = Fault.PARTNER
    return ShownTheme(code, title, Figure(cell, fault, shows_mean=False))
