"""One among others: nothing outside the sheet, every number said, the dot where its mean is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s11.web.drawings.marks import NARROW, WIDE, Box, Dot
from s11.web.drawings.quarters import QuarterRow, draw_quarters
from tests.web.drawings.checking import check, read

means = st.integers(0, 200).map(lambda hundredths: f"{hundredths / 100:.2f}")
quartiles = st.lists(st.integers(0, 200), min_size=3, max_size=3).map(
    lambda found: tuple(f"{one / 100:.2f}" for one in sorted(found))
)
rows = st.builds(
    QuarterRow,
    st.text("aimW é-", min_size=1, max_size=90).map(lambda text: text.strip() or "A1"),
    st.none() | means,
    st.none() | quartiles,
)
NAMES = {"own": "you", "others": "schools"}


@pytest.mark.parametrize("width", [WIDE, NARROW])
@settings(max_examples=20)
@given(rows=st.lists(rows, max_size=4))
def test_any_rows(width: int, rows: list[QuarterRow]) -> None:
    drawing = draw_quarters(rows, width, **NAMES)
    check(drawing)
    said = read(drawing)
    for row in rows:
        assert (row.own or "–") in said
        assert (row.quartiles[1] if row.quartiles else "–") in said
    # One in the key and one above its column, then one a row that has a mean.
    dots = [mark for mark in drawing.marks if isinstance(mark, Dot)]
    assert len(dots) == 1 + bool(rows) + sum(row.own is not None for row in rows)


def test_the_marks_stand_where_their_means_are() -> None:
    row = QuarterRow("A1", "2.00", ("0.00", "1.00", "2.00"))
    marks = draw_quarters([row], WIDE, **NAMES).marks
    [half] = [mark for mark in marks if isinstance(mark, Box) and mark.look == "light"][1:]
    median = [mark for mark in marks if isinstance(mark, Box) and mark.look == "tick"][-1]
    own = [mark for mark in marks if isinstance(mark, Dot)][-1]
    assert own.x == pytest.approx(half.x + half.width)
    assert median.x + median.width / 2 == pytest.approx(half.x + half.width / 2)


def test_where_all_others_say_the_same_their_half_can_still_be_seen() -> None:
    marks = draw_quarters([QuarterRow("A1", None, ("0.00", "0.00", "0.00"))], WIDE, **NAMES).marks
    assert [mark for mark in marks if isinstance(mark, Box) and mark.look == "light"][-1].width >= 4
