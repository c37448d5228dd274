"""Figures as people read them: shares, means, participation, on time; and agreement with the slow twin."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.figures import (
    GradeCounts,
    ParticipationFigures,
    Share,
    format_mean,
    half_up,
    is_on_time,
    last_day,
    percent,
    round_half_up,
)
from surveys.scoring import NOT_APPLICABLE, Item, Scorecard, Tally, make_scorecard
from tests.surveys.slow_twin import AnswerRow, AuditRow, IndicatorRow, Json, slow_overview


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction(0), 0, "0"),
        (Fraction(1, 2), 0, "1"),
        (Fraction(3, 2), 0, "2"),
        (Fraction(5, 2), 0, "3"),  # banker's rounding would give 2
        (Fraction(149, 100), 0, "1"),
        (Fraction(1, 8), 2, "0.13"),  # 0.125: banker's rounding would give 0.12
        (Fraction(1005, 1000), 2, "1.01"),  # as a binary float it is a little less, and would give 1.00
        (Fraction(19, 10), 2, "1.90"),
        (Fraction(10**40 + 5, 10), 0, str(10**39 + 1)),  # longer than the decimal module's 28 digits
    ],
)
def test_the_one_rounding_rule(value: Fraction, places: int, expected: str) -> None:
    assert str(round_half_up(value, places)) == expected


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: half_up(1, 0), "Nothing can be divided by 0"),
        (lambda: half_up(1, -2), "Nothing can be divided by -2"),
        (lambda: half_up(-1, 2), "-1/2 is below zero, for which there is no rounding rule"),
        (lambda: round_half_up(Fraction(-1, 2), 0), "below zero"),
        (lambda: round_half_up(Fraction(1, 2), -1), "Places after the decimal point cannot be -1"),
        (lambda: Share(3, 2), "3 of 2 is no share"),
        (lambda: Share(-1, 2), "-1 of 2 is no share"),
        (lambda: GradeCounts.of_grades([2, 3]), "3 is not a grade"),
        (lambda: is_on_time(datetime(2027, 1, 1, 12), date(2027, 1, 1)), "has no offset"),  # noqa: DTZ001
    ],
)
def test_what_has_no_figure_is_refused_in_a_sentence(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.parametrize(
    ("count", "of", "expected", "shown"),
    [
        (29, 56, 52, "29 of 56 (52%)"),  # 51.8: Wirral printed 51 in 2017
        (10, 11, 91, "10 of 11 (91%)"),
        (27, 29, 93, "27 of 29 (93%)"),
        (28, 29, 97, "28 of 29 (97%)"),
        (1, 8, 13, "1 of 8 (13%)"),  # 12.5
        (1, 200, 1, "1 of 200 (1%)"),  # 0.5
        (1, 201, 0, "1 of 201 (0%)"),
        (199, 200, 100, "199 of 200 (100%)"),  # why the count stands beside it
        (0, 5, 0, "0 of 5 (0%)"),
        (5, 5, 100, "5 of 5 (100%)"),
        (0, 0, None, "0 of 0"),
    ],
)
def test_share(count: int, of: int, expected: int | None, shown: str) -> None:
    share = Share(count, of)
    assert (percent(count, of), share.percent, str(share)) == (expected, expected, shown)
    assert share.as_json() == {"count": count, "of": of, "percent": expected}


@pytest.mark.parametrize(
    ("total", "n", "expected"),
    [
        (0, 0, None),
        (0, 3, "0.00"),
        (19, 10, "1.90"),
        (2, 1, "2.00"),
        (27, 14, "1.93"),
        (1, 8, "0.13"),
        (201, 200, "1.01"),  # 1.005
        (399, 200, "2.00"),  # 1.995
        (1, 3, "0.33"),
        (2, 3, "0.67"),
    ],
)
def test_mean_has_two_decimals(total: int, n: int, expected: str | None) -> None:
    assert format_mean(total, n) == expected


def test_grade_counts_leave_out_audits_without_a_grade() -> None:
    counts = GradeCounts.of_grades([2, None, 1, 2, None])
    assert counts == GradeCounts(grade_1=1, grade_2=2)
    assert counts.as_json() == {"0": 0, "1": 1, "2": 2}
    assert (counts.total, str(counts.at_grade_2)) == (3, "2 of 3 (67%)")
    assert counts + GradeCounts.of_grades([0, 1, 2]) == GradeCounts(1, 2, 3)
    assert str(GradeCounts().at_grade_2) == "0 of 0"


def test_participation_has_three_named_rates() -> None:
    figures = ParticipationFigures(
        invited=56,
        registered=40,
        users=97,
        started=42,
        submitted=29,
        submitted_and_registered=27,  # two have submitted and have nobody left who could sign in
        on_time=28,
        own_tool=2,
    )
    assert figures.as_json() == {
        "invited": 56,
        "registered": 40,
        "users": 97,
        "started": 42,
        "submitted": 29,
        "on_time": 28,
        "submitted_of_invited": {"count": 29, "of": 56, "percent": 52},
        "submitted_of_registered": {"count": 27, "of": 40, "percent": 68},
        "on_time_of_submitted": {"count": 28, "of": 29, "percent": 97},
    }
    assert figures.parts_as_json() == {"submitted_with_answers": 27, "own_tool": 2, "not_submitted": 27}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("closes_on", "last_second"),
    [
        (date(2027, 1, 15), utc("2027-01-15T23:59:59")),  # winter, GMT
        (date(2027, 6, 30), utc("2027-06-30T22:59:59")),  # summer, BST
        (date(2016, 10, 17), utc("2016-10-17T22:59:59")),
        (date(2027, 3, 27), utc("2027-03-27T23:59:59")),  # the day before clocks go forward
        (date(2027, 3, 28), utc("2027-03-28T22:59:59")),  # that day has 23 hours
        (date(2027, 10, 30), utc("2027-10-30T22:59:59")),  # the day before clocks go back
        (date(2027, 10, 31), utc("2027-10-31T23:59:59")),  # that day has 25 hours
        (date(2027, 12, 31), utc("2027-12-31T23:59:59")),
        (date(2028, 2, 29), utc("2028-02-29T23:59:59")),
    ],
)
def test_on_time_until_the_closing_day_ends_in_england(closes_on: date, last_second: datetime) -> None:
    midnight = last_second + timedelta(seconds=1)
    assert is_on_time(last_second, closes_on)
    assert is_on_time(midnight - timedelta(microseconds=1), closes_on)
    assert not is_on_time(midnight, closes_on)
    assert not is_on_time(midnight, closes_on, None)
    assert is_on_time(midnight, closes_on, closes_on + timedelta(days=1))
    for elsewhere in (
        timezone(timedelta(hours=14)),
        timezone(timedelta(hours=-12)),
        ZoneInfo("Europe/London"),
    ):
        assert is_on_time(last_second.astimezone(elsewhere), closes_on)
        assert not is_on_time(midnight.astimezone(elsewhere), closes_on)


@pytest.mark.parametrize(
    ("extended_to", "expected"),
    [
        (None, date(2027, 6, 30)),
        (date(2027, 7, 7), date(2027, 7, 7)),
        (date(2027, 6, 30), date(2027, 6, 30)),
        (date(2027, 6, 1), date(2027, 6, 30)),  # the cycle has since been given a later closing day
    ],
)
def test_an_extension_only_lengthens(extended_to: date | None, expected: date) -> None:
    closes_on = date(2027, 6, 30)
    assert last_day(closes_on, extended_to) == expected
    noon = datetime(expected.year, expected.month, expected.day, 12, tzinfo=UTC)
    assert is_on_time(noon, closes_on, extended_to)
    assert not is_on_time(noon + timedelta(days=1), closes_on, extended_to)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_on_time_agrees_with_summer_time_worked_out_by_hand(moment: datetime) -> None:
    """Summer time: from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October."""

    def change(month: int) -> datetime:
        last = datetime(moment.year, month, 31, 1, tzinfo=UTC)
        return last - timedelta(days=last.isoweekday() % 7)

    is_summer = change(3) <= moment < change(10)
    day = (moment + timedelta(hours=1 if is_summer else 0)).date()
    assert is_on_time(moment, day)
    assert not is_on_time(moment, day - timedelta(days=1))


counts = st.integers(min_value=0, max_value=10**6)
shares = st.tuples(counts, counts).map(lambda pair: Share(min(pair), max(pair)))


@given(shares)
def test_percent_is_bounded_and_the_rest_complements_it(share: Share) -> None:
    rest = Share(share.of - share.count, share.of)
    if share.percent is None or rest.percent is None:
        assert share.of == 0
        return
    assert 0 <= share.percent <= 100
    assert share.percent + rest.percent in (100, 101)  # 101 where both halves went up


@given(st.integers(min_value=1, max_value=10**6), st.integers(min_value=0, max_value=10**6))
def test_mean_equals_the_decimal_computation(n: int, excess: int) -> None:
    total = excess % (2 * n + 1)
    expected = (Decimal(total) / Decimal(n)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert format_mean(total, n) == str(expected)


@given(st.fractions(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=9))
def test_rounding_is_within_half_a_step_and_never_half_a_step_below(value: Fraction, places: int) -> None:
    rounded = Fraction(round_half_up(value, places))
    half = Fraction(1, 2 * 10**places)
    assert -half < rounded - value <= half


def test_rounding_ignores_the_decimal_context() -> None:
    with localcontext(prec=2):
        assert str(round_half_up(Fraction(1234567, 1000), 2)) == "1234.57"


# Two small banks: standards of one theme, indicators with a theme of their own, critical ones, codes that
# mean one thing in one bank and another in the other, and a standard (A3) that everyone may set aside.
BANK = [
    IndicatorRow("standard", "A2", "Policies", "T2", "A2.1", "policies", "T2", critical=True),
    IndicatorRow("standard", "A2", "Policies", "T2", "A2.2", "records", "T10", critical=False),
    IndicatorRow("standard", "A1", "Leadership", "T1", "A1.1", "lead", "T1", critical=True),
    IndicatorRow("standard", "A1", "Leadership", "T1", "A1.2", "deputy", "T1", critical=False),
    IndicatorRow("standard", "A3", "Voice", "T3", "A3.1", "voice", "T3", critical=False),
    IndicatorRow("school", "A1", "Governors", "T1", "A1.1", "lead", "T1", critical=False),
    IndicatorRow("school", "A1", "Governors", "T1", "A1.2", "reports", "T2", critical=True),
]


def test_the_twin_agrees_with_an_overview_done_by_hand() -> None:
    audits = [
        AuditRow("1", "Zeal", "standard"),
        AuditRow("2", "Abbey", "standard"),
        AuditRow("3", "Mill", "school"),
    ]
    rows = {
        "1": {"A2.1": "2", "A2.2": "0", "A1.1": "0", "A1.2": "1", "A3.1": "NA"},
        "2": {"A2.1": "0", "A2.2": "NA", "A1.1": "0", "A1.2": "NA", "A3.1": "NA"},
        "3": {"A1.1": "0", "A1.2": "NA"},  # its A1.1 is not critical: the two banks are not one
    }
    answers = [AnswerRow(audit, code, score) for audit, row in rows.items() for code, score in row.items()]
    overview = slow_overview(BANK, audits, answers)
    none_of_1 = {"count": 0, "of": 1, "percent": 0}
    assert overview["all"] == {
        "submitted": 3,
        "grades": {"0": 2, "1": 1, "2": 0},
        "at_grade_2": {"count": 0, "of": 3, "percent": 0},
    }
    assert [variant["variant"] for variant in overview["variants"]] == ["standard", "school"]
    standard = overview["variants"][0]
    assert (standard["submitted"], standard["mean"]) == (2, "0.50")
    assert [(row["code"], row["theme"], row["mean"], row["grades"]) for row in standard["standards"]] == [
        ("A2", "T2", "0.67", {"0": 1, "1": 1, "2": 0}),
        ("A1", "T1", "0.33", {"0": 1, "1": 1, "2": 0}),
        ("A3", "T3", None, {"0": 0, "1": 0, "2": 0}),
    ]
    assert standard["standards"][2]["at_grade_2"] == {"count": 0, "of": 0, "percent": None}
    assert standard["standards"][0]["indicators"][1] == {
        "code": "A2.2",
        "key": "records",
        "scores": {"0": 1, "1": 0, "2": 0},
        "not_applicable": 1,
        "mean": "0.00",
    }
    assert overview["themes"] == [  # T3 has no grade; the school's A1.2 is under T2 and not applicable
        {"code": "T1", "at_grade_2": {"count": 0, "of": 3, "percent": 0}},
        {"code": "T2", "at_grade_2": {"count": 1, "of": 2, "percent": 50}},
        {"code": "T10", "at_grade_2": none_of_1},
    ]
    assert overview["critical_zeros"] == [
        {"organisation": "Abbey", "indicator": "A1.1"},
        {"organisation": "Abbey", "indicator": "A2.1"},
        {"organisation": "Zeal", "indicator": "A1.1"},
    ]


@st.composite
def random_cycles(draw: st.DrawFn) -> tuple[list[AuditRow], list[AnswerRow]]:
    """Up to eight audits with every indicator of their variant's bank answered."""
    variants = draw(st.lists(st.sampled_from(["standard", "school"]), max_size=8))
    audits = [AuditRow(str(number), f"Organisation {number % 3}", v) for number, v in enumerate(variants)]
    score = st.sampled_from(["0", "1", "2", "NA"])
    answers = [
        AnswerRow(audit.audit, row.indicator, draw(score))
        for audit in audits
        for row in BANK
        if row.variant == audit.variant
    ]
    return audits, draw(st.permutations(answers))


