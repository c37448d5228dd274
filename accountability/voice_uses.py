"""Where a quotation stands: taken out of all that can still be changed, and named where it has to stay."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from typing import Final, TypeVar

from django.core.files.storage import Storage
from django.db import transaction

from accountability.enums import READABLE
from accountability.models import BoardPaper, Publication, Report, ReportSection, Snapshot
from accountability.models.drafted import DraftedText
from accountability.voice_quotes import is_quoted, take_out
from s11.organisations.models import Partnership, Removal
from s11.organisations.removals import Row

T = TypeVar("T", bound=DraftedText)
TEXTS: Final = ("drafted", "text", "edited_from")
OF_PAPERS: Final = (*TEXTS, "training")
# What can be thrown away, and put back, with a report. Papers cannot: theirs is published.
KEPT: Final = {ReportSection._meta.label_lower: TEXTS}


def list_published(partnership: Partnership, words: str) -> list[str]:
    """Reports that the public reads, or is about to read, with these words: they stay as they were published."""
    found = Snapshot.objects.filter(report__partnership=partnership, report__status__in=READABLE)
    shown = [
        f"{one.report.reference}: {one.report.title}"
        for one in found.select_related("report").order_by("report__number", "report__version")
        if _is_in(one.content, words)
    ]
    under_way = Publication.objects.filter(report__partnership=partnership, finished_at=None)
    shown += [
        f"{one.report.title}, which is being published at this moment"
        for one in under_way.select_related("report")
        if _is_in(one.content, words)
    ]
    return shown


def _is_in(content: str, words: str) -> bool:
    return any(is_quoted(section["text"], words) for section in json.loads(content)["sections"])


def take_out_everywhere(partnership: Partnership, *passages: str) -> None:
    """Of texts of reports, also those thrown away, and of papers for the board with the files that were made of them.

    An approved report has then changed since, and is published only once it is approved again.
    """
    # Whoever puts a report back holds what was thrown away until it stands; then it is one of the reports.
    _change_kept(partnership, passages)
    # Whoever writes in a report or its papers locks the report first.
    reports = Report.objects.of(partnership).select_for_update(of=("self",)).order_by("pk")
    found = [one.pk for one in reports]
    # Of published ones too: the public reads the snapshot, and a correction begins with these.
    _change(ReportSection.objects.filter(report__in=found), TEXTS, passages)
    papers = list(BoardPaper.objects.filter(report__in=found))
    changed = {one.pk for one in _change(papers, OF_PAPERS, passages)}
    # A file of an earlier text may still have them.
    for paper in (one for one in papers if one.pk in changed or one.is_pdf_old):
        # One that is being made of the words at this moment finds that nobody waits for it.
        unmade = {"pdf": "", "pdf_version": None, "pdf_made_at": None, "pdf_asked_at": None}
        BoardPaper.objects.filter(pk=paper.pk).update(**unmade)
        if paper.pdf:
            _drop_file(paper.pdf.storage, str(paper.pdf.name))
    # Once more: whoever was throwing a report away held it, and has let it go by now.
    _change_kept(partnership, passages)


def _change(texts: Iterable[T], names: Collection[str], passages: Collection[str]) -> list[T]:
    """Those that had one of the passages, without them. Not by `save`: the record of changes would keep them."""
    changed = []
    for one in texts:
        before = {name: getattr(one, name) for name in names}
        now = _take_all_out(before, passages)
        if now != before:
            type(one)._base_manager.filter(pk=one.pk).update(**now, version=one.version + 1)
            changed.append(one)
    return changed


def _change_kept(partnership: Partnership, passages: Collection[str]) -> None:
    """Or Undo would bring them back, when nobody knows any more for what to look."""
    for removal in Removal.objects.removed().filter(partnership=partnership).select_for_update():
        rows = [_change_row(row, passages) for row in removal.rows]
        if rows != removal.rows:
            Removal.objects.filter(pk=removal.pk).update(rows=rows)


def _change_row(row: Row, passages: Collection[str]) -> Row:
    before = {name: row["fields"][name] for name in KEPT.get(row["model"], ())}
    now = _take_all_out(before, passages)
    if now == before:
        return row
    return {**row, "fields": {**row["fields"], **now, "version": row["fields"]["version"] + 1}}


def _take_all_out(texts: Mapping[str, str], passages: Collection[str]) -> dict[str, str]:
    return {name: reduce(take_out, passages, text) for name, text in texts.items()}


def _drop_file(storage: Storage, name: str) -> None:
    transaction.on_commit(lambda: storage.delete(name))
