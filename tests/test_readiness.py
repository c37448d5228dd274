"""Health and readiness: each part that fails is named, in a sentence that says no more than a stranger may know."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from s11 import readiness

Break = Callable[[pytest.MonkeyPatch, LazySettings], None]


@pytest.fixture
def at_work(db: None, settings: LazySettings) -> None:
    """As on a server: a queue, a clock that has just run, a worker that has answered it."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    readiness.ask_worker(timezone.now())
    DBTaskResult.objects.update(finished_at=timezone.now())


def test_health_asks_nothing_of_the_database(client: Client) -> None:
    """This test may not touch it."""
    response = client.get("/health/")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert "no-store" in response.headers["Cache-Control"]


def test_all_is_well(at_work: None, client: Client) -> None:
    for path, parts in (
        ("/health/ready/", {"database", "migrations", "cache", "files"}),
        ("/health/all/", {"database", "migrations", "cache", "files", "worker", "clock"}),
    ):
        response = client.get(path)
        assert response.status_code == 200, response.text
        assert response.json() == {"ready": True, "parts": dict.fromkeys(parts, "ok")}
        assert "no-store" in response.headers["Cache-Control"]
        assert not response.cookies


def fail(*_: object, **__: object) -> None:
    raise OperationalError("password for user s11 at 10.0.0.7 refused")


def stop_database(patch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    patch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", fail)


def forget_migration(patch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    # The tests' tables are made from the models, so that they have no migrations to look for.
    settings.MIGRATION_MODULES = {}
    readiness._get_last_migrations.cache_clear()
    MigrationRecorder(connection).record_unapplied(*max(readiness._get_last_migrations()))


def stop_cache(patch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    patch.setattr(type(cache._connections["default"]), "get", fail)  # type: ignore[attr-defined]


def refuse_files(patch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    # Whoever runs tests as root may write everywhere, but not into a file.
    folder = Path(settings.MEDIA_ROOT)
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("in the way")


def fill_disk(patch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    patch.setattr("s11.readiness.disk_usage", lambda path: SimpleNamespace(free=1))


def stop_worker(patch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    earlier = timezone.now() - datetime.timedelta(minutes=31)
    DBTaskResult.objects.update(started_at=earlier, finished_at=earlier)


def stop_clock(patch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    DBTaskResult.objects.update(enqueued_at=timezone.now() - datetime.timedelta(minutes=31))


class Broken(NamedTuple):
    by: Break
    part: str
    said: str
    serves: bool = False


BROKEN = [
    Broken(stop_database, "database", "Asking the database failed; the log says why."),
    Broken(forget_migration, "migrations", "Migrations are missing: run manage.py migrate."),
    Broken(stop_cache, "cache", "Asking the cache failed; the log says why."),
    Broken(refuse_files, "files", "No file can be written where files are kept."),
    Broken(fill_disk, "files", "The disk with the files is nearly full."),
    Broken(
        stop_worker, "worker", "No worker has been seen for 30 minutes: manage.py db_worker does", serves=True
    ),
    Broken(
        stop_clock, "clock", "The clock has not run for 30 minutes: manage.py tick is to run", serves=True
    ),
]


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.by.__name__)
def test_a_part_that_fails_is_named(
    client: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, broken: Broken
) -> None:
    with monkeypatch.context() as patch:
        broken.by(patch, settings)
        response, serving = client.get("/health/all/"), client.get("/health/ready/")
    assert response.status_code == 503
    # Without a worker, pages are served all the same: no machine is taken out for it.
    assert serving.status_code == (200 if broken.serves else 503)
    assert response.json()["ready"] is False
    failed = {name: state for name, state in response.json()["parts"].items() if state != "ok"}
    assert failed.pop(broken.part).startswith(broken.said)
    assert set(failed.values()) <= {"Unknown while the database does not answer."}
    assert bool(failed) is (broken.part == "database")
    assert "10.0.0.7" not in response.text


def test_the_clock_leaves_a_sign_and_clears_old_ones_away(at_work: None) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=2)
    DBTaskResult.objects.update(enqueued_at=long_ago)
    call_command("tick", verbosity=0)
    (sign,) = DBTaskResult.objects.filter(task_path="s11.readiness.answer_clock")
    assert sign.enqueued_at > long_ago
    # What a worker will do; the real one closes the connection that this test looks through.
    sign.task.call()


def test_where_jobs_run_at_once_there_is_no_worker_to_watch(db: None, client: Client) -> None:
    assert set(client.get("/health/all/").json()["parts"]) == {"database", "migrations", "cache", "files"}


def test_a_probe_beside_the_proxy_is_not_sent_to_https(
    db: None, client: Client, settings: LazySettings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert [client.get(path).status_code for path in ("/health/", "/health/ready/", "/")] == [200, 200, 301]
