"""New rows by the thousand, as plain values: an instance for each would hold the database four times as long.

Nobody else writes on SQLite while an import does, so what can be done without the ORM's care for each value is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model

Value = int | str | bool | None


def insert_rows(
    model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Value]], **same: object
) -> None:
    """Rows of `names`, fields whose values the database takes as they are (a foreign key as its row's id).

    All other fields are `same` in every row, or have their default.
    """
    if not rows:
        return
    # Of plain tables only: nobody inherits from another, so every concrete field is a column here.
    fields: dict[str, Field[Any, Any]] = {
        one.name: one for one in model._meta.concrete_fields if not one.primary_key
    }
    varying = [fields.pop(name) for name in names]
    constant = [
        one.get_db_prep_save(same.pop(name) if name in same else one.get_default(), connection)
        for name, one in fields.items()
    ]
    assert not same, f"{model.__name__} has no such fields: {', '.join(same)}"
    columns = [connection.ops.quote_name(str(one.column)) for one in (*varying, *fields.values())]
    table = connection.ops.quote_name(model._meta.db_table)
    # Names of our own tables and columns; the values go beside it.
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(*row, *constant) for row in rows])
