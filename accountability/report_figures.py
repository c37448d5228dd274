"""The public figures of a report's cycles: after disclosure control, given all that was published before.

This is the only door through which scores come into a report; nothing of accountability's publishing reads others.
"""

from __future__ import annotations

import json
from typing import Any

from accountability.models import FeedbackIssue, Report, Snapshot
from s11.organisations.models import Partnership
from surveys.enums import Series
from surveys.public_overview import PublicOverview, get_public_overview


def get_ledgers(partnership: Partnership) -> list[Any]:
    """Of everything the partnership has published, and of what it has told agencies of their sectors, whatever became
    of it: who read it still knows it."""
    kept = Snapshot.objects.filter(report__partnership=partnership).order_by("pk")
    told = FeedbackIssue.objects.filter(cycle__partnership=partnership, told_at__isnull=False).exclude(
        ledger=""
    )
    return [
        *(ledger for text in kept.values_list("ledger", flat=True) for ledger in json.loads(text)),
        *(json.loads(text) for text in told.order_by("pk").values_list("ledger", flat=True)),
    ]


def get_figures(report: Report) -> list[PublicOverview]:
    """One a cycle, in the report's order; each is safe together with the ones before it."""
    ledgers = get_ledgers(report.partnership)
    found: list[PublicOverview] = []
    for one in report.report_cycles.select_related("cycle__partnership"):
        found.append(get_public_overview(one.cycle, Series(report.series), ledgers))
        ledgers.append(found[-1].ledger)
    return found
