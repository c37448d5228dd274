"""Writes of board papers: drafted from what was published, changed by officers, made into a PDF by a worker.

What of the partnership's year stands in the chapter is kept as text, so it says tomorrow what it says today.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from accountability.board_figures import count_meetings, find_earlier, get_cycles, list_unknown, make_board
from accountability.board_files import make_pdf
from accountability.board_permissions import SAID_WITHDRAWN
from accountability.board_words import say_chapter, say_cover
from accountability.chapter_state import get_state
from accountability.chapter_year import find_year, list_parts, note_parts, note_quotations
from accountability.enums import BoardPaperKind, ReportStatus
from accountability.models import BoardPaper, Report
from accountability.reporting_years import ReportingYear
from s11.organisations.models import User
from s11.web import errors
from s11.web.dates import as_london
from s11.web.pdf import TooLongError
from s11.web.undone_files import take_back

logger = logging.getLogger(__name__)

SAID_FAILED: Final = "It could not be made. Try again; if it fails again, tell whoever runs this site."
TAKEN_UP_AFTER: Final = datetime.timedelta(minutes=15)
# After this long nobody waits for it any more.
GIVEN_UP_AFTER: Final = datetime.timedelta(hours=1)


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the report does not hold any more."""


@transaction.atomic
def draft_papers(
    *, report: Report, year: ReportingYear | None = None, now: datetime.datetime | None = None
) -> list[BoardPaper]:
    """Write both drafts anew; what an officer wrote stays. Returns those that say something new.

    Without a year the chapter tells of the one that it told of, and at first of that in which its newest cycle closed.
    """
    current = lock(report)
    now = now or timezone.now()
    known = {one.kind: one for one in BoardPaper.objects.filter(report=current).select_for_update()}
    papers = [
        known.get(kind) or BoardPaper(report=current, kind=kind, version=0) for kind in BoardPaperKind.values
    ]
    drafts = make_drafts(current, papers[0], year, as_london(now).date())
    return [paper for paper in papers if _take_up(paper, drafts[paper.kind], now)]


def make_drafts(
    report: Report, chapter: BoardPaper, year: ReportingYear | None, today: datetime.date
) -> dict[str, dict[str, Any]]:
    """By kind of paper, its columns as they would be drafted now."""
    cycles, earlier = get_cycles(report), find_earlier(report)
    year = year or chapter.year or find_year(cycles)
    parts = list_parts(report.partnership, year)
    meetings = count_meetings(cycles[0], today)
    board = make_board(report, earlier, meetings, parts)
    both = {"meetings": meetings, "compared_with_id": earlier.pk if earlier else None}
    of_year = {
        "year_begins": year.begins,
        "parts": note_parts(parts),
        # Those of earlier drafts too: an officer's words may still have them.
        "quotations": sorted({*chapter.quotations, *note_quotations(parts)}),
    }
    return {
        BoardPaperKind.CHAPTER: {"drafted": say_chapter(board), **both, **of_year},
        BoardPaperKind.COVER: {"drafted": say_cover(board), **both},
    }


def _take_up(paper: BoardPaper, drafted: dict[str, Any], now: datetime.datetime) -> bool:
    """Whether it says something new."""
    if paper.pk and all(getattr(paper, column) == value for column, value in drafted.items()):
        return False
    for column, value in drafted.items():
        setattr(paper, column, value)
    paper.drafted_at, paper.version = now, paper.version + 1
    paper.save()
    return True


@transaction.atomic
def change_paper(
    *, paper: BoardPaper, text: str, training: str, seen_version: int, by: User
) -> BoardPaper | None:
    """Returns the paper as somebody else has saved it since, and saves nothing; None where all is well."""
    lock(paper.report)
    current = BoardPaper.objects.select_for_update(of=("self",)).select_related("edited_by").get(pk=paper.pk)
    if (current.words, current.training) == (text, training):
        return None
    if current.version != seen_version:
        return current
    if current.words != text:
        if not current.is_edited:
            current.edited_from = current.drafted
        current.text, current.edited_by, current.edited_at = text, by, timezone.now()
    current.training, current.version = training, current.version + 1
    current.save()
    return None


