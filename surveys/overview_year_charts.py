"""Charts of an overview that compare cycle with cycle, and the same agencies then and now.

Names by which addresses know them: `returns-years`, `years`, `years-both`, `years-themes`, and for a variant
`school-years` and `school-both`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from s11.web.drawings.chart import Chart
from s11.web.drawings.curves import Curve, draw_curves
from s11.web.drawings.marks import NARROW, WIDE
from s11.web.drawings.years import PairRow, YearsRow, draw_pairs, draw_years
from s11.web.text import plural
from surveys.enums import Scope
from surveys.figures import Share
from surveys.models import Cycle
from surveys.overview_returns import MILESTONES, ReturnCurve, Returns
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


def make_curves_chart(returns: Returns) -> Chart | None:
    """Nothing where this cycle has no earlier one beside it, or nobody was invited."""
    curves = [
        Curve(curve.cycle, tuple((day, share.percent or 0) for day in days if (share := curve.by(day))))
        for curve in returns.curves
        if (days := sorted({*(day for day, _, _ in curve.days), curve.until})) and curve.days
    ]
    if len(curves) < 2 or not returns.curves[-1].days:
        return None
    rows = list(reversed(returns.curves))
    now, before = rows[0], rows[1]
    day = min(now.until, 0)
    then = before.by(day)
    moment = "By the closing day" if not day else f"{plural(-day, 'day')} before the closing day"
    return Chart(
        key="returns-years",
        about="Submitted of invited, by days before and after the closing day",
        title=f"{moment} {now.by(day)} had submitted, in {before.cycle} {then}",
        summary="The strong line is this cycle, the dashed ones earlier cycles.",
        wide=draw_curves(curves, WIDE),
        narrow=draw_curves(curves, NARROW),
        head=(
            "Cycle",
            *(f"{one:+d}" if one else "Closing day" for one in MILESTONES),
            "Submitted of invited",
        ),
        lines=tuple((curve.title, *count_by(curve), curve.submitted_of_invited) for curve in rows),
    )


def count_by(curve: ReturnCurve) -> list[int | None]:
    """How many had come by each milestone; of what is still to come, nothing."""
    return [share.count if (share := curve.by(day)) is not None else None for day in MILESTONES]


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
        head=(name_column(lines), "Questions", *slugs),
        words=2,
        lines=tuple(
            (str(line), say_questions(line), *(share_of(points.get(slug)) for slug in slugs))
            for line, points in found
        ),
        note=BROKEN if is_broken else "",
    )


def name_column(lines: Sequence[Line]) -> str:
    """What the rows are of; the whole stands among variants."""
    return {Scope.STANDARD: "Standard", Scope.THEME: "Theme"}.get(lines[-1].scope, "Variant")


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
        head=(name_column([line for line, _ in pairs]), "Agencies", then, now, "Rose", "Fell", "Questions"),
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
