"""A backup of everything: each table as JSON lines, each file as it is, with checksums, in one zip.

The format knows no database, so that a backup from SQLite can be restored into PostgreSQL and the other way round.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core import serializers
from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from s11.organisations.models import FeedToken, Partnership, Session, User
from s11.organisations.removals import reserve_keys
from s11.web.checksums import get_sum
from s11.web.exact_json import Exact
from s11.web.one_moment import one_moment
from s11.web.undone_files import is_unknown

MANIFEST = "manifest.json"
VERSION = 1
BATCH = 500
CHUNK = 1 << 20
LETS_IN = (Session, FeedToken)


class BackupError(Exception):
    """What is wrong with the backup or the place to restore it to, in a sentence for whoever runs the command."""


def get_models() -> list[type[models.Model]]:
    """Every table but what lets in: after a restore people sign in again, and no token that was ended since is back."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model not in LETS_IN
    ]


def get_migrations() -> list[str]:
    """The state of the tables: rows fit only where it is the same."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


# Writing --------------------------------------------------------------------------------------------------------------


class Hashing(io.RawIOBase):
    """Passes bytes on to a member of the zip and keeps their SHA-256."""

    def __init__(self, target: IO[bytes]) -> None:
        self.target = target
        self.sha256 = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.sha256.update(data)
        return self.target.write(data)


def write_backup(path: Path) -> dict[str, int]:
    """Write the backup, and return how many rows and files it holds. Nothing is left behind if it fails."""
    partial = path.with_name(path.name + ".partial")
    try:
        # It holds everything, password hashes too: nobody else on the machine may read it.
        partial.touch(mode=0o600)
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            with one_moment():
                counts, sums = _write_tables(archive)
            # A row's file was stored before the row, so each file that a row names is there.
            sums |= _write_files(archive)
            manifest = {"version": VERSION, "migrations": get_migrations(), "rows": counts, "sha256": sums}
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return {"rows": sum(counts.values()), "files": sum(name.startswith("files/") for name in sums)}


def _write_tables(archive: zipfile.ZipFile) -> tuple[dict[str, int], dict[str, str]]:
    counts, sums = {}, {}
    for model in get_models():
        label = model._meta.label_lower
        rows = model._base_manager.order_by("pk")
        with archive.open(f"tables/{label}.jsonl", "w", force_zip64=True) as member:
            hashing = Hashing(member)
            text = io.TextIOWrapper(io.BufferedWriter(hashing), encoding="utf-8", newline="\n")
            serializers.serialize("jsonl", rows.iterator(chunk_size=BATCH), stream=text, cls=Exact)
            text.flush()
            sums[f"tables/{label}.jsonl"] = hashing.sha256.hexdigest()
        counts[label] = rows.count()
    return counts, sums


def _write_files(archive: zipfile.ZipFile) -> dict[str, str]:
    sums = {}
    for name in sorted(walk(default_storage)):
        with (
            default_storage.open(name) as source,
            archive.open(f"files/{name}", "w", force_zip64=True) as member,
        ):
            hashing = Hashing(member)
            while data := source.read(CHUNK):
                hashing.write(data)
            sums[f"files/{name}"] = hashing.sha256.hexdigest()
    return sums


def walk(storage: Storage, folder: str = "") -> Iterator[str]:
    """Every file in the storage, by its name there."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}" if folder else name
    for name in folders:
        yield from walk(storage, f"{folder}/{name}" if folder else name)


# Reading --------------------------------------------------------------------------------------------------------------


def restore_backup(path: Path) -> dict[str, int]:
    """Put the backup into this empty, migrated place. Checked first; on failure nothing is left behind."""
    with open_backup(path) as archive:
        manifest = check_backup(archive)
        _check_place(manifest)
        names = [name for name in manifest["sha256"] if name.startswith("files/")]
        written: list[str] = []
        try:
            with transaction.atomic():
                _empty_tables()
                for model in get_models():
                    _read_table(archive, model)
                _reset_sequences()
                connection.check_constraints()
                for name in names:
                    with archive.open(name) as member:
                        written.append(default_storage.save(name.removeprefix("files/"), File(member)))
        except BaseException as refusal:
            # Where the connection broke, rows that name them may be there.
            for name in [] if is_unknown(refusal) else written:
                default_storage.delete(name)
            raise
    return {"rows": sum(manifest["rows"].values()), "files": len(names)}


def open_backup(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise BackupError(f"There is no file {path}: give the path of a backup.") from None
    except (OSError, zipfile.BadZipFile):
        raise BackupError(f"{path} is not a backup, or it is damaged: take another copy of it.") from None


def check_backup(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, after every member has been held against its checksum."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        for name, expected in manifest["sha256"].items():
            with archive.open(name) as member:
                found = get_sum(member)
            if found != expected:
                raise BackupError(
                    f"{name} in the backup has changed since it was written: take another copy of it."
                )
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BackupError(f"The backup is not complete ({error}): take another copy of it.") from error
    if manifest.get("version") != VERSION:
        raise BackupError(
            f"The backup has format {manifest.get('version')}; this release reads format {VERSION}."
        )
    return manifest


def _check_place(manifest: dict[str, Any]) -> None:
    missing = set(manifest["migrations"]) ^ set(get_migrations())
    if missing:
        raise BackupError(
            f"The backup was written by another release ({', '.join(sorted(missing)[:3])} differ): "
            "restore with the release that wrote it, then upgrade."
        )
    if User.objects.exists() or Partnership.objects.exists():
        raise BackupError(
            "This database is not empty: restore into a new one, so that nothing is overwritten."
        )
    if any(walk(default_storage)):
        raise BackupError(
            "The place of the files is not empty: restore into a new DATA_DIR, or a new bucket or folder of the store, "
            "so that nothing is overwritten."
        )


def _empty_tables() -> None:
    """What `migrate` itself put there (content types, permissions) comes from the backup, with its ids."""
    for model in reversed(get_models()):
        model._base_manager.all()._raw_delete(using=connection.alias)


def _read_table(archive: zipfile.ZipFile, model: type[models.Model]) -> None:
    with archive.open(f"tables/{model._meta.label_lower}.jsonl") as member:
        rows = serializers.deserialize("jsonl", io.TextIOWrapper(member, encoding="utf-8"))
        for batch in _batches(row.object for row in rows):
            # As raw rows: no signal, no default and no auto_now may touch what was backed up. Django's own way to
            # do that is one statement a row.
            model._base_manager.all()._insert(  # type: ignore[attr-defined]
                batch, fields=model._meta.concrete_fields, using=connection.alias, raw=True
            )


def _batches(rows: Iterable[models.Model]) -> Iterator[list[models.Model]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _reset_sequences() -> None:
    """Rows came with their ids; the next new row must not collide with them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), get_models()):
            cursor.execute(statement)
    reserve_keys()
