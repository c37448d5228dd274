"""Writes of board papers: drafted from what was published, changed by officers, made into a PDF by a worker."""

from __future__ import annotations

import datetime
import logging
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from accountability.board_figures import count_meetings, find_earlier, get_cycles, list_unknown, make_board
from accountability.board_files import make_pdf
from accountability.board_words import say_chapter, say_cover
from accountability.enums import BoardPaperKind, ReportStatus
from accountability.models import BoardPaper, Report
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
def draft_papers(*, report: Report, now: datetime.datetime | None = None) -> list[BoardPaper]:
    """Write both drafts anew; what an officer wrote stays. Returns those that say something new."""
    current = lock(report)
    now = now or timezone.now()
    earlier = find_earlier(current)
    meetings = count_meetings(get_cycles(current)[0], as_london(now).date())
    board = make_board(current, earlier, meetings)
    known = {one.kind: one for one in BoardPaper.objects.filter(report=current).select_for_update()}
    changed = []
    for kind, drafted in (
        (BoardPaperKind.CHAPTER, say_chapter(board)),
        (BoardPaperKind.COVER, say_cover(board)),
    ):
        paper = known.get(kind)
        if paper is None:
            paper = BoardPaper(report=current, kind=kind, version=0)
        elif (paper.drafted, paper.meetings, paper.compared_with_id) == (
            drafted,
            meetings,
            earlier.pk if earlier else None,
        ):
            continue
        paper.drafted, paper.meetings, paper.compared_with = drafted, meetings, earlier
        paper.drafted_at, paper.version = now, paper.version + 1
        paper.save()
        changed.append(paper)
    return changed


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
