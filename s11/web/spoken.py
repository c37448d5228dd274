"""Dates, counts and lists in the language of the page; `dates` and `text` have them in English, for what is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from s11.web import dates, text
from s11.web.languages import ENGLISH, Untranslated, find_bank_text, get_language, say, say_count
from s11.web.statuses import PROGRESS

DAYS = (
    "{day} January {year}",
    "{day} February {year}",
    "{day} March {year}",
    "{day} April {year}",
    "{day} May {year}",
    "{day} June {year}",
    "{day} July {year}",
    "{day} August {year}",
    "{day} September {year}",
    "{day} October {year}",
    "{day} November {year}",
    "{day} December {year}",
)
# Labels that English writes like something else, and the names that translators find them by.
TOLD_APART: Final = {"Standard": "Standard (kind of organisation)"}


def date(value: dt.date | dt.datetime | None) -> str:
    """‘4 March 2027’, ‘4 Mawrth 2027’."""
    if value is None or get_language() is ENGLISH:
        return dates.date(value)
    day = dates.as_london(value).date() if isinstance(value, dt.datetime) else value
    return say(DAYS[day.month - 1], day=day.day, year=day.year)


def datetime(value: dt.datetime | None) -> str:
    """‘4 March 2027 at 10:32’, ‘4 Mawrth 2027 am 10:32’."""
    if value is None or get_language() is ENGLISH:
        return dates.datetime(value)
    return say("{day} at {time}", day=date(value), time=dates.time(value))


def plural(count: int, one: str, many: str = "") -> str:
    """‘3 answers’, ‘3 ateb’: what is counted is found by both its English forms, as ‘{n} answer’."""
    if get_language() is ENGLISH:
        return text.plural(count, one, many)
    return say_count(f"{{n}} {one}", f"{{n}} {many or one + 's'}", count)


def list_words(parts: Sequence[str]) -> str:
    """‘A, B and C’, ‘A, B, C’: Welsh ‘and’ changes with the sound that follows, which no list knows."""
    if len(parts) < 2 or get_language() is ENGLISH:
        return text.list_words(parts)
    return say("{these} and {last}", these=", ".join(parts[:-1]), last=parts[-1])


def status(word: str) -> str:
    """A word of `statuses` as its tag shows it; the word itself stays English, for its colour goes by it."""
    if get_language() is not ENGLISH and (progress := PROGRESS.match(word)):
        return say("{answered} of {asked} answered", answered=progress[1], asked=progress[2])
    return say(word[:1].upper() + word[1:])


def chosen(label: str) -> str:
    """A choice’s label inside a sentence or a list: a role, a kind. In English as it is."""
    if get_language() is ENGLISH:
        return label
    known = say(TOLD_APART.get(label, label))
    if not isinstance(known, Untranslated):
        return known
    begun = say(label[:1].upper() + label[1:])
    return Untranslated(label) if isinstance(begun, Untranslated) else begun.lower()


def bank_paragraphs(value: str) -> SafeString:
    """A longer text of a question bank. One that is not translated is English, and says so once, above it."""
    known = find_bank_text(value)
    if known is not None:
        return text.paragraphs(known)
    return format_html(
        '<p class="app-english-mark">{}</p><div class="app-english-block" lang="{}">{}</div>',
        say("(In English)"),
        ENGLISH.tag,
        text.paragraphs(value),
    )
