"""No room on the disk, no right to write, no folder at all: a sentence, nothing half-written, and then on it goes.

The disks are small pieces of memory, mounted for the test: only root can.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.faults.conftest import MakeSite
from tests.faults.harness import SCRIPT, Server, Site, Visitor, report, until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a disk needs root")

ADD = "/p/harbour/o/saver-0/evidence/add/file/"
JSON = {"Accept": "application/json"}
ANSWER = "/p/harbour/o/saver-0/audits/2026/standards/A1/answers/A1.1/"


@contextmanager
def small_disk(folder: Path, size: str, owner: str = "") -> Iterator[None]:
    """In the place of this folder, with what was in it; whose it is, where that is not whoever runs this."""
    aside = folder.with_name(folder.name + "-aside")
    folder.rename(aside)
    folder.mkdir()
    options = f"size={size}" + (f",uid={owner},mode=700" if owner else "")
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    try:
        subprocess.run(["cp", "-a", f"{aside}/.", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(folder)
        aside.rename(folder)


def fill(folder: Path) -> Path:
    """Takes all the room that is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for piece in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"x" * piece) == piece:
                    pass
            except OSError:
                continue
    return ballast


def sign_in(site: Site) -> Visitor:
    return Visitor(site, site.inside("sign_in_all")["lead@saver-0.example"])


