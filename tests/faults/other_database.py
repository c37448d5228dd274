"""A backup from SQLite restored into PostgreSQL, and back again: every figure of the demonstration is the same.

By the real commands, each in a process of its own, as docs/backups.md says. Two minutes, most of it the demonstration.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.postgres import make_home, run_server

# Every overview, byte for byte as the command writes it, of every cycle and series; and how many rows each table has.
READ_ALL = """
import json
import django
django.setup()
from s11.backups import get_models
from surveys.enums import DocumentFormat, Series
from surveys.models import Cycle
from surveys.reports import export_overview
figures = {
    f"{cycle.partnership.slug}/{cycle.slug}/{series}": export_overview(cycle, series, DocumentFormat.JSON).decode()
    for cycle in Cycle.objects.opened().select_related("partnership").order_by("pk")
    for series in Series
}
rows = {model._meta.label: model._base_manager.count() for model in get_models()}
print(json.dumps({"figures": figures, "rows": rows}))
"""


class Place:
    """A site of its own: a database, and a folder for files."""

    def __init__(self, folder: Path, database: str = "") -> None:
        folder.mkdir()
        self.environment = os.environ | {
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "s11.settings",
            "DATABASE_URL": database or f"sqlite:///{folder}/s11.sqlite3",
            "DATA_DIR": str(folder),
            "EMAIL_URL": "dummymail://",
        }

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2_000:]
        return done.stdout

    def manage(self, *command: str) -> str:
        return self.run("manage.py", *command)

    def read(self) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = json.loads(self.run("-c", READ_ALL).splitlines()[-1])
        return found


def restore(backup: Path, into: Place) -> None:
    into.manage("migrate", "--verbosity", "0")
    into.manage("restore", str(backup))
    into.manage("verify", "--quiet")


def test_figures_are_the_same_on_both_databases(tmp_path: Path) -> None:
    first = Place(tmp_path / "sqlite")
    first.manage("migrate", "--verbosity", "0")
    first.manage("demo")
    there, back = tmp_path / "there.zip", tmp_path / "back.zip"
    first.manage("backup", str(there))
    said = first.read()
    assert len(said["figures"]) >= 10
    with make_home() as (home, user), run_server(home, user) as url:
        other = Place(tmp_path / "postgres", url)
        restore(there, other)
        assert other.read() == said
        other.manage("backup", str(back))
    again = Place(tmp_path / "again")
    restore(back, again)
    assert again.read() == said
