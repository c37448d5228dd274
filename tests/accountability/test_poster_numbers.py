"""Numbers on a poster: its report's, or confirmed to tell of nobody's scores."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accountability.enums import PosterKind
from accountability.models import Poster, PosterNumber, Report
from accountability.poster_numbers import PublicNumbers
from accountability.poster_publishing import ask_poster
from accountability.postering import NotInThisState, begin_poster
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
        ("A third of 10 schools, by 3 May, 2 of them, 3 in 2027, one of our schools", []),
        ("4 of the 10, four of our ten, 40% and 40 per cent", []),
        ("3 of our 5 priorities, 1 in 3, two of all the six", ["3 of our 5", "1 in 3", "two of all the six"]),
        ("41% and 40.5%", ["41%", "40.5%"]),
    ],
)
def test_numbers_in_words(words: str, unknown: list[str]) -> None:
    document = {"participation": {}, **make_document(make_theme("T1", 4))}
    assert PublicNumbers([document]).find_unknown(words) == unknown


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
