"""What docs/deploy.md and its files name exists: settings, commands, addresses, files, limits."""

from __future__ import annotations

import re
from configparser import ConfigParser
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import URLError
from urllib.request import Request

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve

from s11.is_healthy import is_healthy

FOLDER = Path(settings.BASE_DIR) / "docs/deploy"
PAGE = (FOLDER.parent / "deploy.md").read_text(encoding="utf-8")
NGINX = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
UNITS = sorted(FOLDER.glob("s11-*"))


def read(unit: Path) -> ConfigParser:
    """Keys may come twice in a unit; the last is enough for what is asked here."""
    parser = ConfigParser(strict=False, interpolation=None, delimiters="=")
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as systemd, which minds the case
    parser.read(unit, encoding="utf-8")
    return parser


def test_the_settings_it_sets_are_settings() -> None:
    known = set(
        re.findall(r"^\| `([A-Z_]+)`", (FOLDER.parent / "settings.md").read_text("utf-8"), re.MULTILINE)
    )
    named = set(re.findall(r"^([A-Z_]+)=", PAGE, re.MULTILINE)) | set(re.findall(r"`([A-Z_]{4,})=", PAGE))
    assert {"SECRET_KEY", "DATABASE_URL", "BEHIND_PROXY", "LOG_FORMAT"} <= named <= known


def test_the_worker_may_write_the_log_of_destruction() -> None:
    named = re.search(r"^DESTRUCTION_LOG=(\S+)/[^/]+$", PAGE, re.MULTILINE)
    assert named is not None
    may_write = read(FOLDER / "s11-worker@.service")["Service"]["ReadWritePaths"].split()
    assert named[1] in [path.lstrip("-") for path in may_write]
    assert named[1] in next(line for line in PAGE.splitlines() if line.startswith("install -d -o s11"))


def test_no_backup_is_kept_for_ever() -> None:
    """What was destroyed stays in backups: both kinds of them end when docs/backups.md says."""
    unit = (FOLDER / "s11-backup.service").read_text("utf-8")
    deleted = re.findall(r"find /srv/s11/backups -name '([^']+)' -mtime \+(\d+)", unit)
    assert deleted == [("s11-*.zip", "30"), ("s11-*-01.zip", "366")]


def test_the_commands_it_calls_are_commands() -> None:
    text = PAGE + "".join(unit.read_text("utf-8") for unit in UNITS)
    named = set(re.findall(r"manage\.py (\w+)", text))
    assert {"db_worker", "tick", "backup", "migrate", "prune_db_task_results"} <= named <= set(get_commands())


def test_the_files_it_copies_and_starts_are_there() -> None:
    names = {unit.name for unit in UNITS}
    started = set(re.findall(r"\b(s11-[a-z]+@?)\d?(\.(?:service|socket|timer))", PAGE))
    assert {"".join(pair) for pair in started} <= names
    assert len(started) >= 5
    for unit in UNITS:
        if unit.suffix == ".timer":
            assert unit.with_suffix(".service").name in names


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_whole(unit: Path) -> None:
    parsed = read(unit)
    assert parsed["Unit"]["Description"].startswith("s11: ")
    if unit.suffix != ".service":
        assert parsed["Install"]["WantedBy"] in {"timers.target", "sockets.target"}
        return
    service = parsed["Service"]
    assert (service["User"], service["EnvironmentFile"]) == ("s11", "/etc/s11.env")
    assert service["WorkingDirectory"] == "/srv/s11/current"
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")
    assert "/srv/s11/data" in service["ReadWritePaths"]


