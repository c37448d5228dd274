"""What a report's public figures say, in plain sentences for its sections. Pure: figures in, text with tokens out.

Every number in a sentence is a token (accountability/tokens.py), so it changes with the figures and is traced by its
name; a sentence is written only while it is true. What is withheld is spoken of nowhere. Ties are said, never broken.
Text is Markdown, as officers write it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from s11.web.dates import date
from s11.web.text import list_words

Json = Any
# More names than this in one sentence is a list.
MOST_NAMED: Final = 3
# So many of the weakest, and more only where they tie with the last of them.
MOST_LISTED: Final = 5
MOST_TIED: Final = 8
TOO_FEW: Final = "Too few organisations have submitted for their scores to be shown."
NOT_THE_SAME: Final = "This compares all that submitted in each cycle, not the same organisations."


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


def say_introduction(partnership: str, cycles: Sequence[Shown]) -> str:
    now = cycles[0]
    has_schools = any("school" in one["variant"] for one in now.document["variants"])
    law = (
        "Section 11 of the Children Act 2004 asks councils, health bodies, police and others to keep children safe in "
        "all they do"
    )
    schools = (
        "; sections 175 and 157 of the Education Act 2002 ask the same of schools" if has_schools else ""
    )
    before = (
        f" Where it says so, it compares them with {list_words([one.title for one in cycles[1:]])}."
        if cycles[1:]
        else ""
    )
    return (
        f"{law}{schools}. {partnership} asks the organisations of its area every cycle how well they do, and checks "
        f"what they say.\n\nThis report says what {now.title} showed: what is done well, what needs to be better, and "
        f"what happens next.{before}"
    )


def say_method(now: Shown) -> str:
    series = {
        "self": "The figures are the organisations’ own scores.",
        "moderated": "The figures are moderated: where the partnership’s moderators gave another score, theirs counts.",
        "panel": "The figures are those agreed with a panel: its scores count where it gave any, else moderated ones.",
    }[now.document["series"]]
    rules = "\n".join(f"- {rule}" for rule in now.document["disclosure"]["method"])
    return (
        "Each organisation scored itself against the indicators of a question bank, gave evidence and planned what "
        "to do. A score is 0 (no progress), 1 (working towards it, with measurable progress) or 2 (achieved). The "
        "grade of a standard is the mean of its scores, rounded half up to 0, 1 or 2; what does not apply is no "
        f"score. {series}\n\nSo that no organisation can be found in a number:\n\n{rules}"
    )


def say_who_took_part(cycles: Sequence[Shown]) -> str:
    now = cycles[0]
    submitted = f"{now.token('participation', 'submitted_of_invited')} invited organisations"
    returned = (
        f"{submitted} submitted. The closing day was {date(now.closes_on)}; "
        f"{now.token('participation', 'on_time_of_submitted')} came on time."
        if now.is_closed
        else f"{submitted} have submitted so far. The closing day is {date(now.closes_on)}."
    )
    groups = [
        f"{one['label']}: {now.token('variants', one['variant'], 'submitted')} submitted"
        for one in now.document["variants"]
    ]
    before = [
        f"In {past.title}, {past.token('participation', 'submitted_of_invited')} invited organisations submitted."
        for past in cycles[1:]
    ]
    return "\n\n".join([returned, *([_bullets(groups)] if len(groups) > 1 else []), *before])


# One group of variants ------------------------------------------------------------------------------------------------


def say_variant(cycles: Sequence[Shown], key: str) -> str:
    """Overall, what all achieved, what is weakest, what changed, critical indicators; empty for what is withheld."""
    now = cycles[0]
    variant = now.find_variant(key)
    assert variant is not None  # asked of what it has
    found = [
        _say_grades(cycles, key, variant),
        _say_achieved(now, variant),
        _say_weakest(now, variant),
        _say_indicators(now, variant),
        *(_say_changes(now, past, variant) for past in cycles[1:2]),
        _say_critical(now, [variant]),
    ]
    return "\n\n".join(filter(None, found)) or TOO_FEW


def _say_grades(cycles: Sequence[Shown], key: str, variant: Json) -> str:
    if not is_share(variant["at_grade_2"]):
        return ""
    now = cycles[0]
    then = [
        f"{past.token('variants', key, 'at_grade_2')} in {past.title}"
        for past in cycles[1:]
        if (before := past.find_variant(key)) is not None and is_share(before["at_grade_2"])
    ]
    against = f", against {list_words(then)}" if then else ""
    return f"{now.token('variants', key, 'at_grade_2')} audits are at grade 2 overall{against}."


def _say_achieved(now: Shown, variant: Json) -> str:
    """‘Every agency achieved grade 2 for safer recruitment (14 of 14 (100%)).’"""
    all_two = [one for one in graded(variant["standards"]) if share_of(one) == 1]
    named = [f"{lower_first(one['title'])}: {_standard(now, variant, one)}" for one in all_two]
    if not named:
        return ""
    who = (
        "Every agency"
        if all(one["at_grade_2"]["of"] == variant["submitted"] for one in all_two)
        else "Every agency with a grade there"
    )
    if len(named) <= MOST_NAMED:
        return f"{who} achieved grade 2 for {list_words(named)}."
    return f"{who} achieved grade 2 for:\n\n{_bullets(named)}"


def _say_weakest(now: Shown, variant: Json) -> str:
    below = [one for one in graded(variant["standards"]) if share_of(one) < 1]
    if not below:
        return ""
    least = min(share_of(one) for one in below)
    tied = [one for one in below if share_of(one) == least]
    named = [f"{lower_first(one['title'])}: {_standard(now, variant, one)}" for one in tied]
    all_shown = len(graded(variant["standards"])) == len(variant["standards"])
    lowest = (
        "The lowest share at grade 2 is"
        if all_shown
        else "Of what may be shown, the lowest share at grade 2 is"
    )
    if len(named) > MOST_NAMED:
        return f"{lowest} the same for:\n\n{_bullets(named)}"
    return f"{lowest} {list_words(['for ' + name for name in named])}."


def _say_indicators(now: Shown, variant: Json) -> str:
    """The lowest by mean; fewer than all have achieved each of them."""
    rows = [
        (mean, standard, one)
        for standard in variant["standards"]
        for one in standard["indicators"]
        if isinstance(one["mean"], str) and is_counted(one["scores"]) and (mean := Fraction(one["mean"])) < 2
    ]
    rows.sort(key=lambda row: row[0])
    most = count_with_ties([mean for mean, _, _ in rows])
    if not most:
        return ""
    lines = [_indicator(now, variant, standard, one) for _, standard, one in rows[:most]]
    asked = [one for standard in variant["standards"] for one in standard["indicators"]]
    of_shown = "" if all(is_counted(one["scores"]) for one in asked) else ", of what may be shown"
    return f"What is furthest from achieved{of_shown}:\n\n{_bullets(lines)}"


def _say_changes(now: Shown, past: Shown, variant: Json) -> str:
    moved = say_moves(now, past, variant)
    if not moved:
        return ""
    # After a list it is a paragraph of its own, or it would read as the list's last line.
    return moved + (" " if moved.endswith(".") else "\n\n") + NOT_THE_SAME


def say_moves(now: Shown, past: Shown, variant: Json) -> str:
    """The largest rise and fall in the share at grade 2, over standards that both cycles have."""
    before = past.find_variant(variant["variant"])
    if before is None:
        return ""
    then = {(one["code"], one["title"]): one for one in graded(before["standards"])}
    moved = [
        (share_of(one) - share_of(then[one["code"], one["title"]]), one)
        for one in graded(variant["standards"])
        if (one["code"], one["title"]) in then
    ]
    said = []
    for word, edge in (("rose", max), ("fell", min)):
        most = edge((change for change, _ in moved), default=Fraction(0))
        if (most > 0) != (word == "rose") or most == 0:
            continue
        named = [
            f"{lower_first(one['title'])}: from {_standard(past, variant, one)} to {_standard(now, variant, one)}"
            for change, one in moved
            if change == most
        ]
        if len(named) > MOST_NAMED:
            said.append(f"The share at grade 2 {word} most, and level, for:\n\n{_bullets(named)}\n\n")
        else:
            said.append(f"The share at grade 2 {word} most for {list_words(named)}. ")
    return "".join(said).strip()


def _say_critical(now: Shown, variants: Iterable[Json]) -> str:
    zeros = [one["indicator"] for one in now.document["critical_zeros"]]
    asked = [
        (standard, one)
        for variant in variants
        for standard in variant["standards"]
        for one in standard["indicators"]
        if one["code"] in zeros
    ]
    if not asked:
        return ""
    lines = [
        f"{one['code']} {one['text']} At 0 in audits: {now.token('critical_zeros', one['code'], 'count')}"
        for _, one in asked
    ]
    return f"Critical indicators that are at 0 somewhere, whatever the average:\n\n{_bullets(lines)}"


# All of them ----------------------------------------------------------------------------------------------------------


def say_strengths(now: Shown) -> str:
    """Themes at the top, across everybody; then each group's best standards."""
    if not has_grades(now):
        return TOO_FEW
    return (
        "\n\n".join(_say_edge(now, is_strong=True)) or "Nothing that may be shown stands out from the rest."
    )


