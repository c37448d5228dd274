"""`make load`: the deadline evening on SQLite and on PostgreSQL, and what became of what people saved.

LOAD_PEOPLE (1200), LOAD_MINUTES (10) and LOAD_ON (sqlite,postgresql) make it smaller. The report is printed and written
to build/load/report.md; beside it lie each evening's logs.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tests import postgres
from tests.load.evening import read_evening
from tests.load.report import Result, write_report
from tests.load.rows import Counted, read_rows
from tests.load.serving import ROOT, Site, measure, run_database, serve

BUILD: Final = ROOT / "build/load"
LOCUST: Final = ROOT / "build/load-environment/bin/locust"
NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# As fast as people come through the door before it begins: each costs the check of a password, by Argon2.
SIGN_INS_A_SECOND: Final = 5
# Until everybody has opened their first page.
SECONDS_TO_SETTLE: Final = 75
# Whoever has begun something finishes it.
SECONDS_TO_FINISH: Final = 120
LOGGED: Final = ("database is locked", "Traceback", "WORKER TIMEOUT")


def main() -> int:
    # Whoever ends this ends what it started.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, postgres.end)
    people = int(os.environ.get("LOAD_PEOPLE") or 1_200)
    minutes = float(os.environ.get("LOAD_MINUTES") or 10)
    kinds = (os.environ.get("LOAD_ON") or "sqlite,postgresql").split(",")
    report, is_clean = [], True
    for kind in kinds:
        result = spend_evening(kind, people, minutes)
        is_clean &= result.is_clean
        report += [*write_report(result), ""]
        print("\n".join(report[report.index(f"### {result.database}") :]), flush=True)
        (BUILD / "report.md").write_text("\n".join(report), encoding="utf-8")
    print(f"Written to {(BUILD / 'report.md').relative_to(ROOT)}.")
    return 0 if is_clean else 1


def spend_evening(kind: str, people: int, minutes: float) -> Result:
    folder = BUILD / kind
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    with run_database(kind, folder) as database:
        site = Site(folder, database, postgres.find_free_port())
        print(f"{NAMES[kind]}: {run_module(site, 'world', str(people))}", flush=True)
        site.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        with serve(site):
            begin, seconds, processor = let_them_come(site, minutes)
        counted = Counted(
            **json.loads(site.run("-m", "tests.load.in_django", "counting", str(folder)).splitlines()[-1])
        )
        verified = verify(site)
    return Result(
        database=NAMES[kind],
        people=people,
        begin=begin,
        seconds=seconds,
        rows=list(read_rows(folder)),
        counted=counted,
        processor=processor,
        processors=len(os.sched_getaffinity(0)),
        logged=count_logged(folder),
        verified=verified,
    )


def run_module(site: Site, module: str, *words: str) -> str:
    """One of this folder, beside the site's database; its last line."""
    return site.run("-m", "tests.load.in_django", module, str(site.folder), *words).splitlines()[-1]


def let_them_come(site: Site, minutes: float) -> tuple[float, float, dict[str, float]]:
    """When the counted minutes began, how many seconds they were, and the seconds of the processor within them."""
    evening = read_evening(site.folder)
    people = len(evening.people) + len(evening.officers)
    arriving = people / SIGN_INS_A_SECOND
    command = [
        str(LOCUST),
        "-f",
        "tests/load/people.py",
        "--headless",
        "--host",
        site.address,
        "--only-summary",
    ]
    command += ["--users", str(people), "--spawn-rate", str(SIGN_INS_A_SECOND)]
    before = arriving + SECONDS_TO_SETTLE
    command += ["--run-time", f"{before + minutes * 60:.0f}s", "--stop-timeout", str(SECONDS_TO_FINISH)]
    settings = {
        "EVENING": str(site.folder),
        "BEGINS": str(time.time() + arriving),
        "LOAD_MINUTES": str(minutes),
        "PYTHONPATH": str(ROOT),
    }
    with (site.folder / "locust.log").open("wb") as log:
        generator = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stdout=log, stderr=log)
    roots = {name: process.pid for name, process in site.processes.items()} | {
        "load generator": generator.pid
    }
    try:
        wait(generator, before)
        begin, taken = time.time(), measure(roots)
        wait(generator, minutes * 60 - 5)
        seconds, after = time.time() - begin, measure(roots)
        generator.wait(SECONDS_TO_FINISH * 2)
    finally:
        generator.kill()
    return begin, seconds, {name: after[name] - taken[name] for name in taken}


def wait(generator: subprocess.Popen[bytes], seconds: float) -> None:
    """It goes on by itself; should it end, there is nothing to wait for."""
    try:
        generator.wait(seconds)
    except subprocess.TimeoutExpired:
        return
    sys.exit("The load generator ended early; build/load/…/locust.log says why.")


def verify(site: Site) -> str:
    """Its last words."""
    done = subprocess.run(
        [sys.executable, "manage.py", "verify"],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout if not done.returncode else done.stderr).strip().splitlines()[-1]


def count_logged(folder: Path) -> dict[str, int]:
    texts = [(folder / f"{name}.log").read_text(encoding="utf-8") for name in ("web", "worker", "clock")]
    return {words: sum(text.count(words) for text in texts) for words in LOGGED}


if __name__ == "__main__":
    sys.exit(main())
