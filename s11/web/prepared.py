"""Queries that are put into words once.

Django writes the same SQL anew each time it is asked. Where a request reads few rows, as the saving of one answer does,
that is most of what it takes; docs/decisions.md says how much.

    ROLES = Prepared(lambda: Membership.objects.filter(user=Later("user")).values_list("role"))
    ROLES.fetch(user=3)

A query is Django's own, with `Later` where a value comes later, and Django reads the rows. For what runs at every save
and with every page of an audit alone: elsewhere a query as Django has it reads better.

Whatever is in a query but not `Later` is as it was when it was first asked in this thread: never a day or a moment.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

from django.db import connections
from django.db.models import Field, Model, QuerySet, Value
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")


class Later(Value):
    """A value that comes when the query is asked. Numbers and texts are given as they are; a moment needs its field."""

    def __init__(self, name: str, made_by: Field[Any, Any] | None = None) -> None:
        super().__init__(name)
        self.name = name
        self.made_by = made_by

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Itself in the place of a parameter."""
        return "%s", [self]

    def prepare(self, given: Mapping[str, Any], connection: Any) -> Any:
        value = given[self.name]
        return value if self.made_by is None else self.made_by.get_db_prep_value(value, connection)


class Prepared(Generic[Row]):
    def __init__(self, make: Callable[[], QuerySet[Any, Row]]) -> None:
        """`make` is called at the first use: where this stands, no model is ready to be asked."""
        self._make: Final = make
        # A thread has connections of its own, and the compiler one of them.
        self._kept: Final = threading.local()

    def fetch(self, **given: Any) -> list[Row]:
        """One query."""
        statement = self._get_statement()
        rows: list[Row] = statement.fetch(given)
        return rows

    def first(self, **given: Any) -> Row | None:
        """One query, of which no more than one row is used."""
        found = self.fetch(**given)
        return found[0] if found else None

    def _get_statement(self) -> _Statement:
        kept: _Statement | None = getattr(self._kept, "statement", None)
        if kept is None or kept.connection is not connections[kept.alias]:
            kept = self._kept.statement = _Statement(self._make())
        return kept


class _Statement:
    """A query whose compiler has its words already, for one connection; Django reads its rows by that compiler."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self.alias: Final = queryset.db
        self.connection: Final = connections[self.alias]
        # Django asks this each time that it writes a statement; here that is once.
        self.locks: Final = (
            queryset.query.select_for_update and self.connection.features.has_select_for_update
        )
        compiler: Any = queryset.query.get_compiler(using=self.alias)
        self.sql, self.parameters = compiler.as_sql()
        # What Django asks for when it reads the rows, of this query alone: found out once, and told each time.
        converters = compiler.get_converters([column[0] for column in compiler.select])
        compiler.get_converters = lambda _: converters
        query: Any = queryset.query
        query.get_compiler = lambda *_, **__: compiler
        self.compiler: Final = compiler
        self.queryset: Final[Any] = queryset

    def fetch(self, given: Mapping[str, Any]) -> list[Any]:
        if self.locks and self.connection.get_autocommit():
            raise TransactionManagementError(
                "A row is locked only within a transaction: use transaction.atomic."
            )
        parameters = [
            one.prepare(given, self.connection) if isinstance(one, Later) else one for one in self.parameters
        ]
        self.compiler.as_sql = lambda *_, **__: (self.sql, parameters)
        return list(self.queryset._iterable_class(self.queryset))


def hold_related(row: Model, name: str, rows: QuerySet[Any], found: list[Any]) -> None:
    """As `prefetch_related` does: `row.name.all()` is answered by what was found. `rows` is the query for it."""
    held: Any = rows
    held._result_cache, held._prefetch_done = found, True
    cached: dict[str, Any] = row.__dict__.setdefault("_prefetched_objects_cache", {})
    cached[name] = held
