"""A load as the desk's pages work with it: received, its columns chosen, applied, tried again, discarded.

Reading and applying are jobs, in jobs.py.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from s11.organisations.enums import LoadState, Register
from s11.organisations.loading.jobs import (
    MOST_ATTEMPTS,
    SAID_GIVEN_UP,
    TAKEN_UP_AFTER,
    apply_load,
    drop_sources,
    read_load,
)
from s11.organisations.models import Partnership, RegisterLoad, User
from s11.organisations.models.registers import FILE_KEPT_FOR, WAITING
from s11.organisations.registers.files import RegisterFile
from s11.organisations.registers.maps import name_columns, read_map
from s11.web.errors import NotInThisState
from s11.web.undone_files import take_back


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody sends. `areas` are local authorities, with semicolons between them."""

    register: Register
    file: File[bytes]
    links: File[bytes] | None = None
    areas: str = ""


def receive_load(*, partnership: Partnership, upload: Upload, by: User) -> RegisterLoad:
    """Keep the file until it is read; what nobody has applied of the same register goes. Raises Refused."""
    columns = read_map(upload.register.value)
    load = RegisterLoad(
        partnership=partnership,
        register=upload.register,
        name=(upload.file.name or "")[:255],
        areas=upload.areas,
        variant=columns.variant,
        is_statutory=columns.is_statutory,
        state=LoadState.READING if upload.register == Register.GIAS else LoadState.CHOOSING,
        requested_by=by,
    )
    try:
        load.file.save("register", upload.file, save=False)
        if upload.links is not None:
            load.links.save("links", upload.links, save=False)
        _begin(load)
    except BaseException as refusal:
        for one in list_files(load):
            take_back([str(one.name)], refusal, storage=one.storage)
        raise
    return load


@transaction.atomic
def _begin(load: RegisterLoad) -> None:
    Partnership.objects.select_for_update(no_key=True).get(pk=load.partnership_id)
    earlier = RegisterLoad.objects.filter(partnership=load.partnership, register=load.register)
    if earlier.filter(state=LoadState.APPLYING).exists():
        raise NotInThisState("A file of this register is being applied. Wait until it is done.")
    for one in earlier.undecided():
        _remove(one)
    load.save()
    if load.state == LoadState.READING:
        transaction.on_commit(lambda: read_load.enqueue(load.pk, 0))


def get_header(load: RegisterLoad, *, has_header: bool) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the first rows, of a file whose columns are to be chosen. Raises Refused."""
    with load.file.open("rb") as stored:
        assert stored.file is not None
        rows = RegisterFile(stored.file, load.name).rows()
        first = [cells for _, cells in zip(range(4), (cells for _, cells in rows), strict=False)]
    names = name_columns(first[0] if first else [], has_header=has_header)
    return names, first[1:] if has_header else first[:3]


@transaction.atomic
def choose_columns(
    *,
    load: RegisterLoad,
    columns: Mapping[str, str],
    has_header: bool,
    variant: str,
    is_statutory: bool,
    areas: str,
) -> None:
    """An officer has said which column is which; it is read next."""
    _lock(load, LoadState.CHOOSING, LoadState.READY, LoadState.FAILED)
    if not load.file:
        raise NotInThisState("The file is deleted already. Choose it again.")
    load.columns, load.has_header = dict(columns), has_header
    load.variant, load.is_statutory, load.areas = variant, is_statutory, areas
    _queue(load, LoadState.READING)


@transaction.atomic
def apply_seen(*, load: RegisterLoad, seen: str, chosen: Mapping[str, int], by: User) -> None:
    """Apply what the preview shows. `chosen`: by identifier, the organisation that is the same, or ANOTHER."""
    _lock(load, LoadState.READY)
    if load.digest != seen:
        raise NotInThisState(
            "The file was compared again since the page was opened. Look at what it would change now."
        )
    load.chosen, load.requested_by = dict(chosen), by
    _queue(load, LoadState.APPLYING)


@transaction.atomic
def try_again(*, load: RegisterLoad) -> None:
    """Read once more what could not be read for a fault of ours: the file is still there."""
    _lock(load, LoadState.FAILED)
    if not load.file:
        raise NotInThisState("The file is deleted already. Choose it again.")
    _queue(load, LoadState.READING)


def _queue(load: RegisterLoad, state: LoadState) -> None:
    load.state, load.error, load.progress = state, "", 0
    load.attempts, load.queued_at = 0, timezone.now()
    load.save()
    job = read_load if state == LoadState.READING else apply_load
    transaction.on_commit(lambda: job.enqueue(load.pk, 0))


@transaction.atomic
def discard_load(*, load: RegisterLoad) -> None:
    if load.state in {LoadState.APPLYING, LoadState.DONE}:
        raise NotInThisState("It is applied already, or being applied. Nothing was changed.")
    _lock(load, LoadState.CHOOSING, LoadState.READING, LoadState.READY, LoadState.FAILED)
    _remove(load)


def _lock(load: RegisterLoad, *states: LoadState) -> None:
    """The load as it is now, in one of these states; raises NotInThisState."""
    found = RegisterLoad.objects.select_for_update(no_key=True).filter(pk=load.pk, state__in=states).first()
    if found is None:
        raise NotInThisState("Somebody else has gone on with this file meanwhile. Nothing was changed.")
    load.refresh_from_db()


def _remove(load: RegisterLoad) -> None:
    names = [one.name for one in (load.file, load.links, load.rows) if one]
    storage = load.file.storage
    load.delete()

    def delete() -> None:
        for name in names:
            storage.delete(str(name))

    transaction.on_commit(delete)


def delete_files(load: RegisterLoad) -> None:
    for one in list_files(load):
        one.storage.delete(str(one.name))


def list_files(load: RegisterLoad) -> list[FieldFile]:
    return [one for one in (load.file, load.links, load.rows) if one]


# By the clock


def queue_due_loads(now: datetime.datetime) -> int:
    """What a worker that died has left is taken up again, a limited number of times; how many."""
    due = RegisterLoad.objects.filter(state__in=WAITING, queued_at__lte=now - TAKEN_UP_AFTER).order_by()
    # What could not be applied can still be looked at, and applied again.
    given_up = due.filter(attempts__gte=MOST_ATTEMPTS)
    given_up.filter(state=LoadState.READING).update(state=LoadState.FAILED, error=SAID_GIVEN_UP)
    given_up.filter(state=LoadState.APPLYING).update(state=LoadState.READY, error=SAID_GIVEN_UP)
    count = 0
    for load in list(due):
        # Of two clocks at once only one queues it.
        if due.filter(pk=load.pk).update(queued_at=now):
            job = read_load if load.state == LoadState.READING else apply_load
            job.enqueue(load.pk, load.attempts)
            count += 1
    return count


def discard_expired_loads(now: datetime.datetime) -> int:
    """What nobody has applied within a week, and a register's own files that nobody has gone on with; how many."""
    idle = Q(state__in=(LoadState.CHOOSING, LoadState.FAILED), requested_at__lte=now - FILE_KEPT_FOR)
    expired = RegisterLoad.objects.filter(Q(pk__in=RegisterLoad.objects.expired(now)) | idle).order_by()
    count = 0
    for load in list(expired):
        with transaction.atomic():
            _remove(load)
        count += 1
    for load in (
        RegisterLoad.objects.filter(requested_at__lte=now - FILE_KEPT_FOR).exclude(file="").order_by()
    ):
        if not load.is_waiting:
            drop_sources(load)
    return count
