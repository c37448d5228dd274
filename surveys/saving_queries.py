"""What every save of an answer asks of the database, put into words once (s11/web/prepared.py says why)."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists

from s11.web.prepared import Later, Prepared
from surveys.models import Answer, Audit, Cycle, OwnToolReturn

OWN_AUDIT: Final = Prepared(
    lambda: Audit.objects.in_place(Later("partnership"), Later("organisation"), Later("cycle")).with_place()
)
# What moves an audit, under the lock of its row.
MOVING_COLUMNS: Final = ("status", "submission", "first_submitted_at", "submitted_at", "submitted_by_id")
LOCKED_AUDIT: Final = Prepared(
    lambda: (
        Audit.objects.select_for_update().filter(pk=Later("audit")).order_by().values_list(*MOVING_COLUMNS)
    )
)
# With whether a lead has returned the organisation's own audit.
CYCLE_NOW: Final = Prepared(
    lambda: (
        Cycle.objects.filter(pk=Later("cycle"))
        .annotate(has_own_tool=Exists(OwnToolReturn.objects.filter(invitee=Later("invitee"))))
        .order_by()
        .only("status", "title")
    )
)
ANSWER: Final = Prepared(
    lambda: Answer.objects.filter(audit=Later("audit"), indicator=Later("indicator")).order_by()
)
# What a change writes into an answer.
SAID_COLUMNS: Final = (
    "score",
    "not_applicable_reason",
    "commentary",
    "confirmed",
    "version",
    "updated_by",
    "updated_at",
    "group",
)
