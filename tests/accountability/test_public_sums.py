"""Whoever adds up what was published gets its totals: by the sums that the data dictionary promises, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from accountability.report_pages import make_took_part, say_counted
from accountability.report_tables import DICTIONARY, Row, make_rows
from surveys.disclosure import Scores
from tests.accountability.small_cycles import make_document, make_small
from tests.surveys.disclosure.worlds import VARIANTS, worlds

Counts = dict[str, int]
counts = st.dictionaries(st.sampled_from(VARIANTS), st.integers(0, 4))
TOOK_PART = ("invited", "submitted", "submitted_with_answers", "own_tool", "not_submitted")


def list_rows(document: dict[str, Any]) -> list[Row]:
    about = {"partnership": "harbour", "number": 1, "version": 1}
    return list(make_rows({"report": about, "figures": [{"cycle": "2027", "series": "self", **document}]}))


def pick(rows: Iterable[Row], section: str, figure: str, variant: str | None = None) -> int:
    (found,) = [
        row for row in rows if (row["section"], row["figure"], row["variant"]) == (section, figure, variant)
    ]
    assert isinstance(found["value"], int)
    return found["value"]


@settings(max_examples=60, deadline=None)
@given(scores=worlds(most=12), own_tools=counts, absent=counts, unscored=counts)
def test_every_total_is_the_sum_of_its_parts(
    scores: Scores, own_tools: Counts, absent: Counts, unscored: Counts
) -> None:
    document = make_document(scores, own_tools=own_tools, absent=absent, unscored=unscored)
    rows = list_rows(document)
    kinds = sorted(
        {str(row["variant"]) for row in rows if row["section"] == "participation" and row["variant"]}
    )
    for variant in (None, *kinds):
        invited, submitted, answered, own, absentees = (
            pick(rows, "participation", name, variant) for name in TOOK_PART
        )
        assert invited == answered + own + absentees
        assert submitted == answered + own
    for name in TOOK_PART:
        parts = [pick(rows, "participation", name, variant) for variant in kinds]
        assert pick(rows, "participation", name) == sum(parts)
    audits = pick(rows, "all", "audits")
    left_out = pick(rows, "participation", "not_in_scores")
    assert pick(rows, "participation", "submitted_with_answers") == audits + left_out
    groups = [row["value"] for row in rows if (row["section"], row["figure"]) == ("variant", "audits")]
    assert audits == sum(one for one in groups if isinstance(one, int))
    check_page(document)
    check_scores(rows, audits)


def check_page(document: dict[str, Any]) -> None:
    """The page's table: each row adds up, and the last one is all the others."""
    *parts, whole = list(make_took_part(document["participation"])) or [("", 0, 0, 0, 0)]
    for _, invited, answered, own, absent in (*parts, whole):
        assert invited == answered + own + absent
    if parts:
        assert list(whole[1:]) == [sum(column) for column in zip(*(one[1:] for one in parts), strict=True)]


def check_scores(rows: list[Row], audits: int) -> None:
    """Grades and scores add up to their `of`, which is not more than the audits they are of."""
    of_group = {row["variant"]: row["value"] for row in rows if row["figure"] == "audits"}
    found: dict[tuple[Any, ...], dict[str, Row]] = {}
    for row in rows:
        found.setdefault((row["section"], row["variant"], row["code"]), {})[str(row["figure"])] = row
    for (_, variant, _), figures in found.items():
        for word in ("grade", "scored"):
            parts = [figures[f"{word}_{one}"] for one in "012" if f"{word}_{one}" in figures]
            if not parts or parts[0]["withheld"]:
                continue
            values, (of,) = [one["value"] for one in parts], {one["of"] for one in parts}
            assert sum(values) == of  # type: ignore[arg-type]
            aside = figures["not_applicable"]["value"] if word == "scored" else 0
            assert of + aside <= (audits if variant is None else of_group[variant])  # type: ignore[operator]
    whole = found["all", None, None]["grade_2"]
    groups = [one["grade_2"] for (section, *_), one in found.items() if section == "variant"]
    if not whole["withheld"] and groups:
        assert whole["value"] == sum(one["value"] for one in groups)  # type: ignore[misc]


def test_no_word_is_explained_twice_and_each_sum_names_words() -> None:
    figures = [name for kind, name, _ in DICTIONARY if kind == "figure"]
    assert len(figures) == len(set(figures))
    sections = {"participation", "theme"}
    for kind, names, _ in DICTIONARY:
        assert kind != "sum" or {*names.split(", ")} <= {*figures} | sections


def test_the_page_says_whose_scores_it_shows() -> None:
    def say(**given: Any) -> str:
        return say_counted(make_small(["22222"] * 6, **given))

    own = " An organisation that returned its own audit tool is in none of them."
    assert say() == "Figures about scores are of the 6 audits submitted with answers."
    assert (
        say(own_tools={"standard": 1})
        == f"Figures about scores are of the 6 audits submitted with answers.{own}"
    )
    assert say(unscored={"standard": 1}) == (
        "Figures about scores are of 6 audits. 1 of those submitted with answers is not in them: there are no such "
        "scores of them, or they came after figures of this cycle were first published."
    )
    assert say_counted(make_small([])) == ""
