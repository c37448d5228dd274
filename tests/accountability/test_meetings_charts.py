"""What came of meetings, drawn: every recommendation in one part, and the same numbers in the table."""

from __future__ import annotations

from dataclasses import dataclass

from accountability.meetings_charts import make_meeting_charts
from tests.web.drawings.checking import check, read


@dataclass(frozen=True)
class Counted:
    made: int
    unanswered: int = 0
    to_decide: int = 0
    refused: int = 0
    in_progress: int = 0
    done: int = 0
    verified: int = 0


def test_nothing_recommended_is_no_chart() -> None:
    assert make_meeting_charts(Counted(0), ()) == ()


def test_every_state_is_drawn_and_said() -> None:
    whole = Counted(21, unanswered=1, to_decide=2, refused=3, in_progress=4, done=11, verified=6)
    [chart] = make_meeting_charts(
        whole, [("T1", "Leadership", whole), ("", "No theme", Counted(1, unanswered=1))]
    )
    assert chart.title == "6 of 21 (29%) recommendations led to an action that is done and verified"
    assert chart.head == (
        "Theme", "Not answered", "Refusal to decide", "Refused", "Under way", "To verify", "Verified", "All",
    )  # fmt: skip
    assert chart.lines[0] == ("T1 Leadership", 1, 2, 3, 4, 5, 6, 21)
    assert [line[0] for line in chart.lines] == ["T1 Leadership", "No theme", "All"]
    for drawing in (chart.wide, chart.narrow):
        check(drawing)
        assert all(word in read(drawing) for word in ("not answered", "under way", "to verify", "verified"))
