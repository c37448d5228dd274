"""Who may see, draw and score a calibration, and when its scores may be read.

Each check raises NotAllowed with one sentence, as those of permissions.py.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from s11.organisations.permissions import check_can_organise
from s11.organisations.queries import Desk
from s11.web.errors import NotAllowed
from s11.web.text import list_words
from surveys.models import CalibrationScorer

# One person agrees with themselves.
FEWEST: Final = 2


def check_can_draw_calibration(desk: Desk) -> None:
    check_can_organise(desk)


def check_can_score_calibration(desk: Desk, scorer: CalibrationScorer | None) -> None:
    """`scorer` is the person's own row, if they were chosen."""
    check_can_organise(desk)
    if scorer is None:
        raise NotAllowed(
            "You were not chosen to score this sample, so you can only see how far the others are."
        )
    if scorer.finished_at is not None:
        raise NotAllowed("You have finished, so your scores stay as they are.")


def check_can_read_results(scorers: Collection[CalibrationScorer]) -> None:
    """By nobody before everybody has finished: each scores alone. Without those who have gone."""
    if len(scorers) < FEWEST:
        raise NotAllowed("Fewer than two of those chosen are still here. Draw the sample again, for others.")
    out = [str(one.user) for one in scorers if one.finished_at is None]
    if out:
        verb = "has" if len(out) == 1 else "have"
        raise NotAllowed(
            f"Nobody sees another’s scores before all have finished, and {list_words(out)} {verb} not."
        )
