"""An export from its request to its end: gathered by a worker, looked through, handed over, deleted after some days."""

from __future__ import annotations

import datetime
import hashlib
import json
import logging
from collections.abc import Collection
from typing import Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from s11.organisations.models import DataExport, Partnership, User
from s11.privacy.export_files import write_export
from s11.privacy.gathering import Material, gather
from s11.web.errors import NotInThisState

logger = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 3
# What no worker has finished by then is queued again.
TAKEN_UP_AFTER: Final = datetime.timedelta(minutes=20)
SAID_GIVEN_UP: Final = (
    "It could not be put together. Ask for it again; if it fails again, tell whoever runs this site."
)
# It walks through every table, so nobody has it done over and over.
OWN_EVERY: Final = datetime.timedelta(hours=1)
SAID_NEW: Final = "Your file is less than an hour old. You can make a new one later."
SAID_GONE: Final = "The files of this export are deleted. Make a new one."


@transaction.atomic
def request_export(
    *, partnership: Partnership | None, by: User, user: User | None = None, email: str = "", name: str = ""
) -> DataExport:
    """Without a partnership it is a person's own, of everything. One that is being made already is returned.

    Raises NotInThisState where a person has just made their own.
    """
    about = {
        "partnership": partnership,
        "user": user,
        "email": User.objects.normalize_email(email),
        "name": name,
    }
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    waiting = DataExport.objects.waiting().filter(**about, requested_by=by).first()
    if waiting is not None:
        return waiting
    if partnership is None:
        ready = DataExport.objects.own(by).filter(gathered_at__isnull=False, discarded_at=None)
        if ready.filter(requested_at__gt=timezone.now() - OWN_EVERY).exists():
            raise NotInThisState(SAID_NEW)
    export = DataExport.objects.create(**about, requested_by=by)
    transaction.on_commit(lambda: gather_export.enqueue(export.pk, 0))
    return export


@task()
def gather_export(pk: int, attempt: int) -> None:
    """Idempotent: of two workers that have the same attempt one does it."""
    export = _claim(pk, attempt)
    if export is None:
        return
    try:
        material = gather(export)
        _store(export, material)
    except Exception:
        # Without its values: they are what somebody asked for about a person.
        logger.exception("Export %s could not be put together", pk)
        if export.attempts >= MOST_ATTEMPTS:
            DataExport.objects.waiting().filter(pk=pk).update(error=SAID_GIVEN_UP)


def _claim(pk: int, attempt: int) -> DataExport | None:
    waiting = DataExport.objects.waiting().filter(pk=pk, attempts=attempt)
    if not waiting.update(attempts=attempt + 1, queued_at=timezone.now()):
        return None
    return DataExport.objects.select_related("partnership", "user").get(pk=pk)


def _store(export: DataExport, material: Material) -> None:
    """A person's own is ready at once; an officer's is looked through first."""
    content = json.dumps(material, ensure_ascii=False).encode()
    export.material.save("material", ContentFile(content), save=False)
    names = [str(export.material.name)]
    is_kept = False
    try:
        if export.partnership is None:
            names.append(_write_file(export, material))
        is_kept = _keep_first(export)
    finally:
        if not is_kept:
            _delete(names)


def _keep_first(export: DataExport) -> bool:
    return bool(
        DataExport.objects.waiting()
        .filter(pk=export.pk)
        .update(
            material=export.material.name,
            file=export.file.name or "",
            sha256=export.sha256,
            gathered_at=timezone.now(),
        )
    )


def _write_file(export: DataExport, material: Material) -> str:
    content = write_export(export, material)
    export.sha256 = hashlib.sha256(content).hexdigest()
    export.file.save("export.zip", ContentFile(content), save=False)
    return str(export.file.name)


def read_material(export: DataExport) -> Material:
    with export.material.open("rb") as stored:
        material: Material = json.load(stored)
    return material


def keep_back(*, export: DataExport, shown: Collection[int], chosen: Collection[int]) -> None:
    """Of the texts that a page showed, these are kept back and the others are not.

    A file that was made of another choice goes: nobody may take it for this one.
    """
    earlier = ""
    with transaction.atomic():
        found = _lock(export)
        kept = sorted((set(found.kept_back) - set(shown)) | (set(chosen) & set(shown)))
        if kept != found.kept_back:
            earlier = str(found.file.name or "")
            found.kept_back, found.file, found.sha256 = kept, "", ""
            found.reviewed_by = found.reviewed_at = None
            found.save(update_fields=["kept_back", "file", "sha256", "reviewed_by", "reviewed_at"])
    _delete([earlier])


def hand_over(*, export: DataExport, by: User) -> None:
    """Make the file without what is kept back; again, where something else is to be kept back."""
    with transaction.atomic():
        found = _lock(export)
        earlier = str(found.file.name or "")
        _write_file(found, read_material(found))
        found.reviewed_by, found.reviewed_at = by, timezone.now()
        found.save(update_fields=["file", "sha256", "reviewed_by", "reviewed_at"])
    _delete([earlier])


def _lock(export: DataExport) -> DataExport:
    found = DataExport.objects.select_for_update(no_key=True, of=("self",)).get(pk=export.pk)
    if found.is_discarded or found.gathered_at is None:
        raise NotInThisState(SAID_GONE)
    return found


def discard_export(export: DataExport) -> None:
    """Its files go; that it was made, by whom and about whom, stays."""
    with transaction.atomic():
        found = DataExport.objects.select_for_update(no_key=True, of=("self",)).get(pk=export.pk)
        names = [str(found.material.name or ""), str(found.file.name or "")]
        if found.is_discarded:
            return
        found.material, found.file, found.kept_back = "", "", []
        found.discarded_at = timezone.now()
        found.error = "" if found.gathered_at else SAID_GIVEN_UP
        found.save()
    _delete(names)


def discard_old_exports(now: datetime.datetime) -> int:
    """By the clock; how many."""
    since = now - datetime.timedelta(days=settings.DATA_EXPORT_DAYS)
    old = list(DataExport.objects.filter(discarded_at=None, requested_at__lte=since))
    for export in old:
        discard_export(export)
    return len(old)


def queue_lost_exports(now: datetime.datetime) -> int:
    """Those that a worker which died, or which failed, has left."""
    lost = DataExport.objects.waiting().filter(queued_at__lte=now - TAKEN_UP_AFTER)
    found = list(lost.values_list("pk", "attempts"))
    for pk, attempts in found:
        if attempts >= MOST_ATTEMPTS:
            lost.filter(pk=pk).update(error=SAID_GIVEN_UP)
        else:
            lost.filter(pk=pk).update(queued_at=now)
            gather_export.enqueue(pk, attempts)
    return len(found)


def _delete(names: Collection[str]) -> None:
    for name in filter(None, names):
        try:
            default_storage.delete(name)
        except OSError:
            logger.exception(
                "The file %s holds personal data and could not be deleted: delete it by hand", name
            )
