"""Findings say what the figures say: counts beside percentages, ties named as ties."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from s11.organisations.enums import Variant
from surveys.enums import CycleStatus, Series
from surveys.figures import GradeCounts, ParticipationFigures, Share
from surveys.models import Cycle
from surveys.overview import CriticalZero, IndicatorFigures, Overview, VariantFigures
from surveys.overview import StandardFigures as Standard
from surveys.overview_indicators import find_weakest
from surveys.overview_sentences import (
    make_findings,
    say_below_grade_2,
    say_critical_zeros,
    say_grades,
    say_outstanding,
    say_returns,
    say_strong_indicators,
    say_strongest,
    say_submitted,
    say_weak_indicator,
    say_weakest,
)

CLOSES = datetime.date(2026, 7, 17)


def make_participation(invited: int, started: int, submitted: int) -> ParticipationFigures:
    return ParticipationFigures(
        invited=invited,
        registered=invited,
        users=invited,
        started=started,
        submitted=submitted,
        submitted_and_registered=submitted,
        on_time=submitted,
    )


def make_indicator(code: str, zeros: int = 0, ones: int = 0, twos: int = 0) -> IndicatorFigures:
    return IndicatorFigures(
        code=code, key=code, text="", is_critical=False, zeros=zeros, ones=ones, twos=twos, not_applicable=1
    )


def make_variant(*indicators: IndicatorFigures, grades: GradeCounts | None = None) -> VariantFigures:
    counted = grades or GradeCounts(grade_2=1)
    n, total = sum(one.n for one in indicators), sum(one.total for one in indicators)
    standard = Standard("A1", "Leadership", "T1", n, total, counted, indicators)
    return VariantFigures(Variant.STANDARD, counted.total, n, total, counted, (standard,))


def make_overview(
    *,
    grades: GradeCounts | None = None,
    zeros: int = 0,
    returns: dict[datetime.date, int] | None = None,
    on: datetime.date = CLOSES,
) -> Overview:
    counted = grades or GradeCounts()
    return Overview(
        cycle=Cycle(closes_on=CLOSES),
        series=Series.SELF,
        made_at=datetime.datetime(on.year, on.month, on.day, 12, tzinfo=datetime.UTC),
        participation=make_participation(9, 5, counted.total),
        submitted_of_invited={},
        returns=returns or {},
        variants=(make_variant(grades=counted),) if counted.total else (),
        themes=(),
        critical_zeros=tuple(
            CriticalZero("Anchor", "A1.1", "", Variant.STANDARD, "anchor") for _ in range(zeros)
        ),
        below_grade_2=(),
    )


@pytest.mark.parametrize(
    ("invited", "started", "submitted", "title", "still"),
    [
        (0, 0, 0, "Nobody has been invited yet", ""),
        (
            1,
            0,
            0,
            "The one invited organisation has not submitted yet",
            "Still to come: 1 of 1. It has not started.",
        ),
        (
            3,
            0,
            0,
            "None of 3 invited organisations has submitted yet",
            "Still to come: 3 of 3. None of them has started.",
        ),
        (
            56,
            42,
            29,
            "29 of 56 (52%) invited organisations have submitted",
            "Still to come: 27 of 56. 13 of them have started and 14 have not.",
        ),
        (
            4,
            3,
            2,
            "2 of 4 (50%) invited organisations have submitted",
            "Still to come: 2 of 4. 1 of them has started and 1 has not.",
        ),
        (
            4,
            2,
            2,
            "2 of 4 (50%) invited organisations have submitted",
            "Still to come: 2 of 4. None of them has started.",
        ),
        (
            4,
            4,
            2,
            "2 of 4 (50%) invited organisations have submitted",
            "Still to come: 2 of 4. All of them have started.",
        ),
        (
            4,
            3,
            3,
            "3 of 4 (75%) invited organisations have submitted",
            "Still to come: 1 of 4. It has not started.",
        ),
        (
            4,
            4,
            3,
            "3 of 4 (75%) invited organisations have submitted",
            "Still to come: 1 of 4. It has started.",
        ),
        (
            2,
            2,
            2,
            "2 of 2 (100%) invited organisations have submitted",
            "Every invited organisation has submitted.",
        ),
    ],
)
def test_participation(invited: int, started: int, submitted: int, title: str, still: str) -> None:
    figures = make_participation(invited, started, submitted)
    assert (say_submitted(figures), say_outstanding(figures)) == (title, still)


@pytest.mark.parametrize(
    ("invited", "started", "submitted", "title", "missing"),
    [
        (0, 0, 0, "Nobody was invited", ""),
        (
            3,
            1,
            0,
            "None of 3 invited organisations submitted",
            "3 of 3 did not submit: 1 had started and 2 had not.",
        ),
        (
            43,
            38,
            37,
            "37 of 43 (86%) invited organisations submitted",
            "6 of 43 did not submit: 1 had started and 5 had not.",
        ),
        (3, 0, 0, "None of 3 invited organisations submitted", "3 of 3 did not submit and had not started."),
        (3, 3, 2, "2 of 3 (67%) invited organisations submitted", "1 of 3 did not submit but had started."),
        (2, 2, 2, "2 of 2 (100%) invited organisations submitted", "Every invited organisation submitted."),
    ],
)
def test_participation_in_a_closed_cycle_waits_for_nobody(
    invited: int, started: int, submitted: int, title: str, missing: str
) -> None:
    figures = make_participation(invited, started, submitted)
    assert say_submitted(figures, is_closed=True) == title
    assert say_outstanding(figures, is_closed=True) == missing


def test_returns_of_a_cycle_that_was_closed_early() -> None:
    overview = make_overview(returns={CLOSES - datetime.timedelta(days=9): 2}, on=CLOSES)
    overview.cycle.status = CycleStatus.CLOSED
    assert say_returns(overview) == (
        "2 audits submitted; the cycle was closed before the end of its closing day, 17 July 2026"
    )


@pytest.mark.parametrize(
    ("days", "on", "expected"),
    [
        ({}, 0, "No audit has been submitted yet"),
        ({-20: 1}, 0, "1 audit submitted so far; the cycle closes on 17 July 2026"),
        ({-20: 12, -1: 2}, -1, "14 audits submitted so far; the cycle closes on 17 July 2026"),
        ({-7: 3, -6: 1, 0: 1}, 1, "2 of 5 (40%) came in the last 7 days, none after the closing day"),
        ({-7: 3, 0: 1, 1: 2}, 9, "1 of 6 (17%) came in the last 7 days, 2 after the closing day"),
    ],
)
def test_returns(days: dict[int, int], on: int, expected: str) -> None:
    returns = {CLOSES + datetime.timedelta(days=day): count for day, count in days.items()}
    assert say_returns(make_overview(returns=returns, on=CLOSES + datetime.timedelta(days=on))) == expected


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        (GradeCounts(), "No audit has a grade yet"),
        (GradeCounts(0, 0, 4), "4 of 4 (100%) audits are at grade 2 overall"),
        (GradeCounts(0, 2, 27), "27 of 29 (93%) audits are at grade 2 overall, 2 at grade 1"),
        (GradeCounts(1, 2, 0), "0 of 3 (0%) audits are at grade 2 overall, 2 at grade 1 and 1 at grade 0"),
    ],
)
def test_grades(grades: GradeCounts, expected: str) -> None:
    assert say_grades(grades) == expected


def name_shares(*shares: tuple[int, int]) -> list[tuple[str, Share]]:
    return [(name, Share(*share)) for name, share in zip("ABCDEFGH", shares, strict=False)]


@pytest.mark.parametrize(
    ("shares", "weakest", "strongest"),
    [
        ([], "No theme has a grade yet", ""),
        ([(0, 0)], "No theme has a grade yet", ""),
        ([(3, 4)], "A: 3 of 4 (75%) at grade 2", ""),
        ([(4, 4), (2, 2), (0, 0)], "Every theme is at grade 2 in every audit", ""),
        (
            [(4, 4), (3, 4), (1, 4)],
            "C is the weakest theme: 1 of 4 (25%) at grade 2",
            "A is at grade 2 in every audit.",
        ),
        (
            [(3, 4), (1, 4), (0, 0)],
            "B is the weakest theme: 1 of 4 (25%) at grade 2",
            "A is the strongest: 3 of 4 (75%) at grade 2.",
        ),
        (
            [(1, 4), (1, 4), (3, 4), (3, 4)],
            "A and B are the weakest themes: 1 of 4 (25%) at grade 2",
            "C and D are the strongest: 3 of 4 (75%) at grade 2.",
        ),
        # 1 of 3 and 333 of 1,000 are both 33%, and no tie: grades come from counts, never from percentages.
        (
            [(1, 3), (333, 1000), (1, 1)],
            "B is the weakest theme: 333 of 1000 (33%) at grade 2",
            "C is at grade 2 in every audit.",
        ),
        # The same share of different counts is a tie; both counts are said.
        (
            [(1, 2), (2, 4), (4, 4), (4, 4)],
            "A and B are the weakest themes: 1 of 2 (50%) and 2 of 4 (50%) at grade 2",
            "C and D are at grade 2 in every audit.",
        ),
        ([(1, 4), (1, 4)], "All 2 themes are level: 1 of 4 (25%) at grade 2", ""),
        (
            [(1, 4)] * 4 + [(4, 4)] * 4,
            "4 of 8 themes share the lowest figure: 1 of 4 (25%) at grade 2",
            "4 of 8 themes are at grade 2 in every audit.",
        ),
        (
            [(1, 4)] + [(3, 4)] * 4,
            "A is the weakest theme: 1 of 4 (25%) at grade 2",
            "4 of 5 themes share the highest figure: 3 of 4 (75%) at grade 2.",
        ),
    ],
)
def test_weakest_and_strongest(shares: Sequence[tuple[int, int]], weakest: str, strongest: str) -> None:
    named = name_shares(*shares)
    assert say_weakest(named, "theme", "themes") == weakest
    assert say_strongest(named, "theme", "themes") == strongest


def test_the_weakest_indicators_are_those_below_2_by_exact_means_in_the_banks_order() -> None:
    variant = make_variant(
        make_indicator("A1", twos=3),
        make_indicator("A2", ones=1, twos=2),
        make_indicator("A3", zeros=1, twos=2),
        make_indicator("A4"),  # not applicable everywhere
        make_indicator("A5", ones=334, twos=666),  # 1.666 is less than A2's 1.667, and is printed alike
    )
    weakest = find_weakest(variant)
    assert [one.code for one in weakest.indicators] == ["A3", "A5", "A2"]
    assert [one.mean for one in weakest.indicators] == ["1.33", "1.67", "1.67"]
    assert weakest.note == ""
    assert say_weak_indicator(weakest) == "Look first at A3: its mean is 1.33 (1 of 3 audits scored 0)."
    assert say_strong_indicators(variant) == (
        "1 of 4 (25%) scored indicators are at 2 in every audit that scored them."
    )


@pytest.mark.parametrize(
    ("tied", "shown", "note", "first"),
    [
        (1, 1, "", "Look first at A1: its mean is 1.00 (1 of 2 audits scored 0)."),
        (3, 3, "", "Look first at A1, A2 and A3: they share the lowest mean, 1.00."),
        (8, 8, "", "Look first at the 8 indicators that share the lowest mean, 1.00."),
        (
            9,
            5,
            "4 more have the same mean as the last one shown.",
            "Look first at the 9 indicators that share the lowest mean, 1.00.",
        ),
    ],
)
def test_a_tie_among_the_weakest_indicators_is_shown_or_said(
    tied: int, shown: int, note: str, first: str
) -> None:
    weakest = find_weakest(
        make_variant(*(make_indicator(f"A{n}", zeros=1, twos=1) for n in range(1, tied + 1)))
    )
    assert (len(weakest.indicators), weakest.note, say_weak_indicator(weakest)) == (shown, note, first)


def test_a_tie_at_the_end_alone_is_not_said_of_the_first() -> None:
    better = (make_indicator(f"B{n}", ones=1, twos=1) for n in range(9))
    weakest = find_weakest(make_variant(make_indicator("A1", zeros=2, ones=1), *better))
    assert weakest.note == "5 more have the same mean as the last one shown."
    assert say_weak_indicator(weakest) == (
        "Look first at A1: its mean is 0.33 (2 of 3 audits scored 0, 1 scored 1)."
    )


def test_no_indicator_is_weak_where_all_are_at_2() -> None:
    weakest = find_weakest(make_variant(make_indicator("A1", twos=2)))
    assert (weakest.indicators, say_weak_indicator(weakest)) == ((), "")
    assert say_strong_indicators(make_variant(make_indicator("A1"))) == "No indicator has a score yet."


@pytest.mark.parametrize(
    ("grades", "zeros", "critical", "below"),
    [
        (GradeCounts(), 0, "No critical indicator has been scored yet", "No organisation has a grade yet"),
        (
            GradeCounts(0, 0, 3),
            0,
            "No critical indicator is scored 0",
            "No organisation is below grade 2 overall",
        ),
        (
            GradeCounts(0, 1, 3),
            1,
            "A critical indicator is scored 0 once",
            "1 organisation is below grade 2 overall",
        ),
        (
            GradeCounts(1, 2, 3),
            1200,
            "Critical indicators are scored 0 in 1,200 answers",
            "3 organisations are below grade 2 overall, 2 at grade 1 and 1 at grade 0",
        ),
    ],
)
def test_zeros_and_grades_below_2(grades: GradeCounts, zeros: int, critical: str, below: str) -> None:
    overview = make_overview(grades=grades, zeros=zeros)
    assert (say_critical_zeros(overview), say_below_grade_2(overview)) == (critical, below)


def test_an_empty_overview_has_findings_too() -> None:
    findings = make_findings(make_overview())
    assert findings.variants == ()
    assert findings.themes == "No theme has a grade yet"
