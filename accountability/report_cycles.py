"""Which cycles a report may be about: those whose figures no longer change, each compared with what came before it."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.models import Cycle


def find_obstacle(cycles: Sequence[Cycle]) -> str:
    """Why nobody may read a report on these yet, with what to do; empty where they may. The first is its subject."""
    for cycle in cycles:
        if not cycle.is_closed:
            return (
                f"{cycle} is still open, so its figures would change. Close the cycle, then draft the report anew from "
                "the figures."
            )
    return ""
