"""From approved to public: what was approved is frozen, a worker makes its files, and then all is public in one step.

A publication that fails half way leaves the report approved, with nothing public and the reason on the report's page.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django_tasks import task

from accountability.enums import ReportEventKind, ReportStatus
from accountability.models import Publication, PublishedFile, Report, Snapshot
from accountability.models.published import TAKEN_UP_AFTER
from accountability.report_content import Json, as_text, compose
from accountability.report_emails import tell_failed
from accountability.report_files import MadeFile, make_files
from accountability.reporting import NotInThisState, check_cycles, check_tokens, lock, move, write_event
from accountability.storing import storing
from s11.organisations.models import Partnership, User
from s11.web.dates import as_london

logger = logging.getLogger(__name__)

SAID_FAILED: Final = "Its files could not be made. Try again; if it fails again, tell whoever runs this site."
# After this long nobody waits for it any more.
GIVEN_UP_AFTER: Final = datetime.timedelta(hours=1)


@transaction.atomic
def ask_publication(
    *, report: Report, seen_digest: str, now: datetime.datetime | None = None, by: User
) -> Publication:
    """Freeze what was approved, and have a worker make its files. What the page showed must be what was approved.

    `now` is the moment of publication, for the demonstration, whose reports are of last year.
    """
    place = lock_partnership(report.partnership)
    current = lock(report, ReportStatus.APPROVED)
    # What is being published is not reckoned with in these figures yet: together they might give somebody away.
    if Publication.objects.filter(report__partnership=place, finished_at=None).exists():
        raise NotInThisState("A report is being published at this moment. Look again in a minute.")
    check_cycles(current)
    composed = compose(current)
    check_tokens(composed)
    if composed.digest != current.approved_digest:
        raise NotInThisState(
            "The figures have changed since the report was approved. Return it, and have it approved again."
        )
    if composed.digest != seen_digest:
        raise NotInThisState(
            "The report has changed since you opened the page. Read it again, then publish it."
        )
    now = now or timezone.now()
    number = current.corrects.number if current.corrects else get_next_number(place)
    content = composed.content
    content["report"] |= {"number": number, "published_on": as_london(now).date().isoformat()}
    publication = Publication.objects.create(
        report=current, content=as_text(content), ledger=composed.ledger, asked_by=by, asked_at=now
    )
    write_event(current, ReportEventKind.ASKED, by, at=now)
    transaction.on_commit(lambda: publish.enqueue(publication.pk))
    return publication


@task()
def publish(pk: int) -> None:
    """Make the files, then make all public; or say on the publication why not. Run twice, it publishes once."""
    publication = _claim(pk)
    if publication is None:
        return
    try:
        make_public(publication, make_files(json.loads(publication.content)))
    except NotInThisState as why:
        _fail(publication, str(why))
    except Exception:
        # The person who waits must be told; the traceback is for whoever runs the platform.
        logger.exception("Publication %s failed", pk)
        _fail(publication, SAID_FAILED)


def _claim(pk: int) -> Publication | None:
    """By its moment, so that of two workers one makes the files; one that died is taken up after a while."""
    now = timezone.now()
    free = Q(started_at=None) | Q(started_at__lte=now - TAKEN_UP_AFTER)
    mine = Publication.objects.filter(free, pk=pk, finished_at=None).order_by()
    if not mine.update(started_at=now):
        return None
    return Publication.objects.select_related("report__partnership", "asked_by").get(pk=pk)


def make_public(publication: Publication, files: Sequence[MadeFile]) -> None:
    """Store the files, then in one transaction their rows, the snapshot, the number and the status."""
    with storing(files, report=publication.report) as stored:
        _make_public_at_once(publication, stored)


@transaction.atomic
def _make_public_at_once(publication: Publication, files: Sequence[PublishedFile]) -> None:
    lock_partnership(publication.report.partnership)
    report = lock(publication.report, ReportStatus.APPROVED)
    mine = Publication.objects.filter(
        pk=publication.pk, finished_at=None, started_at=publication.started_at
    ).order_by()
    if not mine.update(finished_at=timezone.now()):
        raise NotInThisState("Another worker has taken it up meanwhile.")
    about: Json = json.loads(publication.content)["report"]
    _retire_corrected(report)
    report.number, report.published_by, report.published_at = (
        about["number"],
        publication.asked_by,
        publication.asked_at,
    )
    move(report, ReportStatus.PUBLISHED, "make_public")
    Snapshot.objects.create(
        report=report,
        content=publication.content,
        ledger=publication.ledger,
        sha256=hashlib.sha256(publication.content.encode()).hexdigest(),
        frozen_at=publication.asked_at,
    )
    for file in files:
        file.save()
    # The moment that stands on its cover, not the one at which the worker was done.
    write_event(
        report,
        ReportEventKind.PUBLISHED,
        publication.asked_by,
        report.reference,
        at=publication.asked_at,
    )


def _retire_corrected(report: Report) -> None:
    """The version before makes room: of a number one version holds."""
    if report.corrects_id is None:
        return
    before = Report.objects.select_for_update(of=("self",)).get(pk=report.corrects_id)
    if before.status == ReportStatus.PUBLISHED:
        move(before, ReportStatus.CORRECTED, "make_public")


def get_next_number(partnership: Partnership) -> int:
    """Counted under the partnership's lock, while nothing else of it is being published."""
    highest = Report.objects.of(partnership).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def lock_partnership(partnership: Partnership) -> Partnership:
    """Publications of a partnership queue here, and nobody else: whoever adds rows of it does not wait for them.

    Else a finding that is added while its report is made public, and the publication, would each wait for the other.
    """
    return Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)


@transaction.atomic
def _fail(publication: Publication, why: str) -> None:
    """The report is still approved; whoever asked is told."""
    mine = Publication.objects.filter(
        pk=publication.pk, finished_at=None, started_at=publication.started_at
    ).order_by()
    if mine.update(finished_at=timezone.now(), error=why):
        write_event(publication.report, ReportEventKind.FAILED, None, why)
        tell_failed(publication.report, publication.asked_by, why)


def queue_lost_publications(now: datetime.datetime) -> int:
    """Queue again what a worker that died has left, and end what nobody waits for any more; how many were queued."""
    unfinished = Publication.objects.filter(finished_at=None)
    for old in unfinished.filter(queued_at__lte=now - GIVEN_UP_AFTER).select_related("report", "asked_by"):
        _fail(old, SAID_FAILED)
    lost = unfinished.filter(
        Q(started_at__lte=now - TAKEN_UP_AFTER) | Q(started_at=None, queued_at__lte=now - TAKEN_UP_AFTER)
    )
    keys = list(lost.values_list("pk", flat=True))
    for pk in keys:
        publish.enqueue(pk)
    return len(keys)
