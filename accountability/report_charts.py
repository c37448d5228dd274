"""The charts of a published report: each finding with its drawing and table. Pure: the public figures in, charts out.

Every number drawn stands in the public figures. What is withheld is named and never drawn, and a title that cannot
speak of all says so. Pages know charts by key: `took-part`, `themes`, and of a group `school-shares`, `school-grades`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accountability.narrative import NOT_THE_SAME
from accountability.sentences import graded, is_share, lower_first, say_base
from s11.web.drawings.bars import GRADES, PartsRow, ShareRow, draw_parts, draw_shares
from s11.web.drawings.chart import Chart
from s11.web.drawings.marks import NARROW, WIDE
from s11.web.text import list_words
from surveys.figures import Share
from surveys.overview_sentences import MOST_NAMES, say_strongest, say_weakest

Json = Any
WITHHELD: Final = "withheld"
OF_SHOWN: Final = "Of what may be shown, "
COUNTS: Final = (
    ("invited", "Invited"),
    ("registered", "Registered"),
    ("submitted", "Submitted"),
    ("on_time", "On time"),
)
RATES: Final = (
    ("submitted_of_invited", "Submitted, of those invited"),
    ("submitted_of_registered", "Submitted, of those registered"),
    ("on_time_of_submitted", "On time, of those submitted"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One cycle's public figures, and what it is called."""

    title: str
    figures: Json


class CountRow(ShareRow):
    """On the scale of a whole that stands above it, and so without a percentage."""

    @property
    def text(self) -> str:
        return f"{self.count:,}"


def make_charts(rounds: Sequence[Told]) -> Mapping[str, Chart]:
    """Of the first cycle; the second is what it is compared with. What there is nothing to draw of has no chart."""
    return {chart.key: chart for chart in list_charts(rounds)}


def list_charts(rounds: Sequence[Told]) -> Iterator[Chart]:
    now = rounds[0].figures
    if now["participation"]["invited"]:
        yield make_took_part_chart(rounds)
    for variant in now["variants"]:
        if graded(variant["standards"]):
            yield make_shares_chart(variant, find_last(variant, rounds[1:2]))
            yield make_grades_chart(variant)
    if graded(now["themes"]):
        yield make_themes_chart(now)


def name_group(variant: str) -> str:
    """As addresses within a page take it: ‘health-care_home’ of ‘health+care_home’."""
    return variant.replace("+", "-")


# Who took part --------------------------------------------------------------------------------------------------------


def make_took_part_chart(rounds: Sequence[Told]) -> Chart:
    took_part = rounds[0].figures["participation"]
    invited = took_part["invited"]
    rows = [CountRow(label, took_part[name], invited, None) for name, label in COUNTS]
    several = len(rounds) > 1
    return Chart(
        key="took-part",
        about="Organisations from invitation to submission",
        title=f"{say(took_part['submitted_of_invited'])} invited organisations submitted",
        summary=f"{say(took_part['on_time_of_submitted'])} of them came on time."
        if took_part["submitted"]
        else "",
        wide=draw_shares(rows, WIDE),
        narrow=draw_shares(rows, NARROW),
        head=("Figure", *((one.title for one in rounds) if several else ("Organisations",))),
        lines=tuple(
            (label, *(say(one.figures["participation"][name]) for one in rounds))
            for name, label in (*COUNTS, *RATES)
        ),
    )


# One group of variants ------------------------------------------------------------------------------------------------


def find_last(variant: Json, past: Sequence[Told]) -> tuple[str, Mapping[str, Share]]:
    """What the cycle before is called, and by code its share at grade 2, of standards that have kept code and title."""
    for told in past:
        for before in told.figures["variants"]:
            if before["variant"] == variant["variant"]:
                then = {(one["code"], one["title"]): one for one in graded(before["standards"])}
                kept = [one for one in graded(variant["standards"]) if (one["code"], one["title"]) in then]
                return told.title, {one["code"]: read_share(then[one["code"], one["title"]]) for one in kept}
    return "", {}


def make_shares_chart(variant: Json, last: tuple[str, Mapping[str, Share]]) -> Chart:
    """In the questionnaire's order: the title says which is weakest. Its table holds the grades too."""
    title, shares = last
    standards = variant["standards"]
    rows = [make_row(one, shares.get(one["code"])) for one in list_shown(standards)]
    compared = f"The upright mark is {title}. {NOT_THE_SAME}" if shares else ""
    return Chart(
        key=f"{name_group(variant['variant'])}-shares",
        about=f"{variant['label']}: share of audits at grade 2, by standard",
        title=qualify(say_weakest(list_named(standards), "standard", "standards"), standards),
        summary=qualify(say_strongest(list_named(standards), "standard", "standards"), standards),
        wide=draw_shares(rows, WIDE, last=title),
        narrow=draw_shares(rows, NARROW, last=title),
        head=(
            "Standard",
            "Grade 0",
            "Grade 1",
            "Grade 2",
            "At grade 2",
            "Mean score",
            *((f"In {title}",) if shares else ()),
        ),
        lines=tuple(
            (name(one), *say_grades(one), say(one["at_grade_2"]), say(one["mean"]))
            + ((say(shares.get(one["code"])),) if shares else ())
            for one in standards
        ),
        note=" ".join(filter(None, [compared, say_withheld(standards)])),
    )


