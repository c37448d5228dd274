"""Statements that are put into words once.

Django writes the same SQL anew each time it is asked. Where a request reads and writes few rows, as the saving of one
answer does, that is most of what it takes.

    ROLES = Prepared(lambda: Membership.objects.filter(user=Later("user")).values_list("role"))
    ROLES.fetch(user=3)

A query is Django's own, with `Later` where a value comes later, and what is found comes as Django would give it: rows
of a model with what was selected beside them, or tuples. For what runs at every save and with every page of an audit
alone: elsewhere a query as Django has it reads better.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.query import get_related_populators
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
    """What Django's compiler made of a query, for one connection."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self.alias: Final = queryset.db
        self.connection: Final = connections[self.alias]
        compiler: Any = queryset.query.get_compiler(using=self.alias)
        self.sql, self.parameters = compiler.as_sql()
        # Django asks this each time that it writes a statement; here that is once.
        self.locks: Final = (
            queryset.query.select_for_update and self.connection.features.has_select_for_update
        )
        self.compiler: Final = compiler
        self.converters: Final = compiler.get_converters([column[0] for column in compiler.select])
        is_plain = queryset.query.values_select or not compiler.klass_info
        self.make_rows: Final = _make_tuples if is_plain else self._prepare_instances()

    def fetch(self, given: Mapping[str, Any]) -> list[Any]:
        if self.locks and self.connection.get_autocommit():
            raise TransactionManagementError(
                "A row is locked only within a transaction: use transaction.atomic."
            )
        parameters = [
            one.prepare(given, self.connection) if isinstance(one, Later) else one for one in self.parameters
        ]
        with self.connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows: Iterable[Any] = cursor.fetchall()
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        return self.make_rows(rows)

    def _prepare_instances(self) -> Callable[[Iterable[Any]], list[Any]]:
        """As Django's own ModelIterable does, with all that is the same for every row found out beforehand."""
        info, select, annotated = (
            self.compiler.klass_info,
            self.compiler.select,
            self.compiler.annotation_col_map or {},
        )
        begin, end = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[begin:end]]
        populators = get_related_populators(info, select, self.alias)  # type: ignore[call-arg]  # the stubs are newer

        def make(rows: Iterable[Any]) -> list[Any]:
            found = []
            for row in rows:
                one = info["model"].from_db(self.alias, names, row[begin:end])
                for populator in populators:
                    populator.populate(row, one)
                for name, position in annotated.items():
                    setattr(one, name, row[position])
                found.append(one)
            return found

        return make


def _make_tuples(rows: Iterable[Any]) -> list[Any]:
    return [tuple(row) for row in rows]


def hold_related(row: Model, name: str, rows: QuerySet[Any], found: list[Any]) -> None:
    """As `prefetch_related` does: `row.name.all()` is answered by what was found. `rows` is the query for it."""
    held: Any = rows
    held._result_cache, held._prefetch_done = found, True
    cached: dict[str, Any] = row.__dict__.setdefault("_prefetched_objects_cache", {})
    cached[name] = held


# Writing --------------------------------------------------------------------------------------------------------------


def update_row(row: Model, names: tuple[str, ...]) -> None:
    """These fields of a row that is there. Only of models without signals and without fields that fill themselves."""
    connection = connections[row._state.db or DEFAULT_DB_ALIAS]
    fields, sql = _get_update(type(row), names)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_get_values(row, fields, connection), row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"{row!r} is not there any more, so nothing was saved.")


def insert_row(row: Model) -> None:
    """A row to which nothing refers yet: its number is not asked for."""
    connection = connections[DEFAULT_DB_ALIAS]
    fields, sql = _get_insert(type(row))
    with connection.cursor() as cursor:
        cursor.execute(sql, _get_values(row, fields, connection))


Fields = tuple[Field[Any, Any], ...]


def _get_values(row: Model, fields: Fields, connection: Any) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


@cache
def _get_update(model: type[Model], names: tuple[str, ...]) -> tuple[Fields, str]:
    by_name = {field.name: field for field in model._meta.concrete_fields}
    fields = tuple(by_name[name] for name in names)
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    # Names of our own tables and columns; the values go beside it.
    return fields, f'UPDATE "{model._meta.db_table}" SET {columns} WHERE "{model._meta.pk.column}" = %s'  # noqa: S608


@cache
def _get_insert(model: type[Model]) -> tuple[Fields, str]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(["%s"] * len(fields))
    return fields, f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({values})'  # noqa: S608