def score_audit(audit: AuditRow, answers: list[AnswerRow]) -> Scorecard:
    row_of = {row.indicator: row for row in BANK if row.variant == audit.variant}
    item_of: dict[str, Item] = {"0": 0, "1": 1, "2": 2, "NA": NOT_APPLICABLE}
    return make_scorecard(
        (row_of[answer.indicator].standard, row_of[answer.indicator].theme, item_of[answer.score])
        for answer in answers
        if answer.audit == audit.audit
    )


def grades_of(tallies: list[Tally]) -> Json:
    counts = GradeCounts.of_grades(tally.grade for tally in tallies)
    return {"grades": counts.as_json(), "at_grade_2": counts.at_grade_2.as_json()}


@settings(deadline=None)  # the twin is slow on purpose
@given(random_cycles())
def test_scorecards_agree_with_the_twin_on_any_cycle(cycle: tuple[list[AuditRow], list[AnswerRow]]) -> None:
    audits, answers = cycle
    twin = slow_overview(BANK, audits, answers)
    scorecards = [(audit, score_audit(audit, answers)) for audit in audits]
    assert twin["all"] == {"submitted": len(audits), **grades_of([card.whole for _, card in scorecards])}
    for variant in twin["variants"]:
        cards = [card for audit, card in scorecards if audit.variant == variant["variant"]]
        whole = sum((card.whole for card in cards), Tally())
        expected = {"submitted": len(cards), "mean": format_mean(whole.total, whole.n)}
        expected |= grades_of([card.whole for card in cards])
        assert {key: variant[key] for key in expected} == expected
        for standard in variant["standards"]:
            tallies = [card.standards[standard["code"]] for card in cards]
            summed = sum(tallies, Tally())
            expected = {"mean": format_mean(summed.total, summed.n), **grades_of(tallies)}
            assert {key: standard[key] for key in expected} == expected
    themes = []
    for code in ["T1", "T2", "T3", "T10"]:
        share = grades_of([card.themes[code] for _, card in scorecards if code in card.themes])["at_grade_2"]
        if share["of"]:
            themes.append({"code": code, "at_grade_2": share})
    assert twin["themes"] == themes
