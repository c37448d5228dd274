"""The overview's figures a second time, slowly: what the fast overview must agree with.

Written from the rules alone and sharing nothing with the code it checks (no import from surveys): loops over
plain rows, scores as text, every figure counted anew, rounding by the decimal module's own ROUND_HALF_UP.

`slow_overview(bank, audits, answers)` takes three lists of tuples:

- bank: an IndicatorRow for each indicator that the cycle may ask (of a topic the chosen standards, of a core
  cycle the core ones), of every variant in it, in the questionnaire's order. `theme` is the indicator's own
  theme where it has one, else its standard's; `standard_theme` is always the standard's.
- audits: an AuditRow for each audit that counts: submitted (a returned one as last submitted), no own-tool
  returns, in any order. `audit` is any text that only this audit has; `organisation` is the name to print.
- answers: an AnswerRow for each indicator that such an audit was asked, as last submitted, in any order.
  `score` is the text '0', '1', '2' or 'NA'. For the moderated series pass the audits whose moderation is
  closed, and the moderated score where there is one; for the panel's series likewise.

It returns the keys 'all', 'variants', 'themes' and 'critical_zeros' of the overview's JSON. Critical zeros
are ordered by the organisation's name and then the code, both as plain text.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

VARIANTS = ["standard", "health", "care_home", "school"]

Json = dict[str, Any]


class IndicatorRow(NamedTuple):
    variant: str
    standard: str
    title: str  # the standard's
    standard_theme: str
    indicator: str
    key: str
    theme: str
    critical: bool


class AuditRow(NamedTuple):
    audit: str
    organisation: str
    variant: str


class AnswerRow(NamedTuple):
    audit: str
    indicator: str
    score: str


def slow_overview(bank: list[IndicatorRow], audits: list[AuditRow], answers: list[AnswerRow]) -> Json:
    check_rows(bank, audits, answers)
    return {
        "all": slow_group(audits, answers),
        "variants": [
            slow_variant(variant, bank, audits, answers)
            for variant in VARIANTS
            if any(audit.variant == variant for audit in audits)
        ],
        "themes": slow_themes(bank, audits, answers),
        "critical_zeros": slow_critical_zeros(bank, audits, answers),
    }


def check_rows(bank: list[IndicatorRow], audits: list[AuditRow], answers: list[AnswerRow]) -> None:
    """A row that the twin silently left out would make the comparison worthless."""
    variants = {audit.audit: audit.variant for audit in audits}
    assert len(variants) == len(audits), "two rows for one audit"
    assert set(variants.values()) <= set(VARIANTS), "an unknown variant"
    known = {(row.variant, row.indicator) for row in bank}
    assert len(known) == len(bank), "two rows for one indicator"
    seen = set()
    for answer in answers:
        assert answer.audit in variants, f"an answer without an audit: {answer}"
        assert (variants[answer.audit], answer.indicator) in known, f"not in the variant's bank: {answer}"
        assert answer.score in ("0", "1", "2", "NA"), f"not a score: {answer}"
        assert (answer.audit, answer.indicator) not in seen, f"answered twice: {answer}"
        seen.add((answer.audit, answer.indicator))


def slow_group(audits: list[AuditRow], answers: list[AnswerRow]) -> Json:
    """Number submitted, and overall grades, of a group of audits."""
    grades = [slow_grade([a.score for a in answers if a.audit == audit.audit]) for audit in audits]
    return {"submitted": len(audits), **slow_grades(grades)}


def slow_variant(
    variant: str, bank: list[IndicatorRow], audits: list[AuditRow], answers: list[AnswerRow]
) -> Json:
    audits = [audit for audit in audits if audit.variant == variant]
    names = [audit.audit for audit in audits]
    answers = [answer for answer in answers if answer.audit in names]
    bank = [row for row in bank if row.variant == variant]
    standards: list[str] = []
    for row in bank:
        if row.standard not in standards:
            standards.append(row.standard)
    return {
        "variant": variant,
        **slow_group(audits, answers),
        "mean": slow_mean([answer.score for answer in answers]),
        "standards": [
            slow_standard([row for row in bank if row.standard == standard], audits, answers)
            for standard in standards
        ],
    }


def slow_standard(rows: list[IndicatorRow], audits: list[AuditRow], answers: list[AnswerRow]) -> Json:
    codes = [row.indicator for row in rows]
    grades = [
        slow_grade([a.score for a in answers if a.audit == audit.audit and a.indicator in codes])
        for audit in audits
    ]
    return {
        "code": rows[0].standard,
        "title": rows[0].title,
        "theme": rows[0].standard_theme,
        "mean": slow_mean([answer.score for answer in answers if answer.indicator in codes]),
        **slow_grades(grades),
        "indicators": [slow_indicator(row, answers) for row in rows],
    }


def slow_indicator(row: IndicatorRow, answers: list[AnswerRow]) -> Json:
    scores = [answer.score for answer in answers if answer.indicator == row.indicator]
    return {
        "code": row.indicator,
        "key": row.key,
        "scores": {score: scores.count(score) for score in ("0", "1", "2")},
        "not_applicable": scores.count("NA"),
        "mean": slow_mean(scores),
    }


def slow_themes(bank: list[IndicatorRow], audits: list[AuditRow], answers: list[AnswerRow]) -> list[Json]:
    themes = []
    for number in range(1, 11):
        code = f"T{number}"
        grades = []
        for audit in audits:
            under = [row.indicator for row in bank if row.variant == audit.variant and row.theme == code]
            grades.append(
                slow_grade([a.score for a in answers if a.audit == audit.audit and a.indicator in under])
            )
        if any(grade != "" for grade in grades):
            themes.append({"code": code, "at_grade_2": slow_grades(grades)["at_grade_2"]})
    return themes


def slow_critical_zeros(
    bank: list[IndicatorRow], audits: list[AuditRow], answers: list[AnswerRow]
) -> list[Json]:
    zeros = []
    for audit in audits:
        critical = [row.indicator for row in bank if row.variant == audit.variant and row.critical]
        scored_0 = [a.indicator for a in answers if a.audit == audit.audit and a.score == "0"]
        zeros += [(audit.organisation, code) for code in scored_0 if code in critical]
    return [{"organisation": organisation, "indicator": code} for organisation, code in sorted(zeros)]


def slow_grades(grades: list[str]) -> Json:
    counts = {grade: grades.count(grade) for grade in ("0", "1", "2")}
    graded = [grade for grade in grades if grade != ""]
    share = {"count": counts["2"], "of": len(graded), "percent": slow_percent(counts["2"], len(graded))}
    return {"grades": counts, "at_grade_2": share}


def slow_grade(scores: list[str]) -> str:
    """'0', '1' or '2'; '' where nothing was scored."""
    scored = [Decimal(score) for score in scores if score != "NA"]
    return slow_rounding(sum(scored, Decimal()), len(scored), "1") if scored else ""


def slow_mean(scores: list[str]) -> str | None:
    scored = [Decimal(score) for score in scores if score != "NA"]
    return slow_rounding(sum(scored, Decimal()), len(scored), "0.01") if scored else None


def slow_percent(count: int, of: int) -> int | None:
    return int(slow_rounding(Decimal(100 * count), of, "1")) if of else None


def slow_rounding(dividend: Decimal, divisor: int, step: str) -> str:
    # A tie is a short decimal, so 28 digits hold it exactly; a quotient that they cut short is no tie.
    return str((dividend / Decimal(divisor)).quantize(Decimal(step), rounding=ROUND_HALF_UP))
