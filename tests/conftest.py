"""Settings for tests, and the named cast that every permission test speaks of."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management.sql import sql_flush
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Organisation, Partnership, User
from tests import factories

# What migrations add beside tables: the module, and its function for `RunPython`.
BESIDE_TABLES = (
    ("accountability.migrations.0003_reports_and_findings", "add_triggers"),
    ("accountability.migrations.0008_keep_what_was_published", "add_triggers"),
)


def pytest_collection_finish() -> None:
    """What was imported stays to the end: looking through it for garbage, again and again, is a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tables are made from the models, in a second; the migrations take twenty in each process.

    That they make the same is what tests/test_migrations.py holds. Here comes what no model says.
    """
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for module, function in BESIDE_TABLES:
                getattr(import_module(module), function)(apps, editor)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        with override_settings(MIGRATION_MODULES={}):
            for app, name in MigrationLoader(None).disk_migrations:
                recorder.record_applied(app, name)


@pytest.fixture(autouse=True)
def _settings(settings: LazySettings, tmp_path: Path) -> None:
    """Files go to a folder of the test's own, jobs run at once, passwords hash fast, mail stays in the outbox."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Tests that move the clock stay signed in; tests/organisations/test_sessions.py has the limits that hold.
    settings.SESSION_IDLE_MINUTES = settings.SESSION_MOST_HOURS = 600_000
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture(scope="session", autouse=True)
def _emptied_between_tests() -> Iterator[None]:
    """SQLite empties a table row by row, which what was published refuses; PostgreSQL truncates and asks no trigger."""
    with patch("django.core.management.commands.flush.sql_flush", flush_without_triggers):
        yield


def flush_without_triggers(style: Any, connection: BaseDatabaseWrapper, **options: Any) -> list[str]:
    statements = sql_flush(style, connection, **options)
    if connection.vendor != "sqlite" or not statements:
        return statements
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'"
        )
        kept = cursor.fetchall()
    return [*(f"DROP TRIGGER {name}" for name, _ in kept), *statements, *(sql for _, sql in kept)]


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


@pytest.fixture
def cast(db: None) -> Cast:
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
