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
    of it: who read it still knows it. One query."""
    kept = Snapshot.objects.filter(report__partnership=partnership).order_by()
    told = FeedbackIssue.objects.filter(cycle__partnership=partnership, told_at__isnull=False).order_by()
    texts = kept.values_list("ledger").union(told.exclude(ledger="").values_list("ledger"), all=True)
    found = [json.loads(text) for (text,) in texts]
    # A publication has one for each of its cycles, an issue of feedback reports one.
    return [ledger for one in found for ledger in (one if isinstance(one, list) else [one])]


def get_figures(report: Report) -> list[PublicOverview]:
    """One a cycle, in the report's order; each is safe together with the ones before it."""
    ledgers = get_ledgers(report.partnership)
    found: list[PublicOverview] = []
    for one in report.report_cycles.select_related("cycle__partnership"):
        found.append(get_public_overview(one.cycle, Series(report.series), ledgers))
        ledgers.append(found[-1].ledger)
    return found
