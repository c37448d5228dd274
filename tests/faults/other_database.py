"""A backup from SQLite restored into PostgreSQL, and back again: every figure of the demonstration is the same.

By the real commands, each in a process of its own, as docs/backups.md says. Two minutes, most of it the demonstration.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.conftest import make_folder
from tests.faults.harness import Site
from tests.postgres import make_home, run_server


def make_site(ground: Path, name: str, database: str = "") -> Site:
    """Which may show the demonstration."""
    site = make_folder(ground, name)
    site.database = database or f"sqlite:///{site.folder}/data/s11.sqlite3"
    site.more["DEBUG"] = "1"
    site.manage("migrate", "--verbosity", "0")
    return site


def restore(backup: Path, into: Site) -> None:
    into.manage("restore", str(backup))
    into.manage("verify", "--quiet")


def test_figures_are_the_same_on_both_databases(tmp_path: Path) -> None:
    first = make_site(tmp_path, "sqlite")
    first.manage("demo")
    there, back = tmp_path / "there.zip", tmp_path / "back.zip"
    first.manage("backup", str(there))
    said = first.inside("read_figures")
    assert len(said["figures"]) >= 10
    with make_home() as (home, user), run_server(home, user) as url:
        other = make_site(tmp_path, "postgresql", url)
        restore(there, other)
        assert other.inside("read_figures") == said
        other.manage("backup", str(back))
    again = make_site(tmp_path, "again")
    restore(back, again)
    assert again.inside("read_figures") == said
