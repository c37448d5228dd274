"""Files on the disk, each under its name only once it is whole.

It is written under another name beside it first: what a full disk or a killed process leaves is never taken for the
file, and what was refused leaves nothing.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    def _save(self, name: str, content: File[Any]) -> str:
        part = f"{name}.part-{secrets.token_hex(8)}"
        try:
            super()._save(part, content)  # type: ignore[misc]  # not in the stubs
            return self._rename(part, name)
        finally:
            with suppress(OSError):
                Path(self.path(part)).unlink()

    def _rename(self, part: str, name: str) -> str:
        """A link and no rename, which would write over a file that got the same name meanwhile."""
        while True:
            try:
                os.link(self.path(part), self.path(name))
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name
