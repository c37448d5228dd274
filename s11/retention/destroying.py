"""The job that destroys an approved list: an item a transaction, resumable, files after the rows that named them.

Killed at any moment it leaves each record either whole or gone, with its line in the log; what was left over is taken
up when the job runs again. A file is deleted once the transaction that removed its rows is committed, and only where no
row names it any more.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Mapping
from typing import Any, Final

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import default_storage
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from s11.organisations.models import Partnership, Removal
from s11.organisations.removals import destroy_removal, list_kept_files
from s11.retention.certificates import make_certificate
from s11.retention.enums import ItemState, Kind, ListStatus
from s11.retention.listing import get_holds, list_held_within
from s11.retention.log_files import keep_log, make_sum
from s11.retention.models import DestructionEntry, DestructionItem, DestructionList, DoomedFile
from s11.retention.records import RECORDS
from s11.retention.schedules import find_due
from s11.retention.walk import Reach, add_trail, delete_rows, is_named, list_files
from surveys.models import Audit, Cycle

logger = logging.getLogger(__name__)

# A worker that has said nothing for so long is dead.
TAKEN_UP_AFTER: Final = datetime.timedelta(hours=1)
SAID_NOT_DUE: Final = (
    "It is not due any more: its period was made longer, it was taken up again, or it is gone."
)


@task()
def destroy_list(pk: int) -> None:
    """Idempotent: run twice, or killed and run again, each record goes once."""
    found = DestructionList.objects.select_related("partnership", "prepared_by", "approved_by").get(pk=pk)
    if found.status == ListStatus.APPROVED:
        DestructionList.objects.filter(pk=pk).update(started_at=timezone.now())
        destroy_items(found)
        finish_list(found)
    make_certificates(found.partnership)
    keep_log()


def destroy_items(found: DestructionList) -> None:
    due = {(kind, one.record) for kind, one in find_due(found.partnership, found.as_of)}
    waiting = found.items.filter(state=ItemState.WAITING).order_by("pk")
    for item, kind, record in list(waiting.values_list("pk", "kind", "record")):
        try:
            destroy_item(found, item, is_due=(kind, record) in due)
        except OperationalError:
            # The database itself: the next would fail too.
            raise
        except Exception:
            # It is whole, and waits for the next run; what comes after it need not.
            logger.exception("Item %s of destruction list %s could not be destroyed", item, found.pk)
            continue
        delete_files(item)
    delete_left_files(found)


def delete_left_files(found: DestructionList) -> None:
    """Those that an earlier run left, or could not delete."""
    left = DoomedFile.objects.filter(item__list=found, deleted_at=None, is_shared=False)
    for item in sorted(set(left.values_list("item", flat=True))):
        delete_files(item)


def make_certificates(partnership: Partnership) -> None:
    """Of finished lists that have none: a killed job leaves one to the next."""
    for done in DestructionList.objects.filter(
        partnership=partnership, status=ListStatus.DONE, certificate=None
    ).select_related("partnership", "prepared_by", "approved_by"):
        make_certificate(done)


def queue_lost(now: datetime.datetime) -> int:
    """Queue again what a worker that died has left, a certificate too; how many lists."""
    before = now - TAKEN_UP_AFTER
    approved = Q(status=ListStatus.APPROVED, approved_at__lte=before) & ~Q(started_at__gt=before)
    uncertified = Q(status=ListStatus.DONE, finished_at__lte=before, certificate=None)
    keys = list(DestructionList.objects.filter(approved | uncertified).values_list("pk", flat=True))
    for pk in keys:
        destroy_list.enqueue(pk)
    return len(keys)


@transaction.atomic
def destroy_item(found: DestructionList, pk: int, *, is_due: bool) -> None:
    """All of it and its line in the log, or nothing."""
    # As `hold_back` does: a hold comes before this, or after it.
    DestructionList.objects.select_for_update().get(pk=found.pk)
    item = DestructionItem.objects.select_for_update().get(pk=pk)
    if item.state != ItemState.WAITING:
        return
    kind = Kind(item.kind)
    hold = get_holds(found.partnership).get((item.kind, item.record))
    if hold is not None:
        keep_back(item, f"Held back: {hold.reason}")
        return
    reach = gather_record(found.partnership, kind, item.record) if is_due else None
    if reach is None:
        keep_back(item, SAID_NOT_DUE)
        return
    if held := [*reach.held, *list_held_within(reach, found.partnership)]:
        keep_back(item, " ".join(held))
        return
    carry_out(found, item, reach)


def carry_out(
    found: DestructionList, item: DestructionItem, reach: Reach, line: Mapping[str, Any] | None = None
) -> None:
    """Within a transaction. `line`: as the log had it, where it is destroyed again after a restore."""
    # From here on the database lets lines of trails go, until this transaction ends.
    item.state = ItemState.UNDER_WAY
    item.save()
    kind = Kind(item.kind)
    began_at = RECORDS[kind].began_at(item.record)
    files = remove_rows(kind, item.record, reach) if reach.rows else set()
    DoomedFile.objects.bulk_create(DoomedFile(item=item, name=name) for name in sorted(files))
    facts = {"began_at": began_at, "counts": reach.counts, "files": len(files)}
    write_entry(found, item, facts if line is None else read_facts(line))
    item.state, item.destroyed_at = ItemState.DESTROYED, timezone.now()
    item.save()


def read_facts(line: Mapping[str, Any]) -> dict[str, Any]:
    """As they were logged first."""
    began_at = line["began_at"] and datetime.datetime.fromisoformat(line["began_at"])
    names = ("counts", "files", "prepared_by", "approved_by")
    return {"began_at": began_at or None} | {name: line[name] for name in names}


def keep_back(item: DestructionItem, note: str) -> None:
    item.state, item.note = ItemState.KEPT_BACK, note[:500]
    item.save()


def gather_record(partnership: Partnership, kind: Kind, record: int) -> Reach | None:
    """With what the record of changes says of it; None where there is no such record any more."""
    try:
        reach = RECORDS[kind].gather(partnership, record)
    except ObjectDoesNotExist:
        return None
    add_trail(reach)
    return reach


def remove_rows(kind: Kind, record: int, reach: Reach) -> set[str]:
    """Returns the names of their files, which are to be deleted once this is committed."""
    files = list_files(reach)
    now = timezone.now()
    cycle = RECORDS[kind].cycle_of(record)
    if kind == Kind.REMOVED:
        removal = Removal.objects.get(pk=record)
        files |= set(list_kept_files(removal))
        destroy_removal(removal)
        about = ContentType.objects.get_for_model(Removal)
        LogEntry.objects.filter(content_type=about, object_pk=str(record)).delete()
    if kind == Kind.AUDIT:
        Audit.objects.filter(pk=record).update(destroyed_at=now)
    if cycle is not None:
        Cycle.objects.filter(pk=cycle, destroyed_at=None).update(destroyed_at=now)
    delete_rows(reach)
    return files


def write_entry(found: DestructionList, item: DestructionItem, facts: Mapping[str, Any]) -> DestructionEntry:
    """One at a time in a partnership, for each holds the checksum of the one before."""
    Partnership.objects.select_for_update().get(pk=found.partnership_id)
    last = DestructionEntry.objects.filter(partnership=found.partnership).order_by("-number").first()
    assert found.approved_at is not None  # nothing else is destroyed
    officers = {"prepared_by": str(found.prepared_by), "approved_by": str(found.approved_by)}
    entry = DestructionEntry(
        partnership=found.partnership,
        number=last.number + 1 if last else 1,
        item=item,
        list_number=found.number,
        kind=item.kind,
        record=item.record,
        reference=item.reference,
        approved_at=found.approved_at,
        previous=last.sha256 if last else "",
        **(officers | dict(facts)),
    )
    entry.sha256 = make_sum(entry)
    entry.save(force_insert=True)
    return entry


def delete_files(item: int) -> None:
    """Again at the next run where the storage fails: nobody can open them, for no row names them any more."""
    waiting = list(DoomedFile.objects.filter(item=item, deleted_at=None, is_shared=False))
    # What lies among the removed names its files too, though no table does.
    kept = {name for one in Removal.objects.removed() for name in list_kept_files(one)} if waiting else set()
    for doomed in waiting:
        if doomed.name in kept or is_named(doomed.name):
            DoomedFile.objects.filter(pk=doomed.pk).update(is_shared=True)
            continue
        try:
            default_storage.delete(doomed.name)
        except Exception:
            # Whatever a storage raises; the list is not finished until its files are gone.
            logger.exception("A file of destroyed item %s could not be deleted", item)
            continue
        DoomedFile.objects.filter(pk=doomed.pk).update(deleted_at=timezone.now())


@transaction.atomic
def finish_list(found: DestructionList) -> None:
    locked = DestructionList.objects.select_for_update().get(pk=found.pk)
    is_left = locked.items.filter(state=ItemState.WAITING).exists()
    has_files = DoomedFile.objects.filter(item__list=locked, deleted_at=None, is_shared=False).exists()
    if locked.status != ListStatus.APPROVED or is_left or has_files:
        return
    locked.status, locked.finished_at = ListStatus.DONE, timezone.now()
    locked.save()
