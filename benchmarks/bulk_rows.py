"""Rows that differ in few columns, written without an object each: a country has millions of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max

if TYPE_CHECKING:
    from django.db.models import Model


def insert_alike(alike: Model, differing: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Each row is `alike` but for the columns named, whose values come as the database takes them."""
    same = [field for field in alike._meta.concrete_fields if field.attname not in differing]
    if "id" not in differing:
        same = [field for field in same if not field.primary_key]
    values = tuple(field.get_db_prep_save(getattr(alike, field.attname), connection) for field in same)
    columns = [*differing, *(field.attname for field in same)]
    table, marks = connection.ops.quote_name(alike._meta.db_table), ", ".join(["%s"] * len(columns))
    names = ", ".join(map(connection.ops.quote_name, columns))
    with transaction.atomic(), connection.cursor() as cursor:
        # Names of our own tables and columns; the values go beside it.
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", [row + values for row in rows])  # noqa: S608


def get_next_number(model: type[Model]) -> int:
    """For rows whose numbers others must know."""
    last: int | None = model._default_manager.aggregate(last=Max("pk"))["last"]
    return (last or 0) + 1


def count_on(*models: type[Model]) -> None:
    """From the numbers that were given: PostgreSQL counts by itself and knows none of them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
