"""What drafted sentences are made of: a cycle's public figures with their tokens, and words that agree with numbers.

Pure. What is said of a report's sections is in narrative.py, of a board's papers in board_words.py.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from s11.web.text import list_words

Json = Any
NUMBERS: Final = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One cycle's public figures; `number` is its place in the report, counted from 1."""

    number: int
    title: str
    document: Json
    closes_on: datetime.date
    is_closed: bool

    def token(self, *path: str) -> str:
        place = "" if self.number == 1 else f"{self.number}:"
        return f"[[{place}{'/'.join(path)}]]"

    def find_variant(self, key: str) -> Json | None:
        return next((one for one in self.document["variants"] if one["variant"] == key), None)


def is_share(figure: Json) -> bool:
    """Shown, and of somebody."""
    return isinstance(figure, dict) and bool(figure.get("of"))


def is_counted(figure: Json) -> bool:
    return isinstance(figure, dict) and "2" in figure


def graded(rows: Iterable[Json]) -> list[Json]:
    return [one for one in rows if is_share(one["at_grade_2"])]


def share_of(row: Json) -> Fraction:
    return Fraction(row["at_grade_2"]["count"], row["at_grade_2"]["of"])


def mean_of(scores: Json) -> Fraction | None:
    """Exact, from the counts: the printed mean is rounded, and two that differ may be printed alike."""
    n = sum(scores.values())
    return Fraction(scores["1"] + 2 * scores["2"], n) if n else None


def say_base(document: Json, theme: Json) -> str:
    """Why a theme's figure is not of all audits, as words within a sentence; empty where it is of all, or withheld."""
    figure, whole = theme["at_grade_2"], document.get("all", {}).get("audits", 0)
    if not is_share(figure) or figure["of"] >= whole:
        return ""
    without = [
        one
        for one in document["variants"]
        if all(standard["theme"] != theme["code"] for standard in one["standards"])
    ]
    if without and sum(one["audits"] for one in without) == whole - figure["of"]:
        return f"not asked about it: {list_words([lower_first(one['label']) for one in without])}"
    return "the others are not asked about it, or it does not apply to them"


def name_theme(document: Json, theme: Json, title: str = "") -> str:
    """Its title; and in brackets who is not asked, where its figure is not of all."""
    base = say_base(document, theme)
    return f"{title or theme['title']}{f' ({base})' if base else ''}"


def say_number(number: int) -> str:
    """Within a sentence; for what is counted and no figure of its own."""
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def lower_first(title: str) -> str:
    """Within a sentence; a name in capitals keeps them."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def end_sentence(text: str) -> str:
    """A statement of a question bank, so that what comes after it begins a sentence."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def list_bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def say_one_or_list(before: str, named: list[str], of_several: str = "") -> str:
    """One in the sentence, several below it: titles have commas and ‘and’ of their own."""
    if len(named) == 1:
        return f"{before} {named[0]}."
    return f"{of_several or before}:\n\n{list_bullets(named)}"


def say_audits_at_2(token: str, share: Json) -> str:
    """‘[[all/at_grade_2]] audits are at grade 2 overall’, without a full stop."""
    count, of = share["count"], share["of"]
    if count == of:
        return f"Every audit is at grade 2 overall: {token}"
    if not count:
        return f"No audit is at grade 2 overall: {token}"
    return f"{token} audits {'is' if count == 1 else 'are'} at grade 2 overall"


def say_submitted(token: str, share: Json, *, is_closed: bool) -> str:
    """How many of the invited submitted, as a sentence without a full stop."""
    count, of = share["count"], share["of"]
    has, have, so_far = ("", "", "") if is_closed else ("has ", "have ", " so far")
    if not of:
        return f"Nobody {'was' if is_closed else 'has been'} invited{so_far}"
    if of == 1:
        not_submitted = "did not submit" if is_closed else "has not submitted so far"
        return f"The one invited organisation {f'{has}submitted' if count else not_submitted}: {token}"
    if not count:
        nobody = "Neither" if of == 2 else "No"
        return f"{nobody} invited organisation {has}submitted{so_far}: {token}"
    if count == of:
        everybody = f"Both invited organisations {have}" if of == 2 else f"Every invited organisation {has}"
        return f"{everybody}submitted: {token}"
    return f"{token} invited organisations {has if count == 1 else have}submitted{so_far}"


def say_on_time(token: str, share: Json) -> str:
    """Of those that submitted, who came on time; empty where nobody did."""
    count, of = share["count"], share["of"]
    if not of:
        return ""
    if of == 1:
        return f"it {'came' if count else 'did not come'} on time: {token}"
    if not count:
        return f"{'neither' if of == 2 else 'none'} came on time: {token}"
    if count == of:
        return f"{'both' if of == 2 else 'all'} came on time: {token}"
    return f"{token} came on time"
