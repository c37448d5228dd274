"""Reading many tables as they are at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """All tables as they are at one moment, without keeping anybody from writing meanwhile.

    Inside a transaction it is that one's moment: what has been read there cannot be read as of another.
    """
    if connection.in_atomic_block:
        yield
        return
    database: Any = connection  # only SQLite's wrapper has a transaction mode
    usual = getattr(database, "transaction_mode", None)
    if database.vendor == "sqlite":
        # The usual IMMEDIATE would take the lock that writers need.
        database.transaction_mode = "DEFERRED"
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if database.vendor == "sqlite":
            database.transaction_mode = usual
