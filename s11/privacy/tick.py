"""What the clock does about people's own data: `manage.py tick` runs it."""

from __future__ import annotations

import datetime
from typing import Final

from s11.privacy.anonymising import anonymise_due
from s11.privacy.exporting import discard_old_exports, queue_lost_exports
from surveys.tick import Done, Job


def queue_exports(now: datetime.datetime) -> Done:
    return Done(queued=queue_lost_exports(now))


def discard_exports(now: datetime.datetime) -> None:
    discard_old_exports(now)


def remove_names(now: datetime.datetime) -> None:
    """Of those whose waiting period is over."""
    anonymise_due(now)


JOBS: Final[tuple[Job, ...]] = (
    ("exports of personal data that a worker left", queue_exports),
    ("exports of personal data that are old", discard_exports),
    ("accounts whose name goes", remove_names),
)
