"""A report's content as its page and its document show it: parts with words, charts and tables. Pure: JSON in.

The same for a preview on the desk, for the public page and for paper, so that what was approved is what is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from accountability.enums import SectionKind
from s11.web.text import list_words
from surveys.figures import Share

Json = Any
WITHHELD: Final = "withheld"
ABOUT_DATA: Final = ("data", "About the figures")


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart of shares."""

    label: str
    share: Share


@dataclass(frozen=True, slots=True)
class Group:
    """A variant, or variants that are shown together: its standards as bars, and as lines of a table."""

    key: str
    label: str
    submitted: int
    overall: str
    finding: str
    bars: tuple[Bar, ...]
    lines: tuple[tuple[str, ...], ...]
    withheld: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One section in words; what is drawn below it depends on its kind."""

    id: str
    kind: str
    title: str
    text: str
    # Which group of variants it is about; empty where it is about all of them.
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """The figures of one cycle."""

    title: str
    key_figures: tuple[tuple[str, str], ...]
    rates: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    themes: tuple[Bar, ...]
    themes_withheld: tuple[str, ...]
    critical_zeros: tuple[tuple[str, str, int], ...]
    decisions: tuple[str, ...]
    method: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page shows. `rounds` begins with the cycle that the report is about."""

    title: str
    partnership: str
    number: int | None
    version: int
    published_on: str
    series: str
    licence: str
    licence_address: str
    parts: tuple[Part, ...]
    rounds: tuple[Round, ...]
    errata: tuple[tuple[int, str], ...]

    @property
    def contents(self) -> list[tuple[str, str]]:
        return [*((part.id, part.title) for part in self.parts), ABOUT_DATA]


def make_page(content: Json) -> Page:
    about = content["report"]
    titles = {one["slug"]: one["title"] for one in content["cycles"]}
    return Page(
        title=about["title"],
        partnership=about["partnership_name"],
        number=about.get("number"),
        version=about["version"],
        published_on=about.get("published_on", ""),
        series=about["series"],
        licence=about["licence"]["name"],
        licence_address=about["licence"]["address"],
        parts=tuple(
            Part(
                id="-".join(word for word in (one["kind"], one["subject"].replace("+", "-")) if word),
                kind=one["kind"],
                title=one["title"],
                text=one["text"],
                subject=one["subject"],
            )
            for one in content["sections"]
            if one["text"].strip() or one["kind"] in (SectionKind.WHO_TOOK_PART, SectionKind.BY_VARIANT)
        ),
        rounds=tuple(make_round(titles[figures["cycle"]], figures) for figures in content["figures"]),
        errata=tuple((one["version"], one["text"]) for one in content["errata"]),
    )


def make_round(title: str, figures: Json) -> Round:
    took_part = figures["participation"]
    rates = tuple(
        (label, say(took_part[name]))
        for name, label in (
            ("submitted_of_invited", "Submitted, of those invited"),
            ("submitted_of_registered", "Submitted, of those registered"),
            ("on_time_of_submitted", "On time, of those submitted"),
        )
    )
    return Round(
        title=title,
        key_figures=(
            (say(took_part["submitted_of_invited"]), "invited organisations submitted"),
            (say(figures["all"]["at_grade_2"]), "audits at grade 2 overall"),
        ),
        rates=(
            ("Invited", say(took_part["invited"])),
            ("Registered", say(took_part["registered"])),
            *rates,
        ),
        groups=tuple(make_group(one) for one in figures["variants"]),
        themes=tuple(make_bars(figures["themes"])),
        themes_withheld=tuple(list_withheld(figures["themes"])),
        critical_zeros=tuple(make_zeros(figures)),
        decisions=tuple(f"{one['about']}: {one['text']}" for one in figures["disclosure"]["decisions"]),
        method=tuple(figures["disclosure"]["method"]),
    )


def make_group(variant: Json) -> Group:
    bars = tuple(make_bars(variant["standards"]))
    return Group(
        key=variant["variant"],
        label=variant["label"],
        submitted=variant["submitted"],
        overall=say(variant["at_grade_2"]),
        finding=say_finding(bars),
        bars=bars,
        lines=tuple(make_line(one) for one in variant["standards"]),
        withheld=tuple(list_withheld(variant["standards"])),
    )


def make_bars(items: Json) -> Iterator[Bar]:
    for one in items:
        share = one["at_grade_2"]
        if not is_withheld(share) and share["of"]:
            yield Bar(name(one), Share(share["count"], share["of"]))


def list_withheld(items: Json) -> Iterator[str]:
    return (name(one) for one in items if is_withheld(one["at_grade_2"]))


def make_line(standard: Json) -> tuple[str, ...]:
    """Its name, how many at each grade, the share at grade 2, the mean."""
    grades = standard["grades"]
    counts = [WITHHELD] * 3 if is_withheld(grades) else [str(grades[grade]) for grade in "012"]
    return (name(standard), *counts, say(standard["at_grade_2"]), say(standard["mean"]))


def make_zeros(figures: Json) -> Iterator[tuple[str, str, int]]:
    """Code, statement and how many, of each critical indicator that somebody scored 0, where it may be shown."""
    texts = {
        (variant["variant"], one["code"]): one["text"]
        for variant in figures["variants"]
        for standard in variant["standards"]
        for one in standard["indicators"]
    }
    for zero in figures["critical_zeros"]:
        yield zero["indicator"], texts.get((zero["variant"], zero["indicator"]), ""), zero["count"]


def say_finding(bars: tuple[Bar, ...]) -> str:
    """The title of a chart: which is lowest, or that all are level."""
    if not bars:
        return "The share of audits at grade 2, by standard"
    shares = [Fraction(bar.share.count, bar.share.of) for bar in bars]
    least = min(shares)
    lowest = [bar.label for bar, share in zip(bars, shares, strict=True) if share == least]
    if least == max(shares):
        return "The share of audits at grade 2 is the same for every standard"
    if len(lowest) > 2:
        return f"{len(lowest)} of {len(bars)} standards share the lowest figure"
    return f"{list_words(lowest)} {'is' if len(lowest) == 1 else 'are'} the weakest"


def name(item: Json) -> str:
    return f"{item['code']} {item['title']}"


def is_withheld(figure: Json) -> bool:
    return isinstance(figure, dict) and "suppressed" in figure


def say(figure: Json) -> str:
    """A figure as a reader meets it: with its count; withheld; or a dash where there is none."""
    if is_withheld(figure):
        return WITHHELD
    if figure is None:
        return "–"
    if isinstance(figure, dict):
        return str(Share(figure["count"], figure["of"]))
    return f"{figure:,}" if isinstance(figure, int) else str(figure)
