"""Filters: dates in London, whatever the server's clock says, and text from people made safe."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from s11.web import dates, text
from tests.web.rendering import render

UTC = dt.UTC


@pytest.mark.parametrize(
    ("moment", "day", "hour"),
    [
        (dt.datetime(2027, 3, 4, 10, 32, tzinfo=UTC), "4 March 2027", "10:32"),
        (dt.datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "28 March 2027", "00:59"),  # the last minute of winter
        (dt.datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "28 March 2027", "02:00"),  # the first of summer
        (dt.datetime(2027, 6, 30, 23, 30, tzinfo=UTC), "1 July 2027", "00:30"),  # already tomorrow in London
        (dt.datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "31 October 2027", "01:30"),
        (
            dt.datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
            "31 October 2027",
            "01:30",
        ),  # the hour that comes twice
    ],
)
def test_a_moment_is_shown_as_london_reads_it(moment: dt.datetime, day: str, hour: str) -> None:
    assert dates.date(moment) == day
    assert dates.time(moment) == hour
    assert dates.datetime(moment) == f"{day} at {hour}"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        dates.time(dt.datetime(2027, 3, 4, 10, 32))  # noqa: DTZ001


def test_a_day_is_no_moment_and_nothing_is_nothing() -> None:
    assert dates.date(dt.date(2027, 3, 4)) == "4 March 2027"
    assert dates.time(dt.time(9, 5)) == "09:05"
    assert [dates.date(None), dates.time(None), dates.datetime(None)] == ["", "", ""]


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ("<script>alert(1)</script>", "script"),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("[click](javascript:alert(1))", "javascript"),
        ("![x](https://elsewhere.example/x.png)", "<img"),
        ('<p style="position:fixed" onclick="x()" class="govuk-button">x</p>', "onclick"),
        ('<a href="https://a.example" target="_blank" style="x">x</a>', "style"),
        ("<iframe src=//a.example></iframe>", "iframe"),
    ],
)
def test_rich_text_lets_nothing_dangerous_through(typed: str, refused: str) -> None:
    assert refused not in text.markdown(typed)


def test_rich_text_keeps_what_a_writer_needs() -> None:
    shown = text.markdown("# Findings\n\nWe **agreed**:\n\n- one\n- [two](https://a.example)\n\n##### Deep")
    assert '<h3 class="govuk-heading-s">Findings</h3>' in shown
    assert '<h3 class="govuk-heading-s">Deep</h3>' in shown  # no level is skipped, whatever was typed
    assert "<strong>agreed</strong>" in shown
    assert '<ul class="govuk-list govuk-list--bullet">' in shown
    assert 'href="https://a.example"' in shown
    assert "nofollow" in shown
    assert text.markdown("# x", level=4).startswith("<h4")


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        (
            "See https://a.example/x_y_z?q=1.",
            [("https://a.example/x_y_z?q=1", "https://a.example/x_y_z?q=1")],
        ),
        ("(http://a.example)", [("http://a.example", "http://a.example")]),
        (
            "[one](https://a.example) https://b.example",
            [("https://a.example", "one"), ("https://b.example",) * 2],
        ),
        ("[https://a.example](https://a.example)", [("https://a.example", "https://a.example")]),
        ('<a href="https://a.example">one</a>', [("https://a.example", "one")]),
        ("<https://a.example>", [("https://a.example", "https://a.example")]),
        ("ftp://a.example javascript://a", []),
    ],
)
def test_a_bare_address_is_a_link(typed: str, links: list[tuple[str, str]]) -> None:
    assert re.findall(r'<a [^>]*?href="([^"]+)"[^>]*>([^<]*)</a>', text.markdown(typed)) == links


def test_plain_text_keeps_its_paragraphs_and_lines() -> None:
    assert text.paragraphs("one <b>\r\ntwo\r\n\r\n\r\nthree & four") == (
        '<p class="govuk-body">one &lt;b&gt;<br>two</p>\n<p class="govuk-body">three &amp; four</p>'
    )
    assert text.paragraphs(None) == text.paragraphs("  \n ") == ""


def test_counts_agree_with_their_noun() -> None:
    assert text.plural(1, "answer") == "1 answer"
    assert text.plural(0, "answer") == "0 answers"
    assert text.plural(1200, "person", "people") == "1,200 people"
    assert render("{{ 3 | plural('answer') }}") == "3 answers"


def test_a_school_year_is_kept_whole() -> None:
    shown = render("{{ words | whole_years }}", words="Schools <& colleges> 2026-27, after 2025-26")
    assert shown == (
        'Schools &lt;&amp; colleges&gt; <span class="app-whole">2026-27</span>, after '
        '<span class="app-whole">2025-26</span>'
    )
    assert text.whole_years("2026-270 and 2026-2") == "2026-270 and 2026-2"
