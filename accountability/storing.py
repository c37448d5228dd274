"""Published files on the disk before their rows are written: all of them stay, or none does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile

from accountability.models import Poster, PublishedFile, Report
from accountability.report_files import MadeFile
from s11.web.undone_files import take_back


@contextmanager
def storing(
    files: Iterable[MadeFile], *, report: Report | None = None, poster: Poster | None = None
) -> Iterator[list[PublishedFile]]:
    """Unsaved rows of one report or one poster, whose files are there. Whatever is raised inside, they are deleted."""
    stored: list[PublishedFile] = []
    try:
        stored.extend(_store(made, report, poster) for made in files)
        yield stored
    except BaseException as refusal:
        for one in stored:
            take_back([str(one.file.name)], refusal, storage=one.file.storage)
        raise


def _store(made: MadeFile, report: Report | None, poster: Poster | None) -> PublishedFile:
    file = PublishedFile(
        report=report,
        poster=poster,
        kind=made.kind,
        name=made.name,
        content_type=made.content_type,
        size=len(made.content),
        sha256=hashlib.sha256(made.content).hexdigest(),
    )
    file.file.save(made.name, ContentFile(made.content), save=False)
    return file


def delete_files(files: Iterable[PublishedFile]) -> None:
    """Of rows that were never written."""
    for one in files:
        one.file.storage.delete(str(one.file.name))