def upload(visitor: Visitor, size: int, **more: str) -> tuple[int, str]:
    content = os.urandom(size // 2).hex().encode()
    answer = visitor.post(ADD, files={"uploads": ("minutes.txt", content, "text/plain")}, headers=more)
    return answer.status_code, answer.text


def test_no_room_for_files(site: Site) -> None:
    with small_disk(site.files, "4m"):
        site.start_web(workers=1)
        visitor = sign_in(site)
        kept = 0
        while (answer := upload(visitor, 900_000, **JSON))[0] == 200:
            kept += 1
        assert answer[0] == 503
        status, page = upload(visitor, 900_000)
        assert status == 503
        assert "place where files are kept does not answer" in page
        there = sum(path.stat().st_size for path in site.files.rglob("*") if path.is_file())
        assert there == kept * 900_000, "What could not be written whole is not there"
        assert (len(site.inside("read_files")), site.inside("count_orphans")) == (kept, 0)
        ballast = fill(site.files)
        assert visitor.get("/health/ready/").json()["parts"]["files"] != "ok"
        # Answers need no room for files.
        saved = visitor.post(ANSWER, {"A1.1-score": "1", "A1.1-version": "1"}, headers=SCRIPT)
        assert saved.headers["X-Outcome"] == "saved"
        ballast.unlink()
        for path in list(site.files.rglob("*")):
            if path.is_file() and path.stat().st_size == 900_000:
                path.unlink()
                break
        assert upload(visitor, 500_000)[0] == 302
        site.close()
    report("no room for files", database=site.kind, kept=kept, partial_files=0)


def save_until_refused(visitor: Visitor, most: int, pad: Callable[[], str]) -> tuple[dict[str, str], int]:
    """What is not saved in the end, at the version that stands there; and how many were refused by then."""
    sent, refused, version = {"A1.1-score": "1"}, 0, 1
    for number in range(most):
        sent |= {"A1.1-version": str(version), "A1.1-commentary": f"{number} {pad()}"}
        answer = visitor.post(ANSWER, sent, headers=SCRIPT)
        assert answer.status_code in {200, 503}, answer.text[:300]
        version += answer.headers.get("X-Outcome") == "saved"
        refused += answer.status_code == 503
        if refused > 3:
            break
    assert refused > 3
    assert "The database does not answer" in answer.text
    return sent | {"A1.1-version": str(version)}, refused


def look_saved(site: Site, sent: dict[str, str]) -> None:
    """The last one, and each before it that was acknowledged."""
    version = int(sent["A1.1-version"])
    there = site.inside("read_answers")["saver-0 A1.1"]
    assert there == [sent["A1.1-commentary"], version + 1, version]
    assert site.say_faults() == []


def test_no_room_for_sqlite(make_site: MakeSite) -> None:
    """SQLite and its log lie on the full disk too."""
    site = make_site("sqlite")
    data = site.folder / "data"
    with small_disk(data, "40m"):
        site.start_web(workers=2)
        visitor = sign_in(site)
        ballast = fill(data)
        sent, refused = save_until_refused(visitor, 60, lambda: "It is said at length. " * 200)
        ballast.unlink()
        assert visitor.post(ANSWER, sent, headers=SCRIPT).headers["X-Outcome"] == "saved"
        look_saved(site, sent)
        site.close()
    report("no room for SQLite", saved_before=int(sent["A1.1-version"]) - 1, refused=refused)


@pytest.mark.parametrize("what", ["tables", "log"])
def test_no_room_for_postgresql(make_site: MakeSite, server: Server, what: str) -> None:
    """All its data on the full disk: it refuses what needs room, or stops; its unit would start it again."""
    site = make_site("postgresql")
    data = server.home / "data"
    server.run("stop")
    owner = str(pwd.getpwnam(server.user).pw_uid) if server.user else ""
    there = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    with small_disk(data, f"{(there >> 10) + 24 * 1024}k", owner):
        server.run("start")
        site.start_web(workers=2)
        visitor = sign_in(site)
        ballast = fill(data)
        if what == "log":
            use_up_log(server)
        sent, refused = save_until_refused(visitor, 3_000, lambda: os.urandom(9_000).hex())
        ballast.unlink()
        stopped = not serves(server)
        if stopped:
            server.run("restart", "immediate")
        until(lambda: visitor.post(ANSWER, sent, headers=SCRIPT).headers.get("X-Outcome") == "saved")
        look_saved(site, sent)
        site.close()
        server.run("stop")
    server.run("start")
    saved = int(sent["A1.1-version"]) - 1
    report("no room for PostgreSQL", what_has_none=what, saved_before=saved, refused=refused, stopped=stopped)


def use_up_log(server: Server) -> None:
    """Segment by segment, until one has to be made, which ends the server."""
    for _ in range(8):
        try:
            server.execute(
                "SELECT pg_logical_emit_message(true, 'filling', repeat('x', 1000))", "SELECT pg_switch_wal()"
            )
        except psycopg.OperationalError:
            return
    raise AssertionError("There is room for its log")


def serves(server: Server) -> bool:
    try:
        server.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def take_away(folder: Path, way: str) -> None:
    if way == "read-only":
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        return
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()
    folder.write_text("No folder.")


def bring_back(folder: Path, way: str) -> None:
    if way == "read-only":
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
        return
    folder.unlink()
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(folder)], check=True)


@pytest.mark.parametrize("way", ["read-only", "gone"])
def test_the_place_of_files_is_away(make_site: MakeSite, way: str) -> None:
    """Turned to reading only, as a damaged disk is; or not there at all, as a share that is not mounted."""
    site = make_site("sqlite")
    with small_disk(site.files, "8m"):
        site.start_web(workers=1)
        visitor = sign_in(site)
        assert upload(visitor, 50_000)[0] == 302
        version = site.inside("read_versions")[-1]
        address = site.inside("find_file", version=version)
        take_away(site.files, way)
        status, page = upload(visitor, 50_000)
        assert (status, "files are kept does not answer" in page) == (503, True)
        assert upload(visitor, 50_000, **JSON)[0] == 503
        assert visitor.get(address).status_code == (200 if way == "read-only" else 503)
        for told in (visitor.get("/health/ready/"), visitor.get("/health/all/")):
            assert (told.status_code, "files" in told.json()["parts"]["files"]) == (503, True)
        assert visitor.get("/p/harbour/o/saver-0/evidence/").status_code == 200
        bring_back(site.files, way)
        assert upload(visitor, 60_000)[0] == 302
        site.close()
    report("place of files away", way=way)
