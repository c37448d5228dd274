"""Many rows of whole numbers and texts, as the database's own driver gives them.

Django looks at each value of each row, although of these kinds nothing is to be converted. Over the hundred thousand
rows that figures are made of, that is more than reading them takes. Moments, decimals and yes or no differ between
databases: of those Django's own rows are right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

# So many are made into rows at a time; PostgreSQL’s client holds the whole answer meanwhile.
BATCH: Final = 5_000


def read_plain_rows(rows: QuerySet[Any, tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Of a query made with `values_list`, which is left as it is. One query."""
    try:
        statement, parameters = rows.query.get_compiler(using=rows.db).as_sql()
    except EmptyResultSet:
        return
    with connections[rows.db].cursor() as cursor:
        cursor.execute(statement, parameters)
        while batch := cursor.fetchmany(BATCH):
            yield from batch
