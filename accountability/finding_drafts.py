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
from accountability.finding_words import KEEP_GOING, get_words
from accountability.sentences import graded, is_counted, say_base, share_of
from accountability.tokens import fill_tokens

Json = Any
# So many themes to work on are suggested, and so many that are done well; ties beyond them are left to the officer.
MOST_WEAK: Final = 3
MOST_STRONG: Final = 1
MOST_BOXES: Final = 7
# What a briefing has room for.
MOST_TOLD: Final = 3
GOING_WELL, NEEDS_WORK = "Going well", "Needs work"
WHY_IT_MATTERS: Final = "Each of these keeps a child safe once it is done, and not while it is only planned."
AGREE: Final = "Agree what we will change, who does it, and by when."


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
    """In words for a staff room; which indicators are behind it stands in the evidence, for officers."""
    words = get_words(theme["code"], theme["title"])
    evidence = (
        Evidence(f"themes/{theme['code']}/at_grade_2", "All organisations, the theme as a whole"),
        *([] if is_strong else _find_lowest(document, theme["code"])),
        *_list_standards(document, theme["code"]),
    )
    # Grade 2 is a mean from 1.5 on: mostly, and not all of it.
    base = say_base(document, theme)
    says = "say that" if document.get("series", "self") == "self" else "show that"
    return Suggestion(
        theme=theme["code"],
        title=f"{GOING_WELL if is_strong else NEEDS_WORK}: {words.topic}",
        found=f"[[{evidence[0].path}]] organisations {says} this mostly happens: {words.means}."
        f"{f' {base[:1].upper()}{base[1:]}.' if base else ''}",
        why_it_matters=words.why,
        next_steps=KEEP_GOING if is_strong else words.do,
        evidence=evidence,
    )


def _list_standards(document: Json, theme: str) -> Iterator[Evidence]:
    for variant in document["variants"]:
        for standard in graded(variant["standards"]):
            if standard["theme"] == theme:
                path = f"variants/{variant['variant']}/standards/{standard['code']}/at_grade_2"
                # What several variants are shown by is the theme itself.
                what = "" if standard["code"] == theme else "the standard "
                yield Evidence(path, f"{variant['label']}, {what}{standard['title']}")


def mixes_grades(paths: Iterable[str]) -> bool:
    """Of a theme and of standards: who adds up the standards does not come to the theme."""
    parts = [path.split("/") for path in paths]
    themes = {path[1] for path in parts if path[0] == "themes"}
    return bool(themes) and any("standards" in path and themes.isdisjoint(path) for path in parts)


def _find_lowest(document: Json, theme: str) -> list[Evidence]:
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
        return []
    _, variant, standard, one = rows[0]
    at = f"variants/{variant['variant']}/standards/{standard['code']}/indicators/{one['code']}"
    return [Evidence(f"{at}/mean", f"{variant['label']}, lowest mean: {one['code']} {one['text']}")]


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
    # What a team asks itself about it.
    question: str = ""


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
    """One finding a box, its first number large; last of all what to do."""
    shown = told[: MOST_BOXES - 1]
    return [
        *(make_box(one) for one in shown),
        Box("What to do now", "", _list(one.next_steps for one in shown)),
    ]


def _lay_out_briefing(told: list[Told], documents: Sequence[Json], cycle: str) -> list[Box]:
    """The seven boxes of a seven-minute briefing, to be read in a team."""
    told = told[:MOST_TOLD]
    found = [make_box(one) for one in told] + [Box("")] * (MOST_TOLD - len(told))
    return [
        Box(
            "1 What this is about",
            "[[participation/submitted_of_invited]]",
            f"organisations that were asked told us how well they keep children safe: {cycle}.",
        ),
        Box("2 Why it matters", "", _list(one.why_it_matters for one in told) or WHY_IT_MATTERS),
        *(
            Box(f"{number} {box.heading or 'What we found'}", box.figure, box.text, box.finding)
            for number, box in enumerate(found, start=3)
        ),
        Box("6 What to do now", "", _list(one.next_steps for one in told)),
        Box("7 Talk about it", "", _list([*(one.question or _ask(one) for one in told), AGREE])),
    ]


def _ask(told: Told) -> str:
    return f"Where do we stand with this: {told.title}?"


def make_box(told: Told) -> Box:
    """Its first number stands large, so the text that begins with it goes on below it."""
    figure = token_of(told.path)
    text = told.found.removeprefix(figure).strip() if figure else told.found
    return Box(told.title, figure, text, told.pk)


def token_of(path: str) -> str:
    return f"[[{path}]]" if path else ""


def _fill(box: Box, documents: Sequence[Json]) -> Box:
    return Box(box.heading, fill_tokens(box.figure, documents), fill_tokens(box.text, documents), box.finding)


def _list(parts: Iterable[str]) -> str:
    """A paragraph each, and each once: several findings often end alike."""
    return "\n\n".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
