"""A report's content as its page and its document show it: parts with words, charts and tables. Pure: JSON in.

The same for a preview on the desk, for the public page and for paper, so that what was approved is what is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from accountability.enums import SectionKind
from accountability.report_charts import Told, make_charts, name_group, say, say_withheld
from accountability.sentences import lower_first
from s11.web.drawings.chart import Chart
from s11.web.text import plural

Json = Any
ABOUT_DATA: Final = ("data", "About the figures")


@dataclass(frozen=True, slots=True)
class Group:
    """A variant, or variants that are shown together. `name` begins the keys of its charts."""

    key: str
    name: str
    label: str
    audits: int
    overall: str
    withheld: str


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
    # By kind of organisation, then all: invited, submitted with answers, own audit tool returned, not submitted.
    took_part: tuple[tuple[str, int, int, int, int], ...]
    counted: str
    groups: tuple[Group, ...]
    themes_withheld: str
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
    charts: Mapping[str, Chart]
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
        charts=make_charts([Told(titles[figures["cycle"]], figures) for figures in content["figures"]]),
        errata=tuple((one["version"], one["text"]) for one in content["errata"]),
    )


def make_round(title: str, figures: Json) -> Round:
    took_part = figures["participation"]
    return Round(
        title=title,
        key_figures=(
            (say(took_part["submitted_of_invited"]), "invited organisations submitted"),
            (say(figures["all"]["at_grade_2"]), "audits at grade 2 overall"),
        ),
        took_part=tuple(make_took_part(took_part)),
        counted=say_counted(figures),
        groups=tuple(make_group(one) for one in figures["variants"]),
        themes_withheld=say_withheld(figures["themes"]),
        critical_zeros=tuple(make_zeros(figures)),
        decisions=tuple(say_decision(one, figures) for one in figures["disclosure"]["decisions"]),
        method=tuple(figures["disclosure"]["method"]),
    )


def say_decision(decision: Json, figures: Json) -> str:
    """‘Health, H6.2 Staff know whom to tell: withheld.’ A code alone says nothing to the public."""
    about, text = decision["about"], decision["text"]
    asked = {
        one["code"]: one["text"]
        for variant in figures["variants"]
        if variant["label"] == about
        for standard in variant["standards"]
        for one in standard["indicators"]
    }
    names, colon, rest = text.partition(": ")
    names = lower_first(names) if names.startswith("Overall") else names
    codes = names.split(", ")
    if not colon:
        return f"{about}: {text}"
    if all(code in asked for code in codes):
        names = "; ".join(f"{code} {asked[code].rstrip('.')}" for code in codes)
    return f"{about}, {names}: {rest}"


def make_took_part(took_part: Json) -> Iterator[tuple[str, int, int, int, int]]:
    """Each row adds up, and so does each column; what was frozen before kinds were told apart has none."""
    variants = took_part.get("variants", ())
    whole = [{**took_part, "label": "All organisations"}] if len(variants) > 1 else []
    for one in (*variants, *whole):
        invited, answered = one["invited"], one["submitted_with_answers"]
        yield one["label"], invited, answered, one["own_tool"], one["not_submitted"]


def say_counted(figures: Json) -> str:
    """Whose scores the rest of the report is about, so that its groups can be added up."""
    took_part, audits = figures["participation"], figures["all"]["audits"]
    if "not_in_scores" not in took_part:
        return ""
    own = (
        " An organisation that returned its own audit tool is in none of them."
        if took_part["own_tool"]
        else ""
    )
    left_out = took_part["not_in_scores"]
    if not audits:
        return ""
    if not left_out:
        return f"Figures about scores are of the {plural(audits, 'audit')} submitted with answers.{own}"
    why = "there are no such scores of them, or they came after figures of this cycle were first published"
    return (
        f"Figures about scores are of {plural(audits, 'audit')}. {left_out:,} of those submitted with answers "
        f"{'is' if left_out == 1 else 'are'} not in them: {why}.{own}"
    )


def make_group(variant: Json) -> Group:
    return Group(
        key=variant["variant"],
        name=name_group(variant["variant"]),
        label=variant["label"],
        audits=variant["audits"],
        overall=say(variant["at_grade_2"]),
        withheld=say_withheld(variant["standards"]),
    )


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
