"""Findings suggested from a report's public figures, and the boxes of a poster laid out from findings. Pure.

A finding is a theme that holds across agencies. Its numbers are tokens (accountability/tokens.py) and paths into the
public figures, so that nothing can be said that a report may not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from accountability.enums import PosterKind
from accountability.narrative import graded, is_counted, share_of
from accountability.tokens import fill_tokens

Json = Any
# So many themes to work on are suggested, and so many that are done well; ties beyond them are left to the officer.
MOST_WEAK: Final = 3
MOST_STRONG: Final = 2
MOST_BOXES: Final = 7
WHY_IT_MATTERS: Final = "Each of these keeps a child safe once it is done, and not while it is only planned."


@dataclass(frozen=True, slots=True)
class Evidence:
    """A number behind a finding, by its path in the public figures."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A finding as the figures suggest it; the officer says the rest."""

    theme: str
    title: str
    found: str
    why_it_matters: str
    next_steps: str
    evidence: tuple[Evidence, ...]


def suggest(document: Json) -> list[Suggestion]:
    """The weakest themes first, then the strongest; none twice, and none where nothing is below or at grade 2."""
    ranked = sorted(graded(document["themes"]), key=lambda theme: (share_of(theme), theme["code"]))
    weak = [theme for theme in ranked if share_of(theme) < 1][:MOST_WEAK]
    strong = [
        theme for theme in reversed(ranked) if theme not in weak and share_of(theme) > share_of(ranked[0])
    ]
    return [
        *(_suggest(document, theme, is_strong=False) for theme in weak),
        *(_suggest(document, theme, is_strong=True) for theme in strong[:MOST_STRONG]),
    ]


def _suggest(document: Json, theme: Json, *, is_strong: bool) -> Suggestion:
    title = theme["title"]
    evidence = (
        Evidence(f"themes/{theme['code']}/at_grade_2", "All organisations"),
        *_list_standards(document, theme["code"]),
    )
    lowest = "" if is_strong else _say_lowest(document, theme["code"])
    return Suggestion(
        theme=theme["code"],
        title=f"{title}: {'done well' if is_strong else 'to be better'}",
        found=f"[[{evidence[0].path}]] audits are at grade 2.{lowest}",
        why_it_matters="",
        next_steps=(
            "Share what works with those who are not there yet."
            if is_strong
            else "Look at this together, agree who does what by when, and check that it worked."
        ),
        evidence=evidence,
    )


def _list_standards(document: Json, theme: str) -> Iterator[Evidence]:
    for variant in document["variants"]:
        for standard in graded(variant["standards"]):
            if standard["theme"] == theme:
                path = f"variants/{variant['variant']}/standards/{standard['code']}/at_grade_2"
                yield Evidence(path, f"{variant['label']}: {standard['title']}")


def _say_lowest(document: Json, theme: str) -> str:
    """The indicator with the lowest mean under the theme; nothing where several share it."""
    rows = [
        (Fraction(one["mean"]), variant, standard, one)
        for variant in document["variants"]
        for standard in variant["standards"]
        if standard["theme"] == theme
        for one in standard["indicators"]
        if isinstance(one["mean"], str) and is_counted(one["scores"])
    ]
    rows.sort(key=lambda row: row[0])
    if not rows or (len(rows) > 1 and rows[0][0] == rows[1][0]):
        return ""
    _, variant, standard, one = rows[0]
    at = f"variants/{variant['variant']}/standards/{standard['code']}/indicators/{one['code']}"
    return f" Furthest from achieved ({variant['label'].lower()}): {one['text']} (mean [[{at}/mean]])"


# Posters --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What a poster takes from one finding."""

    pk: int | None
    title: str
    found: str
    why_it_matters: str
    next_steps: str
    # The path of its first number, or nothing.
    path: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    heading: str
    figure: str = ""
    text: str = ""
    finding: int | None = None


def lay_out(kind: PosterKind, findings: Sequence[Told], documents: Sequence[Json], cycle: str) -> list[Box]:
    """At most seven boxes, with the numbers filled in: what is laid out says what its report says."""
    told = list(findings)
    make = _lay_out_poster if kind == PosterKind.POSTER else _lay_out_briefing
    boxes = make(told, documents, cycle)
    return [_fill(box, documents) for box in boxes][:MOST_BOXES]


def _lay_out_poster(told: list[Told], documents: Sequence[Json], cycle: str) -> list[Box]:
    """One finding a box, its first number large; last of all what happens next."""
    boxes = [make_box(one) for one in told[: MOST_BOXES - 1]]
    return [*boxes, Box("What happens next", "", _join(one.next_steps for one in told))]


def _lay_out_briefing(told: list[Told], documents: Sequence[Json], cycle: str) -> list[Box]:
    """The seven boxes of a seven-minute briefing, to be read in a team."""
    titles = _join(f"{one.title}." for one in told)
    found = [make_box(one) for one in told[:3]]
    found += [Box("", "", "")] * (3 - len(found))
    return [
        Box(
            "1 What this is about",
            "[[participation/submitted_of_invited]]",
            f"of the organisations that were invited said in {cycle} how well they keep children safe.",
        ),
        Box("2 Why it matters", "", _join(one.why_it_matters for one in told) or WHY_IT_MATTERS),
        *(
            Box(f"{number} {box.heading or 'What we found'}", box.figure, box.text, box.finding)
            for number, box in enumerate(found, start=3)
        ),
        Box("6 What to do now", "", _join(one.next_steps for one in told)),
        Box(
            "7 Talk about it",
            "",
            f"Which of these is true of us? {titles} What will we do by when, and who checks?",
        ),
    ]


def make_box(told: Told) -> Box:
    """Its first number stands large, so the text that begins with it goes on below it."""
    figure = token_of(told.path)
    text = told.found.removeprefix(figure).strip() if figure else told.found
    return Box(told.title, figure, text, told.pk)


def token_of(path: str) -> str:
    return f"[[{path}]]" if path else ""


def _fill(box: Box, documents: Sequence[Json]) -> Box:
    return Box(box.heading, fill_tokens(box.figure, documents), fill_tokens(box.text, documents), box.finding)


def _join(parts: Iterable[str]) -> str:
    """Each once: several findings often end alike."""
    return " ".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
