"""Files on the disk: whole or not there, and none written over another."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from s11.web.whole_files import WholeFileStorage


class TornFile(ContentFile[bytes]):
    """The disk is full after its first piece."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half of "
        raise OSError(errno.ENOSPC, "No space left on device")


def list_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_half_a_file_is_never_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        WholeFileStorage(tmp_path).save("2027/minutes", TornFile(b""))
    assert list_files(tmp_path) == {}


def test_the_same_name_is_given_once(tmp_path: Path) -> None:
    """Also where the other file comes after the name was found to be free."""
    storage = WholeFileStorage(tmp_path, file_permissions_mode=0o600)
    (tmp_path / "minutes").write_bytes(b"first")
    name = storage._save("minutes", ContentFile(b"second"))
    assert list_files(tmp_path) == {"minutes": b"first", name: b"second"}
    assert storage.path(name) == str(tmp_path / name)
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
