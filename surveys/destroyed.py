"""What is said where records were destroyed because their time was over: never a figure of what is left."""

from __future__ import annotations

from s11.web.dates import date
from s11.web.errors import NotAllowed
from surveys.models import Audit, Cycle


def check_is_whole(cycle: Cycle) -> None:
    """Before any figure of a cycle is made."""
    if cycle.destroyed_at is not None:
        raise NotAllowed(
            f"Records of {cycle} have been destroyed since {date(cycle.destroyed_at)}, when their time was over. "
            "Figures of what is left would be wrong, so there are none any more. What was published stays as it is."
        )


def check_is_kept(audit: Audit) -> None:
    """Before any answer of an audit is shown."""
    if audit.destroyed_at is not None:
        raise NotAllowed(
            f"The answers and evidence of this audit were destroyed on {date(audit.destroyed_at)}, when their time was "
            "over. That you took part stays on record."
        )
