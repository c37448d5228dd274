"""Migrations make the very tables that the tests run on, which are made from the models: see `django_db_setup`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.test import override_settings

from s11.trails import ASKED, TABLES

ROOT = Path(__file__).resolve().parent.parent
# Django's own migrations leave this key of a table that has no model as narrow as it was when they were written.
NARROWER = {"auth_group_permissions.id"}
# What can be said of each thing in a database, beside its name. Columns may stand in any order.
POSTGRESQL = (
    """SELECT table_name || '.' || column_name, concat_ws(' ', data_type, character_maximum_length, numeric_precision,
       numeric_scale, is_nullable, column_default, is_identity, identity_generation, collation_name)
       FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT 'constraint ' || conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'trigger ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT 'function ' || proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)
SQLITE = ("SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",)


def read_schema(database: BaseDatabaseWrapper) -> dict[str, object]:
    with database.cursor() as cursor:
        found: dict[str, object] = {}
        for question in POSTGRESQL if database.vendor == "postgresql" else SQLITE:
            cursor.execute(question)
            found |= dict(cursor.fetchall())
    if database.vendor == "sqlite":
        return {name: part_definitions(str(text)) for name, text in found.items()}
    return {name: text for name, text in found.items() if name not in NARROWER}


def part_definitions(text: str) -> list[str]:
    """What stands in the outermost brackets, between commas: SQLite keeps the words by which a table was made."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 1:
            parts.append("")
        else:
            parts[-1] += letter
    inner = [parts[0].partition("(")[2], *parts[1:]]
    inner[-1] = inner[-1].rpartition(")")[0]
    return [parts[0].partition("(")[0].strip(), *sorted(part.strip() for part in inner)]


def count_rows(database: BaseDatabaseWrapper) -> dict[str, int]:
    """By table. Which migrations were run is no row of ours."""
    with database.cursor() as cursor:
        counts = {}
        for table in database.introspection.table_names(cursor):
            if table != "django_migrations":
                cursor.execute(f"SELECT count(*) FROM {database.ops.quote_name(table)}")
                counts[table] = cursor.fetchone()[0]
    return counts


@contextmanager
def make_place(folder: Path) -> Iterator[tuple[str, str]]:
    """An empty database beside the tests' own: its name, and its address."""
    if connection.vendor == "sqlite":
        file = folder / "migrated.sqlite3"
        yield str(file), f"sqlite:///{file}"
        return
    name = f"{connection.settings_dict['NAME']}_migrated"
    quoted = connection.ops.quote_name(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quoted}")
        try:
            yield name, urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        finally:
            cursor.execute(f"DROP DATABASE {quoted}")


@pytest.fixture
def migrated(db: None, tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """A database that `migrate` alone has filled."""
    other = connection.copy(alias="migrated")
    with make_place(tmp_path) as (name, address), closing(other):
        environment = os.environ | {"DATABASE_URL": address, "DATA_DIR": str(tmp_path), "DEBUG": "1"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        other.settings_dict["NAME"] = name
        yield other


def test_what_changes_a_table_with_rules_comes_after_they_are_dropped() -> None:
    """SQLite makes a table anew to change it: its rules are lost, and a rule that asks it stops the change.

    A new place sees nothing of either where the change comes before the rules; a place that is upgraded does.
    """
    with override_settings(MIGRATION_MODULES={}):
        graph = MigrationLoader(None).graph
    added = ("s11", "0002_nobody_edits_the_trails")
    made_way, again = ("s11", "0003_rules_make_way"), ("s11", "0004_nobody_edits_consents")
    between = {*graph.backwards_plan(made_way)} & {*graph.forwards_plan(again)}
    before = {*graph.forwards_plan(added)} | between
    changed = {
        (node, operation.describe())
        for node in graph.nodes
        if node not in before and node[0] != added[0]
        for operation in graph.nodes[node].operations
        if not isinstance(operation, CreateModel) and get_table(node[0], operation) in {*TABLES, *ASKED}
    }
    assert changed == set()


def get_table(app: str, operation: Operation) -> str:
    """Of which it is, or else nothing."""
    name = getattr(operation, "model_name", getattr(operation, "name", None))
    found = apps.all_models[app].get(str(name).lower())
    return found._meta.db_table if found else ""


def test_they_make_what_the_tests_run_on(migrated: BaseDatabaseWrapper) -> None:
    """Also what no model says: triggers, functions, the cache's table, rows."""
    expected, found = read_schema(connection), read_schema(migrated)
    assert {name: (text, found.get(name)) for name, text in expected.items() if found.get(name) != text} == {}
    assert found.keys() == expected.keys()
    assert count_rows(migrated) == count_rows(connection)
