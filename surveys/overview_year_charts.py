"""Charts of an overview that compare cycle with cycle, and the same agencies then and now.

Names by which addresses know them: `years`, `years-both`, `years-themes`, and for a variant `school-years` and
`school-both`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from s11.web.drawings.chart import Chart
from s11.web.drawings.marks import NARROW, WIDE
from s11.web.drawings.years import PairRow, YearsRow, draw_pairs, draw_years
from surveys.figures import Share
from surveys.models import Cycle
from surveys.overview_titles import say_line, say_pair, say_pairs
from surveys.overview_years import Line, Pair, Point, YearOnYear

BROKEN = "A dashed line or rail: the questions changed there, so the cycles on either side are not compared."


def list_year_charts(years: YearOnYear) -> Iterator[Chart]:
    """Nothing where there is one cycle alone."""
    if not years.earlier:
        return
    whole = [years.whole, *(variant.whole for variant in years.variants)]
    yield make_lines_chart(
        "years",
        "All agencies: share of audits at grade 2 overall, by cycle",
        say_line(years.whole),
        whole,
        years.cycles,
    )
    if pairs := find_pairs(whole, years):
        about = "The same agencies: share at grade 2 overall, in both cycles"
        line, pair = pairs[0]
        title = say_pair(pair) if line.variant is None else say_pairs(pairs, "variant", "variants")
        yield make_both_chart("years-both", about, title, pairs, years)
    if pairs := find_pairs(years.themes, years):
        about = "The same agencies: share at grade 2, by theme, in both cycles"
        yield make_both_chart("years-themes", about, say_pairs(pairs, "theme", "themes"), pairs, years)


def list_variant_year_charts(years: YearOnYear) -> Iterator[Chart]:
    for variant in years.variants if years.earlier else ():
        if pairs := find_pairs(variant.standards, years):
            yield make_both_chart(
                f"{variant.variant.value}-both",
                f"{variant.variant.label}, the same agencies: share at grade 2, by standard, in both cycles",
                say_pairs(pairs, "standard", "standards"),
                pairs,
                years,
            )
        if len(years.cycles) > 2:
            yield make_lines_chart(
                f"{variant.variant.value}-years",
                f"{variant.variant.label}, all agencies: share at grade 2, by standard and cycle",
                f"{variant.variant.label}. {say_line(variant.whole)}",
                variant.standards,
                years.cycles,
            )


def make_lines_chart(
    key: str, about: str, title: str, lines: Sequence[Line], cycles: Sequence[Cycle]
) -> Chart:
    """A pair of dots for two cycles, a small drawing each for more."""
    slugs = [cycle.slug for cycle in cycles]
    found = [(line, {point.cycle: point for point in line.points}) for line in lines]
    wide, narrow = (
        draw_pairs(list_pair_rows(found, slugs), (slugs[0], slugs[1]), width)
        if len(slugs) == 2
        else draw_years(list_years_rows(found, slugs), slugs, width)
        for width in (WIDE, NARROW)
    )
    is_broken = any(point.is_broken for line in lines for point in line.points)
    return Chart(
        key=key,
        about=about,
        title=title,
        summary="Each cycle’s submitted audits, whoever took part in it.",
        wide=wide,
        narrow=narrow,
        head=("", *slugs, "Questions"),
        lines=tuple(
            (str(line), *(share_of(points.get(slug)) for slug in slugs), say_questions(line))
            for line, points in found
        ),
        note=BROKEN if is_broken else "",
    )


Found = Sequence[tuple[Line, Mapping[str, Point]]]


def list_pair_rows(found: Found, slugs: Sequence[str]) -> list[PairRow]:
    return [
        PairRow(
            str(line),
            percent_of(points.get(slugs[0])),
            percent_of(points.get(slugs[1])),
            "The questions changed" if any(point.is_broken for point in points.values()) else "",
        )
        for line, points in found
    ]


def list_years_rows(found: Found, slugs: Sequence[str]) -> list[YearsRow]:
    return [
        YearsRow(
            str(line),
            tuple(percent_of(points.get(slug)) for slug in slugs),
            frozenset(place for place, slug in enumerate(slugs) if slug in points and points[slug].is_broken),
        )
        for line, points in found
    ]


def share_of(point: Point | None) -> Share | None:
    return point.marks.grades.at_grade_2 if point is not None and point.marks.grades.total else None


def percent_of(point: Point | None) -> int | None:
    share = share_of(point)
    return share.percent if share is not None else None


def say_questions(line: Line) -> str:
    """Why the line is broken, the newest break first; nothing is said of lines that are whole."""
    reasons = [
        f"{point.cycle}: {point.change.reason}"
        for point in reversed(line.points)
        if point.change is not None and point.is_broken
    ]
    return " ".join(reasons) or "As before"


Paired = Sequence[tuple[Line, Pair]]


def find_pairs(lines: Sequence[Line], years: YearOnYear) -> Paired:
    """Against the cycle just before this one, of those lines that the same agencies have in both."""
    nearest = years.earlier[-1].slug
    found = ((line, pair) for line in lines for pair in line.pairs if pair.cycle == nearest)
    return [(line, pair) for line, pair in found if pair.organisations]


def make_both_chart(key: str, about: str, title: str, pairs: Paired, years: YearOnYear) -> Chart:
    then, now = years.earlier[-1].slug, years.cycles[-1].slug
    rows = [
        PairRow(str(line), pair.before.grades.at_grade_2.percent, pair.now.grades.at_grade_2.percent)
        for line, pair in pairs
    ]
    is_partial = any(pair.change.is_break for _, pair in pairs)
    return Chart(
        key=key,
        about=about,
        title=title,
        summary="Agencies with an audit of the same variant in both, over the questions that both cycles asked.",
        wide=draw_pairs(rows, (then, now), WIDE),
        narrow=draw_pairs(rows, (then, now), NARROW),
        head=("", "Agencies", then, now, "Rose", "Fell", "Questions in both"),
        lines=tuple(
            (
                str(line),
                pair.organisations,
                pair.before.grades.at_grade_2,
                pair.now.grades.at_grade_2,
                pair.up,
                pair.down,
                pair.change.shared,
            )
            for line, pair in pairs
        ),
        note="Where questions changed, a figure here may differ from the cycle’s own." if is_partial else "",
    )
