"""The public figures of a report as one tidy table, a row a figure, and what its columns mean. Pure: JSON in, rows out.

A figure that is withheld has no value and says `yes` in the column `withheld`: empty is never zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from surveys.figures import percent

Json = Any
Cell = str | int | None
Row = dict[str, Cell]

COLUMNS: Final = (
    "partnership",
    "report",
    "version",
    "cycle",
    "series",
    "section",
    "variant",
    "code",
    "title",
    "figure",
    "value",
    "of",
    "percent",
    "mean",
    "withheld",
)
# Each column, and then each word of the column `figure`, with what it means.
DICTIONARY: Final = (
    ("column", "partnership", "The partnership, by its short name in addresses."),
    ("column", "report", "The report's number in the partnership."),
    ("column", "version", "1 as first published; a correction counts on."),
    ("column", "cycle", "The round of audits, by its short name."),
    ("column", "series", "Whose scores: self (the organisation's own), moderated or panel."),
    (
        "column",
        "section",
        (
            "What the row is about: participation, all, variant, theme, standard, indicator, critical_zero. Rows of "
            "participation that name a variant are of the organisations of that kind."
        ),
    ),
    (
        "column",
        "variant",
        "Which organisations: standard, health, care_home, school. Joined by + where shown together.",
    ),
    ("column", "code", "The code of the theme, standard or indicator."),
    ("column", "title", "Its title, or the statement that is scored."),
    ("column", "figure", "What the number says; each word is explained below."),
    ("column", "value", "How many. Empty where it is withheld, and in rows about a mean."),
    ("column", "of", "Of how many, for a share."),
    ("column", "percent", "The value as a percentage of the column of, rounded half up to a whole number."),
    ("column", "mean", "Of a row about a mean: from 0 to 2, to two decimals, rounded half up."),
    (
        "column",
        "withheld",
        "yes where the figure is not shown, so that nobody's scores can be worked out; else empty.",
    ),
    ("figure", "invited", "Organisations invited, less those exempt."),
    ("figure", "registered", "Of the invited, those with an active member."),
    ("figure", "users", "Distinct active people of the invited organisations."),
    ("figure", "started", "Organisations with at least one answer, submitted ones included."),
    (
        "figure",
        "submitted",
        "Organisations that submitted, with answers or with their own audit tool in place of answers.",
    ),
    (
        "figure",
        "submitted_with_answers",
        "Of the submitted, those that answered the partnership's questions.",
    ),
    (
        "figure",
        "own_tool",
        "Of the submitted, those that returned their own audit tool: they are in no figure about scores.",
    ),
    ("figure", "not_submitted", "Of the invited, those that did not submit."),
    (
        "figure",
        "not_in_scores",
        (
            "Of those submitted with answers, those in no figure about scores: they have no scores of this series, or "
            "came after figures of this cycle were first published and are too few to be added."
        ),
    ),
    ("figure", "audits", "Audits that the figures about scores are of."),
    ("figure", "on_time", "Of the submitted, those first submitted by the end of their closing day."),
    ("figure", "submitted_of_invited", "Submitted, of the invited."),
    ("figure", "submitted_of_registered", "Submitted, of the registered."),
    ("figure", "on_time_of_submitted", "On time, of the submitted."),
    ("figure", "grade_0", "Audits at grade 0 there, of those with a grade there."),
    ("figure", "grade_1", "Audits at grade 1 there, of those with a grade there."),
    ("figure", "grade_2", "Audits at grade 2 there, of those with a grade there."),
    ("figure", "at_grade_2", "The same as grade_2, where only this grade is shown."),
    ("figure", "scored_0", "Audits that scored the indicator 0, of those that scored it."),
    ("figure", "scored_1", "Audits that scored the indicator 1, of those that scored it."),
    ("figure", "scored_2", "Audits that scored the indicator 2, of those that scored it."),
    ("figure", "not_applicable", "Audits that said that the indicator does not apply to them."),
    ("figure", "mean", "The mean of all scores there, in the column mean."),
    ("figure", "zeros", "Audits that scored this critical indicator 0."),
    ("sum", "invited", "submitted_with_answers + own_tool + not_submitted"),
    ("sum", "submitted", "submitted_with_answers + own_tool"),
    ("sum", "submitted_with_answers", "audits + not_in_scores"),
    ("sum", "participation", "Its rows that name a variant add up to the row that names none."),
    ("sum", "audits", "The rows of the section variant add up to the row of the section all."),
    (
        "sum",
        "grade_0, grade_1, grade_2",
        (
            "They add up to the number in the column of, which is less than audits where some have no grade there: "
            "nothing that is asked there applies to them. The variants add up to all."
        ),
    ),
    (
        "sum",
        "scored_0, scored_1, scored_2",
        (
            "They add up to the number in the column of. With not_applicable they are less than audits where some were "
            "not asked: by what they said of themselves it does not concern them."
        ),
    ),
    ("sum", "theme", "Themes do not add up: each counts all audits once."),
)


def make_rows(content: Json) -> Iterator[Row]:
    """Every public figure of every cycle."""
    about = content["report"]
    for figures in content["figures"]:
        common: Row = {
            "partnership": about["partnership"],
            "report": about["number"],
            "version": about["version"],
            "cycle": figures["cycle"],
            "series": figures["series"],
        }
        for row in _make_figure_rows(figures):
            yield {**dict.fromkeys(COLUMNS), **common, **row}


def _make_figure_rows(figures: Json) -> Iterator[Row]:
    yield from _make_participation_rows(figures["participation"])
    whole: Row = {"section": "all"}
    yield whole | _say("audits", figures["all"]["audits"])
    yield from _make_grade_rows(whole, figures["all"]["grades"])
    for variant in figures["variants"]:
        yield from _make_variant_rows(variant)
    for theme in figures["themes"]:
        about: Row = {"section": "theme", "code": theme["code"], "title": theme["title"]}
        yield about | _say("at_grade_2", theme["at_grade_2"])
    for zero in figures["critical_zeros"]:
        about = {"section": "critical_zero", "variant": zero["variant"], "code": zero["indicator"]}
        yield about | _say("zeros", zero["count"])


def _make_participation_rows(took_part: Json) -> Iterator[Row]:
    about: Row = {"section": "participation"}
    for name, figure in took_part.items():
        if name != "variants":
            yield about | _say(name, figure)
    for one in took_part["variants"]:
        for name, figure in one.items():
            if name not in ("variant", "label"):
                yield about | {"variant": one["variant"], "title": one["label"]} | _say(name, figure)


def _make_variant_rows(variant: Json) -> Iterator[Row]:
    about: Row = {"section": "variant", "variant": variant["variant"], "title": variant["label"]}
    yield about | _say("audits", variant["audits"])
    yield from _make_grade_rows(about, variant["grades"])
    yield about | _say("mean", variant["mean"])
    for standard in variant["standards"]:
        at = _name("standard", variant["variant"], standard["code"], standard["title"])
        yield from _make_grade_rows(at, standard["grades"])
        yield at | _say("mean", standard["mean"])
        for one in standard["indicators"]:
            yield from _make_indicator_rows(variant["variant"], one)


def _make_indicator_rows(variant: str, indicator: Json) -> Iterator[Row]:
    about = _name("indicator", variant, indicator["code"], indicator["text"])
    yield from _make_counts(about, "scored", indicator["scores"])
    yield about | _say("not_applicable", indicator["not_applicable"])
    yield about | _say("mean", indicator["mean"])


def _make_grade_rows(about: Row, grades: Json) -> Iterator[Row]:
    yield from _make_counts(about, "grade", grades)


def _make_counts(about: Row, word: str, counts: Json) -> Iterator[Row]:
    """Of how many each; withheld together, for each follows from the others."""
    for number in "012":
        if is_withheld(counts):
            yield about | _say(f"{word}_{number}", counts)
        else:
            share = {"count": counts[number], "of": sum(counts.values())}
            yield about | _say(f"{word}_{number}", share)


def _name(section: str, variant: str, code: str, title: str) -> Row:
    return {"section": section, "variant": variant, "code": code, "title": title}


def _say(name: str, figure: Json) -> Row:
    if is_withheld(figure):
        return {"figure": name, "withheld": "yes"}
    if name == "mean":
        return {"figure": name, "mean": figure}
    if isinstance(figure, dict):
        count, of = figure["count"], figure["of"]
        return {"figure": name, "value": count, "of": of, "percent": percent(count, of)}
    return {"figure": name, "value": figure}


def is_withheld(figure: Json) -> bool:
    return isinstance(figure, dict) and "suppressed" in figure
