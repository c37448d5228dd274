"""What a group's answer does to what a site has: a table of cases, and what must hold for all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.many_sites import BY_DEFAULT, WRITTEN, Effect, Held, Words, judge

TWO = Words(2, "", "The trust’s policy.")
SET_ASIDE = Words(None, "It does not do this", "")
REASONS = frozenset({"It does not do this"})

CASES = [
    ("no row", TWO, None, True, Effect.NEW),
    ("a row that says nothing", TWO, Held(Words()), True, Effect.NEW),
    ("a row that was cleared, with spaces", TWO, Held(Words(None, "", "  \n")), True, Effect.NEW),
    ("words without a score are its own", TWO, Held(Words(None, "", "We are looking.")), True, Effect.OWN),
    ("a 0 is an answer", TWO, Held(Words(0)), True, Effect.OWN),
    ("its own other words", TWO, Held(Words(2, "", "Ours.")), True, Effect.OWN),
    ("its own not applicable", TWO, Held(SET_ASIDE), True, Effect.OWN),
    ("the same", TWO, Held(Words(2, "", "The trust’s policy.")), True, Effect.SAME),
    ("the same from the group", TWO, Held(TWO, is_from_group=True), True, Effect.SAME),
    ("from the group before", TWO, Held(Words(1), is_from_group=True), True, Effect.EARLIER),
    ("last year's", TWO, Held(Words(1), is_confirmed=False), True, Effect.CARRIED),
    ("last year's, the same, still to confirm", TWO, Held(TWO, is_confirmed=False), True, Effect.CARRIED),
    ("not asked", TWO, None, False, Effect.NOT_ASKED),
    ("not asked, though there is a row", TWO, Held(Words(1)), False, Effect.NOT_ASKED),
    ("set aside", SET_ASIDE, None, True, Effect.NEW),
    ("set aside for another bank's reason", Words(None, "Some reason"), None, True, Effect.NOT_OFFERED),
]


@pytest.mark.parametrize(
    ("entered", "held", "is_asked", "effect"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_each_case(entered: Words, held: Held | None, is_asked: bool, effect: Effect) -> None:
    assert judge(entered, held, is_asked=is_asked, reasons=REASONS) == effect


def test_an_indicator_that_must_be_scored_takes_no_reason() -> None:
    assert judge(SET_ASIDE, None, is_asked=True, reasons=frozenset()) == Effect.NOT_OFFERED
    assert judge(TWO, None, is_asked=True, reasons=frozenset()) == Effect.NEW


def test_what_ends_a_line_is_no_difference() -> None:
    held = Held(Words(2, "", "One.\r\nTwo."))
    assert judge(Words(2, "", "One.\nTwo."), held, is_asked=True, reasons=REASONS) == Effect.SAME


texts = st.text(alphabet="ab \n", max_size=4)
scored = st.builds(Words, st.sampled_from([0, 1, 2]), st.just(""), texts)
set_aside = st.builds(Words, st.none(), st.sampled_from(["It does not do this", "Else"]), texts)
answers = scored | set_aside
anything = answers | st.builds(Words, st.none(), st.just(""), texts)
helds = st.none() | st.builds(Held, anything, st.booleans(), st.booleans())


@given(answers, helds, st.booleans())
def test_what_must_hold_for_all(entered: Words, held: Held | None, is_asked: bool) -> None:
    effect = judge(entered, held, is_asked=is_asked, reasons=REASONS)
    assert effect in WRITTEN or effect not in BY_DEFAULT
    if not is_asked:
        assert effect == Effect.NOT_ASKED
    if effect in BY_DEFAULT and held is not None and not held.words.is_empty:
        assert held.is_from_group or not held.is_confirmed, "nothing of the site's own goes by itself"
    if effect == Effect.SAME:
        assert held is not None
        assert held.is_confirmed
        assert (held.words.score, held.words.reason) == (entered.score, entered.reason)


@given(answers, st.booleans())
def test_what_was_written_is_the_same_afterwards(entered: Words, is_from_group: bool) -> None:
    after = Held(entered, is_from_group=is_from_group)
    reasons = frozenset({"It does not do this", "Else"})
    assert judge(entered, after, is_asked=True, reasons=reasons) == Effect.SAME
