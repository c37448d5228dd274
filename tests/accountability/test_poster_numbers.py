"""Numbers on a poster: its report's, or confirmed to tell of nobody's scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from itertools import product

import pytest
from django.test import Client

from accountability.enums import PosterKind
from accountability.finding_drafts import AGREE, WHY_IT_MATTERS
from accountability.finding_words import KEEP_GOING, THEMES
from accountability.models import Poster, PosterNumber, Report
from accountability.number_words import read_number
from accountability.poster_numbers import PublicNumbers
from accountability.poster_publishing import ask_poster
from accountability.postering import NotInThisState, begin_poster, find_unknown_numbers
from accountability.writing_findings import add_finding
from s11.organisations.models import User
from tests.accountability.posters import make_document, make_input, make_theme, poster_url, url
from tests.conftest import Cast

SignIn = Callable[[User], Client]


def test_a_number_that_nothing_fills_in_is_not_published(cast: Cast, published: Report) -> None:
    entered = make_input(found="There are [[all/nothing]] of them.")
    add_finding(report=published, entered=entered, by=cast.administrator)
    poster = begin_poster(report=published, kind=PosterKind.POSTER, by=cast.administrator)
    with pytest.raises(NotInThisState, match="‘Staff know whom to tell’ has a number in brackets"):
        ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)


def test_only_numbers_of_the_report_stand_large(published: Report, cast: Cast, sign_in: SignIn) -> None:
    add_finding(report=published, entered=make_input(), by=cast.administrator)
    poster = begin_poster(report=published, kind=PosterKind.POSTER, by=cast.administrator)
    box = poster.boxes.all()[0]
    client, at = sign_in(cast.administrator), url("poster_box", published, poster=poster.pk, box=box.pk)
    data = {"heading": "Safe", "text": "It matters.", "version": str(box.version)}
    assert "The report says no such number" in client.post(at, {**data, "figure": "99 of 100 (99%)"}).text
    assert client.post(at, {**data, "figure": "12 of 12 (100%)"}).status_code == 302


def test_no_invented_number_is_published(cast: Cast, poster: Poster, sign_in: SignIn) -> None:
    poster.boxes.filter(position=1).update(
        figure="7 in 10", text="Then 12 of 12, and 98 of 99 (99%), say so."
    )
    with pytest.raises(NotInThisState, match=r"does not say ‘7 in 10’ and ‘98 of 99 \(99%\)’\."):
        ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    assert poster.report is not None
    page = sign_in(cast.publisher).get(url("poster", poster.report, poster=poster.pk)).text
    assert "The report does not say ‘7 in 10’, ‘98 of 99 (99%)’." in page


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("4 of 10 (40%) and 4 of 10 and 4 out of 10 (40 per cent)", []),
        ("4 of 10 (41%)", ["4 of 10 (41%)"]),
        ("14 of 10, 4 of 101", ["14 of 10", "4 of 101"]),
        ("A third party, by 3 May, 2 of them, 3 in 2027, one of our schools, 3/5/2027, 24/7, 2026/27", []),
        ("One often asks 3. Half an hour, half-term, the first half of June, all 24 hours, 2 in 5 weeks", []),
        ("3/5 homes are at grade 0, 4/10 are not", ["3/5"]),
        ("3 homes of 5, only one school of nine", ["3 homes of 5", "one school of nine"]),
        ("thirteen of fourteen, three of the fourteen", ["thirteen of fourteen", "three of the fourteen"]),
        ("One out of every four, 10 of11, homes.3 of 5", ["One out of every four", "10 of11", "3 of 5"]),
        ("Twenty-one of the other ninety, one-in-four", ["Twenty-one of the other ninety", "one-in-four"]),
        ("half of the homes; a third of 10; two fifths of the 10", ["half of the homes", "a third of 10"]),
        ("½ of our homes, two-thirds said no", ["½ of our homes", "two-thirds said"]),
        ("All nine homes, most of the fourteen", ["All nine", "most of the fourteen"]),
        ("All but four of the ten, not four of ten", ["All but four of the ten", "not four of ten"]),
        ("four and five of ten, three quarters of 4", ["three quarters of 4", "five of ten"]),
        ("forty per cent, forty-one per cent", ["forty-one per cent"]),
        ("4 of the 10, four of our ten, 40% and 40 per cent", []),
        ("3 of our 5 priorities, 1 in 3, two of all the six", ["3 of our 5", "1 in 3", "two of all the six"]),
        ("41% and 40.5%", ["41%", "40.5%"]),
    ],
)
def test_numbers_in_words(words: str, unknown: list[str]) -> None:
    document = {"participation": {}, **make_document(make_theme("T1", 4))}
    assert PublicNumbers([document]).find_unknown(words) == unknown


COUNTS = ("3", "13", "three", "Thirteen", "twenty", "twenty-one", "1,003")
JOINERS = (
    *(
        " of ",
        " out of ",
        " of the ",
        " of our ",
        " of all the ",
        " of every ",
        " out of every ",
        " of the remaining ",
    ),
    *(" in ", " in every ", " in the ", " per ", " among the ", " for every ", "-in-", " of\xa0"),
)
TIGHT = ("/", " / ", "⁄")
NOUNS = ("", " homes", " special schools", " children’s homes", " co-operatives")


def test_every_form_of_a_share_is_found() -> None:
    """Each number, each joiner, in the middle of a sentence, and nothing of it is left over."""
    numbers = PublicNumbers([])
    joined = [noun + joiner for noun, joiner in product(NOUNS, JOINERS)]
    for count, joiner, of in product(
        COUNTS, [*joined, *TIGHT], ("5", "14", "five", "Fourteen", "thirty-two")
    ):
        share = f"{count}{joiner}{of}"
        wanted = " ".join(share.split())
        # ‘24/7’ is no share
        is_share = joiner not in TIGHT or read_number(count) <= read_number(of)
        for words in (f"Only {share} homes.", f"({share})"):
            assert numbers.find_unknown(words) == ([wanted] if is_share else []), words
        assert numbers.find_unknown(f"{share} (99%)") == [f"{wanted} (99%)"]


def test_the_drafts_own_words_say_no_such_number() -> None:
    numbers = PublicNumbers([])
    texts = [text for words in THEMES.values() for text in astuple(words)]
    assert numbers.find_unknown(*texts, KEEP_GOING, WHY_IT_MATTERS, AGREE) == []


def test_a_long_number_is_kept_short(cast: Cast, poster: Poster, sign_in: SignIn) -> None:
    box = poster.boxes.all()[0]
    assert poster.report is not None
    at = url("poster_box", poster.report, poster=poster.pk, box=box.pk)
    data = {"heading": "Plans", "text": f"{'1' * 300} of 5.", "version": str(box.version), "own": "on"}
    assert sign_in(cast.quality_officer).post(at, data).status_code == 302
    assert PosterNumber.objects.get().words == "1" * 200
    poster.refresh_from_db()
    assert find_unknown_numbers(poster, poster.boxes.all()) == []


def test_a_number_of_ones_own_is_confirmed_by_name_and_then_published(
    cast: Cast, poster: Poster, sign_in: SignIn
) -> None:
    client, box = sign_in(cast.quality_officer), poster.boxes.all()[0]
    assert poster.report is not None
    at = url("poster_box", poster.report, poster=poster.pk, box=box.pk)
    data = {"heading": "Plans", "figure": "", "text": "3 of our 5 priorities.", "version": str(box.version)}
    asked = client.post(at, data).text
    assert "The report does not say ‘3 of our 5’. If it is about scores, write what the report says." in asked
    assert "‘3 of our 5’ tells of nobody’s scores" in asked
    assert "3 of our 5 priorities." in asked
    assert not PosterNumber.objects.exists()
    assert client.post(at, {**data, "own": "on"}).status_code == 302
    number = PosterNumber.objects.get()
    assert (number.words, number.confirmed_by) == ("3 of our 5", cast.quality_officer)
    # Confirmed once, it is not asked for again
    assert client.post(at, {**data, "version": str(box.version + 1)}).status_code == 302
    for page in (poster_url("poster", poster), poster_url("poster_publish", poster)):
        text = sign_in(cast.publisher).get(page).text
        assert f"‘3 of our 5’ tells of nobody’s scores, as {cast.quality_officer} confirmed on" in text
    poster.refresh_from_db()
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)


def test_a_title_asks_the_same(cast: Cast, poster: Poster, sign_in: SignIn) -> None:
    client, at = sign_in(cast.administrator), poster_url("poster_title", poster)
    data = {"title": "Nine in ten of us", "seen": poster.title}
    assert "The report does not say ‘Nine in ten’." in client.post(at, data).text
    assert client.post(at, {**data, "own": "on"}).status_code == 302
    assert PosterNumber.objects.get().words == "Nine in ten"
