"""Public documents of cycles of any size, without a database: who took part, and scores after disclosure control."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from s11.organisations.enums import Variant
from surveys.disclosure import Scores, make_public
from surveys.figures import ParticipationFigures
from surveys.participation import ParticipationByDay, TookPart
from surveys.public_overview import say_who_took_part
from tests.surveys.disclosure.worlds import make_scores

SHAPE = (("T1", ("T1", "T1", "T1")), ("T2", ("T2", "T2")))


def make_document(
    scores: Scores,
    *,
    own_tools: Mapping[str, int] | None = None,
    absent: Mapping[str, int] | None = None,
    unscored: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """`own_tools`, `absent` (not submitted) and `unscored` (with answers, and in no score) by variant."""
    own_tools, absent, unscored = own_tools or {}, absent or {}, unscored or {}
    took_part = {}
    for variant in Variant:
        answered = len(scores.of([variant.value])) + unscored.get(variant.value, 0)
        submitted = answered + own_tools.get(variant.value, 0)
        invited = submitted + absent.get(variant.value, 0)
        if invited:
            took_part[variant] = TookPart(invited, submitted, own_tools.get(variant.value, 0))
    invited, submitted, own = (
        sum(getattr(one, name) for one in took_part.values()) for name in ("invited", "submitted", "own_tool")
    )
    figures = ParticipationFigures(
        invited=invited,
        registered=submitted,
        users=submitted,
        started=submitted,
        submitted=submitted,
        submitted_and_registered=submitted,
        on_time=submitted - submitted // 3,
        own_tool=own,
    )
    public = make_public(scores).document
    by_day = ParticipationByDay(figures, dict[datetime.date, int](), took_part)
    return {"participation": say_who_took_part(by_day, public["all"]["audits"]), **public}


def make_small(lines: Sequence[str], **given: Any) -> dict[str, Any]:
    """Agencies of the standard variant, with five answers each."""
    return make_document(make_scores({"standard": SHAPE}, {"standard": lines}), **given)
