"""Files that were written before the rows that name them, where those rows are refused."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.storage import Storage, default_storage
from django.db import InterfaceError, OperationalError, connection


def take_back(names: Iterable[str], after: BaseException, *, storage: Storage = default_storage) -> None:
    """Delete what no row names, `after` this was raised where the rows were written.

    Not where the connection has broken, or the process is ended: then nobody knows whether the database has committed,
    and a row may name them. A file too many is told by `verify`; a file that is missing is lost.
    """
    if not isinstance(after, Exception) or is_unknown(after):
        return
    for name in names:
        storage.delete(name)


def is_unknown(after: BaseException) -> bool:
    """Whether the rows may be there all the same. SQLite is in the process, and says at once that it could not."""
    return isinstance(after, OperationalError | InterfaceError) and connection.vendor != "sqlite"