@transaction.atomic
def take_draft(*, paper: BoardPaper, seen_version: int) -> None:
    """The draft in place of an officer's words, which are gone."""
    lock(paper.report)
    current = BoardPaper.objects.select_for_update().get(pk=paper.pk)
    if current.version != seen_version:
        raise NotInThisState("Somebody has changed the paper meanwhile. Read it again.")
    current.text, current.edited_from, current.edited_by, current.edited_at = "", "", None, None
    current.version += 1
    current.save()


@transaction.atomic
def ask_pdf(*, paper: BoardPaper, now: datetime.datetime | None = None, by: User) -> None:
    """Asked for twice, it is made once."""
    lock(paper.report)
    current = BoardPaper.objects.select_for_update().get(pk=paper.pk)
    if current.is_waiting:
        return
    if unknown := list_unknown(current):
        raise NotInThisState(
            f"The text names a figure that does not exist: {unknown[0]}. Put it right, then make the PDF."
        )
    state = get_state(current)
    if state is not None and state.withdrawn:
        raise NotInThisState(SAID_WITHDRAWN)
    current.pdf_asked_at, current.pdf_asked_by, current.pdf_error = now or timezone.now(), by, ""
    current.save()
    transaction.on_commit(lambda: make_board_pdf.enqueue(current.pk))


@task()
def make_board_pdf(pk: int) -> None:
    """The file of what the paper says now, in place of the one before; or the reason on the paper. Run twice, once."""
    paper = BoardPaper.objects.select_related(
        "report__partnership", "report__snapshot", "compared_with__snapshot"
    ).get(pk=pk)
    if not paper.is_waiting:
        return
    try:
        _keep(paper, make_pdf(paper))
    except TooLongError as why:
        _fail(paper, str(why))
    except Exception:
        # The person who waits must be told; the traceback is for whoever runs the platform.
        logger.exception("Board paper %s could not be made", pk)
        _fail(paper, SAID_FAILED)


def _keep(paper: BoardPaper, content: bytes) -> None:
    """The new file, and of two workers only one's."""
    old, storage = str(paper.pdf.name or ""), paper.pdf.storage
    paper.pdf.save("paper.pdf", ContentFile(content), save=False)
    new = str(paper.pdf.name)
    try:
        mine = BoardPaper.objects.filter(pk=paper.pk, pdf_asked_at=paper.pdf_asked_at).order_by()
        done = mine.update(
            pdf=new, pdf_version=paper.version, pdf_made_at=timezone.now(), pdf_asked_at=None, pdf_error=""
        )
    except BaseException as refusal:
        take_back([new], refusal, storage=storage)
        raise
    if not done:
        storage.delete(new)
    elif old:
        storage.delete(old)


def _fail(paper: BoardPaper, why: str) -> None:
    BoardPaper.objects.filter(pk=paper.pk, pdf_asked_at=paper.pdf_asked_at).order_by().update(
        pdf_asked_at=None, pdf_error=why
    )


def queue_lost_board_pdfs(now: datetime.datetime) -> int:
    """Queue again what a worker that died has left, and end what nobody waits for any more; how many were queued."""
    waiting = BoardPaper.objects.filter(pdf_asked_at__isnull=False).order_by()
    waiting.filter(pdf_asked_at__lte=now - GIVEN_UP_AFTER).update(pdf_asked_at=None, pdf_error=SAID_FAILED)
    keys = list(waiting.filter(pdf_asked_at__lte=now - TAKEN_UP_AFTER).values_list("pk", flat=True))
    for pk in keys:
        make_board_pdf.enqueue(pk)
    return len(keys)


def lock(report: Report) -> Report:
    """Writes to a report's papers queue here; only of the version that holds."""
    current = (
        Report.objects.select_for_update(of=("self",))
        .select_related("partnership", "snapshot")
        .get(pk=report.pk)
    )
    if current.status != ReportStatus.PUBLISHED:
        raise NotInThisState(
            "The report is not the published version any more. Write papers of the one that holds."
        )
    return current
