"""Serves the demonstration for development: web, a worker and a clock, all stopped when one ends or on Ctrl-C.

`make run` calls it after the set-up. It may use nothing but the standard library and `manage.py`.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
MANAGE = [sys.executable, "manage.py"]
# A worker that has begun a task may finish it; longer than this nobody waits after Ctrl-C.
SECONDS_TO_STOP = 10
SECONDS_TO_ANSWER = 60


def read_port() -> int:
    """The port from the environment, if a server can have it."""
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        sys.exit(
            f"PORT must be a number from 1 to 65535, but it is '{text}'. For example: make run PORT=8001"
        )
    port = int(text)
    with socket.socket() as trial:
        # As the server itself will ask: a port that was closed a moment ago may be had again.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as error:
            sys.exit(
                f"Port {port} cannot be used ({error.strerror}). Choose another: make run PORT={port % 65535 + 1}"
            )
    return port


def make_environment(port: int) -> dict[str, str]:
    """What was exported stays, except what would make this something else than our development server."""
    environment = dict(os.environ)
    # Bytecode saves seconds at the next start.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment | {
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "s11.settings",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


def manage(*arguments: str, environment: dict[str, str]) -> str:
    """Runs one command and returns what it printed; its errors are shown, and end this."""
    done = subprocess.run(
        [*MANAGE, *arguments], env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        sys.exit(
            f"{done.stdout}`manage.py {arguments[0]}` failed, so nothing is served. What is wrong stands above."
        )
    return done.stdout


def start(*command: str, environment: dict[str, str], stderr: int | None = None) -> subprocess.Popen[bytes]:
    """A process in a session of its own: Ctrl-C reaches only this supervisor, which stops each once and in order."""
    return subprocess.Popen(command, env=environment, start_new_session=True, stderr=stderr)


def start_worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """The worker, once it has said that it is ready: what it says later comes after our greeting."""
    # Neither process reloads: a reloader would hide from this supervisor that what it runs has ended.
    command = [*MANAGE, "db_worker", "--no-reload", "--no-startup-delay"]
    worker = start(*command, environment=environment, stderr=subprocess.PIPE)
    has_spoken = threading.Event()

    def relay() -> None:
        for line in worker.stderr or ():
            sys.stderr.buffer.write(line)
            sys.stderr.flush()
            has_spoken.set()
        has_spoken.set()

    threading.Thread(target=relay, daemon=True).start()
    has_spoken.wait(SECONDS_TO_ANSWER)
    return worker


def start_web(environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    """The web server, with the smallest number of threads that shows what two people at once do."""
    command = [sys.executable, "-m", "gunicorn", "s11.wsgi", "--bind", f"{HOST}:{port}", "--threads", "2"]
    return start(*command, "--no-control-socket", "--log-level", "warning", environment=environment)


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Asks all to end, waits, and kills what is left of them."""
    for process in processes:
        signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_STOP
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        # A server's own workers may outlive it.
        signal_group(process, signal.SIGKILL)
        process.wait()


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def has_answer(port: int) -> bool:
    """Whether the web server answers, with whatever status."""
    connection = http.client.HTTPConnection(HOST, port, timeout=SECONDS_TO_ANSWER)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return True
    finally:
        connection.close()


def watch(processes: dict[str, subprocess.Popen[bytes]], port: int, greeting: str) -> None:
    """Greets once the port answers; returns never, and exits when one of the processes has ended."""
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    has_greeted = False
    while True:
        for name, process in processes.items():
            if process.poll() is not None:
                sys.exit(f"The {name} ended (exit code {process.returncode}), so the rest was stopped too.")
        if not has_greeted and has_answer(port):
            print(greeting, flush=True)
            has_greeted = True
        if not has_greeted and time.monotonic() > deadline:
            sys.exit(
                f"Nothing answered on port {port} within {SECONDS_TO_ANSWER} seconds, so all was stopped."
            )
        time.sleep(0.2)


def end_quietly(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def main() -> None:
    """Prepares the database, then serves until told to stop."""
    os.chdir(ROOT)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_quietly)
    port = read_port()
    environment = make_environment(port)
    print("Preparing the database", flush=True)
    manage("migrate", "--verbosity", "0", environment=environment)
    manage("load_questionnaires", environment=environment)
    logins = manage("demo", environment=environment)

    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        processes["web server"] = start_web(environment, port)
        processes["worker"] = start_worker(environment)
        # Reminders that are due, as cron would send them; here they are printed.
        processes["clock"] = start(*MANAGE, "tick", "--every", "10", environment=environment)
        watch(processes, port, f"{logins.rstrip()}\n\nReady: http://{HOST}:{port}/ (Ctrl-C stops it)")
    finally:
        stop(list(processes.values()))


if __name__ == "__main__":
    main()
