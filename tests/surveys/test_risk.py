"""Why an audit is looked at: in words, weightiest first, and never less for more of the same."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.risk import Facts, get_reasons, get_risk

COUNTS = st.integers(0, 60)
FACTS = st.builds(
    Facts,
    scored=COUNTS,
    twos=COUNTS,
    twos_without_evidence=COUNTS,
    with_expired_evidence=COUNTS,
    unchanged_for_three_years=COUNTS,
    percent=st.none() | st.integers(0, 100),
    percent_before=st.none() | st.integers(0, 100),
    leaps=COUNTS,
    open_panel_actions=COUNTS,
    critical_zeros=COUNTS,
    staff_say_less=COUNTS,
)
GROWING = (
    "twos_without_evidence",
    "with_expired_evidence",
    "unchanged_for_three_years",
    "leaps",
    "open_panel_actions",
    "critical_zeros",
    "staff_say_less",
)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts(critical_zeros=1), "A critical indicator is at 0"),
        (Facts(critical_zeros=2), "2 critical indicators are at 0"),
        (Facts(twos_without_evidence=1), "1 indicator is scored 2 without evidence"),
        (Facts(twos_without_evidence=12), "12 indicators are scored 2 without evidence"),
        (Facts(scored=38, twos=38), "Everything is scored 2 (38 indicators)"),
        (Facts(percent=80, percent_before=60), "The scores rose from 60% to 80% of the highest possible"),
        (Facts(leaps=1), "1 score went from 0 to 2 in a year"),
        (Facts(unchanged_for_three_years=4), "4 commentaries are unchanged for three years"),
        (Facts(with_expired_evidence=1), "1 indicator rests on evidence that has expired"),
        (Facts(open_panel_actions=3), "3 actions agreed with the panel are not done"),
        (Facts(staff_say_less=1), "Staff say less than leaders on 1 indicator"),
        (Facts(staff_say_less=2), "Staff say less than leaders on 2 indicators"),
    ],
)
def test_each_reason_in_words(facts: Facts, words: str) -> None:
    assert [reason.words for reason in get_reasons(facts)] == [words]
    assert get_risk(facts) > 0


@pytest.mark.parametrize(
    "facts",
    [
        Facts(),
        Facts(scored=38, twos=37),
        Facts(percent=79, percent_before=60),
        Facts(percent=90, percent_before=None),
        Facts(percent=40, percent_before=80),
    ],
)
def test_no_cause_no_reason(facts: Facts) -> None:
    assert get_reasons(facts) == []
    assert get_risk(facts) == 0


@given(FACTS)
def test_the_weightiest_reason_comes_first(facts: Facts) -> None:
    weights = [reason.weight for reason in get_reasons(facts)]
    assert weights == sorted(weights, reverse=True)
    assert all(weight > 0 for weight in weights)


@given(FACTS, st.sampled_from(GROWING))
def test_more_of_the_same_is_never_less(facts: Facts, name: str) -> None:
    more = dataclasses.replace(facts, **{name: getattr(facts, name) + 1})
    assert get_risk(more) >= get_risk(facts)
