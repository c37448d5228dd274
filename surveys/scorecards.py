"""Frozen scorecards: the rows that a submission leaves behind, made from the pure scorecard."""

from __future__ import annotations

from collections.abc import Iterable

from surveys.enums import Scope, Series
from surveys.models import Answer, Audit, Indicator, Scorecard
from surveys.scoring import NOT_APPLICABLE, Item, Tally, make_scorecard


def make_item(answer: Answer | None) -> Item:
    """What an answer says: a score, not applicable, or None for missing."""
    if answer is None or not answer.is_answered:
        return None
    return NOT_APPLICABLE if answer.is_not_applicable else answer.score


def make_scorecard_rows(
    audit: Audit, items: Iterable[tuple[Indicator, Item]], *, series: Series = Series.SELF
) -> list[Scorecard]:
    """The rows of the audit's present submission, unsaved: the whole, each standard, each theme.

    Raises MissingAnswers where an item is missing.
    """
    items = list(items)
    standards = {str(indicator.standard_id): indicator.standard_id for indicator, _ in items}
    themes = {str(indicator.theme_id): indicator.theme_id for indicator, _ in items}
    card = make_scorecard(
        (str(indicator.standard_id), str(indicator.theme_id), item) for indicator, item in items
    )

    def make_row(scope: Scope, tally: Tally, **subject: int) -> Scorecard:
        return Scorecard(
            audit=audit,
            series=series,
            submission=audit.submission,
            scope=scope,
            n=tally.n,
            sum=tally.total,
            zeros=tally.zeros,
            not_applicable=tally.not_applicable,
            grade=tally.grade,
            **subject,
        )

    return [
        make_row(Scope.WHOLE, card.whole),
        *(
            make_row(Scope.STANDARD, tally, standard_id=standards[code])
            for code, tally in card.standards.items()
        ),
        *(make_row(Scope.THEME, tally, theme_id=themes[code]) for code, tally in card.themes.items()),
    ]
