"""Texts in the language of the page: what English pays, what is marked, and that no translation is taken for HTML."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.utils import translation
from markupsafe import Markup, escape

from s11.web import languages, spoken
from s11.web.languages import (
    ENGLISH,
    Tongue,
    Untranslated,
    get_language,
    in_english,
    say,
    say_count,
    say_later,
    show,
    show_bank,
    show_count,
    show_plain,
    speaking,
)
from s11.web.messages import list_marks, take_apart
from s11.web.po_files import Catalogue, UnreadableTranslations, make_catalogue, read_entries

HEADER = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue that somebody wrote who wants more than to translate."""
    words = {
        "Home": "<script>alert(1)</script>",
        "Closes on {day}.": "{day.__class__} <b>{day}</b> [x](day)",
        "Sign in": '" onload="alert(1)',
    }
    tongue = Tongue(languages.BY_CODE["cy"], Catalogue(words), Catalogue({"A statement": "<img src=x>"}))
    monkeypatch.setattr(languages, "load", lambda code: tongue)
    with speaking("cy"):
        yield


def test_english_is_what_the_source_says_and_the_very_same_text() -> None:
    text = "Some words that nobody looks up"
    assert say(text) is text
    assert show(text) is text
    assert show_bank(text) is text
    assert show_plain(text) is text


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("Closes on {day}.", {"day": "4 <March>"}, "Closes on 4 &lt;March&gt;."),
        ("**3** left", {}, "<strong>3</strong> left"),
        (
            "[Sign in](go) again",
            {"go": "/a/?b=1&c=2"},
            '<a class="govuk-link" href="/a/?b=1&amp;c=2">Sign in</a> again',
        ),
        ("[{n} answers](go)", {"n": 3, "go": "#a"}, '<a class="govuk-link" href="#a">3 answers</a>'),
        ("Use it(( for {code}))", {"code": "A1"}, 'Use it<span class="govuk-visually-hidden"> for A1</span>'),
        ("{code}(( (read it)))", {"code": "A1"}, 'A1<span class="govuk-visually-hidden"> (read it)</span>'),
        ("a [note] and (x)", {}, "a [note] and (x)"),
        ("[new](go)", {"go": Markup('<a href="/" target="_blank">')}, '<a href="/" target="_blank">new</a>'),
        ("[new](go)", {"go": Markup("/path/")}, '<a class="govuk-link" href="/path/">new</a>'),
    ],
)
def test_a_text_may_hold_values_links_stress_and_what_is_read_out(
    text: str, values: dict[str, object], expected: str
) -> None:
    assert escape(show(text, **values)) == expected


def test_a_translation_is_text_whatever_it_holds(hostile: None) -> None:
    assert escape(show("Home")) == "&lt;script&gt;alert(1)&lt;/script&gt;"
    shown = show("Closes on {day}.", day="Monday")
    assert shown == '{day.__class__} &lt;b&gt;Monday&lt;/b&gt; <a class="govuk-link" href="Monday">x</a>'
    assert say("Closes on {day}.", day="Monday").startswith("{day.__class__} <b>Monday")
    assert '"' not in escape(show("Sign in"))
    assert escape(show_bank("A statement")) == "&lt;img src=x&gt;"


def test_what_is_not_translated_is_english_and_says_so(hostile: None) -> None:
    marked = '<span class="app-english" lang="en-GB">Nobody &amp; nothing</span>'
    assert escape(show("Nobody & nothing")) == marked
    assert escape(say("Nobody & nothing")) == marked
    assert escape(str(say_later("Nobody & nothing"))) == marked
    assert escape(show("**All** left")) == (
        '<span class="app-english" lang="en-GB"><strong>All</strong> left</span>'
    )
    assert escape(show_count("{n} day", "{n} days", 2)) == (
        '<span class="app-english" lang="en-GB">2 days</span>'
    )
    # In an attribute there is no room for a mark.
    assert show_plain(show("Nobody & nothing")) == "Nobody & nothing"
    assert escape(show_plain(show("**All** left"))) == "All left"
    assert isinstance(say("Nobody"), Untranslated)
    assert '<p class="app-english-mark">' in spoken.bank_paragraphs("Look here.\n\nAnd there.")


