"""An issue of feedback reports for all agencies of a cycle, asked for and waiting for workers; says how many."""

from __future__ import annotations

import json
import sys

import django

from benchmarks.country import CYCLE, OFFICER


def main(slug: str) -> None:
    django.setup()
    from accountability.issuing_feedback import issue_feedback  # noqa: PLC0415
    from s11.organisations.models import User  # noqa: PLC0415
    from surveys.models import Cycle  # noqa: PLC0415
    from surveys.workflow import close_cycle  # noqa: PLC0415

    officer = User.objects.get(email=OFFICER)
    cycle = Cycle.objects.select_related("partnership").get(partnership__slug=slug, slug=CYCLE)
    close_cycle(cycle=cycle, by=officer)
    issue = issue_feedback(cycle=cycle, by=officer)
    print(json.dumps({"reports": issue.reports.count()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
