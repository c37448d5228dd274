"""What is said of migrations before they run, by kind of operation."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations import operations as ops
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

from s11.upgrading import Effect, judge

TITLE = models.CharField(max_length=200)


def state_of(field: models.Field[Any, Any]) -> ProjectState:
    found = ProjectState()
    found.add_model(
        ModelState("app", "Plan", [("id", models.BigAutoField(primary_key=True)), ("title", field)])
    )
    return found


@pytest.mark.parametrize(
    ("operation", "effect"),
    [
        (ops.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]), Effect.NONE),
        (ops.AddField("plan", "note", models.CharField(max_length=9, null=True)), Effect.NONE),
        (ops.AddField("plan", "note", models.CharField(max_length=9, db_default="")), Effect.NONE),
        (ops.AddField("plan", "note", models.CharField(max_length=9, default="")), Effect.STOP),
        (ops.RemoveField("plan", "title"), Effect.STOP),
        (ops.DeleteModel("Plan"), Effect.STOP),
        (ops.RenameField("plan", "title", "name"), Effect.STOP),
        (
            ops.AlterField("plan", "title", models.CharField(max_length=200, help_text="New words.")),
            Effect.NONE,
        ),
        (ops.AlterField("plan", "title", models.CharField(max_length=300)), Effect.STOP),
        (ops.AddIndex("plan", models.Index(fields=["title"], name="plan_title")), Effect.LOOK),
        (ops.RunSQL("SELECT 1"), Effect.LOOK),
        (ops.RunPython(ops.RunPython.noop), Effect.LOOK),
        (ops.SeparateDatabaseAndState([ops.DeleteModel("Plan")]), Effect.STOP),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_an_operation_means(operation: Operation, effect: Effect) -> None:
    before, after = state_of(TITLE), state_of(TITLE)
    operation.state_forwards("app", after)
    assert [one for one, _ in judge(operation, "app", before, after)] == [effect]


@pytest.mark.django_db
def test_the_command_names_what_is_to_come(settings: Any) -> None:
    # Without this, tests know no migrations.
    settings.MIGRATION_MODULES = {}
    out = StringIO()
    call_command("plan_upgrade", stdout=out)
    assert out.getvalue() == "No migration is to be run.\n"
    MigrationRecorder(connection).record_unapplied("s11", "0004_nobody_edits_consents")
    call_command("plan_upgrade", stdout=out)
    assert "s11.0004_nobody_edits_consents: " in out.getvalue()
    assert out.getvalue().endswith(
        "The site can go on serving once somebody has looked at what is marked above.\n"
    )
