"""The site as docs/deploy.md runs it, from the same unit files, without the proxy; and what its processes cost."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests import postgres

ROOT: Final = Path(__file__).resolve().parent.parent.parent
UNITS: Final = ROOT / "docs/deploy"
SECONDS_TO_ANSWER: Final = 60
SECONDS_TO_STOP: Final = 90


@dataclass(frozen=True, slots=True)
class Unit:
    """What systemd would start: the words after the program, and how much it steps back for others."""

    words: list[str]
    nice: int


def read_unit(name: str) -> Unit:
    text = (UNITS / name).read_text(encoding="utf-8")
    command = re.search(r"^ExecStart=(.+)$", text, re.MULTILINE)
    nice = re.search(r"^Nice=(\d+)$", text, re.MULTILINE)
    assert command is not None
    return Unit(shlex.split(command.group(1))[1:], int(nice.group(1)) if nice else 0)


@dataclass(slots=True)
class Site:
    """One running site, in a folder of its own."""

    folder: Path
    database: str
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://{postgres.HOST}:{self.port}"

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings of docs/deploy.md; mail goes into files."""
        return os.environ | {
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "s11.settings",
            "SECRET_KEY": "for the deadline evening alone",
            "ALLOWED_HOSTS": postgres.HOST,
            "DATABASE_URL": self.database,
            "DATA_DIR": str(self.folder / "data"),
            "STATIC_ROOT": str(self.folder / "static"),
            "EMAIL_URL": f"filemail:///{str(self.folder / 'mail').lstrip('/')}",
            "BEHIND_PROXY": "1",
            "LOG_FORMAT": "json",
        }

    def run(self, *words: str) -> str:
        """A command of the project's, to its end; if it fails, so does the evening."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{' '.join(words)} failed:\n{done.stdout}")
        return done.stdout.strip()

    def start(self, name: str, unit: Unit, program: list[str], *more: str) -> None:
        """By its unit, its log in a file."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                ["nice", "-n", str(unit.nice), *program, *unit.words, *more],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.address}/health/ready/", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        sys.exit(
            f"Nothing answered. Its log: {(self.folder / 'web.log').read_text(encoding='utf-8')[-2_000:]}"
        )

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def serve(site: Site) -> Iterator[None]:
    """The web, one worker and the clock, until the block ends."""
    gunicorn = [sys.executable, "-m", "gunicorn"]
    bind = ("--bind", f"{postgres.HOST}:{site.port}")
    try:
        site.start("web", read_unit("s11-web.service"), gunicorn, *bind)
        site.start("worker", read_unit("s11-worker@.service"), [sys.executable])
        site.start("clock", read_unit("s11-tick.service"), [sys.executable], "--every", "10")
        site.wait_until_ready()
        yield
    finally:
        site.stop()


@contextmanager
def run_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty one."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'data' / 's11.sqlite3'}"
        return
    with postgres.make_home() as (home, user), postgres.run_server(home, user, postgres.DURABLE) as url:
        yield url


# What it costs -------------------------------------------------------------------------------------------------------


def list_processes() -> dict[int, tuple[int, str, float]]:
    """By id: the parent, the program's name, and the processor's seconds, those of ended children too."""
    found = {}
    tick = os.sysconf("SC_CLK_TCK")
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            before, _, after = (entry / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")
        except OSError:  # it has ended meanwhile
            continue
        parts = after.split()
        seconds = sum(int(part) for part in parts[11:15]) / tick
        found[int(entry.name)] = (int(parts[1]), before.partition("(")[2], seconds)
    return found


def measure(roots: Mapping[str, int]) -> dict[str, float]:
    """The processor's seconds of each tree of processes so far; PostgreSQL is found by its name."""
    processes = list_processes()

    def add_up(root: int) -> float:
        own = processes[root][2] if root in processes else 0.0
        return own + sum(add_up(pid) for pid, (parent, _, _) in processes.items() if parent == root)

    taken = {name: add_up(pid) for name, pid in roots.items()}
    me = os.getpid()
    servers = [pid for pid, (parent, name, _) in processes.items() if parent == me and name == "postgres"]
    return taken | {"PostgreSQL": sum(add_up(pid) for pid in servers)}
