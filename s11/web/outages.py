"""Which part of the service does not answer, told from what was raised: not our fault in the code, so it passes.

A page says it in a sentence, with 503 and when to try again; the log has what was raised.
"""

from __future__ import annotations

import errno
import sqlite3
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Final

from django.db import InterfaceError, OperationalError

# Full, over its quota, turned to reading only, broken, or not to be entered by us.
OF_THE_DISK: Final = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EIO,
        errno.EACCES,
        errno.EPERM,
        errno.ENOTDIR,
        errno.ESTALE,
    }
)
# SQLite also calls it operational where a table or a column is missing, which no waiting mends.
OF_SQLITE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
PRIMARY_CODE: Final = 0xFF


class StoreDown(OSError):
    """The place of the files does not answer or takes nothing: the disk, or the store that FILES_STORE_URL names."""


def is_database_down(error: BaseException | None) -> bool:
    """Stopped, starting, full or too busy: another try a little later may well succeed."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.OperationalError):
        return (getattr(cause, "sqlite_errorcode", 0) & PRIMARY_CODE) in OF_SQLITE
    return True


def are_files_down(error: BaseException | None) -> bool:
    """Files cannot be written or read just now; one that is not there is something else."""
    return isinstance(error, StoreDown) or (isinstance(error, OSError) and error.errno in OF_THE_DISK)


def is_mail_down(error: BaseException | None) -> bool:
    """The mail server does not answer; one that answers with a refusal is there. smtplib's errors are OSErrors."""
    return isinstance(error, OSError) and not isinstance(
        error, (SMTPRecipientsRefused, SMTPResponseException)
    )
