"""What a file is known by."""

from __future__ import annotations

import hashlib
from typing import IO

from django.core.files.base import File


def get_sum(file: IO[bytes] | File[bytes]) -> str:
    """The SHA-256 of what is left to read, a piece at a time."""
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # each of them has `readinto`
