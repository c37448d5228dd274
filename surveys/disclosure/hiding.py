"""One group's figures: which of them its scores forbid, and which others must be hidden with them.

docs/disclosure.md states the rule and why it is safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from surveys.disclosure.cells import Cell, Part, get_contribution, is_within, join_parts, make_cell, make_part
from surveys.disclosure.earlier import Before, name_figure
from surveys.disclosure.merging import Group
from surveys.disclosure.rules import Fault, find_fault
from surveys.disclosure.scores import Asked, Heading, Scores
from surveys.disclosure.shown import Figure, ShownGroup, ShownHeading, ShownIndicator
from surveys.scoring import grade_of

# Hidden for what the scores behind them are; what has changed is hidden for what it was before.
UNSAFE = frozenset({Fault.FEW, Fault.LOW})
# Of so many scores a grade says something about each.
FEWEST_SCORES = 3


@dataclass(frozen=True, slots=True)
class Item:
    """A standard of a group, or an indicator of a standard, before it is decided what is hidden with what."""

    code: str
    part: Part
    cell: Cell
    fault: Fault | None
    is_known: bool  # an earlier publication showed the same, so hiding it hides nothing


class GroupMaker:
    """`clusters` are the parts of which some is hidden for the scores behind it: no theme may hold one in part."""

    def __init__(self, scores: Scores, before: Before, group: Group) -> None:
        self.scores = scores
        self.before = before
        self.group = group
        self.banks = [scores.bank_of[variant] for variant in group.variants]
        self.clusters: list[Part] = []

    def make(self) -> ShownGroup:
        part = make_part(self.banks)
        cell, fault = self.judge(part)
        if fault in UNSAFE or self.before.is_regrouped(self.group.variants):
            return ShownGroup(self.group, Figure(cell, fault, shows_mean=False), ())
        headings = self._make_headings()
        items = [self._make_item(heading.code, self._part_of(heading)) for heading in headings]
        faults = self._hide_partners(items)
        shown = tuple(
            self._make_heading(heading, item, found)
            for heading, item, found in zip(headings, items, faults, strict=True)
        )
        faults = [one.figure.fault for one in shown]
        if fault is None and self.tells_what_is_hidden(part):
            fault = Fault.PARTNER
        all_sums = all(one.figure.shows_mean or one.figure.fault for one in shown)
        shows_mean = not fault and all_sums and self._may_show_mean(part, items, faults)
        return ShownGroup(self.group, Figure(cell, fault, shows_mean=shows_mean), shown)

    def judge(self, part: Part) -> tuple[Cell, Fault | None]:
        cell = make_cell(self.group.records, part)
        fault = find_fault(cell)
        if fault is None and self._has_changed(part, of_grades=True):
            fault = Fault.CHANGED
        return cell, fault

    def judge_part(self, part: Part) -> tuple[Cell, Fault | None]:
        """Where variants are shown together, a theme that is not everybody’s would tell them apart: whom it rules out
        of a grade, by its rest, is known to be of the other variant."""
        cell, fault = self.judge(part)
        scored = [get_contribution(record, part).n for record in self.group.records]
        is_everybodys = min(scored, default=0) >= FEWEST_SCORES and self._asks_the_same_themes()
        is_apart = self.group.is_merged and any(scored)
        if fault is None and is_apart and not (is_everybodys and self._could_be_anybodys()):
            fault = Fault.APART
        return cell, fault

    def _asks_the_same_themes(self) -> bool:
        """Else a grade over all themes tells, beside a theme's, who has others."""
        return len({frozenset(asked.theme for asked in bank.asked) for bank in self.banks}) == 1

    def _could_be_anybodys(self) -> bool:
        """Whether each organisation's grades, by theme and overall, could be had in every bank: who is at 0 overall and
        at 1 in a theme can only be of a variant in which that theme is a small part."""
        themes = [code for code, _ in self.scores.themes]
        parts = [make_part(self.banks, lambda asked, code=code: asked.theme == code) for code in themes]  # type: ignore[misc]  # a default of a lambda
        sizes = {bank.variant: [len(part[bank.variant]) for part in parts] for bank in self.banks}
        whole = make_part(self.banks)
        for record in self.group.records:
            grades = [get_contribution(record, part).grade for part in parts]
            overall = get_contribution(record, whole).grade
            if not all(can_have(asked, grades, overall) for asked in sizes.values()):
                return False
        return True

    def tells_what_is_hidden(self, part: Part) -> bool:
        """Whether a grade over the part could give a single hidden answer in it away: two 0s make a grade of 0, and
        nothing else does."""
        if not any(is_within(cluster, part) for cluster in self.clusters):
            return False
        scored = (get_contribution(record, part).n for record in self.group.records)
        return any(0 < n < FEWEST_SCORES for n in scored)

    def _make_item(self, code: str, part: Part) -> Item:
        cell, fault = self.judge_part(part)
        name = name_figure(self.group.key, code)
        if fault is None and self.before.was_hidden(name):
            fault = Fault.PARTNER
        known = self.before.is_known(name, self.group.variants, self.group.records, part)
        return Item(code, part, cell, fault, known)

    def _make_headings(self) -> tuple[Heading, ...]:
        """One variant is shown by its standards. Variants together have no standard in common, but themes."""
        if not self.group.is_merged:
            return self.banks[0].headings
        held = {asked.theme for bank in self.banks for asked in bank.asked}
        return tuple(Heading(code, title, code) for code, title in self.scores.themes if code in held)

    def _part_of(self, heading: Heading) -> Part:
        if self.group.is_merged:
            return make_part(self.banks, lambda asked: asked.theme == heading.code)
        return self._part_of_asked(heading.asked)

    def _part_of_asked(self, asked: Iterable[Asked]) -> Part:
        codes = {one.code for one in asked}
        return make_part(self.banks, lambda one: one.code in codes)

    def _make_heading(self, heading: Heading, item: Item, fault: Fault | None) -> ShownHeading:
        items = [self._make_item(asked.code, self._part_of_asked([asked])) for asked in heading.asked]
        faults = self._hide_partners(items)
        if fault is None and self.tells_what_is_hidden(item.part):
            fault = Fault.PARTNER
        if fault:
            faults = [found or Fault.WITHIN for found in faults]
        indicators = tuple(
            ShownIndicator(asked, Figure(one.cell, found, shows_mean=not found))
            for asked, one, found in zip(heading.asked, items, faults, strict=True)
        )
        shows_mean = not fault and self._may_show_mean(item.part, items, faults)
        return ShownHeading(heading, Figure(item.cell, fault, shows_mean=shows_mean), indicators)

    def _hide_partners(self, items: Sequence[Item]) -> list[Fault | None]:
        """Complementary suppression among the parts of one whole: with those that may not be shown, so many more that
        the hidden ones together could be shown; all of them where that is not reached."""
        faults = [item.fault for item in items]
        if not UNSAFE.intersection(faults):
            return faults
        for place in self._find_partners(items):
            faults[place] = Fault.PARTNER
        self.clusters.append(join_parts(list(_get_hidden(items, faults))))
        return faults

    def _find_partners(self, items: Sequence[Item]) -> list[int]:
        """The nearest in the questionnaire: chosen by their place, not by scores, which the choice could tell."""
        unsafe = [place for place, item in enumerate(items) if item.fault in UNSAFE]
        shown = [place for place, item in enumerate(items) if item.fault is None and item.cell.n]
        shown.sort(key=lambda place: (min(abs(place - one) for one in unsafe), place))
        hidden = [item.part for item in items if item.fault and not item.is_known]
        for count, place in enumerate(shown):
            if not self._find_union_fault(hidden):
                return shown[:count]
            if not items[place].is_known:
                hidden.append(items[place].part)
        return shown

    def _find_union_fault(self, hidden: Sequence[Part]) -> Fault | None:
        return find_fault(make_cell(self.group.records, join_parts(hidden)))

    def _may_show_mean(self, part: Part, items: Sequence[Item], faults: Sequence[Fault | None]) -> bool:
        """A mean with its number is a sum: less the sums that are shown, it is the sum of what is hidden."""
        if not self.group.has_mean:
            return False
        hidden = list(_get_hidden(items, faults))
        if self._has_changed(part, of_grades=False) or self._has_changed(join_parts(hidden), of_grades=False):
            return False
        secret = [item.part for item, fault in zip(items, faults, strict=True) if fault and not item.is_known]
        return not UNSAFE.intersection(faults) or not self._find_union_fault(secret)

    def _has_changed(self, part: Part, *, of_grades: bool) -> bool:
        return self.before.tells_of_changes(
            self.group.variants, self.group.records, part, of_grades=of_grades
        )


def can_have(asked: Sequence[int], grades: Sequence[int | None], overall: int | None) -> bool:
    """Whether who answers so many questions by theme can have these grades in them, and this one overall."""
    known = [(number, grade) for number, grade in zip(asked, grades, strict=True) if grade is not None]
    least = sum(-(-(2 * grade - 1) * number // 2) if grade else 0 for number, grade in known)
    most = sum(-(-(2 * grade + 1) * number // 2) - 1 if grade < 2 else 2 * number for number, grade in known)
    total = sum(number for number, _ in known)
    lowest, highest = grade_of(least, total), grade_of(most, total)
    if overall is None or lowest is None or highest is None:
        return overall is None
    return lowest <= overall <= highest


def _get_hidden(items: Sequence[Item], faults: Sequence[Fault | None]) -> Iterable[Part]:
    return (item.part for item, fault in zip(items, faults, strict=True) if fault)
