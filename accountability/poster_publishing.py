"""Posters on their way to the public: published as one sheet by a worker, withdrawn.

A publisher's word asks for the publication; a worker makes the files, and then all is public in one step.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django_tasks import task

from accountability.enums import FindingStatus, ReportStatus
from accountability.models import Finding, Poster, PosterBox, PublishedFile, Report
from accountability.poster_files import has_open_number, make_poster_files
from accountability.postering import NotInThisState, drop_sheet, find_unknown_numbers, lock
from accountability.publishing import lock_partnership
from accountability.report_emails import tell_poster_failed
from accountability.storing import delete_files, storing
from s11.organisations.models import Partnership, User
from s11.web.dates import as_london
from s11.web.pdf import TooLongError
from s11.web.text import list_words

logger = logging.getLogger(__name__)

SAID_FAILED: Final = "Its files could not be made. Try again; if it fails again, tell whoever runs this site."
TAKEN_UP_AFTER: Final = datetime.timedelta(minutes=15)
# After this long nobody waits for it any more, and it can be changed again.
GIVEN_UP_AFTER: Final = datetime.timedelta(hours=1)
NOT_PUBLISHED: Final = "The report that the poster is made of is not published any more."


@transaction.atomic
def ask_poster(*, poster: Poster, seen_version: int, by: User) -> None:
    """From now on nothing on it changes; a worker makes the sheet, and the public reads it."""
    current = lock(poster)
    if current.report is None or current.report.status != ReportStatus.PUBLISHED:
        raise NotInThisState(NOT_PUBLISHED)
    if current.version != seen_version:
        raise NotInThisState(
            "Somebody has changed the poster since you read it. Read it again, then publish it."
        )
    open_box = next((box for box in current.boxes.all() if has_open_number(box)), None)
    if open_box is not None:
        raise NotInThisState(
            f"The box ‘{open_box.heading}’ has a number in brackets that nothing fills in. Write the number instead."
        )
    unknown = find_unknown_numbers(current, current.boxes.all())
    if unknown:
        raise NotInThisState(
            f"The report does not say {list_words(unknown)}. Change it to what the report says, or confirm in its box "
            "that it tells of nobody’s scores."
        )
    current.approved_by, current.approved_at = by, timezone.now()
    current.save(update_fields=["approved_by", "approved_at"])
    transaction.on_commit(lambda: publish_poster.enqueue(current.pk))


@task()
def publish_poster(pk: int) -> None:
    """Make the files, then make all public; or make it a draft again and say why. Run twice, it publishes once."""
    poster = Poster.objects.select_related("partnership", "report", "approved_by").get(pk=pk)
    if poster.status != FindingStatus.DRAFT or poster.approved_at is None or poster.approved_by is None:
        return
    try:
        _make_public(poster)
    except (TooLongError, NotInThisState) as why:
        _fail(poster, str(why))
    except Exception:
        # The person who waits must be told; the traceback is for whoever runs the platform.
        logger.exception("Poster %s could not be published", pk)
        _fail(poster, SAID_FAILED)


def _make_public(poster: Poster) -> None:
    """The sheet is made first, since that takes seconds; then its files, its number and its status in one step."""
    assert poster.approved_at is not None  # asked for
    while True:
        poster.number = get_next_number(poster.partnership)
        files = make_poster_files(poster, as_london(poster.approved_at).date())
        with storing(files, poster=poster) as stored:
            if _make_public_at_once(poster, stored):
                return
        # Another poster took the number meanwhile; or another worker made this one, or gave it up.
        delete_files(stored)
        if not get_asked(poster).exists():
            return


@transaction.atomic
def _make_public_at_once(poster: Poster, files: Sequence[PublishedFile]) -> bool:
    lock_partnership(poster.partnership)
    # Whoever withdraws the report waits for this, or this for them.
    assert poster.report_id is not None  # a poster is laid out from a report
    report = Report.objects.select_for_update(of=("self",)).get(pk=poster.report_id)
    if report.status != ReportStatus.PUBLISHED:
        raise NotInThisState(NOT_PUBLISHED)
    current = Poster.objects.select_for_update(of=("self",)).get(pk=poster.pk)
    if current.status != FindingStatus.DRAFT or current.approved_at != poster.approved_at:
        return False
    if get_next_number(poster.partnership) != poster.number:
        return False
    current.number, current.status = poster.number, FindingStatus.PUBLISHED
    current.published_by, current.published_at = current.approved_by, current.approved_at
    current.save()
    Finding.objects.filter(boxes__poster=current, status=FindingStatus.DRAFT).update(
        status=FindingStatus.PUBLISHED, published_at=current.approved_at
    )
    for file in files:
        file.save()
    drop_sheet(current)
    return True


def get_next_number(partnership: Partnership) -> int:
    """Counted from 1 in its partnership."""
    highest = Poster.objects.filter(partnership=partnership).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def get_asked(poster: Poster) -> QuerySet[Poster]:
    """While it is still being published, as it was asked for then."""
    return Poster.objects.filter(
        pk=poster.pk, status=FindingStatus.DRAFT, approved_at=poster.approved_at, approved_at__isnull=False
    )


@transaction.atomic
def _fail(poster: Poster, why: str) -> None:
    """A draft again, and whoever asked is told why."""
    if (
        get_asked(poster).order_by().update(approved_by=None, approved_at=None)
        and poster.approved_by is not None
    ):
        tell_poster_failed(poster, poster.approved_by, why)


@transaction.atomic
def withdraw_poster(*, poster: Poster) -> None:
    """Nobody reads it any more; its files stay in the store, for whoever has to answer for it."""
    current = Poster.objects.select_for_update(of=("self",)).get(pk=poster.pk)
    if current.status != FindingStatus.PUBLISHED:
        raise NotInThisState("It is not public any more. Nothing was changed.")
    current.status = FindingStatus.WITHDRAWN
    current.save(update_fields=["status"])
    # Their words may be put right now, unless they hang elsewhere too.
    hanging = PosterBox.objects.filter(poster__status=FindingStatus.PUBLISHED, finding__isnull=False)
    Finding.objects.filter(boxes__poster=current, status=FindingStatus.PUBLISHED).exclude(
        pk__in=hanging.values("finding")
    ).order_by().update(status=FindingStatus.DRAFT, published_at=None)


def queue_lost_posters(now: datetime.datetime) -> int:
    """Queue again what a worker that died has left, and make a draft of what nobody waits for; how many were queued."""
    waiting = Poster.objects.filter(status=FindingStatus.DRAFT, approved_at__lte=now - GIVEN_UP_AFTER)
    for old in waiting.select_related("report__partnership", "partnership", "approved_by"):
        _fail(old, SAID_FAILED)
    lost = Poster.objects.filter(status=FindingStatus.DRAFT, approved_at__lte=now - TAKEN_UP_AFTER)
    keys = list(lost.values_list("pk", flat=True))
    for pk in keys:
        publish_poster.enqueue(pk)
    return len(keys)
