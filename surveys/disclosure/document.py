"""The public figures as JSON: the keys of the overview's contract where shown, a marker where withheld."""

from __future__ import annotations

from typing import Any, Final

from surveys.disclosure.rules import FEWEST, FEWEST_THAT_SHARE
from surveys.disclosure.shown import Figure, Release, ShownGroup, ShownHeading, ShownIndicator
from surveys.disclosure.words import METHOD, WITHHELD, Decision

Json = dict[str, Any]
SUPPRESSED: Final[Json] = {"suppressed": True, "why": WITHHELD}


def make_document(release: Release, decisions: tuple[Decision, ...]) -> Json:
    return {
        "cycle": release.scores.cycle,
        "series": release.scores.series,
        "disclosure": {
            "fewest_organisations": FEWEST,
            "fewest_that_share_a_low_grade": FEWEST_THAT_SHARE,
            "method": list(METHOD),
            "decisions": [{"about": one.about, "text": one.public} for one in decisions],
        },
        "all": {"audits": len(release.scores.records), **_say_grades(release.whole)},
        "variants": [_say_group(shown) for shown in release.groups],
        "themes": [
            {
                "code": theme.code,
                "title": theme.title,
                "at_grade_2": _say_grades(theme.figure)["at_grade_2"],
            }
            for theme in release.themes
        ],
        "critical_zeros": [
            {"variant": shown.group.key, "indicator": indicator.asked.code, "count": zeros}
            for shown in release.groups
            for heading in shown.headings
            for indicator in heading.indicators
            if indicator.asked.is_critical
            and indicator.figure.is_shown
            and (zeros := indicator.figure.cell.grades.grade_0)
        ],
    }


def _say_group(shown: ShownGroup) -> Json:
    return {
        "variant": shown.group.key,
        "label": shown.group.label,
        "audits": len(shown.group.records),
        **_say_grades(shown.figure),
        "mean": _say_mean(shown.figure),
        "standards": [_say_heading(heading) for heading in shown.headings],
    }


def _say_heading(shown: ShownHeading) -> Json:
    heading = shown.heading
    return {
        "code": heading.code,
        "title": heading.title,
        "theme": heading.theme,
        "mean": _say_mean(shown.figure),
        **_say_grades(shown.figure),
        "indicators": [_say_indicator(indicator) for indicator in shown.indicators],
    }


def _say_indicator(shown: ShownIndicator) -> Json:
    asked, figure = shown.asked, shown.figure
    return {
        "code": asked.code,
        "key": asked.key,
        "text": asked.text,
        "scores": figure.cell.grades.as_json() if figure.is_shown else SUPPRESSED,
        "not_applicable": figure.cell.not_applicable if figure.is_shown else SUPPRESSED,
        "mean": _say_mean(figure),
    }


def _say_grades(figure: Figure) -> Json:
    if not figure.is_shown:
        return {"grades": SUPPRESSED, "at_grade_2": SUPPRESSED}
    grades = figure.cell.grades
    return {"grades": grades.as_json(), "at_grade_2": grades.at_grade_2.as_json()}


def _say_mean(figure: Figure) -> str | Json | None:
    return figure.cell.mean if figure.shows_mean else SUPPRESSED
