"""The jobs of a load: reading with its preview, and applying. Killed half way and run again they leave one result.

Each attempt is claimed on the row, so of two workers one goes on. What it writes is one transaction.
"""

from __future__ import annotations

import datetime
import logging
import tempfile
from collections.abc import Callable
from typing import IO, Final

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from s11.organisations.enums import LoadState, Register
from s11.organisations.loading.applying import Order, Quicker, Tell, apply, compare
from s11.organisations.loading.planning import Planned
from s11.organisations.loading.reading import Read, Source, read_register
from s11.organisations.loading.summary import make_counts
from s11.organisations.models import RegisterLine, RegisterLoad
from s11.organisations.registers.maps import ColumnMap, read_map
from s11.organisations.registers.plan import Line
from s11.organisations.registers.refusals import Refused
from s11.web.undone_files import take_back

logger = logging.getLogger(__name__)

# What has been in a worker's hands for longer was left by one that died.
TAKEN_UP_AFTER: Final = datetime.timedelta(hours=1)
MOST_ATTEMPTS: Final = 3
AT_ONCE: Final = 500
SAID_GIVEN_UP: Final = (
    "The file could not be worked through, for a fault that is not yours. Nothing was changed. Try again; if it "
    "fails again, tell whoever runs this site."
)


@task()
def read_load(pk: int, attempt: int) -> None:
    """Read the file and say what it would change, unless another worker has this attempt."""
    load = _claim(pk, attempt, LoadState.READING)
    if load is None:
        return
    try:
        _read(load)
    except Refused as refused:
        _fail(load, str(refused))
        if load.register == Register.GIAS:
            # Of the others the columns may have been the wrong ones.
            drop_sources(load)
    except Exception:
        logger.exception("The register %s could not be read", pk)
        _fail(load, SAID_GIVEN_UP)


@task()
def apply_load(pk: int, attempt: int) -> None:
    """Write what the preview says, or, where that is so no more, say what it would change now."""
    load = _claim(pk, attempt, LoadState.APPLYING)
    if load is None:
        return
    try:
        _apply(load)
    except Quicker as quicker:
        _show_again(load, str(quicker))
    except Exception:
        logger.exception("The register %s could not be applied", pk)
        _show_again(load, SAID_GIVEN_UP)


def _claim(pk: int, attempt: int, state: LoadState) -> RegisterLoad | None:
    """The attempt is counted before anything is done: a killed job has had its attempt too."""
    waiting = RegisterLoad.objects.filter(pk=pk, state=state, attempts=attempt).order_by()
    if not waiting.update(attempts=attempt + 1, queued_at=timezone.now()):
        return None
    return RegisterLoad.objects.select_related("partnership", "requested_by").get(pk=pk)


def get_columns(load: RegisterLoad) -> ColumnMap:
    """The map that is shipped, or the officer's choice of columns."""
    columns = read_map(load.register)
    return columns.choose(load.columns, has_header=load.has_header) if load.columns else columns


def make_order(load: RegisterLoad) -> Order:
    """A page's: it changes nothing that another partnership also has."""
    return Order(
        load.partnership,
        get_columns(load),
        load.variant,
        load.is_statutory,
        is_operator=False,
        by=load.requested_by,
    )


def _read(load: RegisterLoad) -> None:
    with tempfile.TemporaryFile() as rows:
        read = _read_rows(load, rows)
        load.sha256 = read.sha256
        rows.seek(0)
        earlier = str(load.rows.name) if load.rows else ""
        load.rows.save("rows", File(rows), save=False)
        rows.seek(0)
        try:
            is_kept = _show(load, rows, read, note="")
        except BaseException as refusal:
            take_back([str(load.rows.name)], refusal, storage=load.rows.storage)
            raise
    if not is_kept:
        load.rows.storage.delete(str(load.rows.name))
    elif earlier:
        load.rows.storage.delete(earlier)
    if is_kept and load.register == Register.GIAS:
        # It names head teachers. Of the others the columns may still be chosen anew.
        drop_sources(load)