def test_each_thread_speaks_for_itself_and_django_with_it() -> None:
    heard: list[str] = []
    with speaking("cy"):
        assert translation.get_language() == "cy"
        thread = threading.Thread(target=lambda: heard.extend([get_language().code, say("Home")]))
        thread.start()
        thread.join()
        with in_english():
            assert (say("Home"), translation.get_language()) == ("Home", "en-gb")
        assert (say("Home"), translation.get_language()) == ("Hafan", "cy")
    assert heard == ["en", "Home"]
    assert (get_language(), translation.get_language()) == (ENGLISH, "en-gb")


def test_a_code_that_is_not_known_is_english() -> None:
    with speaking("../../etc"):
        assert get_language() is ENGLISH


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 cam"),
        (1, "1 cam"),
        (2, "2 gam"),
        (3, "3 cham"),
        (4, "4 cam"),
        (6, "6 cham"),
        (1_200, "1,200 cam"),
    ],
)
def test_welsh_counts_in_six_forms(number: int, words: str) -> None:
    with speaking("cy"):
        assert say_count("{n} action", "{n} actions", number) == f"{words} gweithredu"
        assert spoken.plural(number, "action") == f"{words} gweithredu"


def test_dates_lists_and_tags_in_welsh() -> None:
    moment = dt.datetime(2027, 3, 4, 10, 32, tzinfo=dt.UTC)
    with speaking("cy"):
        assert spoken.date(moment) == "4 Mawrth 2027"
        assert spoken.datetime(moment) == "4 Mawrth 2027 am 10:32"
        assert spoken.date(None) == ""
        assert spoken.list_words(["A1", "A2", "A3"]) == "A1, A2, A3"
        assert spoken.status("3 of 8 answered") == "3 o 8 wedi’u hateb"
        assert spoken.status("not started") == "Heb ddechrau"
        assert (spoken.chosen("Lead"), spoken.chosen("lead")) == ("Arweinydd", "arweinydd")
        # The kind of organisation, and what an audit has eleven of: one word in English.
        assert (spoken.chosen("Standard"), say("Standard")) == ("Safonol", "Safon")
        assert isinstance(spoken.chosen("A label that nobody has translated"), Untranslated)
    assert spoken.datetime(moment) == "4 March 2027 at 10:32"
    assert spoken.status("not started") == "Not started"


# Files of translations


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('msgid "A"\nmsgstr "B"\nmsgid "A"\nmsgstr "C"\n', "line 5: ‘A’ stands in line 3 already"),
        ("msgid A\n", "line 3: ‘msgid A’ is neither"),
        ('msgid "A" B"\n', "is no text in quotation marks"),
        ('"A"\n', ""),
        ('msgid "{n} a"\nmsgid_plural "{n} b"\nmsgstr[0] "x"\n', "write all 2 of them"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_what_would_be_right(text: str, complaint: str) -> None:
    if not complaint:
        # A text on a line of its own goes on with what stands before it.
        assert make_catalogue(read_entries(HEADER + text, "cy.po"), "cy.po").words == {}
        return
    with pytest.raises(UnreadableTranslations, match=complaint):
        make_catalogue(read_entries(HEADER + text, "cy.po"), "cy.po")


def test_a_file_names_its_plural_forms() -> None:
    with pytest.raises(UnreadableTranslations, match="Plural-Forms"):
        make_catalogue(read_entries('msgid "A"\nmsgstr "B"\n', "cy.po"), "cy.po")


def test_only_what_is_translated_and_confirmed_counts() -> None:
    text = HEADER + (
        '#, fuzzy\nmsgid "A guess"\nmsgstr "x"\n\nmsgid "Nothing"\nmsgstr ""\n\n'
        'msgid "On "\n"two lines \\"so\\""\nmsgstr "Ar "\n"ddwy"\n'
    )
    assert make_catalogue(read_entries(text, "cy.po"), "cy.po").words == {'On two lines "so"': "Ar ddwy"}


def test_a_translation_that_would_break_its_page_is_not_used() -> None:
    text = (
        HEADER
        + 'msgid "Closes on {day}"\nmsgstr "Yn cau ar {dydd}"\n\nmsgid "Home"\nmsgstr "[Hafan](home)"\n'
    )
    assert make_catalogue(read_entries(text, "cy.po"), "cy.po").words == {}


def test_marks_are_found_wherever_they_stand() -> None:
    assert list_marks("[{n} left](go) **{what}**(( of {n}))") == [
        "hidden:",
        "link:go",
        "strong:",
        "value:n",
        "value:n",
        "value:what",
    ]
    assert take_apart("No marks at all") == ()
