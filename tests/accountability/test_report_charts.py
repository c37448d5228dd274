"""The charts of a published report: what is public is drawn as it stands, what is withheld is named and never drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings as site
from hypothesis import given, settings
from hypothesis import strategies as st

from accountability.report_charts import Told, make_charts
from s11.web.drawings.chart import Chart
from s11.web.drawings.marks import Box
from surveys.figures import Share
from tests.accountability.test_narrative import SUPPRESSED, documents, make_grades
from tests.web.drawings.checking import check, read

SHARE = re.compile(r"([\d,]+) of ([\d,]+) \((\d+)%\)")
PAST = "Audit of last year"


@st.composite
def took_part(draw: st.DrawFn) -> dict[str, Any]:
    invited = draw(st.integers(0, 2000))
    registered, submitted = draw(st.integers(0, invited)), draw(st.integers(0, invited))
    on_time = draw(st.integers(0, submitted))
    both = draw(st.integers(0, min(registered, submitted)))
    return {
        "invited": invited,
        "registered": registered,
        "submitted": submitted,
        "on_time": on_time,
        "submitted_of_invited": Share(submitted, invited).as_json(),
        "submitted_of_registered": Share(both, registered).as_json(),
        "on_time_of_submitted": Share(on_time, submitted).as_json(),
    }


@st.composite
def public(draw: st.DrawFn) -> dict[str, Any]:
    return {**draw(documents()), "participation": draw(took_part())}


def draw_charts(*figures: dict[str, Any]) -> Mapping[str, Chart]:
    return make_charts(
        [Told(title, one) for title, one in zip(("Audit of this year", PAST), figures, strict=False)]
    )


def walk(found: Any) -> Iterator[Any]:
    """Every value of a document, lists and dictionaries too."""
    yield found
    if isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from walk(one)


def list_shares(document: Any) -> set[tuple[int, int, int]]:
    return {
        (one["count"], one["of"], one["percent"])
        for one in walk(document)
        if isinstance(one, dict) and "count" in one and one.get("of")
    }


def read_shares(text: str) -> set[tuple[int, ...]]:
    return {tuple(int(part.replace(",", "")) for part in found) for found in SHARE.findall(text)}


def read_all(chart: Chart) -> str:
    said = (chart.title, chart.summary, chart.note, read(chart.wide), read(chart.narrow))
    return "\n".join([*said, *(str(cell) for line in chart.lines for cell in line)])


@settings(max_examples=15)
@given(now=public(), past=public())
def test_every_number_drawn_is_public_and_in_its_table(now: dict[str, Any], past: dict[str, Any]) -> None:
    counts = {one for one in walk([now, past]) if isinstance(one, int)}
    for chart in draw_charts(now, past).values():
        assert read_shares(read_all(chart)) <= list_shares([now, past])
        cells = {str(cell) for line in chart.lines for cell in line}
        table = " ".join(cells)
        for drawing in (chart.wide, chart.narrow):
            check(drawing)
            assert read_shares(read(drawing)) <= read_shares(table)
            for words in drawing.words:
                # A count of a grade, or of who took part: alone, or with its word after it.
                if found := re.match(r"([\d,]+)(?= at grade|$)", words.text):
                    assert int(found[1].replace(",", "")) in counts
                    assert found[1] in cells


@settings(max_examples=15)
@given(now=public())
def test_what_is_withheld_is_named_and_never_drawn(now: dict[str, Any]) -> None:
    charts = draw_charts(now)
    groups = {f"{one['variant'].replace('+', '-')}": one["standards"] for one in now["variants"]}
    listed = {f"{name}-{kind}": rows for name, rows in groups.items() for kind in ("shares", "grades")}
    for key, items in {**listed, "themes": now["themes"]}.items():
        hidden = [one for one in items if one["at_grade_2"] == SUPPRESSED]
        graded = [one for one in items if one["at_grade_2"] != SUPPRESSED and one["at_grade_2"]["of"]]
        assert (key in charts) == bool(graded)
        if not graded:
            continue
        chart = charts[key]
        lines = dict(zip((one["code"] for one in items), chart.lines, strict=True))
        for one in hidden:
            assert f"{one['code']} {one['title']}" in chart.note
            assert (
                one["title"] not in f"{chart.title} {chart.summary} {read(chart.wide)} {read(chart.narrow)}"
            )
            assert set(lines[one["code"]][1:]) == {"withheld"}
        for one in graded:
            assert one["code"] not in chart.note or f"{one['code']} {one['title']} – " in chart.note
            assert f"{one['code']} {one['title']}" in read(chart.wide)
        assert chart.title.startswith("Of what may be shown, ") == bool(hidden)


def make_year(invited: int, *standards: tuple[str, str, tuple[int, int, int]]) -> dict[str, Any]:
    rows = [
        {
            "code": code,
            "title": title,
            "theme": "T1",
            "mean": "1.50",
            **make_grades(*counts),
            "indicators": [],
        }
        for code, title, counts in standards
    ]
    variant = {
        "variant": "school",
        "label": "Schools",
        "audits": 10,
        "mean": "1.50",
        **make_grades(0, 5, 5),
    }
    counts = {"invited": invited, "registered": invited - 2, "submitted": 10, "on_time": 9}
    return {
        "participation": {
            **counts,
            "submitted_of_invited": Share(10, invited).as_json(),
            "submitted_of_registered": Share(10, invited - 2).as_json(),
            "on_time_of_submitted": Share(9, 10).as_json(),
        },
        "variants": [{**variant, "standards": rows}],
        "themes": [],
    }


NOW = make_year(
    20, ("A1", "Leadership", (1, 3, 6)), ("A2", "Policies", (0, 0, 10)), ("A3", "Training", (0, 5, 5))
)


def test_last_year_is_marked_where_code_and_title_are_the_same() -> None:
    past = make_year(16, ("A1", "Leadership", (0, 2, 8)), ("A2", "Procedures", (0, 9, 1)))
    chart = draw_charts(NOW, past)["school-shares"]
    assert chart.head[-1] == f"In {PAST}"
    assert [line[-1] for line in chart.lines] == ["8 of 10 (80%)", "–", "–"]
    assert chart.note.startswith(
        f"The upright mark is {PAST}. This compares all organisations that submitted in each cycle"
    )
    # One in the key, one at Leadership.
    marks = [mark for mark in chart.wide.marks if isinstance(mark, Box) and mark.look == "last"]
    assert len(marks) == 2
    assert PAST in read(chart.wide)
    alone = draw_charts(NOW)["school-shares"]
    assert alone.head[-1] == "Mean score"
    assert not [mark for mark in alone.wide.marks if isinstance(mark, Box) and mark.look == "last"]
    other = {**past, "variants": [{**past["variants"][0], "variant": "health+school"}]}
    assert draw_charts(NOW, other)["school-shares"] == alone


def test_titles_say_what_was_found() -> None:
    charts = draw_charts(NOW)
    assert charts["school-shares"].title == "Training is the weakest standard: 5 of 10 (50%) at grade 2"
    assert charts["school-shares"].summary == "Policies is at grade 2 in every audit."
    assert charts["school-grades"].title == "Leadership has the most audits at grade 0: 1"
    assert charts["took-part"].title == "10 of 20 (50%) invited organisations submitted"
    assert charts["took-part"].summary == "9 of 10 (90%) of them came on time."


def test_who_took_part_is_told_of_each_cycle() -> None:
    chart = draw_charts(NOW, make_year(16))["took-part"]
    assert chart.head == ("Figure", "Audit of this year", PAST)
    assert chart.lines[0] == ("Invited", "20", "16")
    assert chart.lines[4] == ("Submitted, of those invited", "10 of 20 (50%)", "10 of 16 (63%)")
    assert read(chart.wide) == "Invited Registered Submitted On time 20 18 10 9"


def say_grades(*counts: tuple[int, int, int]) -> str:
    standards = [(f"A{number}", f"S{'abcde'[number]}", one) for number, one in enumerate(counts)]
    return draw_charts(make_year(20, *standards))["school-grades"].title


def test_where_grade_0_stands_ties_are_said() -> None:
    assert say_grades((0, 0, 9), (0, 0, 9)) == "No audit is at grade 0 or 1 in any standard"
    assert say_grades((0, 1, 8), (0, 0, 9)) == "No audit is at grade 0 in any standard"
    assert say_grades((2, 1, 6), (2, 0, 7), (0, 0, 9)) == "Sa and Sb have the most audits at grade 0: 2 each"
    many = say_grades(*[(3, 0, 6)] * 4, (1, 0, 8))
    assert many == "4 of 5 standards share the most audits at grade 0: 3 each"


def test_on_paper_a_long_table_goes_on_overleaf() -> None:
    """Kept whole with its drawing it would leave half of the page before it empty."""
    templates = Path(site.BASE_DIR, "templates/documents")
    styles = "".join((templates / name).read_text() for name in ("report.html", "document.css"))
    assert ".app-drawing {" in styles
    assert not re.search(r"\.app-chart \{[^}]*break-inside: avoid", styles)
