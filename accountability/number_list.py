"""The numbers that an officer can put into a report's text: each with its token and what it says now. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accountability.tokens import NAMES, TOKEN, WITHHELD, fill_tokens, find_unknown

Json = Any
# How much of a code has to be the same for it to be what was meant.
NEAREST: Final = 0.5
TOOK_PART = (
    ("submitted_of_invited", "Submitted, of those invited"),
    ("invited", "Organisations invited"),
    ("submitted", "Submitted, with answers or with their own audit tool"),
    ("submitted_with_answers", "Submitted with answers"),
    ("own_tool", "Returned their own audit tool in place of answers"),
    ("not_submitted", "Not submitted"),
    ("submitted_of_registered", "Submitted, of those registered"),
    ("on_time_of_submitted", "On time, of those submitted"),
)
WORDS = {
    "invited": "invited",
    "submitted": "submitted",
    "submitted_with_answers": "submitted with answers",
    "own_tool": "returned their own audit tool",
    "not_submitted": "not submitted",
}


@dataclass(frozen=True, slots=True)
class Number:
    """`token` goes into the text; `value` is what it says as the figures stand."""

    token: str
    about: str
    value: str


def list_numbers(documents: list[Json], place: int = 0) -> list[Number]:
    """Those of one cycle, by its place in the report counted from 0; what is withheld is left out."""
    prefix = f"{place + 1}:" if place else ""
    found = []
    for path, about in list_paths(documents[place]):
        token = f"[[{prefix}{path}]]"
        value = fill_tokens(token, documents)
        if value not in (WITHHELD, token):
            found.append(Number(token, about, value))
    return found


def list_paths(document: Json) -> Iterator[tuple[str, str]]:
    """The whole first, then each group of variants with its standards, then themes."""
    took_part = document["participation"]
    yield from ((f"participation/{name}", about) for name, about in TOOK_PART)
    for one in took_part.get("variants", ()):
        for name in ("invited", "submitted", "submitted_with_answers", "own_tool", "not_submitted"):
            yield f"participation/variants/{one['variant']}/{name}", f"{one['label']}: {WORDS[name]}"
    yield "all/audits", "All organisations: audits in the figures about scores"
    yield "all/at_grade_2", "All organisations: at grade 2 overall"
    for variant in document["variants"]:
        at, label = f"variants/{variant['variant']}", variant["label"]
        yield f"{at}/audits", f"{label}: audits in the figures about scores"
        yield f"{at}/at_grade_2", f"{label}: at grade 2 overall"
        yield f"{at}/mean", f"{label}: mean score"
        for standard in variant["standards"]:
            yield f"{at}/standards/{standard['code']}/at_grade_2", f"{standard['code']} {standard['title']}"
    for theme in document["themes"]:
        yield f"themes/{theme['code']}/at_grade_2", f"Theme: {theme['title']}"


# What was meant -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unknown:
    """A code in a text that names no number; `meant` is the nearest one that does, where one is near."""

    token: str
    meant: Number | None


def list_unknown(text: str, documents: Sequence[Json]) -> list[Unknown]:
    """Each once, as they stand in the text."""
    found = dict.fromkeys(find_unknown(text, documents))
    return [Unknown(token, find_meant(token, documents)) for token in found]


def find_meant(token: str, documents: Sequence[Json]) -> Number | None:
    """Of its own cycle where the report has that one, else of the first."""
    match = TOKEN.fullmatch(token)
    place = int(match[1] or 1) if match else 1
    if not 0 < place <= len(documents):
        place = 1
    path = (match[2] if match else token.strip("[]{}")).strip()
    known = [one for one, _ in list_paths(documents[place - 1])]
    # The list at hand first: all that a bank asks is thousands of codes, of which one more is always near.
    near = difflib.get_close_matches(path, known, 1, NEAREST)
    if path.count("/") > 3 or not near:
        near = difflib.get_close_matches(path, [*known, *walk(documents[place - 1])], 1, NEAREST) or near
    for one in near:
        meant = f"[[{f'{place}:' if place > 1 else ''}{one}]]"
        value = fill_tokens(meant, documents)
        if value not in (WITHHELD, meant):
            return Number(meant, dict(list_paths(documents[place - 1])).get(one, ""), value)
    return None


def walk(found: Json, path: str = "") -> Iterator[str]:
    """Every path to a count, a share or a mean."""
    if isinstance(found, list):
        for one in found:
            name = next((one[key] for key in NAMES if key in one), None) if isinstance(one, dict) else None
            if name is not None:
                yield from walk(one, f"{path}/{name}")
    elif isinstance(found, dict) and not {"count", "suppressed"} & found.keys():
        for key, one in found.items():
            yield from walk(one, f"{path}/{key}" if path else key)
    elif isinstance(found, int | dict) or path.endswith("/mean"):
        yield path