def test_the_proxy_lets_in_what_the_application_takes_and_tells_it_the_truth() -> None:
    assert NGINX.count("{") == NGINX.count("}")
    (most,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(most) * 2**20 > settings.UPLOAD_MAX_SIZE * settings.UPLOAD_MAX_FILES
    for line in (
        "X-Forwarded-For $remote_addr",
        "X-Forwarded-Proto $scheme",
        "X-Request-ID $request_id",
        "Host $host",
    ):
        assert f"proxy_set_header {line};" in NGINX
    # It is the proxy who waits longer, so that a page says what took too long.
    (own,) = re.findall(r"--timeout (\d+)", (FOLDER / "s11-web.service").read_text("utf-8"))
    (waits,) = re.findall(r"proxy_read_timeout (\d+)s;", NGINX)
    assert int(waits) > int(own)
    assert read(FOLDER / "s11-web.socket")["Socket"]["ListenStream"] in NGINX


def test_no_visit_under_t_is_logged_and_no_address_at_all() -> None:
    (place,) = re.findall(r"location /t/ \{(.*?)\}", NGINX, re.DOTALL)
    assert "access_log off;" in place
    assert resolve("/t/x/survey/").url_name
    (line,) = re.findall(r"log_format s11 '(.*?)';", NGINX)
    assert not {"$request", "$request_uri", "$uri", "$args", "$http_referer", "$remote_addr"} & set(
        line.split()
    )
    assert len(re.findall(r"^\s*access_log (?!off)", NGINX, re.MULTILINE)) == 1


def test_the_addresses_to_watch_are_addresses() -> None:
    for path in set(re.findall(r"`(/health/[a-z/]*)`", PAGE)):
        assert resolve(path).url_name in {"health", "ready", "whole"}


class TestImage:
    """That it is built and runs was tried by hand, as docs/deploy.md tells; this holds it to what the rest says."""

    TEXT = (FOLDER.parent.parent / "Containerfile").read_text("utf-8")

    def test_it_runs_without_rights_and_says_how_it_is(self) -> None:
        last = self.TEXT.split("FROM ${BASE}\n")[1]
        assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
        (module,) = re.findall(r'^HEALTHCHECK .* CMD \["python", "-m", "([\w.]+)"\]$', last, re.MULTILINE)
        assert find_spec(module)
        assert 'ENTRYPOINT ["/usr/bin/tini", "--"]' in last
        assert last.count("COPY --from=build") == 3
        # collectstatic writes as FILE_UPLOAD_PERMISSIONS says: for its owner alone, who is not who runs this.
        assert settings.FILE_UPLOAD_PERMISSIONS == 0o600
        assert "chmod -R a+rX /srv" in self.TEXT.split("FROM ${BASE}\n")[0]

    def test_it_has_what_the_set_up_asks_of_the_system(self) -> None:
        listed = (FOLDER.parent.parent / ".ci/missing_libraries.py").read_text("utf-8")
        needed = set(re.findall(r"\b(lib[a-z-]+[\d.-]+\w*|fonts-[\w-]+)\b", listed)) - {"libatomic1"}
        assert len(needed) >= 5
        for stage in self.TEXT.split("FROM ${BASE}")[1:]:
            assert needed <= set(re.findall(r"[\w.+-]+", stage))

    def test_it_serves_as_the_unit_does(self) -> None:
        (line,) = re.findall(
            r"^ExecStart=(.*)$", (FOLDER / "s11-web.service").read_text("utf-8"), re.MULTILINE
        )
        words = " ".join(re.findall(r'"([^"]+)"', self.TEXT.split("\nCMD ")[1]))
        for option in re.findall(r"--[a-z-]+(?: \d+)?", line):
            # Its proxy is somebody else's, and may keep connections open without asking for anything.
            assert (option in words) is not option.startswith("--worker-connections")

    def test_nothing_private_of_a_checkout_gets_in(self) -> None:
        kept = (FOLDER.parent.parent / ".containerignore").read_text("utf-8").splitlines()
        assert "*" in kept
        assert {line for line in kept if line.startswith("!")} == {
            "!.ci", "!accountability", "!manage.py", "!requirements", "!s11", "!surveys", "!templates"
        }  # fmt: skip


@pytest.mark.parametrize(("answers", "is_well"), [(200, True), (503, False), (None, False)])
def test_a_container_is_well_while_its_process_answers(
    monkeypatch: pytest.MonkeyPatch, answers: int | None, is_well: bool
) -> None:
    asked: list[Request] = []

    def urlopen(request: Request, timeout: float) -> Any:
        asked.append(request)
        if answers is None:
            raise URLError("refused")
        return nullcontext(SimpleNamespace(status=answers))

    monkeypatch.setattr("s11.is_healthy.urlopen", urlopen)
    monkeypatch.setenv("ALLOWED_HOSTS", ".s11.example.org,other")
    assert is_healthy(8000) is is_well
    assert asked[0].get_header("Host") == "s11.example.org"


@pytest.mark.parametrize(
    "command",
    [FOLDER / "s11-web.service", Path(settings.BASE_DIR) / "Containerfile"],
    ids=lambda path: path.name,
)
def test_no_process_begins_anew_in_the_middle_of_a_busy_evening(command: Path) -> None:
    """Each costs seconds of the processor to start: with 2,000 requests to live, one did so every half minute."""
    text = command.read_text("utf-8")
    lives, jitter, processes = (
        int(re.findall(rf'--{name}[ ",]+(\d+)', text)[0])
        for name in ("max-requests", "max-requests-jitter", "workers")
    )
    requests_a_second = 60
    assert (lives - jitter) * processes / requests_a_second > 600


def test_visits_wait_where_every_process_can_take_them() -> None:
    """In one that takes a thousand they would wait for that one, while another has nothing to do."""
    command = read(FOLDER / "s11-web.service")["Service"]["ExecStart"]
    threads, connections = (
        int(re.findall(rf"--{name} (\d+)", command)[0]) for name in ("threads", "worker-connections")
    )
    assert threads < connections < 2 * threads
    # It says so of none that nginx keeps open, for it keeps none.
    assert "keepalive" not in NGINX


def test_pages_come_before_files_that_are_built() -> None:
    worker, web = (read(FOLDER / name)["Service"] for name in ("s11-worker@.service", "s11-web.service"))
    assert int(worker["CPUWeight"]) < 100
    assert "CPUWeight" not in web
