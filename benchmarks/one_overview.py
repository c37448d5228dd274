"""The figures of an overview over three cycles in this process; its last line is what they took."""

from __future__ import annotations

import sys

import django

from benchmarks.large_partnership import CYCLE, SLUG
from benchmarks.one_command import Watch


def main(series: str) -> None:
    django.setup()
    # Settings are needed first; and what modules weigh, and how long they take to load, is part of the idle process.
    import pandas  # noqa: F401, PLC0415

    from surveys.enums import Series  # noqa: PLC0415
    from surveys.full_overview import get_full_overview  # noqa: PLC0415
    from surveys.models import Cycle  # noqa: PLC0415

    cycle = Cycle.objects.select_related("partnership").get(partnership__slug=SLUG, slug=CYCLE)
    watch = Watch()
    full = get_full_overview(cycle, Series(series))
    assert len(full.years.cycles) == 3
    watch.tell()


if __name__ == "__main__":
    main(*sys.argv[1:])
