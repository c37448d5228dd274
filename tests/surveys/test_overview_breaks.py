"""Where a line breaks between two cycles' questions, and how that is said. No database."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s11.organisations.enums import Variant
from surveys.enums import CycleKind
from surveys.overview_banks import WHOLE, Held
from surveys.overview_breaks import QuestionChange, Questions, compare_questions, make_questions

STANDARD = ("standard", "A1")


def make_held(key: str, standard: str = "A1", variant: Variant = Variant.STANDARD, words: str = "") -> Held:
    return Held(
        pk=hash((key, variant)),
        questionnaire=1,
        variant=variant,
        key=key,
        code=key.upper(),
        text=key,
        is_critical=False,
        standard_pk=1,
        standard=standard,
        standard_title=standard,
        standard_theme="T1",
        theme_pk=1,
        theme="T1",
        theme_title="Leadership",
        theme_position=1,
        wording=(words or key,),
    )


def ask(*held: Held) -> Questions:
    return make_questions({variant: [one for one in held if one.variant == variant] for variant in Variant})


@pytest.mark.parametrize(
    ("change", "reason", "note"),
    [
        (QuestionChange(), "", ""),
        (QuestionChange(new=("A1",)), "Not the same questions: A1 is new.", ""),
        (
            QuestionChange(gone=("A1", "A2")),
            "Not the same questions: what was A1 and A2 are no longer asked here.",
            "",
        ),
        (
            QuestionChange(new=("A1", "A2", "A3", "A4", "A5"), gone=("B",)),
            "Not the same questions: 5 indicators are new and what was B is no longer asked here.",
            "",
        ),
        (
            QuestionChange(gone=("A1", "A2", "A3", "A4", "A5")),
            "Not the same questions: 5 indicators are no longer asked here.",
            "",
        ),
        (
            QuestionChange(variants_new=(Variant.SCHOOL,), variants_gone=(Variant.HEALTH, Variant.CARE_HOME)),
            "Not the same questions: School was not asked then and Health and Care home are not asked now.",
            "",
        ),
        (QuestionChange(reworded=("A1",)), "", "A1 is worded otherwise."),
        (QuestionChange(kinds=(CycleKind.FULL, CycleKind.TOPIC)), "", ""),
        (
            QuestionChange(new=("A1",), kinds=(CycleKind.FULL, CycleKind.CORE)),
            "Not the same questions: A1 is new. Then it was a short form, now it is a full audit.",
            "",
        ),
    ],
)
def test_in_words(change: QuestionChange, reason: str, note: str) -> None:
    assert (change.reason, change.note) == (reason, note)
    assert change.is_break == bool(reason)


def test_what_moved_breaks_both_standards_and_not_the_whole() -> None:
    then = ask(make_held("a"), make_held("b"), make_held("c", "A2"))
    now = ask(make_held("a"), make_held("b", "A2"), make_held("c", "A2"))
    assert compare_questions(now, then, STANDARD, Variant.STANDARD).gone == ("B",)
    assert compare_questions(now, then, ("standard", "A2"), Variant.STANDARD).new == ("B",)
    assert not compare_questions(now, then, WHOLE, Variant.STANDARD).is_break


def test_a_variant_that_only_one_asked_is_named_and_its_indicators_are_not() -> None:
    then, now = ask(make_held("a")), ask(make_held("a"), make_held("b", variant=Variant.SCHOOL))
    change = compare_questions(now, then, WHOLE)
    assert (change.new, change.variants_new, change.shared) == ((), (Variant.SCHOOL,), 1)


KEYS = st.sets(st.sampled_from("abcdef"))


@settings(max_examples=50, deadline=None)
@given(KEYS, KEYS)
def test_what_is_new_is_gone_the_other_way_round(one: set[str], other: set[str]) -> None:
    now, then = ask(*map(make_held, sorted(one))), ask(*map(make_held, sorted(other)))
    change = compare_questions(now, then, WHOLE, Variant.STANDARD)
    back = compare_questions(then, now, WHOLE, Variant.STANDARD)
    assert (change.new, change.gone, change.shared) == (back.gone, back.new, back.shared)
    assert change.is_break == (one != other)
    assert len(change.new) + change.shared == len(one)
