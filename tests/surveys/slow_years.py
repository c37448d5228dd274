"""Year on year and the returns a second time, slowly: 'years' and 'returns' of the full overview's JSON, without
sentences. From plain rows and the rules alone."""

from __future__ import annotations

import datetime

from tests.surveys.slow_tables import VARIANTS, Json, Row, Slow, both, is_under, marks, returned_on, share
from tests.surveys.slow_twin import slow_grade, slow_mean

# Year on year ---------------------------------------------------------------------------------------------------------


def slow_years(slow: Slow, years: list[Row], series: str) -> Json:
    asked = {
        year["slug"]: [one for variant in VARIANTS for one in slow.asked(year, variant, series)]
        for year in years
    }
    now = asked[years[-1]["slug"]]

    def line(scope: str, variant: str, code: str) -> Json:
        return slow_line(slow, years, series, asked, (scope, variant, code))

    variants = []
    for variant in [variant for variant in VARIANTS if any(one["variant"] == variant for one in now)]:
        own = [one for one in now if one["variant"] == variant]
        codes = list(dict.fromkeys(one["standard"] for one in own))
        variants.append(
            {
                "variant": variant,
                **line("whole", variant, ""),
                "standards": [
                    {
                        "code": code,
                        "title": next(one["standard_title"] for one in own if one["standard"] == code),
                    }
                    | line("standard", variant, code)
                    for code in codes
                ],
                "indicators": [slow_indicator(slow, years, series, asked, one) for one in own],
            }
        )
    themes = sorted({one["theme"] for one in now}, key=lambda code: int(code[1:]))
    return {
        "cycles": [year["slug"] for year in years],
        **line("whole", "", ""),
        "variants": variants,
        "themes": [
            {"code": code, "title": next(one["theme_title"] for one in now if one["theme"] == code)}
            | line("theme", "", code)
            for code in themes
        ],
    }


def slow_line(
    slow: Slow, years: list[Row], series: str, asked: dict[str, list[Row]], subject: tuple[str, str, str]
) -> Json:
    scope, variant, code = subject

    def under(slug: str) -> dict[tuple[str, str], int]:
        return {
            (one["variant"], one["key"]): one["id"]
            for one in asked[slug]
            if is_under(one, scope, code) and variant in ("", one["variant"])
        }

    points: list[Json] = []
    before: dict[tuple[str, str], int] | None = None
    for year in years:
        here = under(year["slug"])
        if not here:
            continue
        scores = [
            [score for indicator, score in slow.said(audit, series).items() if indicator in here.values()]
            for audit in slow.audits(year, series).values()
            if variant in ("", audit["variant"])
        ]
        broken = before is not None and before.keys() != here.keys()
        points.append({"cycle": year["slug"], **marks(scores), "broken": broken})
        before = here
    now = under(years[-1]["slug"])
    pairs = [
        slow_pair(slow, (years[-1], then), series, variant, (now, under(then["slug"])))
        for then in years[:-1]
        if under(then["slug"])
    ]
    return {"all": points, "both": pairs}


Spines = dict[tuple[str, str], int]


def slow_pair(
    slow: Slow, years: tuple[Row, Row], series: str, variant: str, under: tuple[Spines, Spines]
) -> Json:
    (year, then), (now, here) = years, under
    shared = now.keys() & here.keys()
    grades: list[tuple[str, str]] = []
    before_scores, now_scores = [], []
    for audit, past in both(slow, year, then, series):
        if variant not in ("", audit["variant"]):
            continue
        was = [
            score for key, score in slow.said(past, series).items() if key in [here[one] for one in shared]
        ]
        is_now = [
            score for key, score in slow.said(audit, series).items() if key in [now[one] for one in shared]
        ]
        if slow_grade(was) and slow_grade(is_now):
            grades.append((slow_grade(was), slow_grade(is_now)))
            before_scores.append(was)
            now_scores.append(is_now)
    up, down = sum(a < b for a, b in grades), sum(a > b for a, b in grades)
    return {
        "cycle": then["slug"],
        "organisations": len(grades),
        "before": marks(before_scores),
        "now": marks(now_scores),
        "up": up,
        "down": down,
        "same": len(grades) - up - down,
        "same_questions": now.keys() == here.keys(),
        "indicators": len(shared),
    }


