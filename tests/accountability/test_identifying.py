"""What a text may say about whom it is: found where it stands, certain or only possible, and not where it is a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.identifying.finding import Found, Kind, find_in_work
from accountability.identifying.patterns import is_nhs_number

CERTAIN = (
    ("Write to jo.bloggs@example.org.", Kind.EMAIL, "jo.bloggs@example.org"),
    ("mail sam_p (at) example.co.uk", Kind.EMAIL, "sam_p (at) example.co.uk"),
    ("Rang 07700 900123 twice", Kind.PHONE, "07700 900123"),
    ("on +44 20 7946 0018", Kind.PHONE, "+44 20 7946 0018"),
    ("(0161) 496 0000 was busy", Kind.PHONE, "(0161) 496 0000"),
    ("NHS 943 476 5919", Kind.NHS_NUMBER, "943 476 5919"),
    ("Her number is QQ 12 34 56 C", Kind.INSURANCE, "QQ 12 34 56 C"),
    ("it was 943 476 5919 then", Kind.NHS_NUMBER, "943 476 5919"),
    ("9434765919", Kind.NHS_NUMBER, "9434765919"),
    ("lives in SW1A 1AA now", Kind.POSTCODE, "SW1A 1AA"),
    ("moved from m1 1ae", Kind.POSTCODE, "m1 1ae"),
    ("at 12 Harbour View Road", Kind.ADDRESS, "12 Harbour View Road"),
    ("seen at Flat 3", Kind.ADDRESS, "Flat 3"),
    ("DOB 3/4/14", Kind.BIRTH, "DOB 3/4/14"),
    ("date of birth: 3 April 2014", Kind.BIRTH, "date of birth: 3 April 2014"),
    ("who was born in 2014", Kind.BIRTH, "born in 2014"),
    ("case number 4711 was closed", Kind.CASE, "case number 4711"),
    ("see LCS ID: 88123", Kind.CASE, "LCS ID: 88123"),
    ("our ref AB/1234", Kind.CASE, "our ref AB/1234"),
    ("we told Mrs Okafor’s sister", Kind.PERSON, "Mrs Okafor"),
    ("DC Patel rang back", Kind.PERSON, "DC Patel"),
    ("Dr A. Shah came", Kind.PERSON, "Dr A. Shah"),
)
POSSIBLE = (
    ("The visit of 3 April 2024 was late", Kind.DATE, "3 April 2024"),
    ("It was 03/04/2024", Kind.DATE, "03/04/2024"),
    ("on 2024-04-03 we met", Kind.DATE, "2024-04-03"),
    ("entered as 4711223", Kind.NUMBER, "4711223"),
    ("see HB-20931", Kind.CASE, "HB-20931"),
    ("We worked with Child J for a year", Kind.INITIALS, "Child J"),
    ("the mother, J.S., agreed", Kind.INITIALS, "J.S."),
    ("I spoke to Chidi about it", Kind.NAME, "Chidi"),
    ("I spoke to Siobhán O’Neill about it", Kind.NAME, "Siobhán O’Neill"),
    ("Tom’s brother was not seen.", Kind.NAME, "Tom"),
    ("we saw emma at home", Kind.NAME, "emma"),
    ("the school in Saltmarsh knew", Kind.NAME, "Saltmarsh"),
)
NOTHING = (
    "",
    "The strategy meeting was held within two days, and everybody came.",
    "Mark the chart. Will it help? Grace and hope were in short supply.",
    "Early Help and the MASH knew the thresholds; Children’s Social Care led.",
    "Working Together says so, and so does Section 47 of the Children Act 1989.",
    "In March we met on Tuesday at 10:30; by 2024-25 it was better.",
    "Year 10 and KS2 pupils, aged 7 and 11, in 3 of 12 cases.",
    "The named nurse and the designated doctor for safeguarding spoke.",
    "• Health visitors\n• School nurses\n1. Police\n2) Probation",
    "I’m sure I’ve said: it’s the GPs’ rota. English was a barrier.",
    "About 1,500 hours and £25,000 were lost; 100% of files.",
    "a multi-agency child protection conference",
    "A parent said: “Nobody asked me.” Then somebody did.",
    "Two young people told us so on 4 June, and posted at www.example.org.",
    "We rang NHS 111, which the NHS 10-year plan says too.",
)


@pytest.mark.parametrize(("text", "kind", "words"), CERTAIN)
def test_what_is_certain_is_refused(text: str, kind: Kind, words: str) -> None:
    assert Found(kind, words, is_certain=True) in find_in_work(text)


@pytest.mark.parametrize(("text", "kind", "words"), POSSIBLE)
def test_what_is_possible_is_asked_about(text: str, kind: Kind, words: str) -> None:
    assert find_in_work(text) == (Found(kind, words, is_certain=False),)


@pytest.mark.parametrize("text", NOTHING)
def test_what_practitioners_write_of_their_work_passes(text: str) -> None:
    assert find_in_work(text) == ()


def test_each_once_in_the_order_of_the_text() -> None:
    found = find_in_work("Ask Emma. Emma has 07700 900123, and Liam too.")
    assert [(one.words, one.is_certain) for one in found] == [
        ("Emma", False),
        ("07700 900123", True),
        ("Liam", False),
    ]


def test_what_is_found_already_parts_a_row_of_names() -> None:
    found = find_in_work("we saw Emma, and Saltmarsh Mrs Okafor Chidi")
    assert [(one.words, one.is_certain) for one in found] == [
        ("Emma", False),
        ("Saltmarsh", False),
        ("Mrs Okafor", True),
        ("Chidi", False),
    ]


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [("9434765919", True), ("9434765918", False), ("0000000000", False), ("943476591", False)],
)
def test_the_check_figure_of_an_nhs_number(digits: str, is_one: bool) -> None:
    assert is_nhs_number(digits) is is_one


@given(st.text(max_size=300))
def test_it_takes_any_text_and_finds_nothing_that_is_not_there(text: str) -> None:
    assert all(found.words and found.words in text for found in find_in_work(text))


@pytest.mark.parametrize("piece", ["0 ", "A", "a.", "1-", "Mr ", "x@", "AB/1", " \n", "ref "])
def test_a_long_text_of_one_kind_ends(piece: str) -> None:
    text = piece * (4_000 // len(piece))
    assert all(found.words in text for found in find_in_work(text))


@pytest.mark.parametrize("before", ["born", "ref", "nhs", "case number", "our"])
def test_blanks_after_a_word_are_not_tried_in_every_way(before: str) -> None:
    """Each of these would have taken hours: a search with three open ends takes the cube of what it goes through."""
    assert find_in_work(f"{before}{' ' * 4_990}x") == ()


def test_lines_before_a_name_are_not_gone_through_for_each_word() -> None:
    [found] = find_in_work("x" + "\n" * 2_000 + "Ab " * 600)
    assert found.kind == Kind.NAME