def say_weaknesses(now: Shown) -> str:
    if not has_grades(now):
        return TOO_FEW
    said = [*_say_edge(now, is_strong=False), _say_critical(now, now.document["variants"])]
    return "\n\n".join(filter(None, said)) or "Nothing that may be shown is below grade 2."


def has_grades(now: Shown) -> bool:
    """Of a theme or a standard, for somebody to read."""
    return any(graded(rows) for _, rows, _ in list_rankings(now))


def list_rankings(now: Shown) -> list[tuple[str, list[Json], tuple[str, ...]]]:
    """Whose themes or standards are compared with one another, which, and where their figures are."""
    return [
        ("Across all organisations", now.document["themes"], ("themes",)),
        *(
            (one["label"], one["standards"], ("variants", one["variant"], "standards"))
            for one in now.document["variants"]
        ),
    ]


def _say_edge(now: Shown, *, is_strong: bool) -> Iterator[str]:
    for name, listed, path in list_rankings(now):
        rows = graded(listed)
        shares = [share_of(one) for one in rows]
        if not stands_out(shares, is_strong=is_strong):
            continue
        edge = (max if is_strong else min)(shares)
        tied = [
            f"{lower_first(one['title'])}: {now.token(*path, one['code'], 'at_grade_2')}"
            for one in rows
            if share_of(one) == edge
        ]
        whose = name if len(rows) == len(listed) else f"{name}, of what may be shown"
        word = "strongest" if is_strong else "weakest"
        if len(tied) > MOST_NAMED:
            yield f"{whose}, {word} and level with one another:\n\n{_bullets(tied)}"
        else:
            yield f"{whose}, {word} at {list_words(tied)}."


