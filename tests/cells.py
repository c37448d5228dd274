"""For truth tables: one test asks every cell of the same rows, and names all that are wrong at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written in here is undone, so that the next cell finds what this one found."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
