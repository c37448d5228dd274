"""The figures of an overview over three cycles in this process, against reading their answers once; its last line is
what they took."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Final

import django

from benchmarks.large_partnership import CYCLE, SLUG
from benchmarks.one_command import get_peak

READ: Final = "SELECT audit_id, indicator_id, submitted_score FROM surveys_answer"


def main(series: str) -> None:
    django.setup()
    # Settings are needed first; and what modules weigh, and how long they take to load, is part of the idle process.
    import pandas  # noqa: F401, PLC0415
    from django.db import connection  # noqa: PLC0415

    from benchmarks.floors import measure_pairs  # noqa: PLC0415
    from surveys.enums import Series  # noqa: PLC0415
    from surveys.full_overview import FullOverview, get_full_overview  # noqa: PLC0415
    from surveys.models import Cycle  # noqa: PLC0415

    cycle = Cycle.objects.select_related("partnership").get(partnership__slug=SLUG, slug=CYCLE)

    def gather() -> FullOverview:
        return get_full_overview(cycle, Series(series))

    def read() -> None:
        with connection.cursor() as cursor:
            cursor.execute(READ)
            cursor.fetchall()

    idle = get_peak()
    assert len(gather().years.cycles) == 3
    # Before the floor, which holds every answer at once.
    over_idle = get_peak() - idle
    pair = measure_pairs(gather, read)
    print(json.dumps({**asdict(pair), "idle": idle, "over_idle": over_idle}))


if __name__ == "__main__":
    main(*sys.argv[1:])
