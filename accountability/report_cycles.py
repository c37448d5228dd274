"""Which cycles and scores a report may be about: closed ones that have scores, compared with earlier ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from s11.web.errors import reason_why_not
from surveys.destroyed import check_is_whole
from surveys.enums import Series
from surveys.models import Cycle
from surveys.overview_rows import get_audits

NOBODY_HAS: Final = {
    Series.SELF: "No audit of {cycle} has been submitted, so there are no scores to report on.",
    Series.MODERATED: (
        "No audit of {cycle} has moderated scores: moderation is closed for none. Close it first, or begin a report "
        "with other scores."
    ),
    Series.PANEL: (
        "No audit of {cycle} has scores of a panel: minutes are final for none. Finish the minutes first, or begin a "
        "report with other scores."
    ),
}


def find_obstacle(cycles: Sequence[Cycle], series: Series) -> str:
    """Why nobody may read a report on these yet, with what to do; empty where they may. The first is its subject."""
    for cycle in cycles:
        if not cycle.is_closed:
            return (
                f"{cycle} is still open, so its figures would change. Close the cycle, then draft the report anew from "
                "the figures."
            )
    return find_wrong_choice(cycles, series)


def find_wrong_choice(cycles: Sequence[Cycle], series: Series) -> str:
    """Why no report is begun on these, in one sentence or two; empty where one may be."""
    destroyed = (reason_why_not(check_is_whole, cycle) for cycle in cycles)
    wrong = next(filter(None, destroyed), "") or say_later(cycles)
    return wrong or say_without_scores(cycles, series, get_scored(cycles, series))


def say_later(cycles: Sequence[Cycle]) -> str:
    """Year on year would run backwards."""
    about = cycles[0]
    later = next((cycle for cycle in cycles[1:] if cycle.closes_on > about.closes_on), None)
    if later is None:
        return ""
    return (
        f"{later} closed after {about}, and a report compares its cycle with earlier ones. Begin one that is about "
        f"{later}."
    )


def say_without_scores(cycles: Sequence[Cycle], series: Series, scored: Collection[int]) -> str:
    """`scored` are the ids of the cycles that have such scores: of another one every figure would be ‘0 of 0’."""
    without = next((cycle for cycle in cycles if cycle.pk not in scored), None)
    return NOBODY_HAS[series].format(cycle=without) if without else ""


def get_scored(cycles: Collection[Cycle], series: Series) -> set[int]:
    """The ids of those of which at least one audit has scores in this series. One query."""
    audits = get_audits(cycles, series).order_by()
    return set(audits.values_list("invitee__cycle", flat=True).distinct())


def list_comparable(cycles: Sequence[Cycle]) -> list[Cycle]:
    """Those that another one may be compared with: all but the latest, which is compared itself."""
    return [
        one for one in cycles if any(other != one and other.closes_on >= one.closes_on for other in cycles)
    ]
