"""What could say who somebody is is refused or shown to a person to judge; what is nobody passes."""

from __future__ import annotations

import pytest

from accountability.forms.voices import ADVICE, advise
from accountability.identifying.finding import LOOKS, Kind, find_in_voice, list_doubtful, list_refused

KNOWN = frozenset(
    ("when", "early", "help", "family", "hub", "children", "social", "care", "anchor", "trust", "together")
)
REFUSED = (
    ("Write to mum.k@example.org about it", "mum.k@example.org"),
    ("She posts as @littlestar every day", "@littlestar"),
    ("See https://example.org/her-page", "https://example.org/her-page"),
    ("He was born on 3 March 2015 here", "born on 3 March 2015"),
    ("Her birthday is 03/04/2016.", "birthday is 03/04/2016"),
    ("d.o.b. 2016-04-03", "d.o.b. 2016-04-03"),
    ("3rd of May is his birthday", "3rd of May is his birthday"),
    ("NHS number 943 476 5919", "943 476 5919"),
    ("number 9434765919 in our files", "9434765919"),
    ("Ring 07700 900123 after six", "07700 900123"),
    ("Ring +44 7700 900123", "+44 7700 900123"),
    ("Ring (0161) 496 0000", "(0161) 496 0000"),
    ("Her number is QQ 12 34 56 C", "QQ 12 34 56 C"),
    ("They live in SW1A 2AA now", "SW1A 2AA"),
    ("They live in sw1a2aa now", "sw1a2aa"),
    ("They moved to 12 Harbour View Road", "12 Harbour View Road"),
    ("Write to sam_p (at) example.co.uk", "sam_p (at) example.co.uk"),
    ("who was born in 2014", "born in 2014"),
    ("see case number 47 there", "case number 47"),
    ("seen at Flat 3", "Flat 3"),
    ("number 943 476 5918, mistyped", "943 476 5918"),
    ("Ring 0400 123 45", "0400 123 45"),
    ("Two young people told us", "Two young people"),
    ("We asked 3 of our foster carers", "3 of our foster carers"),
    ("four families left", "four families"),
)
DOUBTFUL = (
    ("It happened on 3 March 2026", "3 March 2026"),
    ("It happened on June 4th", "June 4th"),
    ("on 03/04/26 it stopped", "03/04/26"),
    ("A boy aged 7 said so", "aged 7"),
    ("my 7-year-old said so", "7-year-old"),
    ("said a fifteen year old", "fifteen year old"),
    ("case ABC/12345 was closed", "ABC/12345"),
    ("case 1234567 was closed", "1234567"),
    ("the children of St. Mary’s Primary School", "St. Mary’s Primary School"),
    ("we told Mrs Okafor", "Mrs Okafor"),
    ("J.S. said so", "J.S."),
    ("what Child B told us", "Child B"),
    ("Jamie Oakley said so", "Jamie Oakley"),
    ("we told Jamie that it ends", "Jamie"),
    ("When Jamie came home", "Jamie"),
    ("her friend O’Brien-Moss left", "O’Brien-Moss"),
    ("her sister Émilie left", "Émilie"),
    ("we saw emma at home", "emma"),
    ("Tom’s brother said so", "Tom"),
    ("Ellis Moss said so", "Ellis Moss"),
    ("said to J. at last", "J."),
    ("it is about PC Patel", "PC Patel"),
    ("Auntie Bea said so", "Auntie Bea"),
)
PASSED = (
    "Children told us that nobody listened. They wanted to be asked first.",
    "When Ofsted came, Children’s Social Care and the Family Hub worked together.",
    "“Nobody asked me.” Then somebody did.",
    "Yesterday Ofsted came. I’m glad, I’ve said so. SEND and CAMHS were there.",
    "One parent told us: Nothing changed in March, or by the end of 2025-26.",
    "Year 4 pupils chose, one in three children agreed, and after two weeks parents saw it.",
    "Eight families and 12 young people came to the Anchor Trust.",
    "We waited 10 to 15 days.",
)


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_what_is_certain_is_refused(text: str, words: str) -> None:
    assert [one.words for one in list_refused(find_in_voice(text, KNOWN))] == [words]


@pytest.mark.parametrize(("text", "words"), DOUBTFUL)
def test_what_looks_like_somebody_is_shown(text: str, words: str) -> None:
    found = find_in_voice(text, KNOWN)
    assert [one.words for one in list_doubtful(found)] == [words]
    assert list_refused(found) == []


@pytest.mark.parametrize("text", PASSED)
def test_what_is_nobody_is_no_alarm(text: str) -> None:
    assert find_in_voice(text, KNOWN) == ()


def test_findings_stand_in_the_order_of_the_text_and_once_each() -> None:
    found = find_in_voice("Ring 07700 900123. We told Jamie, and Ellis, and Jamie again.")
    assert [one.words for one in found] == ["07700 900123", "Jamie", "Ellis"]
    assert advise(found[0]) == "‘07700 900123’ looks like a telephone number. Take it out."


def test_there_is_advice_on_all_that_is_found() -> None:
    assert ADVICE.keys() == {Kind.NAME, *(look.kind for look in LOOKS if look.voice is not None)}


@pytest.mark.parametrize(
    "piece", ["St ", "St. ", "A.", "1-", "1 ", "a1", "Aa ", "Aa-", "@a.", "two ", "12 Aa "]
)
def test_no_text_keeps_it_busy(piece: str) -> None:
    """As long as a field takes: an expression that goes back and back would hold the worker."""
    text = piece * (2_000 // len(piece)) + "!"
    assert len(find_in_voice(text)) <= len(text)
