"""The columns of a table: a heading in plain words, how a value is written into a cell, and how one is read.

A reader raises Wrong: what is wrong and what would be right, for the person who typed it.
"""

from __future__ import annotations

import datetime
import itertools
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from import_export.fields import Field
from import_export.widgets import Widget

from s11.organisations.models import User
from surveys.imports.csv_files import Wrong
from surveys.yaml_nodes import shown

KEY: Final = "Key"
YES, NO = "yes", "no"
Read = Callable[[str], Any]
Show = Callable[[Any], str]
_order = itertools.count()


def tidy(text: str) -> str:
    """As a cell can hold it: no control characters, one kind of line break, nothing around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char
        for char in text
        if char in "\n\t" or (unicodedata.category(char) not in {"Cc", "Cs"} and char not in "\ufffe\uffff")
    ).strip()


class Words(Widget):
    """Between a value and the words for it in a cell."""

    def __init__(self, read: Read, show: Show) -> None:
        super().__init__()
        self.read, self.show = read, show

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return self.read(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return tidy(self.show(value))


def show_text(value: object) -> str:
    return "" if value is None else str(value)


class Column(Field):
    """`attribute` is the path from the row's instance, such as `organisation__urn`.

    One that is `readonly` is written for whoever reads the file, and passed over when it comes back.
    """

    def __init__(
        self,
        heading: str,
        attribute: str,
        *,
        read: Read = str,
        show: Show = show_text,
        readonly: bool = False,
        width: int = 18,
        hint: str = "",
        choices: Sequence[str] = (),
    ) -> None:
        super().__init__(
            attribute=attribute, column_name=heading, widget=Words(read, show), readonly=readonly
        )
        self.heading, self.width, self.hint = heading, width, hint
        # The words that may be written, where they are few: a workbook offers them.
        self.choices = tuple(choices)
        self.order = next(_order)


def read_line(length: int, *, required: bool = False) -> Read:
    """One line of text."""

    def read(text: str) -> str:
        if required and not text:
            raise Wrong("it is empty", "write it in, or take the row out")
        if "\n" in text or "\t" in text:
            raise Wrong(f"{shown(text)} has a line break or a tab in it", "write it on one line")
        return _check_length(text, length)

    return read


def read_code(length: int) -> Read:
    """A register's identifier, in capitals as the pages keep it: it is looked for by the very letters."""
    line = read_line(length)
    return lambda text: line(text.upper())


def read_text(length: int) -> Read:
    """Paragraphs."""
    return lambda text: _check_length(text, length)


def _check_length(text: str, length: int) -> str:
    if len(text) > length:
        raise Wrong(f"it has {len(text):,} characters", f"use at most {length:,}")
    return text


def read_matching(pattern: str, what: str, right: str) -> Read:
    def read(text: str) -> str:
        if text and not re.fullmatch(pattern, text):
            raise Wrong(f"{shown(text)} is not {what}", right)
        return text

    return read


def read_yes_no(text: str) -> bool:
    word = text.lower()
    if word not in {YES, NO}:
        raise Wrong(f"{shown(text)} is not yes or no" if text else "it is empty", f"write {YES} or {NO}")
    return word == YES


def show_yes_no(value: object) -> str:
    return YES if value else NO


def read_choice(choices: Mapping[str, str], what: str, *, required: bool = True) -> Read:
    """`choices` are what is stored and the words for it; either may be written."""
    values = {word.casefold(): value for value, word in choices.items()}
    values |= {str(value).casefold(): value for value in choices}

    def read(text: str) -> str:
        if not text and not required:
            return ""
        if text.casefold() not in values:
            wrong = f"{shown(text)} is not {what}" if text else "it is empty"
            raise Wrong(wrong, f"write one of {', '.join(str(word) for word in choices.values())}")
        return values[text.casefold()]

    return read


def show_choice(choices: Mapping[str, str]) -> Show:
    return lambda value: str(choices.get(value, "") if value else "")


def read_date(text: str) -> datetime.date | None:
    """2027-03-31, or as people here write it: 31/03/2027."""
    if not text:
        return None
    try:
        if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
            return datetime.date(int(found[3]), int(found[2]), int(found[1]))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise Wrong(f"{shown(text)} is not a date", "write it as 2027-03-31 or 31/03/2027, or leave it empty")


def show_date(value: datetime.date | None) -> str:
    return value.isoformat() if value else ""


def read_email(*, required: bool = False) -> Read:
    def read(text: str) -> str:
        email = User.objects.normalize_email(text)
        if not email and not required:
            return ""
        try:
            validate_email(email)
        except ValidationError:
            wrong = f"{shown(text)} is not an e-mail address" if text else "it is empty"
            raise Wrong(wrong, "write one such as lead@example.org") from None
        return str(_check_length(email, 254))

    return read
