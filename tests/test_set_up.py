"""What brings the project to a machine: locks, commands, the set-up, the development server, the tests' PostgreSQL."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
STYLES = ROOT / "s11/web/static/s11/app.css"
# What .ci/set-up calls before it has installed anything
TOOLS = ("sh", "dirname", "tr", "sed", "cat", "id", "mktemp", "tail", "rm")


def read_names(text: str) -> set[str]:
    """The packages that a requirements file asks for or pins, as a registry spells them."""
    lines = (line for line in text.splitlines() if line and line[0].isalnum())
    return {re.split(r"[\[<>=~! ;]", line)[0].lower().replace("_", "-").replace(".", "-") for line in lines}


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("name", ["audit", "base", "dev", "load", "optional", "tools"])
class TestLocks:
    def test_names_no_registry(self, name: str) -> None:
        lock = (REQUIREMENTS / f"{name}.lock").read_text(encoding="utf-8")
        assert "://" not in lock
        assert "--index-url" not in lock

    def test_pins_each_package_by_hash(self, name: str) -> None:
        lock = (REQUIREMENTS / f"{name}.lock").read_text(encoding="utf-8")
        for requirement in re.split(r"\n(?=[a-z0-9])", lock.strip()):
            assert re.match(r"[a-z0-9.-]+==\S+", requirement)
            assert "--hash=sha256:" in requirement

    def test_holds_what_is_asked_for(self, name: str) -> None:
        asked = read_names((REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8"))
        locked = read_names((REQUIREMENTS / f"{name}.lock").read_text(encoding="utf-8"))
        assert asked - locked == set(), "run `make lock`"

    def test_gives_a_reason_for_each_package(self, name: str) -> None:
        lines = (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line[:1].isalnum() and "  # " not in line] == []


def read_pins(name: str) -> dict[str, str]:
    lock = (REQUIREMENTS / f"{name}.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^(\S+)==(\S+)", lock, re.MULTILINE))


@pytest.mark.parametrize(("name", "other"), [("base", "optional"), ("base", "dev"), ("optional", "dev")])
def test_what_is_installed_together_is_pinned_to_the_same_versions(name: str, other: str) -> None:
    pinned = read_pins(name)
    for package, version in read_pins(other).items():
        assert pinned.get(package, version) == version


def test_styles_are_locked_without_a_registry() -> None:
    packages = json.loads((ROOT / "s11/web/frontend/package-lock.json").read_text(encoding="utf-8"))[
        "packages"
    ]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_styles_use_neither_crest_nor_typeface_of_gov_uk() -> None:
    styles = STYLES.read_text(encoding="utf-8")
    assert ".govuk-button" in styles
    assert not re.search(r"GDS Transport|crest|@font-face", styles, re.IGNORECASE)
    assert {file.suffix for file in STYLES.parent.iterdir()} == {".css", ".js"}


def test_help_lists_each_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    help_text = run("make", "--no-print-directory").stdout
    assert re.findall(r"^make (\S+) +\S", help_text, re.MULTILINE) == phony[1].split()


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A folder for PATH with what every system has, and a Python that is too old."""
    for name in TOOLS:
        found = shutil.which(name)
        assert found
        (tmp_path / name).symlink_to(found)
    write_program(tmp_path / "python3", "exit 1")
    return tmp_path


def write_program(path: Path, body: str) -> None:
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


class TestSetUp:
    def test_says_what_to_install_where_there_is_no_apt(self, bare_machine: Path) -> None:
        done = run(".ci/set-up", PATH=str(bare_machine))
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr == (
            "set-up: This machine has no apt-get. Install what these Debian packages hold, then run it again: "
            "python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libmagic1 fonts-dejavu-core\n"
        )

    def test_says_what_to_install_where_nobody_is_root(self, bare_machine: Path) -> None:
        write_program(bare_machine / "id", "echo 1000")
        write_program(bare_machine / "apt-get", "echo called >&2")
        done = run(".ci/set-up", "--with-tests", PATH=str(bare_machine))
        assert done.returncode == 1
        assert done.stderr.startswith(
            "set-up: System packages are missing and neither root nor sudo is at hand. "
        )
        assert done.stderr.endswith(" fonts-dejavu-core libatomic1 chromium-headless-shell\n")
        assert "called" not in done.stderr

    def test_shows_what_apt_said_when_it_fails(self, bare_machine: Path) -> None:
        write_program(bare_machine / "id", "echo 0")
        write_program(bare_machine / "env", 'shift; "$@"')
        write_program(
            bare_machine / "apt-get", '[ "$1" = update ] || { echo "E: no such package"; exit 100; }'
        )
        done = run(".ci/set-up", PATH=str(bare_machine))
        assert done.returncode == 1
        assert "E: no such package\n" in done.stderr
        assert "apt-get could not install the system packages" in done.stderr

    def test_refuses_an_unknown_argument(self) -> None:
        done = run(".ci/set-up", "--everything")
        assert done.returncode == 2
        assert "'--everything'" in done.stderr


