"""Settings for tests, and the named cast that every permission test speaks of."""

from __future__ import annotations

import gc
import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from _pytest import runner
from django.apps import apps
from django.conf import LazySettings
from django.contrib.contenttypes.models import ContentType
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Organisation, Partnership, User
from s11.web import request_ids
from s11.web.call_room import with_room
from tests import factories
from tests.ground import GROUND, find_builds, grounded

# What migrations add beside tables: the module, and its function for `RunPython`.
BESIDE_TABLES = (
    ("accountability.migrations.0003_reports_and_findings", "add_triggers"),
    ("accountability.migrations.0008_keep_what_was_published", "add_triggers"),
    ("s11.retention.migrations.0002_nobody_edits_what_was_destroyed", "add_triggers"),
    ("s11.retention.migrations.0003_certificates", "add_certificate_triggers"),
    ("s11.migrations.0002_nobody_edits_the_trails", "add_triggers"),
)

# What a module of these builds once takes seconds. A process takes work from another's end: where they begin, no second
# one has to build it too.
BUILT_ONCE = {"test_demo.py", "test_every_address.py", "test_many_organisations.py"}

# A machine that is busy is no fault: whatever else runs on it, nothing here is timed.
hypothesis_settings.register_profile("s11", deadline=None)
hypothesis_settings.load_profile("s11")


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The others cannot tell one database from another: without these fixtures each query is an error."""
    for item in items:
        asked = getattr(item, "fixturenames", ())
        if "django_db_setup" in asked or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)
    places = {module: place for place, module in enumerate(dict.fromkeys(item.path for item in items))}
    items.sort(
        key=lambda item: (
            item.path.name not in BUILT_ONCE,
            places[item.path],
            # Those that begin with the same stand together.
            [name for name, _ in find_builds(item)],
        )
    )


@pytest.hookimpl(tryfirst=True)  # before the test's own transaction begins
def pytest_runtest_setup(item: pytest.Item) -> None:
    GROUND.stand_on(find_builds(item))


# In place of pytest's own, which it calls: that has no other name. A plugin with a protocol of its own, such as one
# that tries again what failed, would not have its turn; there is none.
@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """With room for the calls of a test: Python would take and give back memory a thousand times for each."""
    return run_with_room(item, nextitem)


run_with_room = with_room(runner.pytest_runtest_protocol)


def pytest_collection_finish() -> None:
    """What was imported stays to the end: looking through it for garbage, again and again, is a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, _all_files: Iterator[Path]
) -> Iterator[None]:
    """Tables are made from the models, in a second; the migrations take twenty in each process.

    That they make the same is what tests/test_migrations.py holds. Here comes what no model says.
    """
    with django_db_blocker.unblock(), override_settings(MIGRATION_MODULES={}):
        add_beside_tables()
    GROUND.blocker, GROUND.folders = django_db_blocker, _all_files
    yield
    GROUND.stand_on(())
    GROUND.blocker = None


def add_beside_tables() -> None:
    """What migrations would have added to the tables; and that all of them are applied."""
    with connection.schema_editor() as editor:
        for module, function in BESIDE_TABLES:
            getattr(import_module(module), function)(apps, editor)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(None).disk_migrations:
        recorder.record_applied(app, name)


@pytest.fixture(scope="session")
def _all_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names of folders, which appear only where something is written to them."""
    top = tmp_path_factory.mktemp("files")
    return (top / str(number) for number in count())


@pytest.fixture(autouse=True)
def _files(settings: LazySettings, _all_files: Iterator[Path]) -> None:
    """Files go to a folder of the test's own."""
    settings.MEDIA_ROOT = next(_all_files)
    GROUND.bring_files(settings.MEDIA_ROOT)


@pytest.fixture(autouse=True)
def _no_job_goes_on() -> Iterator[None]:
    """One that a test kills is never told to be over, so its id would stand on what the next test logs."""
    yield
    request_ids._current.set("")


@pytest.fixture(scope="session", autouse=True)
def _emptied_between_tests() -> Iterator[None]:
    """After a test that commits. Django would also take away the names of models, and make them anew."""
    flush = "django.core.management.commands.flush"
    with (
        patch(f"{flush}.sql_flush", list_emptying),
        patch(f"{flush}.emit_post_migrate_signal", name_models_again),
    ):
        yield


