"""Word by word: both texts can be read out of what is shown, and what is the same is said to be."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from accountability.text_changes import Passage, compare_texts

texts = st.text("ab [2/]\n.", max_size=60)


@given(before=texts, after=texts)
def test_both_texts_are_in_it(before: str, after: str) -> None:
    found = compare_texts(before, after)
    assert "".join(one.text for one in found if one.kind != "added") == before
    assert "".join(one.text for one in found if one.kind != "removed") == after


@given(text=texts)
def test_nothing_changed(text: str) -> None:
    assert compare_texts(text, text) == ([Passage("same", text)] if text else [])


def test_one_number_is_another() -> None:
    found = compare_texts("Now [[all/at_grade_2]] audits.", "Now [[all/submitted]] audits.")
    assert [one for one in found if one.kind != "same"] == [
        Passage("removed", "[[all/at_grade_2]]"),
        Passage("added", "[[all/submitted]]"),
    ]


def test_two_pages_of_text_take_no_time() -> None:
    words = [f"word{number * 7919 % 300}" for number in range(1_200)]
    changed = [f"other{place}" if place % 17 == 0 else word for place, word in enumerate(words)]
    begun = time.process_time()
    assert compare_texts(" ".join(words), " ".join(changed))
    assert time.process_time() - begun < 2
