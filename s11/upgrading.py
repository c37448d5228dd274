"""What the migrations that are still to run would mean for the release that serves meanwhile.

Told by kind of operation, so an opinion and no proof: docs/deploy.md says what a release must keep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection, models
from django.db.migrations import operations as ops
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED


class Effect(StrEnum):
    NONE = "disturbs nobody"
    LOOK = "look at it first"
    STOP = "stop the site first"


@dataclass(frozen=True, slots=True)
class Step:
    migration: str
    what: str
    effect: Effect
    reason: str = ""


# Of what is there, the old release knows the name or the shape.
CHANGES = (ops.RemoveField, ops.DeleteModel, ops.RenameField, ops.RenameModel, ops.AlterModelTable)
# Only in Python, or a table that the old release does not know.
ADDS = (ops.CreateModel, ops.AlterModelOptions, ops.AlterModelManagers, ops.RemoveIndex, ops.RenameIndex)
LOOKS = {
    ops.AddIndex: "writes to the table wait until it is built",
    ops.AddConstraint: "what the release that serves writes must keep to it already",
}


def get_steps() -> list[Step]:
    """In the order in which `migrate` would do them."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    plan = executor.migration_plan(graph.leaf_nodes())
    # What a newer release has applied is not known to this one.
    state = executor.loader.project_state(
        [one for one in executor.loader.applied_migrations if one in graph.nodes]
    )
    found: list[Step] = []
    for migration, _ in plan:
        for operation in migration.operations:
            before = state.clone()
            operation.state_forwards(migration.app_label, state)
            for effect, reason in judge(operation, migration.app_label, before, state):
                name = f"{migration.app_label}.{migration.name}"
                found.append(Step(name, operation.describe(), effect, reason))
    return found


def judge(
    operation: Operation, app: str, before: ProjectState, after: ProjectState
) -> Iterator[tuple[Effect, str]]:
    """One judgement, or one for each operation inside it."""
    if isinstance(operation, ops.SeparateDatabaseAndState):
        for one in operation.database_operations:
            yield from judge(one, app, before, after)
    elif isinstance(operation, ADDS):
        yield Effect.NONE, ""
    elif isinstance(operation, CHANGES):
        yield Effect.STOP, "the release that serves still uses it"
    elif isinstance(operation, ops.AddField):
        yield _judge_new(operation.field)
    elif isinstance(operation, ops.AlterField):
        yield _judge_altered(operation, app, before, after)
    else:
        yield Effect.LOOK, LOOKS.get(type(operation), "code or SQL of its own")


def _judge_new(field: models.Field[object, object]) -> tuple[Effect, str]:
    if field.many_to_many or field.null or getattr(field, "db_default", NOT_PROVIDED) is not NOT_PROVIDED:
        return Effect.NONE, ""
    return Effect.STOP, "the release that serves writes rows without it, and the database has no default"


def _judge_altered(
    operation: ops.AlterField, app: str, before: ProjectState, after: ProjectState
) -> tuple[Effect, str]:
    """Words, choices and validators live in Python alone; anything else may rewrite or lock the table."""
    key = (app, operation.model_name_lower)
    old, new = (state.models[key].fields[operation.name] for state in (before, after))
    return (
        (Effect.NONE, "")
        if _in_database(old) == _in_database(new)
        else (Effect.STOP, "the column changes, and the table may be locked while it does")
    )


def _in_database(field: models.Field[object, object]) -> tuple[object, ...]:
    _, path, args, named = field.deconstruct()
    return path, args, {name: value for name, value in named.items() if name not in field.non_db_attrs}
