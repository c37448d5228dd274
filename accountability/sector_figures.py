"""Where the agencies of a variant stand in a cycle: the quartiles of their means, by standard and over all of them.

Self-assessed scores, as last submitted: the one series that every agency has. Nobody's own mean is told.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from accountability.models import FeedbackIssue, SectorFigure
from surveys.enums import COUNTED, Scope, Series
from surveys.figures import round_half_up
from surveys.models import Cycle, Scorecard
from surveys.quartiles import make_quartiles

PLACES = 2
# The pinned question bank, and the standard or None for all of them.
Subject = tuple[int, int | None]


def get_means(cycle: Cycle) -> dict[Subject, list[Fraction]]:
    """The means of every agency with a score there. One query, of one row an agency and standard."""
    rows = (
        Scorecard.objects.of_last_submission()
        .filter(
            audit__invitee__cycle=cycle,
            audit__invitee__exempt_reason="",
            audit__status__in=COUNTED,
            series=Series.SELF,
            scope__in=(Scope.WHOLE, Scope.STANDARD),
            n__gt=0,
        )
        .order_by("pk")
        .values_list("audit__invitee__cycle_questionnaire", "standard", "sum", "n")
    )
    found: dict[Subject, list[Fraction]] = defaultdict(list)
    for bank, standard, total, n in rows.iterator():
        found[bank, standard].append(Fraction(total, n))
    return found


def get_told(cycle: Cycle) -> dict[Subject, SectorFigure]:
    """What agencies were told first. One query."""
    told = SectorFigure.objects.filter(issue__cycle=cycle, issue__told_at__isnull=False)
    newest_first = told.order_by("-issue__number", "pk")
    return {(one.cycle_questionnaire_id, one.standard_id): one for one in newest_first}


def make_sector_figures(issue: FeedbackIssue) -> list[SectorFigure]:
    """Unsaved rows of the issue, where they may be told.

    What agencies were told of a cycle is told them again: two figures, before and after somebody came or changed an
    answer, would together say who and what.
    """
    told = get_told(issue.cycle)
    made = [repeat(issue, figure) for figure in told.values()]
    for (bank, standard), means in get_means(issue.cycle).items():
        if (bank, standard) in told:
            continue
        quartiles = make_quartiles(means)
        if quartiles is None:
            continue
        made.append(
            SectorFigure(
                issue=issue,
                cycle_questionnaire_id=bank,
                standard_id=standard,
                organisations=quartiles.organisations,
                lower=round_mean(quartiles.lower),
                median=round_mean(quartiles.median),
                upper=round_mean(quartiles.upper),
            )
        )
    return made


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
