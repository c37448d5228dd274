"""Writes of posters and briefings: laid out from findings, changed box by box, published as one sheet, withdrawn.

A publisher's word asks for the publication; a worker makes the files, and then all is public in one step.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django_tasks import task

from accountability.enums import FindingStatus, PosterKind, ReportStatus
from accountability.finding_drafts import Told, lay_out
from accountability.models import Finding, Poster, PosterBox, PublishedFile, Report
from accountability.poster_files import has_open_number, make_poster_files
from accountability.poster_numbers import PublicNumbers
from accountability.publishing import lock_partnership
from accountability.report_content import get_documents
from accountability.report_emails import tell_poster_failed
from accountability.storing import delete_files, storing
from s11.organisations.models import Partnership, User
from s11.web import errors
from s11.web.dates import as_london
from s11.web.pdf import TooLongError
from s11.web.text import list_words

logger = logging.getLogger(__name__)

SAID_FAILED: Final = "Its files could not be made. Try again; if it fails again, tell whoever runs this site."
TAKEN_UP_AFTER: Final = datetime.timedelta(minutes=15)
# After this long nobody waits for it any more, and it can be changed again.
GIVEN_UP_AFTER: Final = datetime.timedelta(hours=1)
NOT_PUBLISHED: Final = "The report that the poster is made of is not published any more."


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the poster is no longer what the page showed."""


@transaction.atomic
def begin_poster(*, report: Report, kind: PosterKind, by: User) -> Poster:
    """Laid out from the report's findings, in their order."""
    current = Report.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=report.pk)
    if current.status != ReportStatus.PUBLISHED:
        raise NotInThisState("A poster is laid out from a published report. Publish the report first.")
    findings = current.findings.exclude(status=FindingStatus.WITHDRAWN).prefetch_related("figures")
    told = [make_told(finding) for finding in findings]
    if not told:
        raise NotInThisState(
            "The report has no findings yet. Write or suggest some, then lay out the poster."
        )
    cycle = current.report_cycles.select_related("cycle").order_by("position")[0].cycle
    poster = Poster.objects.create(
        partnership=current.partnership, report=current, kind=kind, title=current.title, created_by=by
    )
    boxes = lay_out(kind, told, get_documents(current), str(cycle))
    PosterBox.objects.bulk_create(
        PosterBox(
            poster=poster,
            finding_id=box.finding,
            position=position,
            heading=box.heading[:120],
            figure=box.figure[:60],
            text=box.text[:1_500],
        )
        for position, box in enumerate(boxes, start=1)
    )
    return poster


def make_told(finding: Finding) -> Told:
    figures = list(finding.figures.all())
    return Told(
        pk=finding.pk,
        title=finding.title,
        found=finding.found,
        why_it_matters=finding.why_it_matters,
        next_steps=finding.next_steps,
        path=figures[0].path if figures else "",
    )


@transaction.atomic
def change_box(
    *, box: PosterBox, heading: str, figure: str, text: str, seen_version: int, by: User
) -> PosterBox | None:
    """Returns the box as somebody else has saved it since, and saves nothing; None where all is well."""
    poster = lock(box.poster)
    current = PosterBox.objects.select_for_update(of=("self",)).select_related("edited_by").get(pk=box.pk)
    if current.version != seen_version:
        return current
    current.heading, current.figure, current.text = heading, figure, text
    current.version += 1
    current.edited_by, current.edited_at = by, timezone.now()
    current.save()
    _count_version(poster)
    return None


@transaction.atomic
def rename_poster(*, poster: Poster, title: str) -> None:
    current = lock(poster)
    current.title = title
    current.save(update_fields=["title"])
    _count_version(current)


def _count_version(poster: Poster) -> None:
    """So that a publisher publishes the words that were on the page, and no later ones."""
    poster.version += 1
    poster.save(update_fields=["version"])


@transaction.atomic
def discard_poster(*, poster: Poster) -> None:
    lock(poster).delete()


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
            f"The report does not say {list_words(unknown)}. Change it to what the report says, then publish it."
        )
    current.approved_by, current.approved_at = by, timezone.now()
    current.save(update_fields=["approved_by", "approved_at"])
    transaction.on_commit(lambda: publish_poster.enqueue(current.pk))


def find_unknown_numbers(poster: Poster, boxes: Iterable[PosterBox]) -> list[str]:
    """What stands on it as a number and is none of its report's public ones, each once."""
    if poster.report is None:
        return []
    numbers = PublicNumbers(get_documents(poster.report))
    found = numbers.find_unknown(poster.title)
    for box in boxes:
        found += [] if numbers.says(box.figure) else [f"‘{box.figure}’"]
        found += numbers.find_unknown(box.heading, box.text)
    return list(dict.fromkeys(found))


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


def lock(poster: Poster) -> Poster:
    current = Poster.objects.select_for_update(of=("self",)).select_related("report").get(pk=poster.pk)
    if current.status != FindingStatus.DRAFT or current.approved_at is not None:
        raise NotInThisState("The poster is published by now, or being published. Nothing was changed.")
    return current
