"""When a letter is due, in words, over weekends and bank holidays."""

from __future__ import annotations

import datetime

import pytest

from accountability.letter_dates import get_due

# A Wednesday. Ten working days on: Wednesday 17 March 2027.
HELD = datetime.date(2027, 3, 3)


@pytest.mark.parametrize(
    ("today", "words", "tag"),
    [
        (datetime.date(2027, 3, 3), "due in 10 working days", ""),
        (datetime.date(2027, 3, 12), "due in 3 working days", ""),
        (datetime.date(2027, 3, 13), "due in 3 working days", ""),
        (datetime.date(2027, 3, 15), "due in 2 working days", "Due soon"),
        (datetime.date(2027, 3, 16), "due in 1 working day", "Due soon"),
        (datetime.date(2027, 3, 17), "due today", "Due soon"),
        (datetime.date(2027, 3, 18), "overdue by 1 working day", "Overdue"),
        (datetime.date(2027, 3, 22), "overdue by 3 working days", "Overdue"),
    ],
)
def test_words(today: datetime.date, words: str, tag: str) -> None:
    due = get_due(HELD, today)
    assert due.on == datetime.date(2027, 3, 17)
    assert (due.words, due.tag) == (words, tag)


def test_over_easter_and_a_weekend() -> None:
    # Good Friday and Easter Monday of 2027 are 26 and 29 March.
    due = get_due(datetime.date(2027, 3, 18), datetime.date(2027, 4, 3))
    assert due.on == datetime.date(2027, 4, 5)
    assert due.words == "due in 1 working day"
    # Held on a Friday, due on a Friday: the Saturday after no working day has passed.
    late = get_due(datetime.date(2027, 4, 9), datetime.date(2027, 4, 24))
    assert (late.on, late.words) == (datetime.date(2027, 4, 23), "overdue")
