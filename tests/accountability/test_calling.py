"""Why an agency is called: in words with the figures, in one order, and never less for more of the same."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.calling import (
    BASE,
    Facts,
    Reason,
    Score,
    Series,
    add_years,
    get_priority,
    get_reasons,
    make_chosen,
)
from accountability.enums import CallReason
from accountability.models import MeetingReason

TODAY = datetime.date(2027, 3, 3)
YESTERDAY = datetime.date(2027, 3, 2)
# Seen last year: nothing to say of that.
SEEN = datetime.date(2026, 3, 4)


def make_facts(**known: object) -> Facts:
    """Of an agency that gives no cause."""
    return Facts(**{"today": TODAY, "has_submitted": True, "last_seen": SEEN} | known)  # type: ignore[arg-type]  # a test's shorthand


def make_series(total: int, n: int, **standards: tuple[int, int]) -> Series:
    return Series(Score(total, n), tuple((code, Score(*score)) for code, score in standards.items()))


GOOD = make_series(8, 4, A1=(4, 2), A2=(4, 2))
WEAK = make_series(5, 4, A1=(4, 2), A2=(1, 2))

TABLE: list[tuple[Facts, str, str, int]] = [
    (
        make_facts(critical_zeros=("A5.3",), self_assessed=GOOD),
        "critical_zero",
        "The critical indicator A5.3 is at 0, by its own scores",
        40,
    ),
    (
        make_facts(critical_zeros=("A1.1", "A5.3"), self_assessed=GOOD, moderated=GOOD),
        "critical_zero",
        "2 critical indicators are at 0, as moderated: A1.1 and A5.3",
        50,
    ),
    (
        make_facts(critical_zeros=tuple(f"A{n}.1" for n in range(1, 10))),
        "critical_zero",
        "9 critical indicators are at 0, by its own scores: A1.1, A2.1, A3.1, A4.1, A5.1, A6.1 and 3 more",
        70,
    ),
    (
        make_facts(self_assessed=WEAK),
        "below_grade_2",
        "Grade 1 by its own scores (mean 1.25); below grade 2: A2 (grade 1, mean 0.50)",
        35,
    ),
    (
        make_facts(self_assessed=WEAK, moderated=make_series(1, 4, A1=(1, 2), A2=(0, 2))),
        "below_grade_2",
        "Grade 0 as moderated (mean 0.25); below grade 2: A1 (grade 1, mean 0.50) and A2 (grade 0, mean 0.00)",
        60,
    ),
    (
        make_facts(self_assessed=make_series(18, 10, A1=(16, 8), A2=(2, 2))),
        "below_grade_2",
        "1 standard is below grade 2, by its own scores: A2 (grade 1, mean 1.00)",
        5,
    ),
    (
        make_facts(overdue_actions=1, overdue_since=YESTERDAY),
        "overdue_actions",
        "1 action agreed with the panel was due on 2 March 2027 and is not done",
        10,
    ),
    (
        make_facts(overdue_actions=5, overdue_since=SEEN),
        "overdue_actions",
        "5 actions agreed with the panel are overdue, the longest since 4 March 2026",
        30,
    ),
    (
        make_facts(self_assessed=make_series(79, 40), moderated=make_series(78, 40)),
        "moderation_shift",
        "Moderated lower: mean 1.98 by its own scores, 1.95 as moderated",
        5,
    ),
    (
        make_facts(self_assessed=make_series(40, 20, A1=(4, 2)), moderated=make_series(38, 20, A1=(2, 2))),
        "moderation_shift",
        "Moderated lower: mean 2.00 by its own scores, 1.90 as moderated; a lower grade at A1",
        10,
    ),
    (
        make_facts(self_assessed=make_series(3, 2), moderated=make_series(2, 2)),
        "moderation_shift",
        "Moderated lower: mean 1.50 by its own scores, 1.00 as moderated",
        20,
    ),
    (
        # One standard up, one down: the mean is the same.
        make_facts(
            self_assessed=make_series(6, 4, A1=(4, 2), A2=(2, 2)),
            moderated=make_series(6, 4, A1=(2, 2), A2=(4, 2)),
        ),
        "moderation_shift",
        "Moderated differently: mean 1.50 by its own scores, 1.50 as moderated; a lower grade at A1",
        10,
    ),
    (
        make_facts(has_submitted=False, due_on=YESTERDAY),
        "not_submitted",
        "No audit is submitted; it was due on 2 March 2027",
        35,
    ),
    (make_facts(is_statutory=True), "statutory", "It is bound by law to take part", 10),
    (make_facts(last_seen=None), "not_seen", "No panel has seen it here yet", 8),
    (
        make_facts(last_seen=datetime.date(2024, 3, 3)),
        "not_seen",
        "No panel has seen it since 3 March 2024",
        8,
    ),
]


@pytest.mark.parametrize(("facts", "kind", "sentence", "weight"), TABLE)
def test_each_reason_in_words(facts: Facts, kind: str, sentence: str, weight: int) -> None:
    assert Reason(kind, sentence, weight) in get_reasons(facts)  # type: ignore[arg-type]  # the table's kinds are texts


@pytest.mark.parametrize(
    "facts",
    [
        make_facts(),
        make_facts(self_assessed=GOOD, moderated=GOOD),
        # Half up: a mean of 1.5 is grade 2.
        make_facts(self_assessed=make_series(3, 2)),
        # All not applicable: no grade, which is not a low one.
        make_facts(self_assessed=make_series(0, 0, A1=(0, 0))),
        # Moderated higher.
        make_facts(self_assessed=make_series(7, 4), moderated=GOOD),
        # The closing day itself is still in time.
        make_facts(has_submitted=False, due_on=TODAY),
        make_facts(has_submitted=False, must_submit=False, due_on=YESTERDAY),
        make_facts(last_seen=datetime.date(2024, 3, 4)),
    ],
)
def test_no_cause_no_reason(facts: Facts) -> None:
    assert get_reasons(facts) == []
    assert get_priority([]) == BASE


def test_moderated_scores_count_where_they_are_final() -> None:
    assert get_reasons(make_facts(self_assessed=WEAK, moderated=GOOD)) == []


def test_an_officers_own_reason() -> None:
    reason = make_chosen("The inspectorate wrote to us")
    assert (reason.kind, reason.sentence, get_priority([reason])) == (
        "chosen",
        "The inspectorate wrote to us",
        21,
    )


def test_the_kinds_are_those_that_are_stored() -> None:
    made = {reason.kind for facts, *_ in TABLE for reason in get_reasons(facts)}
    assert made | {"chosen"} == set(CallReason.values)


def test_three_years_after_a_leap_day() -> None:
    assert add_years(datetime.date(2024, 2, 29), 3) == datetime.date(2027, 3, 1)


CODES = st.lists(st.sampled_from([f"A{n}.{m}" for n in range(1, 12) for m in range(1, 9)]), max_size=80)


@st.composite
def series(draw: st.DrawFn) -> Series:
    scores = draw(st.lists(st.lists(st.integers(0, 2), max_size=9), max_size=40))
    standards = tuple((f"A{n}", Score(sum(one), len(one))) for n, one in enumerate(scores))
    return Series(Score(sum(map(sum, scores)), sum(map(len, scores))), standards)


DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2027, 12, 31))
FACTS = st.builds(
    Facts,
    today=st.just(TODAY),
    is_statutory=st.booleans(),
    must_submit=st.booleans(),
    due_on=st.none() | DAYS,
    has_submitted=st.booleans(),
    self_assessed=st.none() | series(),
    moderated=st.none() | series(),
    critical_zeros=CODES.map(tuple),
    overdue_actions=st.integers(0, 200),
    overdue_since=DAYS,
    last_seen=st.none() | DAYS,
)


@given(FACTS)
def test_reasons_stand_in_one_order_once_and_fit_their_column(facts: Facts) -> None:
    reasons = get_reasons(facts)
    order = [CallReason.values.index(reason.kind) for reason in reasons]
    assert order == sorted(set(order))
    longest = MeetingReason._meta.get_field("sentence").max_length
    assert longest is not None
    assert all(0 < len(reason.sentence) <= longest for reason in reasons)
    assert all(reason.weight > 0 for reason in reasons)
    assert get_priority(reasons) == BASE + sum(reason.weight for reason in reasons)


@given(FACTS)
def test_more_concern_is_never_less(facts: Facts) -> None:
    priority = get_priority(get_reasons(facts))
    for more in (
        {"critical_zeros": (*facts.critical_zeros, "Z9.9")},
        {"overdue_actions": facts.overdue_actions + 1},
        {"is_statutory": True},
        {"last_seen": None},
        {"has_submitted": False},
    ):
        assert get_priority(get_reasons(dataclasses.replace(facts, **more))) >= priority
