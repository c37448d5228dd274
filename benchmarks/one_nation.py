"""The overview of a cycle in this process against one scan of its answers; its last line is what they took."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import django

from benchmarks.country import CYCLE
from benchmarks.one_command import get_peak

# What no overview can do without: each of the cycle's submitted answers looked at once.
SCAN = """
SELECT a.indicator_id, a.submitted_score, COUNT(*) FROM surveys_answer a
JOIN surveys_audit u ON u.id = a.audit_id JOIN surveys_invitee i ON i.id = u.invitee_id
WHERE i.cycle_id = %s AND u.status = 'submitted' GROUP BY a.indicator_id, a.submitted_score
"""


def main(slug: str) -> None:
    django.setup()
    # What modules weigh, and how long they take to load, is part of the idle process.
    import pandas  # noqa: F401, PLC0415
    from django.db import connection  # noqa: PLC0415

    from benchmarks.floors import measure_pairs  # noqa: PLC0415
    from surveys.enums import Series  # noqa: PLC0415
    from surveys.models import Cycle  # noqa: PLC0415
    from surveys.overview import as_json, get_overview  # noqa: PLC0415

    cycle = Cycle.objects.select_related("partnership").get(partnership__slug=slug, slug=CYCLE)

    def scan() -> int:
        with connection.cursor() as cursor:
            cursor.execute(SCAN, [cycle.pk])
            return sum(count for _, _, count in cursor.fetchall())

    def count() -> dict[str, Any]:
        return as_json(get_overview(cycle, Series.SELF))

    idle = get_peak()
    answers, counted = scan(), count_answers(count())
    assert counted == answers, f"The overview counts {counted:,} of {answers:,} answers."
    pair = measure_pairs(count, scan)
    print(json.dumps({**asdict(pair), "answers": answers, "idle": idle, "over_idle": get_peak() - idle}))


def count_answers(overview: dict[str, Any]) -> int:
    """What is quick because it has left something out is found by this."""
    indicators = [
        indicator
        for variant in overview["variants"]
        for standard in variant["standards"]
        for indicator in standard["indicators"]
    ]
    return sum(sum(one["scores"].values()) + one["not_applicable"] for one in indicators)


if __name__ == "__main__":
    main(*sys.argv[1:])
