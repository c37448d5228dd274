"""What changed between a submitted audit and the two before it, counted where the rows lie.

SQL of its own: one comparison reads three answers of each indicator, some hundred thousand of a large cycle, and only
four numbers an audit are wanted. Indicators are the same where their keys are, whichever bank asks them. Both
databases read the joins in the order in which they stand, which is the one that finds each row by an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

from surveys.figures import half_up

HIGHEST: Final = 2
# Lines of one statement: databases take some thirty thousand parameters.
LINES: Final = 5_000
NOBODY: Final = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """One submitted audit, and the bank that it answered."""

    audit: int = NOBODY
    bank: int = NOBODY


@dataclass(frozen=True, slots=True)
class Comparison:
    """Over the indicators that an audit and the one before it share; the percentages over those that both scored."""

    percent: int | None = None
    percent_before: int | None = None
    # From 0 to 2.
    leaps: int = 0
    # Commentaries that stand word for word in the two audits before it.
    unchanged: int = 0


SUBMITTED: Final = "({0}.submitted_score IS NOT NULL OR {0}.submitted_not_applicable)"
BOTH: Final = "answer.submitted_score IS NOT NULL AND former.submitted_score IS NOT NULL"
STATEMENT: Final = f"""
WITH line (audit, before, bank_before, earlier, bank_earlier) AS (VALUES {{rows}})
SELECT line.audit,
       COUNT(CASE WHEN {BOTH} THEN 1 END),
       COALESCE(SUM(CASE WHEN {BOTH} THEN answer.submitted_score END), 0),
       COALESCE(SUM(CASE WHEN {BOTH} THEN former.submitted_score END), 0),
       COUNT(CASE WHEN answer.submitted_score = 2 AND former.submitted_score = 0 THEN 1 END),
       COUNT(CASE WHEN answer.commentary <> '' AND answer.commentary = former.commentary AND EXISTS (
           SELECT 1 FROM surveys_indicator AS its_first CROSS JOIN surveys_answer AS first
           WHERE its_first.questionnaire_id = line.bank_earlier AND its_first.key = its.key
             AND first.audit_id = line.earlier AND first.indicator_id = its_first.id
             AND first.commentary = answer.commentary AND {SUBMITTED.format("first")}
       ) THEN 1 END)
FROM line
CROSS JOIN surveys_answer AS answer
CROSS JOIN surveys_indicator AS its
CROSS JOIN surveys_indicator AS its_former
CROSS JOIN surveys_answer AS former
WHERE answer.audit_id = line.audit AND its.id = answer.indicator_id
  AND its_former.questionnaire_id = line.bank_before AND its_former.key = its.key
  AND former.audit_id = line.before AND former.indicator_id = its_former.id
  AND {SUBMITTED.format("answer")} AND {SUBMITTED.format("former")}
GROUP BY line.audit
"""  # noqa: S608  nothing but the statement's own words: what varies is a parameter


def compare(lines: Iterable[tuple[int, Sequence[Sent]]]) -> dict[int, Comparison]:
    """By audit, of those that share an indicator with the nearest before them. One query for each 5,000 audits.

    A line is an audit, and those before it, the nearest first; the second may be missing.
    """
    given = [(audit, *_fill(before)) for audit, before in lines if before]
    found = {}
    for start in range(0, len(given), LINES):
        for audit, *counts in _ask(given[start : start + LINES]):
            found[audit] = _make_comparison(*counts)
    return found


def _fill(before: Sequence[Sent]) -> tuple[int, int, int, int]:
    """Zeros, which are nobody's, where there is no second: a column of nothing but NULL has no type."""
    first, second = (*before, Sent())[:2]
    return first.audit, first.bank, second.audit, second.bank


def _ask(lines: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    rows = ", ".join(["(%s, %s, %s, %s, %s)"] * len(lines))
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(rows=rows), [number for line in lines for number in line])
        yield from cursor.fetchall()


def _make_comparison(shared: int, total: int, total_before: int, leaps: int, unchanged: int) -> Comparison:
    """The sums of scores in hundredths of the highest, over what both scored; nothing where that is nothing."""
    if not shared:
        return Comparison(leaps=leaps, unchanged=unchanged)
    highest = HIGHEST * shared
    return Comparison(half_up(100 * total, highest), half_up(100 * total_before, highest), leaps, unchanged)