def make_grades_chart(variant: Json) -> Chart:
    standards = variant["standards"]
    rows = [PartsRow(name(one), count_grades(one)) for one in list_shown(standards)]
    return Chart(
        key=f"{name_group(variant['variant'])}-grades",
        about=f"{variant['label']}: audits by their grade, for each standard",
        title=qualify(say_lowest_grades(standards), standards),
        summary=f"Each bar is all audits that have a grade there, of {variant['audits']:,} in these figures.",
        wide=draw_parts(rows, GRADES, WIDE, none="no grades"),
        narrow=draw_parts(rows, GRADES, NARROW, none="no grades"),
        head=("Standard", "Grade 0", "Grade 1", "Grade 2"),
        lines=tuple((name(one), *say_grades(one)) for one in standards),
        note=say_withheld(standards),
    )


def say_lowest_grades(standards: Json) -> str:
    """Where most audits are at grade 0; of what nobody is at, that."""
    zeros = [(one["title"], count_grades(one)[0]) for one in graded(standards)]
    most = max(count for _, count in zeros)
    if not most:
        has_ones = any(count_grades(one)[1] for one in graded(standards))
        return f"No audit is at grade 0{'' if has_ones else ' or 1'} in any standard"
    tied = [title for title, count in zeros if count == most]
    if len(tied) == 1:
        return f"{tied[0]} has the most audits at grade 0: {most:,}"
    if len(tied) > MOST_NAMES:
        return f"{len(tied)} of {len(zeros)} standards share the most audits at grade 0: {most:,} each"
    return f"{list_words(tied)} have the most audits at grade 0: {most:,} each"


# All of them ----------------------------------------------------------------------------------------------------------


def make_themes_chart(figures: Json) -> Chart:
    themes = figures["themes"]
    rows = [make_row(one) for one in list_shown(themes)]
    strongest = qualify(say_strongest(list_named(themes), "theme", "themes"), themes)
    bases = [f"{name(one)} – {base}." for one in themes if (base := say_base(figures, one))]
    return Chart(
        key="themes",
        about="Share of audits at grade 2, by theme, all organisations",
        title=qualify(say_weakest(list_named(themes), "theme", "themes"), themes),
        summary=f"{strongest} All kinds of organisations share the themes.".strip(),
        wide=draw_shares(rows, WIDE),
        narrow=draw_shares(rows, NARROW),
        head=("Theme", "At grade 2"),
        lines=tuple((name(one), say(one["at_grade_2"])) for one in themes),
        note=" ".join(filter(None, [*bases, say_withheld(themes)])),
    )


# Rows and words -------------------------------------------------------------------------------------------------------


def list_shown(items: Json) -> list[Json]:
    """What may be drawn, and of whatever nobody has a grade in, that."""
    return [one for one in items if not is_withheld(one["at_grade_2"])]


def list_withheld(items: Json) -> list[str]:
    return [name(one) for one in items if is_withheld(one["at_grade_2"])]


def list_named(items: Json) -> list[tuple[str, Share]]:
    return [(one["title"], read_share(one)) for one in list_shown(items)]


def make_row(item: Json, last: Share | None = None) -> ShareRow:
    share = read_share(item)
    return ShareRow(name(item), share.count, share.of, share.percent, last.percent if last else None)


def read_share(item: Json) -> Share:
    return Share(item["at_grade_2"]["count"], item["at_grade_2"]["of"])


def count_grades(item: Json) -> tuple[int, int, int]:
    grades = item["grades"]
    return grades["0"], grades["1"], grades["2"]


def say_grades(item: Json) -> tuple[str, ...]:
    if is_withheld(item["grades"]):
        return (WITHHELD,) * 3
    return tuple(say(count) for count in count_grades(item))


def say_withheld(items: Json) -> str:
    names = list_withheld(items)
    return f"Withheld, so that nobody’s scores can be worked out: {'; '.join(names)}." if names else ""


def qualify(sentence: str, items: Json) -> str:
    """A comparison speaks for all only where all are shown."""
    return f"{OF_SHOWN}{lower_first(sentence)}" if sentence and list_withheld(items) else sentence


def name(item: Json) -> str:
    return f"{item['code']} {item['title']}"


def is_withheld(figure: Json) -> bool:
    return isinstance(figure, dict) and "suppressed" in figure


def say(figure: Json) -> str:
    """A figure as a reader meets it: with its count; withheld; or a dash where there is none."""
    if is_withheld(figure):
        return WITHHELD
    if isinstance(figure, Share):
        return str(figure)
    if isinstance(figure, dict):
        return str(Share(figure["count"], figure["of"])) if is_share(figure) else "–"
    if figure is None:
        return "–"
    return f"{figure:,}" if isinstance(figure, int) else str(figure)
