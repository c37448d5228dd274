"""The overview of a cycle in this process against one scan of its answers; its last line is what they took."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

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

    idle = get_peak()
    pair = measure_pairs(lambda: as_json(get_overview(cycle, Series.SELF)), scan)
    print(json.dumps({**asdict(pair), "answers": scan(), "idle": idle, "over_idle": get_peak() - idle}))


if __name__ == "__main__":
    main(*sys.argv[1:])
