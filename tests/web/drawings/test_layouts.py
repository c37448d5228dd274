"""Every family of drawings, on a desk and a phone: nothing outside its sheet, no words on words, each number said."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s11.web.drawings import bars, curves, days, grids, series, years
from s11.web.drawings.chart import Chart, frame_chart
from s11.web.drawings.marks import NARROW, WIDE, Box, Dot, Drawing, Line, Words
from s11.web.drawings.rows import STATEMENTS
from tests.web.drawings.checking import check, read

few = settings(max_examples=20)
widths = pytest.mark.parametrize("width", [WIDE, NARROW])
names = st.text("aimW é-", min_size=1, max_size=90).map(lambda text: text.strip() or "A1")
percents = st.one_of(st.none(), st.integers(0, 100))
LONG = "Training, supervision and support for everyone who works with children and their families"


@st.composite
def share_rows(draw: st.DrawFn) -> bars.ShareRow:
    of = draw(st.sampled_from([0, 1, 14, 600, 24_000]))
    count = draw(st.integers(0, of))
    return bars.ShareRow(draw(names), count, of, 100 * count // of if of else None, draw(percents))


@widths
@few
@given(rows=st.lists(share_rows(), max_size=4))
def test_shares(width: int, rows: list[bars.ShareRow]) -> None:
    drawing = bars.draw_shares(rows, width)
    check(drawing)
    assert all(row.text in read(drawing) for row in rows)
    lengths = [mark.width for mark in drawing.marks if isinstance(mark, Box) and mark.look == "dark"]
    full = [mark.width for mark in drawing.marks if isinstance(mark, Box) and mark.look == "track"]
    assert lengths == pytest.approx([full[0] * row.count / row.of for row in rows if row.count])


@widths
def test_last_years_mark_stands_where_the_share_stood_and_inside(width: int) -> None:
    rows = [bars.ShareRow("A1", 5, 10, 50, last) for last in (0, 50, 100, None)]
    drawing = bars.draw_shares(rows, width)
    full = next(mark for mark in drawing.marks if isinstance(mark, Box) and mark.look == "track")
    marks = [mark for mark in drawing.marks if isinstance(mark, Box) and mark.look == "last"][
        1:
    ]  # the key's first
    middles = [(mark.x + mark.width / 2 - full.x) / full.width for mark in marks]
    assert middles == pytest.approx([0, 0.5, 1], abs=0.02)
    assert "last year" in read(drawing)
    assert "last year" not in read(bars.draw_shares(rows[3:], width))


@widths
@few
@given(
    rows=st.lists(
        st.builds(
            bars.PartsRow,
            names,
            st.tuples(*[st.sampled_from([0, 0, 1, 2, 13, 129, 24_000])] * len(bars.SCORES)),
        ),
        max_size=4,
    )
)
def test_parts_say_every_count(width: int, rows: list[bars.PartsRow]) -> None:
    drawing = bars.draw_parts(rows, bars.SCORES, width)
    check(drawing)
    said = re.findall(r"[\d,]+", read(Drawing(width, 0, tuple(numbers_of(drawing)))))
    for row in rows:
        for count in filter(None, row.counts):
            assert f"{count:,}" in said
            said.remove(f"{count:,}")
    looks = {mark.look for mark in drawing.marks if isinstance(mark, Box)}
    for part in bars.SCORES:
        if part.look in looks:
            assert part.word in read(drawing)


def numbers_of(drawing: Drawing) -> list[Words]:
    """The words that begin with a count; a key's words do not, nor do these names."""
    return [words for words in drawing.words if words.text[0].isdigit()]


def test_a_part_too_small_for_its_number_is_said_after_the_bar() -> None:
    [row] = [bars.PartsRow("A1", (1, 0, 129))]
    assert "129 at grade 2 1 at grade 0" in read(bars.draw_parts([row], bars.GRADES, WIDE))
    assert "none scored" in read(
        bars.draw_parts([bars.PartsRow("A1", (0, 0, 0))], bars.GRADES, WIDE, none="none scored")
    )