class TestPostgres:
    def test_leaves_modes_and_machine_as_they_were(self) -> None:
        """As root, the package itself would open every folder above it to everybody."""
        folders = [Path(sys.prefix), *Path(sys.prefix).parents, Path("/var/tmp"), Path("/var")]
        before = [folder.stat().st_mode for folder in folders]
        asked = "select version(), current_setting('data_directory')"
        ask = (
            "import os, psycopg; connection = psycopg.connect(os.environ['DATABASE_URL']); "
            f"row = connection.execute({asked!r}).fetchone(); print(*row, os.path.realpath(row[1]), sep='|')"
        )
        done = run(sys.executable, "tests/postgres.py", "--", sys.executable, "-c", ask)
        assert done.returncode == 0, done.stderr
        version, data, kept_at = done.stdout.strip().split("|")
        assert version.startswith("PostgreSQL 1")
        assert not Path(data).parent.exists()
        assert not Path(kept_at).exists()
        assert [folder.stat().st_mode for folder in folders] == before

    def test_passes_on_the_exit_code(self) -> None:
        assert run(sys.executable, "tests/postgres.py", "--", "sh", "-c", "exit 7").returncode == 7

    def test_says_what_cannot_be_run(self) -> None:
        done = run(sys.executable, "tests/postgres.py", "--", "no-such-command")
        assert done.returncode == 1
        assert done.stderr == "'no-such-command' cannot be run: No such file or directory.\n"


MANAGE = """
import os, signal, sys, time
if sys.argv[1] == "db_worker":
    print(os.getpid(), file=open("worker.pid", "w"))
    print("worker is ready", file=sys.stderr, flush=True)
    signal.pause()
elif sys.argv[1] == "tick":
    signal.pause()
elif sys.argv[1] == "demo":
    print("lead@example.org")
"""
WSGI = """
import os
print(os.getpid(), file=open("web.pid", "w"))
def application(environ, start_response):
    start_response("200 OK", [])
    return [os.environ["DEBUG"].encode()]
"""


@dataclass(frozen=True)
class Served:
    supervisor: subprocess.Popen[str]
    port: int
    web: int
    worker: int

    def has_ended(self) -> bool:
        """Whether neither the worker nor, under any name, the web server is left."""
        with socket.socket() as trial:
            has_web = trial.connect_ex(("127.0.0.1", self.port)) == 0
        try:
            os.kill(self.worker, 0)
        except ProcessLookupError:
            return not has_web
        return False


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """The development server over a project of a few lines, once it has greeted."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/serve.py", tmp_path / ".ci")
    (tmp_path / "s11").mkdir()
    (tmp_path / "manage.py").write_text(MANAGE, encoding="utf-8")
    (tmp_path / "s11/wsgi.py").write_text(WSGI, encoding="utf-8")
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, str(tmp_path / ".ci/serve.py")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=os.environ | {"PORT": str(port)}, text=True, **pipes) as server:  # type: ignore[call-overload]
        assert server.stdout
        said = ""
        while "Ready" not in said:
            line = server.stdout.readline()
            assert line, said
            said += line
        assert said == (
            "Preparing the database\nworker is ready\nlead@example.org\n\n"
            f"Ready: http://127.0.0.1:{port}/ (Ctrl-C stops it)\n"
        )
        web, worker = (int((tmp_path / f"{name}.pid").read_text("ascii")) for name in ("web", "worker"))
        try:
            yield Served(server, port, web, worker)
        finally:
            server.kill()


class TestServe:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_stops_both_when_told(self, served: Served, number: signal.Signals) -> None:
        served.supervisor.send_signal(number)
        assert served.supervisor.wait(15) == 0
        assert served.has_ended()

    @pytest.mark.parametrize("name", ["worker", "web server"])
    def test_stops_the_other_when_one_dies(self, served: Served, name: str) -> None:
        # gunicorn replaces a process of its own that was lost: the one we started leads the group.
        os.kill(served.worker if name == "worker" else os.getpgid(served.web), signal.SIGKILL)
        assert served.supervisor.wait(15) == 1
        assert served.supervisor.stdout
        assert f"The {name} ended (exit code -9)" in served.supervisor.stdout.read()
        assert served.has_ended()

    @pytest.mark.parametrize("port", ["abc", "0", "70000", "٣"])
    def test_refuses_what_is_no_port(self, port: str) -> None:
        done = run(sys.executable, ".ci/serve.py", PORT=port)
        assert done.returncode == 1
        assert done.stderr.startswith(f"PORT must be a number from 1 to 65535, but it is '{port}'.")

    def test_says_that_a_port_is_taken(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            done = run(sys.executable, ".ci/serve.py", PORT=str(port))
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.startswith(f"Port {port} cannot be used")
