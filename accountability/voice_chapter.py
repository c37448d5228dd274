"""What the annual report's chapter says of what children and families said: what officers chose, and no agency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from accountability.chapter_parts import ChapterPart
from accountability.models import Voice
from accountability.reporting_years import ReportingYear
from accountability.voice_quotes import escape, quote
from s11.organisations.models import Partnership
from surveys.disclosure.rules import FEWEST
from surveys.models import Theme

TITLE: Final = "What children and families said"
OTHER: Final = "Other things that they said"


def get_chapter_part(partnership: Partnership, year: ReportingYear) -> ChapterPart | None:
    """None where officers have chosen nothing that still reads as they chose it. Two queries."""
    heard = Voice.objects.of(partnership).standing().heard_in(year)
    chosen = list(heard.chosen().select_related("theme").order_by("theme__position", "heard_on", "pk"))
    if not chosen:
        return None
    agencies = heard.order_by().values("participation").distinct().count()
    return ChapterPart(TITLE, "\n\n".join([say_how_many(agencies), *say_themes(chosen)]))


def say_how_many(agencies: int) -> str:
    """Of fewer than a figure needs nothing is counted: what was heard could be set beside a name."""
    begin = f"{agencies} organisations" if agencies >= FEWEST else "Organisations of the area"
    return f"{begin} recorded this year what children and families told them, and what changed because of it."


def say_themes(voices: Sequence[Voice]) -> Iterator[str]:
    """By theme, in the order of the audit; what has none comes last, and has a heading only beside others."""
    themes = [
        (theme, list(some))
        for theme, some in groupby(sorted(voices, key=lambda one: one.theme is None), lambda one: one.theme)
    ]
    for theme, some in themes:
        if len(themes) > 1 or theme is not None:
            yield f"### {name_theme(theme)}"
        for voice in some:
            yield from say_voice(voice)


def name_theme(theme: Theme | None) -> str:
    return OTHER if theme is None else theme.title


def say_voice(voice: Voice) -> Iterator[str]:
    yield f"**{voice.get_group_display()} said:** {flatten(voice.told)}"
    if voice.is_quotable:
        yield quote(voice.quotation, voice.whose)
    if voice.changed:
        yield f"**What changed:** {flatten(voice.changed)}"
    else:
        yield f"**Nothing has changed yet:** {flatten(voice.why_not)}"


def flatten(words: str) -> str:
    """One paragraph that means what it says: no heading, list or link of its own."""
    return escape(" ".join(words.split()))