def _read_rows(load: RegisterLoad, rows: IO[bytes]) -> Read:
    def tell(percent: int) -> None:
        RegisterLoad.objects.filter(pk=load.pk).order_by().update(progress=percent)

    links = load.links.open("rb") if load.links else None
    try:
        with load.file.open("rb") as stored:
            assert stored.file is not None
            return read_register(
                Source(stored.file, load.name),
                Source(links.file, "the file of links") if links and links.file else None,
                get_columns(load),
                load.partnership,
                areas=load.areas,
                into=rows,
                tell=tell,
            )
    finally:
        if links is not None:
            links.close()


@transaction.atomic
def _show(load: RegisterLoad, rows: IO[bytes], read: Read | None, *, note: str) -> bool:
    """The preview as it is now; whether the load is still there and waits for it."""
    kept = RegisterLoad.objects.select_for_update(no_key=True).filter(
        pk=load.pk, state__in=(LoadState.READING, LoadState.APPLYING), attempts=load.attempts
    )
    if not kept.exists():
        return False
    planned = _keep_lines(load, lambda tell: compare(make_order(load), rows, tell))
    load.counts = _count(load, read, planned)
    load.digest, load.state, load.progress, load.error = planned.digest, LoadState.READY, 100, note
    load.save()
    return True


def _count(load: RegisterLoad, read: Read | None, planned: Planned) -> dict[str, int]:
    """What was read stands in the counts from the first preview on."""
    if read is None:
        counts = load.counts
        read = Read(counts["rows"], counts["elsewhere"], counts["left_out"], counts["proposed"], load.sha256)
    return make_counts(read, planned)


def _keep_lines(load: RegisterLoad, run: Callable[[Tell], Planned]) -> Planned:
    """In place of the lines that were kept before."""
    RegisterLine.objects.filter(load=load).delete()
    waiting: list[RegisterLine] = []
    position = 0

    def flush() -> None:
        RegisterLine.objects.bulk_create(waiting, AT_ONCE)
        waiting.clear()

    def tell(line: Line) -> None:
        nonlocal position
        position += 1
        waiting.append(
            RegisterLine(
                load=load,
                position=position,
                kind=line.kind.value,
                code=line.code,
                name=line.name,
                text=line.text,
                organisation_id=line.organisation,
                choice_id=line.choice,
            )
        )
        if len(waiting) == AT_ONCE:
            flush()

    planned = run(tell)
    flush()
    return planned


def _apply(load: RegisterLoad) -> None:
    with load.rows.open("rb") as stored:
        assert stored.file is not None
        rows = stored.file
        with transaction.atomic():
            # Whoever took the attempt up meanwhile waits here, and then finds it done.
            mine = RegisterLoad.objects.select_for_update(no_key=True).filter(
                pk=load.pk, state=LoadState.APPLYING, attempts=load.attempts
            )
            if not mine.exists():
                return
            order, chosen = make_order(load), load.chosen
            planned = _keep_lines(
                load, lambda tell: apply(order, rows, tell, chosen=chosen, seen=load.digest)
            )
            load.counts = _count(load, None, planned)
            load.state, load.applied_at, load.error = LoadState.DONE, timezone.now(), ""
            load.save()
    drop_sources(load)
    name, storage = str(load.rows.name), load.rows.storage
    RegisterLoad.objects.filter(pk=load.pk).update(rows="")
    storage.delete(name)


def _show_again(load: RegisterLoad, note: str) -> None:
    load.refresh_from_db()
    with load.rows.open("rb") as stored:
        assert stored.file is not None
        _show(load, stored.file, None, note=note)


def _fail(load: RegisterLoad, error: str) -> None:
    RegisterLoad.objects.filter(
        pk=load.pk, state=LoadState.READING, attempts=load.attempts
    ).order_by().update(state=LoadState.FAILED, error=error)


def drop_sources(load: RegisterLoad) -> None:
    """Before the row says so: a row that names what is gone harms less than a file that nobody finds."""
    for one in (load.file, load.links):
        if one:
            one.storage.delete(str(one.name))
    RegisterLoad.objects.filter(pk=load.pk).order_by().update(file="", links="")
