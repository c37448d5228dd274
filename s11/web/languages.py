"""The language in which a page speaks: English, as the source is written, or another by its files of translations.

    say("Closes on {day}", day=…)                          a sentence that is made in Python, when it is shown
    say_later("Your name")                                 the same for what is written once, such as a form’s label
    say_count("{n} answer", "{n} answers", 3)              a counted noun

In a template these are `_()` and `_n()`, and there a text may hold links (s11/web/messages.py). In English nothing
is looked up. In another language a text without a translation stays English, and says so: `Untranslated`.

What is stored, sent by e-mail or laid out on paper is English: only pages speak (`jinja.SpeakingTemplate`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy
from markupsafe import Markup, escape

from s11.web.messages import fill, mark_up
from s11.web.po_files import Catalogue, make_catalogue, read_entries


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is what a person’s row and cookie hold, `tag` what a page says (BCP 47), `name` what it calls itself."""

    code: str
    tag: str
    name: str


ENGLISH: Final = Language("en", "en-GB", "English")
# A new one is a line here, a choice of User.language, and its files: docs/translating.md.
LANGUAGES: Final = (ENGLISH, Language("cy", "cy", "Cymraeg"))
BY_CODE: Final = {language.code: language for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language that is not English: the words of the pages, and those of the question banks."""

    language: Language
    words: Catalogue
    banks: Catalogue


# None is English: asking that is all that an English page pays. Each thread has its own.
_tongue: ContextVar[Tongue | None] = ContextVar("tongue", default=None)
_paused: ContextVar[Tongue | None] = ContextVar("paused", default=None)


class Untranslated(str):
    """English on a page of another language: marked where it is shown as it is, plain where it is joined to more."""

    __slots__ = ()

    def __str__(self) -> str:
        """Itself: forms make a `str` of every label."""
        return self

    def __html__(self) -> str:
        return mark_as_english(escape(self[:]))


# Which language ------------------------------------------------------------------------------------------------------


def get_language() -> Language:
    tongue = _tongue.get()
    return tongue.language if tongue else ENGLISH


def list_others() -> list[Language]:
    """What a page offers beside its own."""
    return [language for language in LANGUAGES if language is not get_language()]


def speak(code: str) -> Token[Tongue | None]:
    """From now on, in this thread, until `stop_speaking` is given what it returns. A code that is not known is
    English."""
    language = BY_CODE.get(code, ENGLISH)
    token = _tongue.set(None if language is ENGLISH else load(language.code))
    _tell_django()
    return token


def stop_speaking(token: Token[Tongue | None]) -> None:
    _tongue.reset(token)
    _tell_django()


def pause() -> str:
    """English from here on, for what a page holds that nobody has translated; for templates, so it writes nothing."""
    _paused.set(_tongue.get())
    speak(ENGLISH.code)
    return ""


def resume() -> str:
    _tongue.set(_paused.get())
    _tell_django()
    return ""


def _tell_django() -> None:
    """For what Django and allauth say by themselves."""
    tongue = _tongue.get()
    if tongue is None:
        translation.deactivate()
    else:
        translation.activate(tongue.language.code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    token = speak(code)
    try:
        yield
    finally:
        stop_speaking(token)


def in_english() -> AbstractContextManager[None]:
    """For what is kept, sent or printed, whoever asks for it."""
    return speaking(ENGLISH.code)


@cache
def load(code: str) -> Tongue:
    """Once a process, by the first page that needs it."""
    words = read_catalogue([settings.TRANSLATIONS / f"{code}.po"])
    banks = read_catalogue(sorted(settings.BANK_TRANSLATIONS.glob(f"*.{code}.po")))
    return Tongue(BY_CODE[code], words, banks)


def read_catalogue(files: Sequence[Path]) -> Catalogue:
    """Of several files the first that has a text wins."""
    whole = Catalogue()
    for file in files:
        one = make_catalogue(read_entries(file.read_text(encoding="utf-8"), file.name), file.name)
        whole = Catalogue(one.words | whole.words, one.counted | whole.counted, one.form_of)
    return whole


# Saying --------------------------------------------------------------------------------------------------------------


def say(text: str, **values: object) -> str:
    tongue = _tongue.get()
    if tongue is None:
        return fill(text, values) if values else text
    translated = tongue.words.words.get(text)
    if translated is None:
        return Untranslated(fill(text, values))
    return fill(translated, values)


def say_count(one: str, many: str, n: int, **values: object) -> str:
    """‘1 answer’, ‘3 answers’: `{n}` stands for the number in both."""
    values = {"n": f"{n:,}", **values}
    english = one if n == 1 else many
    tongue = _tongue.get()
    if tongue is None:
        return fill(english, values)
    translated = tongue.words.count(one, n)
    return Untranslated(fill(english, values)) if translated is None else fill(translated, values)


say_later = lazy(say, str)


def show(text: str, **values: object) -> str:
    """`_()` of a template: as `say`, and with links and stress as HTML."""
    tongue = _tongue.get()
    if tongue is None:
        return mark_up(text, values)
    translated = tongue.words.words.get(text)
    return mark_as_english(mark_up(text, values)) if translated is None else mark_up(translated, values)


def show_count(one: str, many: str, n: int, **values: object) -> str:
    """`_n()` of a template."""
    values = {"n": f"{n:,}", **values}
    english = one if n == 1 else many
    tongue = _tongue.get()
    if tongue is None:
        return mark_up(english, values)
    translated = tongue.words.count(one, n)
    return mark_as_english(mark_up(english, values)) if translated is None else mark_up(translated, values)


def mark_as_english(text: str) -> str:
    if not isinstance(text, Markup):
        return Untranslated(text)
    return Markup('<span class="app-english" lang="{}">{}</span>').format(ENGLISH.tag, text)


def find_bank_text(text: str) -> str | None:
    """In the language of the page; none where nobody has translated it."""
    tongue = _tongue.get()
    return text if tongue is None or not text else tongue.banks.words.get(" ".join(text.split()))


def show_bank(text: str) -> str:
    """A text of a question bank."""
    return find_bank_text(text) or Untranslated(text)


def show_named(code: str, text: str) -> str:
    """‘A1 Leadership’: a bank's text after its code, still marked where it is English."""
    shown = show_bank(text)
    if isinstance(shown, Untranslated):
        return Markup("{} {}").format(code, shown)
    return f"{code} {shown}"


def show_plain(value: Any) -> Any:
    """For an attribute, where no mark can stand."""
    if _tongue.get() is None:
        return value
    if isinstance(value, Untranslated):
        return value[:]
    return escape(value).striptags()
