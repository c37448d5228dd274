"""Sites to break: one database of each kind a session, with its world, and a copy of it for each test."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.faults.harness import Server, Site, copy_sqlite, run_postgres

MakeSite = Callable[..., Site]


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all sites lie side by side, with the static files that they share."""
    folder = tmp_path_factory.mktemp("sites")
    site = make_folder(folder, "first")
    site.database = f"sqlite:///{site.folder}/data/s11.sqlite3"
    site.manage("collectstatic", "--noinput")
    return folder


def make_folder(ground: Path, name: str) -> Site:
    (ground / name / "data/files").mkdir(parents=True)
    return Site(name.partition("-")[0], ground / name, "", postgres.find_free_port())


@pytest.fixture(scope="session")
def sqlite_template(ground: Path) -> Path:
    site = make_folder(ground, "sqlite-template")
    site.database = f"sqlite:///{site.folder}/data/s11.sqlite3"
    site.inside("build")
    return site.folder / "data/s11.sqlite3"


@pytest.fixture(scope="session")
def server(ground: Path) -> Iterator[Server]:
    """A PostgreSQL whose database `template` holds the world."""
    with run_postgres() as found:
        found.execute("CREATE DATABASE template")
        site = make_folder(ground, "postgresql-template")
        site.database = found.url.removesuffix("postgres") + "template"
        site.inside("build")
        yield found


@pytest.fixture
def make_site(ground: Path, request: pytest.FixtureRequest) -> Iterator[MakeSite]:
    """`make_site("sqlite")` or `make_site("postgresql")`; settings as keywords."""
    made: list[Site] = []

    def make(kind: str = "sqlite", **settings: str) -> Site:
        site = make_folder(ground, f"{kind}-{uuid.uuid4().hex[:8]}")
        made.append(site)
        site.more |= settings
        if kind == "sqlite":
            site.database = copy_sqlite(request.getfixturevalue("sqlite_template"), site.folder)
        else:
            found: Server = request.getfixturevalue("server")
            name = f"site_{uuid.uuid4().hex[:8]}"
            found.execute(f"CREATE DATABASE {name} TEMPLATE template")
            site.database = found.url.removesuffix("postgres") + name + "?connect_timeout=5"
        return site

    yield make
    for site in made:
        site.close()
        if request.session.testsfailed == 0:
            shutil.rmtree(site.folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, make_site: MakeSite) -> Site:
    """On each of the two databases."""
    return make_site(request.param)
