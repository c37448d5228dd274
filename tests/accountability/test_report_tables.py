"""The open data: every figure of the frozen content is a row, withheld ones say so, and the dictionary explains all."""

from __future__ import annotations

from typing import Any

from accountability.report_tables import COLUMNS, DICTIONARY, make_rows
from accountability.tokens import fill_tokens, find_unknown

HIDDEN = {"suppressed": True, "why": "Withheld"}
SHARE = {"count": 5, "of": 6, "percent": 83}
FIGURES: dict[str, Any] = {
    "cycle": "2026",
    "series": "self",
    "participation": {
        **dict.fromkeys(("invited", "registered", "users", "started", "submitted", "on_time"), 6),
        "submitted_with_answers": 6,
        **dict.fromkeys(("own_tool", "not_submitted", "not_in_scores"), 0),
        "submitted_of_invited": {"count": 6, "of": 6},
        "submitted_of_registered": {"count": 6, "of": 6},
        "on_time_of_submitted": {"count": 6, "of": 6},
        "variants": [
            {
                "variant": "health",
                "label": "Health",
                "invited": 6,
                "submitted": 6,
                "submitted_with_answers": 6,
                "own_tool": 0,
                "not_submitted": 0,
            },
        ],
    },
    "all": {"audits": 6, "grades": {"0": 0, "1": 1, "2": 5}, "at_grade_2": SHARE},
    "variants": [
        {
            "variant": "health+care_home",
            "label": "Health and care homes",
            "audits": 6,
            "grades": HIDDEN,
            "at_grade_2": HIDDEN,
            "mean": HIDDEN,
            "standards": [
                {
                    "code": "A1",
                    "title": "Leadership",
                    "grades": {"0": 0, "1": 1, "2": 5},
                    "at_grade_2": SHARE,
                    "mean": "1.83",
                    "indicators": [
                        {
                            "code": "A1.1",
                            "text": "=Is it so?",
                            "scores": {"0": 1, "1": 0, "2": 5},
                            "not_applicable": 0,
                            "mean": None,
                        }
                    ],
                }
            ],
        }
    ],
    "themes": [{"code": "T1", "title": "Leadership", "at_grade_2": HIDDEN}],
    "critical_zeros": [{"variant": "health+care_home", "indicator": "A1.1", "count": 1}],
}
CONTENT = {"report": {"partnership": "harbour", "number": 3, "version": 1}, "figures": [FIGURES]}


def find(**wanted: Any) -> dict[str, Any]:
    (found,) = [row for row in make_rows(CONTENT) if wanted.items() <= row.items()]
    return found


def test_the_dictionary_explains_every_column_and_every_figure() -> None:
    columns = {name for kind, name, _ in DICTIONARY if kind == "column"}
    figures = {name for kind, name, _ in DICTIONARY if kind == "figure"}
    assert columns == set(COLUMNS)
    assert {row["figure"] for row in make_rows(CONTENT)} == figures
    assert all(tuple(row) == COLUMNS for row in make_rows(CONTENT))


def test_a_share_stands_with_its_count() -> None:
    row = find(section="standard", figure="grade_2")
    assert (row["value"], row["of"], row["percent"], row["withheld"]) == (5, 6, 83, None)


def test_what_is_withheld_says_so_and_holds_no_number() -> None:
    for wanted in ({"section": "variant", "figure": "grade_0"}, {"section": "theme"}):
        row = find(**wanted)
        assert (row["value"], row["of"], row["percent"], row["mean"], row["withheld"]) == (*[None] * 4, "yes")


def test_nothing_scored_is_neither_zero_nor_withheld() -> None:
    row = find(section="indicator", figure="mean")
    assert (row["mean"], row["value"], row["withheld"]) == (None, None, None)
    assert find(section="standard", figure="mean")["mean"] == "1.83"


def test_tokens_find_figures_by_their_names() -> None:
    text = "[[all/at_grade_2]], [[variants/health+care_home/standards/A1/mean]], [[participation/invited]]"
    assert fill_tokens(text, [FIGURES]) == "5 of 6 (83%), 1.83, 6"
    assert fill_tokens("[[1:themes/T1/at_grade_2]]", [FIGURES]) == "a number that is withheld"


def test_unknown_tokens_are_named_and_stay() -> None:
    wrong = ("[[all/grades]]", "[[2:all/audits]]", "[[0:all/audits]]", "[[themes/T9]]", "[[all]]")
    for token in wrong:
        assert fill_tokens(f"x {token} y", [FIGURES]) == f"x {token} y"
        assert list(find_unknown(token, [FIGURES])) == [token]
    # Braces are the slip of whoever knows other templates.
    for token in ("{{returns.submittd}}", "{{ all/audits }}", "{{all/audits", "all/audits}}"):
        assert list(find_unknown(f"x {token} y", [FIGURES])) == [token]
