"""Uploaded tables: kept, checked, shown, and saved as they were shown. What is large is done by a worker (`jobs`)."""

from __future__ import annotations

import datetime
import zipfile
from typing import Final

from auditlog.context import set_actor
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from s11.organisations.models import Partnership, User
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import NotAllowed, NotInThisState
from s11.web.undone_files import take_back
from surveys.evidence_containers import ZIP_SIGNATURE
from surveys.evidence_files import clean_name
from surveys.imports.csv_files import Refused
from surveys.models import Cycle, TableUpload
from surveys.resources.base import CHANGED_MEANWHILE, FileRow, PartnershipResource
from surveys.resources.files import LARGEST_TABLE, MEGABYTE, read_table
from surveys.resources.rows import Kind, Preview
from surveys.resources.tables import TABLES
from surveys.tasks import get_checksum
from surveys.yaml_nodes import shown

# What is read and checked in well under a second: some 600 organisations.
SMALL: Final = 200 << 10
SMALL_UNPACKED: Final = 2 * MEGABYTE
# Rows that are written while the person waits.
FEW: Final = 100
DONE: Final = "That file has been saved already, or is no longer kept. Upload it again."


def make_table(upload: TableUpload) -> PartnershipResource:
    return TABLES[upload.table](partnership=upload.partnership, by=upload.uploaded_by, cycle=upload.cycle)


def read_rows(upload: TableUpload) -> list[FileRow]:
    with upload.file.open("rb") as content:
        return read_table(content, upload.file.size, upload.name, make_table(upload).headings)


# Taking in ------------------------------------------------------------------------------------------------------------


def keep_table(
    *, table: str, partnership: Partnership, cycle: Cycle | None, file: UploadedFile[bytes], by: User
) -> TableUpload:
    """Keep the file until its person has decided; an earlier one of theirs goes. A small one is checked at once.

    Raises Refused for a small file that is no table; of a large one the worker says so.
    """
    upload = TableUpload(
        table=table, partnership=partnership, cycle=cycle, name=clean_name(file.name or ""), uploaded_by=by
    )
    if (file.size or 0) > LARGEST_TABLE:
        raise Refused(
            f"‘{upload.name}’ is larger than {LARGEST_TABLE // MEGABYTE} MB: split it into several files."
        )
    is_small = _is_small(file)
    if is_small:
        assert file.file is not None  # an upload has one
        source = make_table(upload)
        rows = read_table(file.file, file.size or 0, upload.name, source.headings)
        upload.preview = source.preview(rows).as_json()
        upload.checked_rows = len(rows)
    file.seek(0)
    upload.file.save("table", file, save=False)
    try:
        with transaction.atomic():
            _discard_earlier(upload)
            upload.save()
            if not is_small:
                _queue(upload)
    except BaseException as refusal:
        take_back([str(upload.file.name)], refusal)
        raise
    return upload


def _is_small(file: UploadedFile[bytes]) -> bool:
    if (file.size or 0) > SMALL:
        return False
    head = file.read(4)
    file.seek(0)
    if head != ZIP_SIGNATURE:
        return True
    try:
        with zipfile.ZipFile(file) as archive:
            return sum(member.file_size for member in archive.infolist()) <= SMALL_UNPACKED
    except Exception:  # noqa: BLE001  what is wrong with it is said where it is read
        return True
    finally:
        file.seek(0)


def _discard_earlier(upload: TableUpload) -> None:
    """Of the same person and table; one that is being saved stays."""
    earlier = TableUpload.objects.filter(
        table=upload.table, partnership=upload.partnership, uploaded_by=upload.uploaded_by, confirmed_at=None
    )
    for one in earlier:
        discard_upload(one)


def discard_upload(upload: TableUpload) -> None:
    name = str(upload.file.name)
    upload.delete()
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


def discard_expired_tables(now: datetime.datetime) -> int:
    """Uploads that are a day old, whatever became of them; how many there were."""
    expired = list(TableUpload.objects.expired(now))
    for upload in expired:
        discard_upload(upload)
    return len(expired)


def _queue(upload: TableUpload) -> None:
    # Here, for a job calls this module.
    from surveys.resources.jobs import work_on_table  # noqa: PLC0415

    upload.queued_at = timezone.now()
    upload.save(update_fields=["queued_at"])
    transaction.on_commit(lambda: work_on_table.enqueue(upload.pk))


# Checking and saving --------------------------------------------------------------------------------------------------


def check_upload(upload: TableUpload) -> None:
    """What the file would do now, kept with it. While it is checked, how far it is."""
    kept = TableUpload.objects.filter(pk=upload.pk, saved_at=None)

    def say(done: int) -> None:
        kept.update(checked_rows=done)

    try:
        rows = read_rows(upload)
        preview = make_table(upload).preview(rows, say)
    except Refused as refused:
        kept.update(error=str(refused))
        return
    kept.update(preview=preview.as_json(), checked_rows=len(rows))


def confirm_upload(*, upload: TableUpload, seen: str) -> None:
    """Save what was seen: at once where it is little, else a worker does. Raises NotInThisState."""
    with transaction.atomic():
        locked = TableUpload.objects.select_for_update().filter(pk=upload.pk).first()
        if locked is None or locked.is_saved or locked.is_saving or locked.preview is None:
            raise NotInThisState(DONE)
        preview = Preview.from_json(locked.preview)
        if preview.fingerprint != seen or not preview.can_be_confirmed:
            raise NotInThisState(CHANGED_MEANWHILE)
        locked.confirmed_at, locked.error = timezone.now(), ""
        locked.save(update_fields=["confirmed_at", "error"])
        is_little = preview.counts[Kind.ADDED] + preview.counts[Kind.CHANGED] <= FEW
        if not is_little:
            _queue(locked)
    if is_little:
        save_upload(locked)
        locked.refresh_from_db()
        if not locked.is_saved:
            raise NotInThisState(locked.error)


def save_upload(upload: TableUpload) -> None:
    """Exactly what was confirmed. Where that is no longer what the file does, nothing; then it is checked again."""
    upload.refresh_from_db()
    if upload.is_saved:
        return
    try:
        # Read before anything is locked: on SQLite everybody who saves would wait for it.
        _save(upload, read_rows(upload))
    except (NotInThisState, NotAllowed, Refused) as why:
        TableUpload.objects.filter(pk=upload.pk).update(confirmed_at=None, error=str(why))
        check_upload(upload)


@transaction.atomic
def _save(upload: TableUpload, rows: list[FileRow]) -> None:
    """Whoever confirmed it must still be allowed to. Run twice, it saves once."""
    locked = TableUpload.objects.select_for_update().filter(pk=upload.pk, saved_at=None).first()
    if locked is None or locked.confirmed_at is None or locked.preview is None:
        return
    check_still_allowed(locked)
    table = make_table(locked)
    with locked.file.open("rb") as content:
        table.file_origin = f"{shown(locked.name)}, SHA-256 {get_checksum(content)}"
    with set_actor(locked.uploaded_by):
        table.save_rows(rows, seen=locked.preview["fingerprint"])
    name = str(locked.file.name)
    locked.saved_at, locked.file = timezone.now(), ""
    locked.save(update_fields=["saved_at", "file"])
    transaction.on_commit(lambda: default_storage.delete(name))


def check_still_allowed(upload: TableUpload) -> None:
    try:
        desk = get_desk_or_404(upload.uploaded_by, upload.partnership.slug)
    except Http404:
        raise NotAllowed(
            f"You are no officer of {upload.partnership} any more, so nothing was saved."
        ) from None
    TABLES[upload.table].check_can_import(desk, upload.cycle)
