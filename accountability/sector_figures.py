"""Where the agencies of a variant stand in a cycle: the quartiles of their means, by standard and over all of them.

Self-assessed scores, as last submitted: the one series that every agency has. Nobody's own mean is told. A figure is
told only beside a public one: where a report published at this moment would show the mean of the same agencies by
itself. So what that report leaves out, merges or withholds is not told here either.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

from accountability.models import FeedbackIssue, SectorFigure
from accountability.report_figures import get_ledgers
from s11.organisations.known_together import get_known_together
from surveys.disclosure import Ledger, Release, ShownGroup
from surveys.disclosure.cells import Part, get_contribution, make_part
from surveys.enums import Series
from surveys.figures import round_half_up
from surveys.models import Cycle, CycleQuestionnaire, Standard
from surveys.public_overview import get_public_overview
from surveys.quartiles import Quartiles, make_quartiles

PLACES = 2
# The pinned question bank, and the standard or None for all of them.
Subject = tuple[int, int | None]


@dataclass(frozen=True)
class SectorFigures:
    """Unsaved rows of an issue. `ledger` says who is in those that no agency was told before."""

    rows: list[SectorFigure]
    ledger: str

    @property
    def told(self) -> set[tuple[object, ...]]:
        """To compare."""
        return {
            (row.cycle_questionnaire_id, row.standard_id, row.organisations, *row.values) for row in self.rows
        }


def make_sector_figures(issue: FeedbackIssue) -> SectorFigures:
    """What agencies were told of a cycle is told them again: two figures, before and after somebody came or changed an
    answer, would together say who and what.
    """
    cycle = issue.cycle
    told = get_told(cycle)
    release = get_public_overview(cycle, Series.SELF, get_ledgers(cycle.partnership)).release
    found = {subject: one for subject, one in find_quartiles(cycle, release) if subject not in told}
    pins = {pin.pk: pin.variant for pin in cycle.cycle_questionnaires.all()}
    variants = {pins[bank] for bank, _ in found}
    return SectorFigures(
        rows=[
            *(repeat(issue, figure) for figure in told.values()),
            *(make_row(issue, subject, one) for subject, one in found.items()),
        ],
        ledger=json.dumps(Ledger.of_some(release.scores, variants).as_json()) if variants else "",
    )


def get_told(cycle: Cycle) -> dict[Subject, SectorFigure]:
    """What agencies were told first. One query."""
    told = SectorFigure.objects.filter(issue__cycle=cycle, issue__told_at__isnull=False)
    newest_first = told.order_by("-issue__number", "pk")
    return {(one.cycle_questionnaire_id, one.standard_id): one for one in newest_first}


def find_quartiles(cycle: Cycle, release: Release) -> Iterator[tuple[Subject, Quartiles]]:
    """Of each figure whose mean the public would see for one variant, where nobody knows too much of it already."""
    organisations = [record.organisation for record in release.scores.records]
    known = get_known_together(organisations, cycle.partnership, get_start(cycle))
    pins = {pin.variant: pin for pin in cycle.cycle_questionnaires.all()}
    standards = get_standards(pins)
    for shown in release.groups:
        if shown.group.is_merged:
            continue
        pin = pins[shown.group.key]
        for code, part in list_parts(shown, release):
            quartiles = make_quartiles(get_means(shown, part), known)
            if quartiles is not None:
                yield (pin.pk, standards[pin.questionnaire_id, code] if code else None), quartiles


def get_start(cycle: Cycle) -> datetime.datetime:
    """Whoever left before it began knows nothing of its scores."""
    midnight = datetime.datetime.combine(cycle.opens_on, datetime.time.min)
    return cycle.opened_at or timezone.make_aware(midnight)


def get_standards(pins: Mapping[str, CycleQuestionnaire]) -> dict[tuple[int, str], int]:
    """By question bank and code. One query."""
    found = Standard.objects.filter(
        questionnaire__in=[pin.questionnaire_id for pin in pins.values()]
    ).order_by()
    return {(bank, code): pk for pk, bank, code in found.values_list("pk", "questionnaire", "code")}


def list_parts(shown: ShownGroup, release: Release) -> Iterator[tuple[str, Part]]:
    """By standard's code, "" for all: those of which the public would see a mean."""
    bank = release.scores.bank_of[shown.group.key]
    for heading in shown.headings:
        if heading.figure.shows_mean:
            codes = {asked.code for asked in heading.heading.asked}
            yield heading.heading.code, make_part([bank], lambda asked, codes=codes: asked.code in codes)  # type: ignore[misc]  # a default of a lambda
    if shown.figure.shows_mean:
        yield "", make_part([bank])


def get_means(shown: ShownGroup, part: Part) -> dict[int, Fraction]:
    """By organisation, of every one with a score there."""
    found = ((record.organisation, get_contribution(record, part)) for record in shown.group.records)
    return {organisation: Fraction(one.total, one.n) for organisation, one in found if one.n}


def make_row(issue: FeedbackIssue, subject: Subject, quartiles: Quartiles) -> SectorFigure:
    bank, standard = subject
    return SectorFigure(
        issue=issue,
        cycle_questionnaire_id=bank,
        standard_id=standard,
        organisations=quartiles.organisations,
        lower=round_mean(quartiles.lower),
        median=round_mean(quartiles.median),
        upper=round_mean(quartiles.upper),
    )


def repeat(issue: FeedbackIssue, figure: SectorFigure) -> SectorFigure:
    return SectorFigure(
        issue=issue,
        cycle_questionnaire_id=figure.cycle_questionnaire_id,
        standard_id=figure.standard_id,
        organisations=figure.organisations,
        lower=figure.lower,
        median=figure.median,
        upper=figure.upper,
    )


def round_mean(mean: Fraction) -> Decimal:
    return round_half_up(mean, PLACES)