@widths
@few
@given(
    rows=st.lists(
        st.builds(years.PairRow, names, percents, percents, st.sampled_from(["", LONG])), max_size=4
    )
)
def test_pairs(width: int, rows: list[years.PairRow]) -> None:
    drawing = years.draw_pairs(rows, ("2025-26", "2026-27"), width)
    check(drawing)
    joints = [mark for mark in drawing.marks if isinstance(mark, Line) and mark.look == "joint"]
    assert len(joints) == sum(row.then is not None and row.now is not None and not row.note for row in rows)
    for row in rows:
        assert all(f"{value}%" in read(drawing) for value in (row.then, row.now) if value is not None)


def test_a_broken_pair_is_not_joined_and_says_why() -> None:
    drawing = years.draw_pairs([years.PairRow("A1", 40, 90, "new questions")], ("2026", "2027"), WIDE)
    assert "new questions" in read(drawing)
    assert "joint" not in {mark.look for mark in drawing.marks}
    assert "dashed" in {mark.look for mark in drawing.marks}


YEARS = ("2023-24", "2024-25", "2025-26", "2026-27")


@widths
@few
@given(
    rows=st.lists(
        st.builds(years.YearsRow, names, st.tuples(*[percents] * 4), st.frozensets(st.integers(1, 3))),
        max_size=4,
    )
)
def test_small_multiples(width: int, rows: list[years.YearsRow]) -> None:
    drawing = years.draw_years(rows, YEARS, width)
    check(drawing)
    joints = [mark for mark in drawing.marks if isinstance(mark, Line) and mark.look == "joint"]
    assert len(joints) == sum(
        row.values[place - 1] is not None and row.values[place] is not None and place not in row.broken
        for row in rows
        for place in (1, 2, 3)
    )


def test_values_stand_higher_the_larger_they_are() -> None:
    drawing = years.draw_years([years.YearsRow("A1", (0, 50, 100, 50))], YEARS, WIDE)
    heights = [mark.y for mark in drawing.marks if isinstance(mark, Dot)]
    assert heights[0] > heights[1] == heights[3] > heights[2]


means = st.one_of(st.none(), st.integers(0, 200).map(lambda value: f"{value / 100:.2f}"))


@widths
@few
@given(rows=st.lists(st.builds(series.SeriesRow, names, st.tuples(means, means, means)), max_size=4))
def test_series(width: int, rows: list[series.SeriesRow]) -> None:
    drawing = series.draw_series(rows, ("self-assessed", "moderated", "panel"), width)
    check(drawing)
    assert all(mean in read(drawing) for row in rows for mean in row.means if mean)


def test_series_that_coincide_are_three_marks_of_different_shape() -> None:
    drawing = series.draw_series([series.SeriesRow("A1", ("1.50", "1.50", "1.50"))], ("a", "b", "c"), WIDE)
    looks = [mark.look for mark in drawing.marks]
    assert all(looks.count(look) == 3 for look in ("ring", "dot", "tick"))  # the key, the column and the line
    ring, dot = (
        [mark for mark in drawing.marks if isinstance(mark, Dot) and mark.look == look][-1]
        for look in ("ring", "dot")
    )
    assert (ring.x, ring.y) == (dot.x, dot.y)
    assert ring.radius > dot.radius + 2


@few
@given(
    st.lists(
        st.builds(
            grids.GridRow,
            names,
            st.tuples(*[st.builds(grids.GridCell, st.sampled_from([None, 0, 1, 2]), st.booleans())] * 6),
        ),
        max_size=3,
    )
)
def test_the_heat_map(rows: list[grids.GridRow]) -> None:
    drawing = grids.draw_grid([f"A{place}" for place in range(1, 7)], rows)
    check(drawing)
    cells = [one for row in rows for one in row.cells]
    said = [words.text for words in drawing.words if words.anchor == "middle"][6:]
    assert said == [one.text for one in cells]
    critical = [mark for mark in drawing.marks if mark.look == "critical"]
    assert len(critical) == sum(one.is_critical for one in cells)
    assert ("scored 0" in read(drawing)) == bool(critical)


