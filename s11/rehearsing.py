"""A restore rehearsed in a scratch place: only a backup that has come back once is known to be one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from s11.backups import BackupError, check_backup, open_backup

STEPS: Sequence[tuple[str, Sequence[str]]] = (
    ("Making an empty place", ("migrate", "--verbosity", "0")),
    ("Restoring into it", ("restore", "{path}")),
    ("Holding what came back against itself", ("verify", "--quiet")),
)


def rehearse_restore(path: Path, tell: Callable[[str], None]) -> None:
    """Restore into a new SQLite database and folder, verify, and remove both. The live place is not touched.

    In processes of its own, as this one knows the live database. Raises BackupError with the step that failed.
    """
    with open_backup(path) as archive:
        check_backup(archive)
    with tempfile.TemporaryDirectory(prefix="s11-rehearsal-") as place:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{place}/s11.sqlite3",
            "DATA_DIR": place,
            # Else it would be restored into the live store.
            "FILES_STORE_URL": "",
        }
        for words, step in STEPS:
            tell(f"{words} …")
            command = [part.format(path=path.resolve()) for part in step]
            done = subprocess.run(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                said = (done.stderr.strip() or done.stdout.strip()).splitlines()
                raise BackupError(f"{words} failed: {said[-1] if said else 'without a word'}")
