"""Reads translations: files in gettext’s format (.po), which every translator’s tool opens and writes.

They are read as they are: there is no compiled file that could lag behind. Pure: no Django, no language of anybody.
"""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from s11.web.messages import list_marks

LINE = re.compile(r'^(?:(msgid|msgid_plural|msgstr|msgstr\[\d+\])\s+)?(".*")$')
FORMS = re.compile(r"^Plural-Forms:\s*nplurals=(\d+);\s*plural=(.+?);?\s*$", re.MULTILINE)


class UnreadableTranslations(ValueError):
    """One sentence with the file, the line and what would be right."""


@dataclass(slots=True)
class Entry:
    """One text in English, its plural where it is counted, and what stands for it: a text for each plural form."""

    line: int
    is_to_check: bool = False  # gettext’s ‘fuzzy’: a tool’s guess, which nobody has confirmed
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.parts["msgid"]

    @property
    def many(self) -> str:
        return self.parts.get("msgid_plural", "")

    @property
    def translations(self) -> list[str]:
        return [text for name, text in self.parts.items() if name.startswith("msgstr")]

    @property
    def is_translated(self) -> bool:
        return not self.is_to_check and all(self.translations)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What stands for each English text; `counted` has a text a plural form, and `form_of` picks one by a number."""

    words: dict[str, str] = field(default_factory=dict)
    counted: dict[str, list[str]] = field(default_factory=dict)
    form_of: Callable[[int], int] = lambda _: 0

    def count(self, one: str, number: int) -> str | None:
        forms = self.counted.get(one)
        return forms[self.form_of(number)] if forms else None


def read_entries(text: str, name: str) -> list[Entry]:
    """All that the file holds, its header first; a text that comes twice is an error, for one would silently win."""
    entries = list(_read(text, name))
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.text in seen:
            raise UnreadableTranslations(
                f"{name}, line {entry.line}: ‘{entry.text}’ stands in line {seen[entry.text]} already; keep one."
            )
        seen[entry.text] = entry.line
    return entries


def make_catalogue(entries: list[Entry], name: str) -> Catalogue:
    """What is translated and confirmed; all else is as if it were not there.

    So is a translation that lacks a value or a link of its source, or names another: its page could not be shown.
    """
    header = next((entry.translations[0] for entry in entries if not entry.text), "")
    found = FORMS.search(header)
    if found is None:
        raise UnreadableTranslations(
            f"{name}: its header names no ‘Plural-Forms’; docs/translating.md has them."
        )
    forms = int(found[1])
    catalogue = Catalogue(form_of=gettext.c2py(found[2]))
    for entry in entries:
        if not entry.text or not entry.is_translated:
            continue
        if entry.many and len(entry.translations) != forms:
            raise UnreadableTranslations(
                f"{name}, line {entry.line}: ‘{entry.text}’ has {len(entry.translations)} plural forms; "
                f"write all {forms} of them."
            )
        if not holds_the_same(entry):
            continue
        if entry.many:
            catalogue.counted[entry.text] = entry.translations
        else:
            catalogue.words[entry.text] = entry.translations[0]
    return catalogue


def holds_the_same(entry: Entry) -> bool:
    allowed = (list_marks(entry.text), list_marks(entry.many))
    return all(list_marks(translated) in allowed for translated in entry.translations)


def _read(text: str, name: str) -> Iterator[Entry]:
    entry: Entry | None = None
    part, is_to_check = "", False
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        if line.startswith("#"):
            is_to_check = is_to_check or (line.startswith("#,") and "fuzzy" in line)
            continue
        match = LINE.match(line)
        if match is None or (match[1] is None and entry is None):
            raise UnreadableTranslations(
                f"{name}, line {number}: ‘{line}’ is neither msgid, msgid_plural, msgstr nor a text in quotation marks."
            )
        if match[1] == "msgid":
            if entry is not None:
                yield entry
            entry, is_to_check = Entry(number, is_to_check), False
        part = match[1] or part
        assert entry is not None
        entry.parts[part] = entry.parts.get(part, "") + _unquote(match[2], name, number)
    if entry is not None:
        yield entry


def _unquote(quoted: str, name: str, number: int) -> str:
    """The escapes of .po files are among Python’s own."""
    try:
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError):
        raise UnreadableTranslations(
            f'{name}, line {number}: {quoted} is no text in quotation marks; write \\" for one inside it.'
        ) from None
