"""What a text for people may hold besides words, so that one sentence is translated as one and none holds HTML.

    {day}                     a value, by its name
    [Sign in](sign_in)        a link, to the address that is given by that name
    **3 answers**             what matters most
    ((of A1.1))               read out, not shown

A translation is text, whoever wrote it: everything in it is escaped, and only these four mean something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from markupsafe import Markup, escape

MARKS = re.compile(
    r"(?<!%)\{(?P<value>\w+)\}"
    r"|\[(?P<link>[^\[\]]+)\]\((?P<address>\w+)\)"
    r"|\*\*(?P<strong>.+?)\*\*"
    r"|\(\((?P<hidden>.+?)\)\)(?!\))"
)
# `%{count}` is filled in by the script of the design system.
VALUE = re.compile(r"(?<!%)\{(\w+)\}")
# A piece is HTML to be written as it is, or the name of a value with how it is shown.
TEXT, SHOWN, LINKED = range(3)
Piece = tuple[int, str]


def fill(text: str, values: Mapping[str, object]) -> str:
    """Values in their places, for a sentence that is made in Python. Plain text still, escaped where it is shown."""
    return VALUE.sub(lambda match: str(values[match[1]]), text)


def mark_up(text: str, values: Mapping[str, object]) -> Markup | str:
    """The same as HTML. A text without marks comes back as it is, to be escaped by the template."""
    pieces = take_apart(text)
    if not pieces:
        return text
    parts = [piece if kind == TEXT else _write(kind, piece, values) for kind, piece in pieces]
    return Markup("".join(parts))  # noqa: S704 (each part is escaped)


@lru_cache(maxsize=4096)
def take_apart(text: str) -> tuple[Piece, ...]:
    """Nothing, where there is no mark."""
    return tuple(_take_apart(text)) if MARKS.search(text) else ()


def _take_apart(text: str) -> Iterator[Piece]:
    at = 0
    for match in MARKS.finditer(text):
        yield TEXT, str(escape(text[at : match.start()]))
        at = match.end()
        if match["value"]:
            yield SHOWN, match["value"]
        elif match["link"]:
            yield LINKED, match["address"]
            yield from _take_apart(match["link"])
            yield TEXT, "</a>"
        elif match["strong"]:
            yield TEXT, "<strong>"
            yield from _take_apart(match["strong"])
            yield TEXT, "</strong>"
        else:
            yield TEXT, '<span class="govuk-visually-hidden">'
            yield from _take_apart(match["hidden"])
            yield TEXT, "</span>"
    yield TEXT, str(escape(text[at:]))


def _write(kind: int, piece: str, values: Mapping[str, object]) -> str:
    value = values[piece]
    if kind == SHOWN:
        return escape(value)
    # Where a link is more than its address, such as one that opens a new tab, the template gives the whole tag.
    return (
        value
        if isinstance(value, Markup) and value.startswith("<a ")
        else Markup('<a class="govuk-link" href="{}">').format(value)
    )


def list_marks(text: str) -> list[str]:
    """What a translation must hold too, in any order: its values and links, and how often it stresses and hides."""
    found = []
    for match in MARKS.finditer(text):
        name = next(kind for kind in ("value", "link", "strong", "hidden") if match[kind])
        inner = match["link"] or match["strong"] or match["hidden"] or ""
        found += [f"{name}:{match['value'] or match['address'] or ''}", *list_marks(inner)]
    return sorted(found)
