"""A figure with its target, and a management command measured in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of latest.json. `floor` is what the value is held against; `detail` says both in words."""

    name: str
    value: float
    unit: str
    target: float
    floor: float
    detail: str

    @property
    def met(self) -> bool:
        return self.value <= self.target

    def as_row(self) -> dict[str, Any]:
        return asdict(self) | {"met": self.met}


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of the command alone, by the clock and the processor's own; and memory in MB.

    Memory is that of the process before it, and at its highest over that.
    """

    seconds: float
    processor: float
    idle: float
    over_idle: float


@dataclass(frozen=True, slots=True)
class Place:
    """An empty folder with a database of its own, set up as in production: nothing is kept for debugging."""

    folder: Path

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "DEBUG": "0",
            "SECRET_KEY": "for measuring alone",
            "ALLOWED_HOSTS": "s11.example",
            "DATABASE_URL": f"sqlite:///{self.folder / 's11.sqlite3'}",
            "DATA_DIR": str(self.folder),
            "STATIC_ROOT": str(self.folder / "static"),
            # A second step would stand before each of an officer's pages.
            "SECOND_FACTOR_FOR_OFFICERS": "0",
            "DJANGO_SETTINGS_MODULE": "s11.settings",
        }

    def run(self, *command: str) -> Measured:
        """A management command."""
        return self.measure("benchmarks.one_command", *command)

    def measure(self, module: str, *arguments: str) -> Measured:
        """A program whose last line is what it took."""
        return Measured(**self.tell(module, *arguments))

    def tell(self, module: str, *arguments: str) -> dict[str, Any]:
        """What a program's last line says, as JSON. If it fails, so does the benchmark."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stderr}")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found
