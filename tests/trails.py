"""Tests alone write a trail anew: what lies back in time, what somebody has lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model


@contextmanager
def lifted(*models: type[Model]) -> Iterator[None]:
    """Within it the database refuses nothing in the tables of these models; without any, in no table."""
    lift, put_back = list_statements({model._meta.db_table for model in models})
    with connection.cursor() as cursor:
        for statement in lift:
            cursor.execute(statement)
        try:
            yield
        finally:
            for statement in put_back:
                cursor.execute(statement)


def list_statements(tables: set[str]) -> tuple[list[str], list[str]]:
    if connection.vendor == "postgresql":
        # In all tables: it drops no trigger of one whose rows still wait to be checked.
        setting = "SET session_replication_role ="
        return [f"{setting} replica"], [f"{setting} DEFAULT"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        rules = [(name, sql) for table, name, sql in cursor.fetchall() if table in tables or not tables]
    return [f"DROP TRIGGER {name}" for name, _ in rules], [sql for _, sql in rules]
