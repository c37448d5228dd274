"""What the clock does about meetings: `manage.py tick` runs it after what surveys do."""

from __future__ import annotations

import datetime

from accountability.board_writing import queue_lost_board_pdfs
from accountability.enquiring import renew_due
from accountability.following_up import chase_overdue
from accountability.multi_agency_reflecting import forget_answers
from accountability.pack_telling import tell_packs
from accountability.poster_publishing import queue_lost_posters
from accountability.poster_sheets import queue_lost_sheets
from accountability.publishing import queue_lost_publications
from accountability.tasks import queue_lost
from surveys.tick import Done, Job


def chase(now: datetime.datetime) -> Done:
    return Done(written=chase_overdue(now))


def renew_packs(now: datetime.datetime) -> None:
    """What the rules suggest to ask, as things stand now."""
    renew_due(now)


def tell_of_packs(now: datetime.datetime) -> Done:
    """Those who sit, once their packs are ready."""
    return Done(written=tell_packs(now))


def queue_timetables(now: datetime.datetime) -> None:
    """Those that a worker which died has left."""
    queue_lost(now)


def queue_publications(now: datetime.datetime) -> None:
    """Likewise."""
    queue_lost_publications(now)
    queue_lost_posters(now)
    queue_lost_sheets(now)
    queue_lost_board_pdfs(now)


JOBS: tuple[Job, ...] = (
    ("what was agreed with a panel and is overdue", chase),
    ("packs that are a day old", renew_packs),
    ("packs that are ready", tell_of_packs),
    ("timetables that were lost", queue_timetables),
    ("publications that were lost", queue_publications),
    ("what practitioners wrote a year ago", forget_answers),
)