def stands_out(shares: Sequence[Fraction], *, is_strong: bool) -> bool:
    """What all lack alike is no strength, and what all have is no weakness."""
    if not shares:
        return False
    if is_strong:
        return max(shares) == 1 or max(shares) > min(shares)
    return min(shares) < 1


def say_overall(cycles: Sequence[Shown]) -> str:
    now = cycles[0]
    if not is_share(now.document["all"]["at_grade_2"]):
        return "Too few organisations have submitted for their overall grades to be shown."
    then = [
        f"{past.token('all', 'at_grade_2')} in {past.title}"
        for past in cycles[1:]
        if is_share(past.document["all"]["at_grade_2"])
    ]
    against = f", against {list_words(then)}" if then else ""
    return f"{now.token('all', 'at_grade_2')} audits are at grade 2 overall{against}."


def say_follow_up(partnership: str) -> str:
    return (
        f"Each organisation follows the action plan that it made with its audit. {partnership} follows what it agreed "
        "with them until somebody has checked that it worked, and helps where several lack the same. The next audit "
        "asks again and shows what has changed."
    )


def count_with_ties(values: Sequence[Fraction]) -> int:
    """How many of these, the lowest first, to list: five, more where they tie with the fifth, none of a long tie."""
    most = min(MOST_LISTED, len(values))
    while 0 < most < len(values) and values[most] == values[most - 1]:
        most += 1
    if most > MOST_TIED:
        # To name some of them would be arbitrary.
        return values.index(values[most - 1])
    return most


# Parts of sentences ---------------------------------------------------------------------------------------------------


def is_share(figure: Json) -> bool:
    """Shown, and of somebody."""
    return isinstance(figure, dict) and bool(figure.get("of"))


def is_counted(figure: Json) -> bool:
    return isinstance(figure, dict) and "2" in figure


def graded(rows: Iterable[Json]) -> list[Json]:
    return [one for one in rows if is_share(one["at_grade_2"])]


def share_of(row: Json) -> Fraction:
    return Fraction(row["at_grade_2"]["count"], row["at_grade_2"]["of"])


def _standard(shown: Shown, variant: Json, standard: Json) -> str:
    return shown.token("variants", variant["variant"], "standards", standard["code"], "at_grade_2")


def _indicator(shown: Shown, variant: Json, standard: Json, one: Json) -> str:
    path = ("variants", variant["variant"], "standards", standard["code"], "indicators", one["code"])
    counts = [f"{shown.token(*path, 'scores', score)} at {score}" for score in ("0", "1", "2")]
    return f"{one['code']} {one['text']} Audits: {list_words(counts)}; mean {shown.token(*path, 'mean')}"


def lower_first(title: str) -> str:
    """Within a sentence; a name in capitals keeps them."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
