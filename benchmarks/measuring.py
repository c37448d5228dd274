"""A figure with its target, how large the country is, and a management command measured in a process of its own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
DATABASE: Final = "s11.sqlite3"
PAIRS: Final = 5
LARGEST: Final = 100
# Per cent of the country: enough for what does not grow with it.
SMALLEST: Final = 1
ONE_AT_A_TIME: Final = Lock()


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
class Pair:
    """Medians of interleaved pairs, in seconds; `times` is the median of the ratios of neighbours."""

    value: float
    floor: float
    times: float


def round_up(value: float, digits: int) -> float:
    """As it is shown and held against its target: rounded to the nearest, one that just missed would be met."""
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_CEILING))


def take_pairs(value: Callable[[], float], floor: Callable[[], float], pairs: int = PAIRS) -> Pair:
    """Each says what it took. They take turns, so that whatever else slows the machine down slows both."""
    return make_pair([(value(), floor()) for _ in range(pairs)])


def make_pair(taken: Sequence[tuple[float, float]]) -> Pair:
    return Pair(
        statistics.median(one for one, _ in taken),
        statistics.median(one for _, one in taken),
        statistics.median(one / other for one, other in taken),
    )


def get_percent() -> int:
    """SCALE: how much of the country, in per cent."""
    said = os.environ.get("SCALE", "10")
    if said not in ("1", "10", "100"):
        raise SystemExit(f"SCALE is {said!r}. Give 1, 10 or 100: the country's size in per cent.")
    return int(said)


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
            "DATABASE_URL": f"sqlite:///{self.folder / DATABASE}",
            "DATA_DIR": str(self.folder),
            "STATIC_ROOT": str(get_static_root()),
            # A second step would stand before each of an officer's pages.
            "SECOND_FACTOR_FOR_OFFICERS": "0",
            "DJANGO_SETTINGS_MODULE": "s11.settings",
        }

    def begin(self) -> None:
        """With a database that has its tables and question banks, and nothing else."""
        self.copy_from(make_template())

    def copy_from(self, other: Place) -> None:
        """With the same rows as another place; its own are gone."""
        mine = self.folder / DATABASE
        for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            (self.folder / name).unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(other.folder / DATABASE)) as there,
            closing(sqlite3.connect(mine)) as here,
        ):
            there.backup(here)

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


@cache
def make_folder() -> Path:
    """For what is made once in a run; gone when it ends."""
    folder = Path(tempfile.mkdtemp(prefix="s11-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def get_static_root() -> Path:
    return make_folder() / "static"


@cache
def make_template() -> Place:
    """The migrations take some twenty seconds of the processor: once is enough."""
    place = Place(make_folder())
    place.run("migrate")
    place.run("load_questionnaires")
    return place


def make_country(percent: int) -> Place:
    """A country of this size (country.py), with the styles that its pages name. Whoever changes it takes a copy."""
    # Two that need it may ask at once; the second waits.
    with ONE_AT_A_TIME:
        return _make_country(percent)


@cache
def _make_country(percent: int) -> Place:
    collect_static()
    folder = make_folder() / f"country-{percent}"
    folder.mkdir()
    place = Place(folder)
    place.begin()
    place.tell("benchmarks.country", str(percent))
    return place


@cache
def collect_static() -> None:
    """What pages in production name by fingerprint."""
    make_template().run("collectstatic", "--noinput")
