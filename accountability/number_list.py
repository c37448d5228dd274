"""The numbers that an officer can put into a report's text: each with its token and what it says now. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accountability.tokens import WITHHELD, fill_tokens

Json = Any
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
    yield "all/audits", "All organisations: audits that figures about scores are of"
    yield "all/at_grade_2", "All organisations: at grade 2 overall"
    for variant in document["variants"]:
        at, label = f"variants/{variant['variant']}", variant["label"]
        yield f"{at}/audits", f"{label}: audits that figures about scores are of"
        yield f"{at}/at_grade_2", f"{label}: at grade 2 overall"
        yield f"{at}/mean", f"{label}: mean score"
        for standard in variant["standards"]:
            yield f"{at}/standards/{standard['code']}/at_grade_2", f"{standard['code']} {standard['title']}"
    for theme in document["themes"]:
        yield f"themes/{theme['code']}/at_grade_2", f"Theme: {theme['title']}"
