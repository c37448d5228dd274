"""Where the marks of charts stand, what they say to who cannot see them, and that no label can break out of them."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s11.web import charts, timelines
from tests.web.rendering import Tags, render

IMPORT = '{% from "components/charts.html" import score_steps_chart, return_timeline_chart %}'


def part(place: str) -> float:
    assert place.endswith("%")
    return float(place.removesuffix("%")) / 100


counts = st.integers(0, 400)


@given(counts, counts, counts, counts)
def test_segments_fill_the_row_without_gap_or_overlap(
    zeros: int, ones: int, twos: int, set_aside: int
) -> None:
    [stack] = charts.score_steps(
        [{"label": "x", "zeros": zeros, "ones": ones, "twos": twos, "not_applicable": set_aside}]
    )
    assert sum(segment.count for segment in stack.segments) == zeros + ones + twos + set_aside
    edge = 0.0
    for segment in stack.segments:
        assert segment.count > 0
        assert part(segment.x) == pytest.approx(edge, abs=2e-4)
        edge = part(segment.x) + part(segment.width)
        assert len(segment.text) * charts.CHARACTER <= part(segment.width) * charts.NARROWEST + 0.1
    assert edge == pytest.approx(1 if stack.segments else 0, abs=2e-4)


def test_a_row_of_scores_says_all_its_counts_even_those_too_small_to_label() -> None:
    [stack, empty] = charts.score_steps(
        [{"label": "x", "zeros": 1, "ones": 3, "twos": 130, "not_applicable": 2}, {"label": "y"}]
    )
    assert stack.spoken == "1 at 0, 3 at 1, 130 at 2, 2 not applicable"
    assert [segment.text for segment in stack.segments] == ["", "", "130 at 2", ""]
    assert empty.spoken == "no answers"


JANUARY, MARCH = dt.date(2027, 1, 1), dt.date(2027, 3, 31)
DAYS = (MARCH - JANUARY).days + 1


def timeline(returns: dict[dt.date, int], until: dt.date = MARCH) -> timelines.Timeline:
    return timelines.return_timeline(JANUARY, MARCH, returns, 10, until)


def test_returns_add_up_step_by_step() -> None:
    chart = timeline({dt.date(2027, 2, 1): 2, dt.date(2027, 3, 1): 3})
    assert [step.total for step in chart.steps] == [2, 5]
    assert part(chart.steps[0].x) == pytest.approx(31 / DAYS, abs=1e-4)
    assert part(chart.steps[0].x) + part(chart.steps[0].width) == pytest.approx(
        part(chart.steps[1].x), abs=2e-4
    )
    assert chart.steps[1].height == pytest.approx((chart.floor - chart.top) * 5 / 10)
    assert chart.steps[1].y + chart.steps[1].height == pytest.approx(chart.floor)
    assert chart.spoken == "5 of 10 returned by 31 March 2027"
    assert (chart.closes.x, chart.closes.anchor) == ("100.00%", "end")


def test_the_line_ends_today_and_late_returns_stretch_the_chart() -> None:
    running = timeline({dt.date(2027, 2, 1): 2}, until=dt.date(2027, 2, 15))
    assert running.last is not None
    assert part(running.last.x) == pytest.approx(46 / DAYS, abs=1e-4)  # the end of 15 February
    late = timeline({dt.date(2027, 2, 1): 2, dt.date(2027, 4, 15): 1})
    assert part(late.closes.x) == pytest.approx(DAYS / (DAYS + 15), abs=1e-4)
    assert late.total == 3


def test_a_cycle_without_a_return_or_of_one_day_can_be_drawn() -> None:
    assert timeline({}).steps == ()
    assert timeline({}).last is None
    [step] = timelines.return_timeline(JANUARY, JANUARY, {JANUARY: 1}, 0, JANUARY).steps
    assert (step.total, step.width) == (1, "100.00%")


@given(st.dictionaries(st.dates(JANUARY, dt.date(2027, 5, 1)), st.integers(0, 9)), st.dates(JANUARY, MARCH))
def test_every_return_is_drawn_inside_the_chart(returns: dict[dt.date, int], until: dt.date) -> None:
    chart = timeline(returns, until)
    assert (chart.steps[-1].total if chart.steps else 0) == chart.total == sum(returns.values())
    for step in chart.steps:
        assert part(step.width) > 0
        assert part(step.x) + part(step.width) <= 1.0002
        assert step.y >= chart.top - 0.01


HOSTILE = '"><script>alert(1)</script>'
DRAWN: dict[str, tuple[str, dict[str, Any]]] = {
    "scores": (
        "{{ score_steps_chart(title, 'Summary', rows, level=2) }}",
        {"rows": [{"label": HOSTILE, "zeros": 1, "ones": 2, "twos": 9, "not_applicable": 1}]},
    ),
    "returns": (
        "{{ return_timeline_chart(title, 'Summary', opens, closes, returns, 56, closes) }}",
        {"opens": JANUARY, "closes": MARCH, "returns": {dt.date(2027, 2, 1): 7}},
    ),
}


@pytest.fixture(params=DRAWN)
def drawn(request: pytest.FixtureRequest) -> str:
    source, context = DRAWN[request.param]
    return render(IMPORT + source, title=f"Finding {HOSTILE}", **context)


def test_every_drawing_has_a_name_and_no_style_of_its_own(drawn: str) -> None:
    tags = Tags(drawn)
    order = [tag for tag, _ in tags.all]
    drawings = [place for place, tag in enumerate(order) if tag == "svg"]
    assert drawings
    assert all(order[place + 1] == "title" for place in drawings)  # its first child, and so a direct one
    assert all(tags.all[place][1]["role"] == "img" for place in drawings)
    assert not [attrs for _, attrs in tags.all if "style" in attrs]


def test_no_label_breaks_out(drawn: str) -> None:
    assert "script" not in [tag for tag, _ in Tags(drawn).all]
    assert HOSTILE in Tags(drawn).text


def test_the_numbers_are_there_as_a_table_too() -> None:
    source, context = DRAWN["returns"]
    tags = Tags(render(IMPORT + source, title="x", **context))
    assert "1 February 2027 7 7" in tags.text
    assert tags.named("details")
    in_document = render(IMPORT + source.replace(") }}", ", table='open') }}"), title="x", **context)
    assert "<table" in in_document
    assert "<details" not in in_document


@dataclass(frozen=True)
class Expected:
    day: dt.date
    expected: int
    low: int
    high: int


def expect(days: int, most: int) -> list[Expected]:
    """From today on, rising to `most`."""
    today = dt.date(2026, 9, 11)
    return [
        Expected(today + dt.timedelta(days=number), number * most // days, 0, most)
        for number in range(days + 1)
    ]


@pytest.mark.parametrize("days", [1, 2, 5, 19, 90])
def test_a_forecast_runs_from_what_is_in_to_the_closing_day(days: int) -> None:
    ahead = expect(days, 40)
    opens, closes = dt.date(2026, 9, 1), ahead[-1].day
    found = timelines.forecast_lines(opens, closes, {}, 40, ahead)
    for before, after in itertools.pairwise(found.expected):
        assert (before.x2, before.y2) == (after.x1, after.y1)
        assert after.y2 <= after.y1
    assert found.expected[-1].x2 == found.end.x == "100.00%"
    assert found.expected[-1].y2 == timelines.TOP == found.end_y
    assert found.rows[-1].day == closes
    assert ahead[0].day not in [row.day for row in found.rows]


def test_its_words_stand_only_where_there_is_room() -> None:
    opens = dt.date(2026, 9, 1)
    wide, narrow = expect(30, 40), expect(3, 40)
    assert timelines.forecast_lines(opens, wide[-1].day, {}, 40, wide).text == "about 40 (0–40)"
    assert timelines.forecast_lines(opens, narrow[-1].day, {}, 40, narrow).text == ""


@dataclass(frozen=True)
class Mean:
    mean: str | None


def test_means_stand_on_a_scale_of_two() -> None:
    rows = [
        {"label": "A1", "own": Mean("2.00"), "moderated": Mean("1.00"), "last": Mean("0.50")},
        {"label": "A2", "own": Mean(None), "moderated": None, "last": None},
    ]
    chart = charts.mean_bars(rows)
    first, second = chart.rows
    full = part(chart.full)
    assert part(first.own) == pytest.approx(full)
    assert first.moderated is not None
    assert first.last is not None
    assert part(first.moderated) == pytest.approx(full / 2, abs=0.0001)
    assert part(first.last) == pytest.approx(full / 4, abs=0.0001)
    assert first.spoken == "self-assessed 2.00, moderated 1.00, last year 0.50"
    assert (second.own_text, second.spoken) == ("–", "nothing scored")
    assert (chart.has_moderated, chart.has_last) == (True, True)
    assert charts.mean_bars(rows[1:]).height < chart.height


def test_the_chart_of_means_says_only_what_it_draws() -> None:
    words = '{% from "components/charts.html" import mean_bars_chart %}{{ mean_bars_chart("T", "S", rows) }}'
    alone = render(words, rows=[{"label": "<b>", "own": Mean("1.00"), "moderated": None, "last": None}])
    assert "&lt;b&gt;" in alone
    assert "moderated" not in alone
    assert "last year" not in alone
    both = render(
        words, rows=[{"label": "A1", "own": Mean("1.00"), "moderated": Mean("1.00"), "last": Mean("1.00")}]
    )
    assert "The upright mark is last year" in both


COUNTS = st.lists(st.lists(st.integers(0, 200), min_size=4, max_size=4), min_size=4, max_size=4)


@given(COUNTS)
def test_each_pair_of_scores_has_its_cell_and_the_darkest_is_the_most(counts: list[list[int]]) -> None:
    labels = ["0", "1", "2", "n/a"]
    grid = charts.agreement_grid(counts, labels)
    assert [cell.count for cell in grid.cells] == [count for row in counts for count in row]
    assert [cell.is_same for cell in grid.cells] == [row == column for row in range(4) for column in range(4)]
    most = max(map(max, counts))
    for cell in grid.cells:
        assert (cell.shade == 0) == (cell.count == 0)
        assert cell.shade <= charts.SHADES
        if cell.count == most > 0:
            assert cell.shade == charts.SHADES
        assert part(cell.x) + part(cell.width) <= 1.0001
        assert cell.y + charts.ROW <= grid.height
    assert (grid.spoken == "nothing to compare") == (most == 0)


def test_agreement_is_drawn_with_its_table_and_names_are_words() -> None:
    page = render(
        '{% from "components/charts.html" import agreement_chart %}'
        '{{ agreement_chart("Both agree", "Over 3.", [[2, 0], [1, 0]], ["0", "1"], name, "Bo") }}',
        name="<b>An</b>",
    )
    assert "&lt;b&gt;An&lt;/b&gt; and Bo: 0 and 0: 2; 1 and 0: 1" in page
    assert "<b>" not in page
    assert page.count("<rect") == 4
    assert "The numbers as a table" in page