# Made with the tables. Nothing writes to them but a backup that is restored.
WITH_TABLES = {"django_content_type", "auth_permission"}


def name_models_again(*args: Any, **options: Any) -> None:
    """Where a test has emptied everything itself."""
    if not ContentType.objects.exists():
        emit_post_migrate_signal(*args, **options)


def list_emptying(style: Any, connection: BaseDatabaseWrapper, **options: Any) -> list[str]:
    """Statements that empty what holds anything, without triggers, which keep what was published.

    Truncating hundreds of tables, as Django does on PostgreSQL, makes and removes a file for each, and each index.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = [connection.ops.quote_name(table) for table in tables if table not in WITH_TABLES]
    with connection.cursor() as cursor:
        asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in quoted)
        cursor.execute(" UNION ALL ".join(asked))
        full = [table for (table,) in cursor.fetchall()]
        emptying = [f"DELETE FROM {table}" for table in full]
        if connection.vendor == "postgresql":
            role = "SET LOCAL session_replication_role"
            return [f"{role} = replica", *emptying, f"{role} = DEFAULT"]
        cursor.execute(
            "SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'"
        )
        kept = [
            (name, sql) for name, sql, table in cursor.fetchall() if connection.ops.quote_name(table) in full
        ]
    # Never nothing: Django would leave out what comes after it, which is `name_models_again`.
    return ["SELECT 1", *(f"DROP TRIGGER {name}" for name, _ in kept), *emptying, *(sql for _, sql in kept)]


@dataclass(frozen=True)
class Cast:
    """The people. `stranger` leads another organisation in the same partnership; `outsider` is an officer elsewhere."""

    partnership: Partnership
    elsewhere: Partnership
    organisation: Organisation
    other_organisation: Organisation
    lead: User
    contributor: User
    signatory: User
    viewer: User
    stranger: User
    administrator: User
    quality_officer: User
    panel_member: User
    panel_chair: User
    scrutineer: User
    publisher: User
    outsider: User

    @property
    def people(self) -> dict[str, User]:
        return {name: person for name, person in vars(self).items() if isinstance(person, User)}


@grounded
def cast() -> Cast:
    return make_cast()


def make_cast() -> Cast:
    partnership = factories.make_partnership("Harbour", slug="harbour")
    elsewhere = factories.make_partnership("Moorland", slug="moorland")
    organisation = factories.make_organisation("Anchor Trust", slug="anchor", partnership=partnership)
    other_organisation = factories.make_organisation("Beacon Homes", slug="beacon", partnership=partnership)

    offices = [(role, partnership) for role in OfficerRole] + [(OfficerRole.ADMINISTRATOR, elsewhere)]
    memberships = [(role, organisation) for role in MembershipRole] + [
        (MembershipRole.LEAD, other_organisation)
    ]
    # In bulk: nearly every test begins with them.
    people = factories.make_people(offices, memberships)

    def officer(role: OfficerRole, at: Partnership = partnership) -> User:
        return people[role, at.slug]

    def member(role: MembershipRole, of: Organisation = organisation) -> User:
        return people[role, of.slug]

    return Cast(
        partnership=partnership,
        elsewhere=elsewhere,
        organisation=organisation,
        other_organisation=other_organisation,
        lead=member(MembershipRole.LEAD),
        contributor=member(MembershipRole.CONTRIBUTOR),
        signatory=member(MembershipRole.SIGNATORY),
        viewer=member(MembershipRole.VIEWER),
        stranger=member(MembershipRole.LEAD, other_organisation),
        administrator=officer(OfficerRole.ADMINISTRATOR),
        quality_officer=officer(OfficerRole.QUALITY_OFFICER),
        panel_member=officer(OfficerRole.PANEL_MEMBER),
        panel_chair=officer(OfficerRole.PANEL_CHAIR),
        scrutineer=officer(OfficerRole.SCRUTINEER),
        publisher=officer(OfficerRole.PUBLISHER),
        outsider=officer(OfficerRole.ADMINISTRATOR, elsewhere),
    )


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    """`sign_in(person)` gives a client who is signed in as that person."""

    def as_person(user: User) -> Client:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_person


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the settings' own handler would write."""
    (own,) = (one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(own.formatter)
    for each in own.filters:
        handler.addFilter(each)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)