SEPTEMBER, OCTOBER = dt.date(2026, 9, 1), dt.date(2026, 10, 17)


@widths
@few
@given(
    by_day=st.dictionaries(
        st.dates(dt.date(2026, 8, 1), dt.date(2027, 3, 1)), st.integers(0, 60), max_size=4
    ),
    of=st.integers(0, 600),
    until=st.dates(SEPTEMBER, dt.date(2027, 3, 1)),
    closes=st.dates(SEPTEMBER, OCTOBER),
)
def test_returns(width: int, by_day: dict[dt.date, int], of: int, until: dt.date, closes: dt.date) -> None:
    drawing = days.draw_returns(days.Returns(SEPTEMBER, closes, by_day, of, until), width)
    check(drawing)
    tops = [mark.y for mark in drawing.marks if isinstance(mark, Box) and mark.look == "area"]
    assert all(after < before for before, after in itertools.pairwise(tops))
    assert f"{of:,} invited" in read(drawing)
    if total := sum(by_day.values()):
        assert f"{total:,} submitted" in read(drawing)


def test_a_chart_on_a_sheet_of_its_own_says_what_it_shows_and_where_it_is_from() -> None:
    drawing = bars.draw_shares([bars.ShareRow(LONG, 1, 2, 50)], WIDE)
    chart = Chart(
        key="shares",
        about=LONG,
        title=LONG,
        summary=f"{LONG}: 1 of 2 (50%).",
        wide=drawing,
        narrow=drawing,
        head=(),
        lines=(),
        note=LONG,
    )
    sheet = frame_chart(chart, f"{LONG} {LONG}")
    check(sheet)
    assert read(sheet).count("Training, supervision and support") == 7
    assert sheet.marks[0] == Box(0, 0, sheet.width, sheet.height, "paper")


@st.composite
def year_curves(draw: st.DrawFn) -> curves.Curve:
    days = sorted(draw(st.sets(st.integers(-120, 60), min_size=1, max_size=5)))
    shares = sorted(draw(st.lists(st.integers(0, 100), min_size=len(days), max_size=len(days))))
    return curves.Curve(draw(names), tuple(zip(days, shares, strict=True)))


@widths
@few
@given(listed=st.lists(year_curves(), min_size=1, max_size=5))
def test_curves(width: int, listed: list[curves.Curve]) -> None:
    drawing = curves.draw_curves(listed, width)
    check(drawing)
    assert all(f"{curve.points[-1][1]}%" in read(drawing) for curve in listed)
    assert "closing day" in read(drawing)


def test_whole_statements_leave_their_bars_at_least_half_of_the_width() -> None:
    """Above their bar, in two lines on a desk; nothing is cut."""
    name = f"A4 {LONG}, and a named lead for each site who is known to all of its staff and volunteers"
    shares = bars.draw_shares([bars.ShareRow(name, 11, 11, 100)], WIDE, naming=STATEMENTS)
    parts = bars.draw_parts([bars.PartsRow(name, (1, 1, 9, 2))], bars.SCORES, WIDE, naming=STATEMENTS)
    for drawing in (shares, parts):
        check(drawing)
        boxes = [mark for mark in drawing.marks if isinstance(mark, Box) and mark.y > 30]
        assert max(box.x + box.width for box in boxes) - min(box.x for box in boxes) >= WIDE / 2
        said = [mark.text for mark in drawing.marks if isinstance(mark, Words)]
        assert " ".join(words for words in said if words in name and " " in words) == name
        assert len([words for words in said if words in name and " " in words]) == 2
