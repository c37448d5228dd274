"""No room on the disk, no right to write, no folder at all: a sentence, nothing half-written, and then on it goes.

The disks are small pieces of memory, mounted for the test: only root can.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import MakeSite
from tests.faults.harness import SCRIPT, Site, Visitor, report

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a disk needs root")

ADD = "/p/harbour/o/saver-0/evidence/add/file/"
JSON = {"Accept": "application/json"}
ANSWER = "/p/harbour/o/saver-0/audits/2026/standards/A1/answers/A1.1/"


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """In the place of this folder, with what was in it."""
    aside = folder.with_name(folder.name + "-aside")
    folder.rename(aside)
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        subprocess.run(["cp", "-a", f"{aside}/.", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


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


def test_no_room_for_files(make_site: MakeSite) -> None:
    site = make_site("sqlite")
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
    report("no room for files", kept=kept, partial_files=0)


def test_no_room_for_the_database(make_site: MakeSite) -> None:
    """SQLite and its log lie on the full disk too."""
    site = make_site("sqlite")
    data = site.folder / "data"
    with small_disk(data, "40m"):
        site.start_web(workers=2)
        visitor = sign_in(site)
        version, refused = 1, 0
        ballast = fill(data)
        for number in range(60):
            words = f"{number} " + "It is said at length. " * 200
            sent = {"A1.1-score": "1", "A1.1-version": str(version), "A1.1-commentary": words}
            answer = visitor.post(ANSWER, sent, headers=SCRIPT)
            assert answer.status_code in {200, 503}, answer.text[:300]
            version += answer.headers.get("X-Outcome") == "saved"
            refused += answer.status_code == 503
            if refused > 3:
                break
        assert refused > 3
        assert "The database does not answer" in answer.text
        ballast.unlink()
        sent["A1.1-version"] = str(version)
        assert visitor.post(ANSWER, sent, headers=SCRIPT).headers["X-Outcome"] == "saved"
        said, there, steps = site.inside("read_answers")["saver-0 A1.1"]
        assert (said, there, steps) == (words.replace("\r\n", "\n"), version + 1, version)
        assert site.say_faults() == []
        site.close()
    report("no room for the database", saved_before=version - 1, refused=refused)


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
