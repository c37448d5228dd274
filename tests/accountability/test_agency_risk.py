"""Why the executive should look at an agency: each reason as a table, and what must hold of the order."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.agency_risk import KINDS, SERIOUS, Facts, Late, Standard, get_reasons, get_urgency
from accountability.risk_list import RiskKind
from surveys.scoring import Tally, make_tally

TODAY = datetime.date(2027, 3, 4)
PAST, AHEAD = datetime.date(2027, 1, 31), datetime.date(2027, 3, 4)


def make(**known: Any) -> Facts:
    return Facts(**{"today": TODAY, "due_on": PAST, "has_returned": True, **known})


def standard(*scores: int, before: int | None = None, code: str = "A4") -> Standard:
    return Standard(code, "Records", make_tally(scores), before)


def scored(*scores: int, whose: str = "self") -> Facts:
    return make(whole=make_tally(scores), whose=whose)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (make(), {}),
        # What came back
        (make(has_returned=False), {"not_submitted": "Nothing was returned; it was due on 31 January 2027"}),
        (make(has_returned=False, due_on=AHEAD), {}),
        (
            make(has_returned=False, must_submit=False),
            {
                "not_submitted_freely": "Nothing was returned; it was due on 31 January 2027. It need not take part"
            },
        ),
        # Critical indicators: with their standard where it is known
        (
            make(critical_zeros=(("A4.2", "A4"),), standards=(standard(2, 2, 2, 0),)),
            {"critical_zero": "A critical indicator is at 0: A4.2 (Records)"},
        ),
        (
            make(critical_zeros=tuple((f"A4.{number}", "A4") for number in range(1, 7))),
            {"critical_zero": "6 critical indicators are at 0: A4.1, A4.2, A4.3, A4.4, and 2 more"},
        ),
        # A mean below 1, from the exact sum: 1 is not below 1, and nothing scored has no mean
        (make(standards=(standard(1, 1),)), {}),
        (make(standards=(standard(),)), {}),
        (make(standards=(standard(2, 0),)), {}),
        (
            make(standards=(standard(1, 0),)),
            {"below_1": "1 standard has a mean below 1: A4 Records (0.50)"},
        ),
        (
            make(standards=(standard(*[1] * 7, 0), standard(0, code="A5"))),
            {"below_1": "2 standards have means below 1: A4 Records (0.88), A5 Records (0.00)"},
        ),
        # The whole: half is up, and who says so decides which reason it is
        (scored(2, 1), {}),
        (scored(1, 1), {"overall": "The whole audit is at grade 1 (mean 1.00), by its own scores"}),
        (
            scored(1, 1, whose="moderated"),
            {"overall": "The whole audit is at grade 1 (mean 1.00), as moderated"},
        ),
        (scored(0, 1, 0, whose="panel"), {"panel": "The panel rated the whole audit grade 0 (mean 0.33)"}),
        (scored(2, 1, whose="panel"), {}),
        # Lowered
        (make(lowered=1), {"lowered": "1 score was lowered: 1 in moderation"}),
        (make(lowered_by_panel=2), {"lowered": "2 scores were lowered: 2 by the panel"}),
        (
            make(lowered=3, lowered_by_panel=1),
            {"lowered": "4 scores were lowered: 3 in moderation and 1 by the panel"},
        ),
        # Fallen by a grade; not asked before is no fall
        (make(standards=(standard(2, 1, before=2),)), {}),
        (make(standards=(standard(1, 1, before=None),)), {}),
        (make(standards=(standard(1, 1, before=1),)), {}),
        (
            make(standards=(standard(1, 1, before=2),)),
            {"fell": "1 standard has a lower grade than in the audit before: A4 Records (2, now 1)"},
        ),
        # Followed up
        (make(low=4), {}),
        (
            make(low=1, without_follow_up=1),
            {"no_follow_up": "1 of 1 score of 0 or 1 without an action or a reason"},
        ),
        (
            make(low=9, without_follow_up=5),
            {"no_follow_up": "5 of 9 scores of 0 or 1 without an action or a reason"},
        ),
        # Overdue
        (
            make(panel_late=Late(1, PAST)),
            {"panel_overdue": "1 thing that a panel asked for is overdue, since 31 January 2027"},
        ),
        (
            make(own_late=Late(3, PAST), panel_late=Late(2, PAST)),
            {
                "panel_overdue": "2 things that a panel asked for are overdue, the oldest since 31 January 2027",
                "overdue": "3 actions of its own are overdue, the oldest since 31 January 2027",
            },
        ),
    ],
)
def test_each_reason_in_words(facts: Facts, words: dict[str, str]) -> None:
    assert {reason.kind: reason.words for reason in get_reasons(facts)} == words


def test_a_filter_offers_each_reason_in_the_order_of_a_line() -> None:
    assert tuple(RiskKind.values) == KINDS
    assert set(KINDS[:5]) == SERIOUS


def test_reasons_say_which_standards_they_speak_of() -> None:
    facts = make(
        critical_zeros=(("A5.1", "A5"),), standards=(standard(0, 1, before=2), standard(2, 2, 0, code="A5"))
    )
    assert {reason.kind: reason.standards for reason in get_reasons(facts)} == {
        "critical_zero": ("A5",),
        "below_1": ("A4",),
        "fell": ("A4",),
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # One serious reason before any number of further ones
        (
            make(critical_zeros=(("A1.1", "A1"),)),
            make(lowered=3, own_late=Late(9, PAST), low=1, without_follow_up=1),
        ),
        (make(critical_zeros=(("A1.1", "A1"),), panel_late=Late(1, PAST)), make(has_returned=False)),
        # As many serious ones: the further ones
        (make(critical_zeros=(("A1.1", "A1"),), lowered=1), make(critical_zeros=(("A1.1", "A1"),) * 4)),
        # All alike: nothing to read before scores, then critical zeros, then the mean
        (make(has_returned=False), make(critical_zeros=(("A1.1", "A1"),), whole=make_tally([2, 2]))),
        (
            make(critical_zeros=(("A1.1", "A1"),) * 2, whole=make_tally([2])),
            make(critical_zeros=(("A1.1", "A1"),), whole=make_tally([2, 1])),
        ),
        (make(lowered=1, whole=make_tally([2, 2, 1])), make(lowered=1, whole=make_tally([2, 2, 2]))),
    ],
)
def test_who_stands_first(first: Facts, second: Facts) -> None:
    assert get_urgency(first, get_reasons(first)) < get_urgency(second, get_reasons(second))


SCORES = st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=5), min_size=1, max_size=4)


def judge(scores: list[list[int]], critical: int, whose: str, before: int | None) -> Facts:
    """The first indicator of so many standards is critical."""
    standards = tuple(
        Standard(f"A{number}", "x", make_tally(ones), before) for number, ones in enumerate(scores, start=1)
    )
    zeros = tuple((f"A{n}.1", f"A{n}") for n, ones in enumerate(scores[:critical], start=1) if ones[0] == 0)
    whole = make_tally(score for ones in scores for score in ones)
    return make(whole=whole, standards=standards, critical_zeros=zeros, whose=whose)


@given(
    SCORES,
    st.integers(0, 3),
    st.sampled_from(["self", "moderated", "panel"]),
    st.none() | st.integers(0, 2),
    st.integers(0, 19),
)
def test_a_lower_score_never_moves_an_agency_down(
    scores: list[list[int]], critical: int, whose: str, before: int | None, number: int
) -> None:
    lower = [list(ones) for ones in scores]
    ones = lower[number % len(lower)]
    place = number % len(ones)
    ones[place] = max(0, ones[place] - 1)
    now, then = judge(lower, critical, whose, before), judge(scores, critical, whose, before)
    assert get_urgency(now, get_reasons(now)) <= get_urgency(then, get_reasons(then))


@given(
    st.builds(
        Facts,
        st.just(TODAY),
        st.sampled_from([PAST, AHEAD]),
        st.booleans(),
        st.booleans(),
        low=st.integers(0, 9),
        lowered=st.integers(0, 3),
        whole=st.lists(st.integers(0, 2), max_size=5).map(make_tally),
        own_late=st.builds(Late, st.integers(0, 3), st.none() | st.just(PAST)),
    )
)
def test_each_kind_once_in_its_order_and_the_serious_first(facts: Facts) -> None:
    found = [reason.kind for reason in get_reasons(facts)]
    assert found == [kind for kind in KINDS if kind in found]
    serious = [reason.is_serious for reason in get_reasons(facts)]
    assert serious == sorted(serious, reverse=True)
    one_more = dataclasses.replace(facts, critical_zeros=(("A1.1", "A1"),))
    assert get_urgency(one_more, get_reasons(one_more)) < get_urgency(facts, get_reasons(facts))


def test_nothing_scored_is_no_reason() -> None:
    assert (
        get_reasons(make(whole=Tally(not_applicable=4), standards=(Standard("A1", "x", Tally(), 2),))) == ()
    )
