"""Where two answers to one key differ, and what can be sent: all cases, and what holds for any two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.elsewhere import Outcome, Says, compare, explain_unsendable

REASONS = ("It does not do this", "Another reason")
says = st.one_of(
    st.builds(
        Says, st.sampled_from([0, 1, 2]), st.just(""), st.sampled_from(["", "Words", "Others"]), st.booleans()
    ),
    st.builds(Says, st.none(), st.sampled_from(REASONS), st.sampled_from(["", "Words"]), st.booleans()),
)
maybe = st.one_of(st.none(), says)

TWO, ZERO, NOT_US = Says(2, "", "We do"), Says(0, "", ""), Says(None, REASONS[0], "")


@pytest.mark.parametrize(
    ("here", "there", "outcome"),
    [
        (None, None, Outcome.NEITHER),
        (TWO, None, Outcome.ONLY_HERE),
        (None, ZERO, Outcome.ONLY_THERE),
        (TWO, TWO, Outcome.SAME),
        (TWO, Says(2, "", "We do", counts=False), Outcome.SAME),
        (TWO, Says(2, "", "We do it"), Outcome.DIFFERENT),
        (TWO, ZERO, Outcome.DIFFERENT),
        (ZERO, NOT_US, Outcome.DIFFERENT),
        (NOT_US, Says(None, REASONS[1], ""), Outcome.DIFFERENT),
        (Says(2, "", "One\nTwo"), Says(2, "", "One\r\nTwo"), Outcome.SAME),
    ],
)
def test_two_answers_are_compared(here: Says | None, there: Says | None, outcome: Outcome) -> None:
    assert compare(here, there) is outcome


@pytest.mark.parametrize(
    ("here", "there", "may_be", "reasons", "sentence"),
    [
        (TWO, None, True, REASONS, ""),
        (TWO, ZERO, False, (), ""),
        (ZERO, TWO, True, REASONS, ""),
        (NOT_US, TWO, True, REASONS, ""),
        (NOT_US, TWO, False, REASONS, "It cannot be not applicable there."),
        (NOT_US, TWO, True, REASONS[1:], "This reason is not offered there."),
        (Says(2, "", "", counts=False), None, True, (), "It is not confirmed here yet."),
        (TWO, TWO, True, REASONS, "There is nothing to send."),
        (None, TWO, True, REASONS, "There is nothing to send."),
        (None, None, True, REASONS, "There is nothing to send."),
    ],
)
def test_what_can_be_sent(
    here: Says | None, there: Says | None, may_be: bool, reasons: tuple[str, ...], sentence: str
) -> None:
    found = explain_unsendable(compare(here, there), here, may_be_not_applicable=may_be, reasons=reasons)
    assert found.startswith(sentence)
    assert bool(found) == bool(sentence)


MIRROR = {
    Outcome.ONLY_HERE: Outcome.ONLY_THERE,
    Outcome.ONLY_THERE: Outcome.ONLY_HERE,
}


@given(maybe, maybe)
def test_seen_from_there_it_is_the_mirror(here: Says | None, there: Says | None) -> None:
    outcome = compare(here, there)
    assert compare(there, here) is MIRROR.get(outcome, outcome)


@given(maybe)
def test_it_differs_in_nothing_from_itself(one: Says | None) -> None:
    assert compare(one, one) in (Outcome.SAME, Outcome.NEITHER)


@given(maybe, maybe)
def test_what_is_sent_is_the_same_afterwards_and_is_not_sent_again(
    here: Says | None, there: Says | None
) -> None:
    first = explain_unsendable(compare(here, there), here, may_be_not_applicable=True, reasons=REASONS)
    if first or here is None:
        return
    sent = Says(here.score, here.reason, here.commentary)
    assert compare(here, sent) is Outcome.SAME
    assert explain_unsendable(compare(here, sent), here, may_be_not_applicable=True, reasons=REASONS)


@given(maybe, maybe, st.booleans(), st.lists(st.sampled_from(REASONS)))
def test_only_what_counts_here_is_sent(
    here: Says | None, there: Says | None, may_be: bool, reasons: list[str]
) -> None:
    if not explain_unsendable(compare(here, there), here, may_be_not_applicable=may_be, reasons=reasons):
        assert here is not None
        assert here.counts
        assert not here.reason or (may_be and here.reason in reasons)