def slow_indicator(slow: Slow, years: list[Row], series: str, asked: dict[str, list[Row]], held: Row) -> Json:
    def find(slug: str) -> Row | None:
        same = [one for one in asked[slug] if (one["variant"], one["key"]) == (held["variant"], held["key"])]
        return same[0] if same else None

    points, pairs = [], []
    for year in years:
        here = find(year["slug"])
        if here is None:
            continue
        scores = [slow.said(audit, series).get(here["id"]) for audit in slow.audits(year, series).values()]
        said = [score for score in scores if score is not None]
        points.append(
            {
                "cycle": year["slug"],
                "code": here["code"],
                "scores": {score: said.count(score) for score in ("0", "1", "2")},
                "not_applicable": said.count("NA"),
                "mean": slow_mean(said),
            }
        )
        if year is not years[-1]:
            pairs.append(slow_indicator_pair(slow, (years[-1], year), series, held, here))
    return {"code": held["code"], "key": held["key"], "all": points, "both": pairs}


def slow_indicator_pair(slow: Slow, years: tuple[Row, Row], series: str, held: Row, here: Row) -> Json:
    moves = []
    for audit, past in both(slow, *years, series):
        was, is_now = slow.said(past, series).get(here["id"]), slow.said(audit, series).get(held["id"])
        if was in ("0", "1", "2") and is_now in ("0", "1", "2"):
            moves.append((was, is_now))
    words = ("text", "descriptor_0", "descriptor_1", "descriptor_2")
    return {
        "cycle": years[1]["slug"],
        "organisations": len(moves),
        "mean_before": slow_mean([was for was, _ in moves]),
        "mean": slow_mean([is_now for _, is_now in moves]),
        "up": sum(was < is_now for was, is_now in moves),
        "down": sum(was > is_now for was, is_now in moves),
        "same": sum(was == is_now for was, is_now in moves),
        "reworded": any(here[word] != held[word] for word in words),
    }


# Returns --------------------------------------------------------------------------------------------------------------


def slow_returns(slow: Slow, years: list[Row]) -> Json:
    curves = []
    for year in years:
        invited = slow.invitees(year)
        days = {row["id"]: returned_on(slow, row) for row in invited}
        came = {key: day for key, day in days.items() if day is not None}
        late = {row["id"]: max(year["closes_on"], row["extended_to"] or year["closes_on"]) for row in invited}
        by = {}
        for offset in (-28, -14, -7, 0, 7, 14, 28):
            until = year["closes_on"] + datetime.timedelta(days=offset)
            if year["status"] == "closed" or until <= slow.today:
                by[f"{offset:+d}"] = share(sum(day <= until for day in came.values()), len(invited))
        sorted_days = sorted((day - year["closes_on"]).days for day in came.values())
        curves.append(
            {
                "cycle": year["slug"],
                "closes_on": year["closes_on"].isoformat(),
                "submitted_of_invited": share(len(came), len(invited)),
                "on_time_of_submitted": share(sum(day <= late[key] for key, day in came.items()), len(came)),
                "variants": {
                    variant: share(
                        sum(slow.variant(row) == variant and row["id"] in came for row in invited),
                        sum(slow.variant(row) == variant for row in invited),
                    )
                    for variant in VARIANTS
                    if any(slow.variant(row) == variant for row in invited)
                },
                "by_day": by,
                "half_by": sorted_days[(len(sorted_days) - 1) // 2] if sorted_days else None,
            }
        )
    return {
        "all": curves,
        "both": slow_invited_in_both(slow, years),
        "own_tools": slow_own_tools(slow, years[-1]),
    }


def slow_invited_in_both(slow: Slow, years: list[Row]) -> list[Json]:
    found = []
    for then in years[:-1]:
        pairs = [
            (past, row)
            for row in slow.invitees(years[-1])
            for past in slow.invitees(then)
            if past["organisation_id"] == row["organisation_id"]
        ]
        counts = [sum(returned_on(slow, pair[side]) is not None for pair in pairs) for side in (0, 1)]
        found.append(
            {
                "cycle": then["slug"],
                "before": share(counts[0], len(pairs)),
                "now": share(counts[1], len(pairs)),
            }
        )
    return found


def slow_own_tools(slow: Slow, year: Row) -> Json:
    invited = slow.invitees(year)
    own = [slow.variant(row) for row in invited if slow.one("owntoolreturn", invitee_id=row["id"])]
    submitted = sum(returned_on(slow, row) is not None for row in invited)
    return {
        **share(len(own), submitted),
        "variants": {variant: own.count(variant) for variant in VARIANTS if variant in own},
    }
