"""The clock of the machine jumps, forwards and back, under servers and workers that run: nothing is lost or done twice.

clock.c, compiled for the test, tells the processes what time it is, from a file that is changed while they run.
(libfaketime does that too, but breaks `time.sleep` where it is to leave the monotonic clock alone, and so gunicorn.)
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from tests.faults.conftest import MakeSite
from tests.faults.harness import SCRIPT, Site, Visitor, report, until

ADDRESS = "/p/harbour/o/saver-0/audits/2026/standards/A1/answers/A1.1/"


class Clock:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.write_bytes(bytes(8))

    def set(self, hours: int) -> None:
        """So many hours ahead of the real one, or behind it. Written in place: processes have the file mapped."""
        with self.path.open("r+b") as file:
            file.write(struct.pack("=q", hours * 3600))


@pytest.fixture(scope="session")
def preloaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc")
    assert compiler, "There is no clock to change without a C compiler: apt-get install gcc libc6-dev"
    path = tmp_path_factory.mktemp("clock") / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-Wall", "-O1", "-o", str(path), str(source)], check=True)
    return path


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "clock")


@pytest.fixture
def site(make_site: MakeSite, clock: Clock, preloaded: Path) -> Site:
    return make_site("sqlite", LD_PRELOAD=str(preloaded), CLOCK_AHEAD=str(clock.path))


def say(visitor: Visitor, words: str, version: int) -> str:
    data = {"A1.1-score": "1", "A1.1-commentary": words, "A1.1-version": str(version)}
    return str(visitor.post(ADDRESS, data, headers=SCRIPT).headers.get("X-Outcome"))


def test_people_while_the_clock_jumps(site: Site, clock: Clock) -> None:
    """An hour idle is an hour by the clock; the trail is in the order of versions, whatever the times say."""
    site.start_web(workers=2)
    visitor = Visitor(site, site.inside("sign_in", email="lead@saver-0.example"))
    assert say(visitor, "said now", 1) == "saved"
    clock.set(6)
    assert say(visitor, "said six hours ahead", 2) == "signed-out", "As after any hour without activity"
    ahead = Visitor(site, site.inside("sign_in", email="lead@saver-0.example"))
    assert say(ahead, "said six hours ahead", 2) == "saved"
    clock.set(-5)
    assert say(ahead, "said five hours back", 3) == "saved", "A session from the future still opens"
    behind = Visitor(site, site.inside("sign_in", email="lead@saver-0.example"))
    assert say(behind, "said from behind", 4) == "saved"
    assert say(behind, "written over an older one", 3) == "conflict"
    clock.set(0)
    said, version, steps = site.inside("read_answers")["saver-0 A1.1"]
    assert (said, version, steps) == ("said from behind", 5, 4)
    trail = site.inside("read_trail")["saver-0 A1.1"]
    assert trail == ["said now", "said six hours ahead", "said five hours back", "said from behind"]
    page = Visitor(site, site.inside("sign_in", email="lead@saver-0.example")).get(
        "/p/harbour/o/saver-0/audits/2026/history/"
    )
    assert page.status_code == 200
    assert site.say_faults() == []
    report("clock changed under people", jumps=3, saved=steps)


def test_no_session_outlives_the_clock(site: Site, clock: Clock) -> None:
    """One that was made while the clock was a year ahead ends like any other once it is right."""
    site.start_web(workers=1)
    clock.set(24 * 365)
    session = site.inside("sign_in", email="lead@saver-0.example")
    clock.set(0)
    visitor = Visitor(site, session)
    visitor.get("/home/")
    left = site.inside("read_session", key=session)
    assert left["hours"] <= 12.1, f"It would end in {left['hours']:.0f} hours"


def test_jobs_and_mail_while_the_clock_jumps(site: Site, clock: Clock) -> None:
    """What was asked for ahead of time is done once; what was put off is due when its time comes by the right clock."""
    clock.set(3)
    site.inside("ask_documents", size=4)
    site.inside("fill_outbox", size=4)
    clock.set(-3)
    worker = site.start_worker()
    until(lambda: all(row[3] for row in site.inside("read_documents")), what="every file being built")
    site.manage("tick")
    assert [status for _, status, _, _ in site.inside("read_outbox")] == ["waiting"] * 4
    clock.set(4)
    for _ in range(2):
        site.manage("tick")
    until(lambda: not site.inside("count_waiting"), what="every job being done")
    assert [status for _, status, _, _ in site.inside("read_outbox")] == ["sent"] * 4
    assert [row[1] for row in site.inside("read_documents")] == [1] * 4, "One was built twice"
    assert site.inside("count_orphans") == 0
    site.kill(worker)
    report("clock changed under jobs", jumps=3, files=4, mails=4)
