"""What came of accountability meetings, drawn: the state of every recommendation that agencies know, by theme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from s11.web.drawings.bars import Part, PartsRow, draw_parts
from s11.web.drawings.chart import Chart
from s11.web.drawings.marks import NARROW, WIDE
from surveys.figures import Share

STATES = (
    Part("not answered", "empty"),
    Part("refusal to decide", "outline"),
    Part("refused", "aside"),
    Part("under way", "light"),
    Part("to verify", "middle"),
    Part("verified", "dark"),
)


class Counted(Protocol):
    """The counts of recommendations that are drawn."""

    @property
    def made(self) -> int: ...
    @property
    def unanswered(self) -> int: ...
    @property
    def to_decide(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def in_progress(self) -> int: ...
    @property
    def done(self) -> int: ...
    @property
    def verified(self) -> int: ...


def make_meeting_charts(whole: Counted, themes: Iterable[tuple[str, str, Counted]]) -> tuple[Chart, ...]:
    """None where no recommendation has been made; dropped actions are in no part."""
    if not whole.made:
        return ()
    rows = [(f"{code} {title}".strip(), one) for code, title, one in themes]
    drawn = [PartsRow(name, count_states(one)) for name, one in rows]
    return (
        Chart(
            key="meetings",
            about="Recommendations of panels, by theme and what has come of them",
            title=f"{Share(whole.verified, whole.made)} recommendations led to an action that is done and verified",
            summary="Counted once their letter has gone. To verify: done, and no officer has seen yet what came of it.",
            wide=draw_parts(drawn, STATES, WIDE),
            narrow=draw_parts(drawn, STATES, NARROW),
            head=("Theme", *(part.word.capitalize() for part in STATES), "All"),
            lines=tuple((name, *count_states(one), one.made) for name, one in [*rows, ("All", whole)]),
        ),
    )


def count_states(one: Counted) -> tuple[int, ...]:
    return (
        one.unanswered,
        one.to_decide,
        one.refused,
        one.in_progress,
        one.done - one.verified,
        one.verified,
    )
