"""A backup holds everything, is checked before it is believed, and goes only into an empty place."""

from __future__ import annotations

import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from s11.backups import MANIFEST, get_models, walk
from surveys.enums import AuditStatus
from surveys.models import Answer
from surveys.overview import as_json, get_overview
from tests import factories
from tests.conftest import Cast
from tests.trails import lifted

# A backup sets its transaction's isolation, which it can only where no test has begun one around it.
pytestmark = pytest.mark.django_db(transaction=True)


def read_everything() -> dict[str, list[dict[str, Any]]]:
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in get_models()}


def empty_the_place() -> None:
    with transaction.atomic(), lifted():
        for model in get_models():
            model._base_manager.all()._raw_delete(using="default")
    for name in list(walk(default_storage)):
        default_storage.delete(name)


def run(command: str, path: Path) -> str:
    out = StringIO()
    call_command(command, str(path), stdout=out)
    return out.getvalue()


@pytest.fixture
def backup(cast: Cast, tmp_path: Path) -> Path:
    """A partnership with an audit and a file, backed up."""
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    default_storage.save("documents/2026/copy.pdf", ContentFile(b"%PDF- \x00\xff a file"))
    path = tmp_path / "backup.zip"
    assert "1 files" in run("backup", path)
    return path


def test_restore_gives_back_every_row_and_file(backup: Path, cast: Cast) -> None:
    rows, figures = read_everything(), as_json(get_overview(cast.partnership.cycles.get()))
    empty_the_place()
    assert "1 files" in run("restore", backup)
    assert read_everything() == rows
    assert as_json(get_overview(cast.partnership.cycles.get())) == figures
    with default_storage.open("documents/2026/copy.pdf") as file:
        assert file.read() == b"%PDF- \x00\xff a file"


def test_new_rows_after_a_restore_do_not_collide(backup: Path, cast: Cast) -> None:
    empty_the_place()
    run("restore", backup)
    factories.make_organisation("New", partnership=factories.make_partnership("Third", slug="third"))


def test_a_full_place_is_refused(backup: Path) -> None:
    with pytest.raises(CommandError, match="not empty"):
        run("restore", backup)


def test_an_existing_backup_is_not_overwritten(backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        run("backup", backup)
    assert backup.read_bytes() == before


def test_a_changed_member_is_refused_and_nothing_is_left(backup: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(b"Statement A1.1", b"Statement A1.9"))
    empty_the_place()
    with pytest.raises(CommandError, match="has changed since"):
        run("restore", changed)
    assert not Answer.objects.exists()


def test_another_releases_backup_is_refused(backup: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(
                name, data.replace(b"surveys.0001", b"surveys.0999") if name == MANIFEST else data
            )
    empty_the_place()
    with pytest.raises(CommandError, match="another release"):
        run("restore", other)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + 18 * b"\x00"])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        run("restore", path)


def test_a_missing_file_and_a_missing_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        run("restore", tmp_path / "nowhere.zip")
    with pytest.raises(CommandError, match="could not be written"):
        run("backup", tmp_path / "nowhere" / "backup.zip")
    assert not list(tmp_path.iterdir())


def test_a_backup_is_for_its_owner_alone(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0


def ask(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_a_backup_reads_one_moment_and_keeps_nobody_from_writing(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database: Any = connection
    seen = []

    def look(archive: zipfile.ZipFile) -> tuple[dict[str, int], dict[str, str]]:
        is_sqlite = database.vendor == "sqlite"
        seen.append(database.transaction_mode if is_sqlite else ask("SHOW transaction_isolation"))
        return {}, {}

    monkeypatch.setattr("s11.backups._write_tables", look)
    run("backup", tmp_path / "meanwhile.zip")
    assert seen == ["DEFERRED" if database.vendor == "sqlite" else "repeatable read"]
    if database.vendor == "sqlite":
        assert database.transaction_mode == "IMMEDIATE"
