"""Two connections at once, in an order that is certain: for tests of locks, which need PostgreSQL."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import connection, transaction


def meanwhile(first: Callable[[], object], second: Callable[[], object]) -> None:
    """Do the first, commit it only once the second waits for it (or has not waited and is done)."""

    def run() -> None:
        try:
            second()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        while thread.is_alive() and not is_anybody_waiting():
            time.sleep(0.01)
    thread.join()


def is_anybody_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
