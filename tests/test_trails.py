"""The database refuses to change or delete a line of a trail, whoever sends the statement."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, Final

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from s11.organisations.enums import AnonymisationReason
from s11.organisations.models import Anonymisation, Application, Membership
from s11.trails import TABLES
from tests.cells import taken_back
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

NOW: Final = timezone.now()
REFUSED: Final = "stays as it was"
TRAILS: Final = {
    model._meta.db_table: model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.db_table in TABLES
}
# What checks ask of a row, beside something in every column that must not be empty.
SAYING: Final[dict[str, dict[str, Any]]] = {
    "organisations_accesscheck": {"organisation_id": 1},
    "organisations_accesscheckline": {"membership_id": 1},
    "surveys_supportnote": {"text": "x"},
    "surveys_signoff": {"submission": 1},
    "accountability_lateletter": {"paper_id": 1},
    "surveys_escalation": {"message_id": 1},
    "accountability_voiceconsent": {"kind": "withdrawn"},
}
# May change, by a rule of its own.
OPEN: Final = {"organisations_accesscheck": {"taken_back_at", "taken_back_by_id"}}


def invent(field: models.Field[Any, Any]) -> Any:
    """Anything that fits into the column."""
    match field:
        case models.ForeignKey():
            return 1
        case models.JSONField():
            return {}
        case models.BooleanField():
            return False
        case models.DateTimeField():
            return NOW
        case models.DateField():
            return NOW.date()
        case models.TimeField():
            return datetime.time(9)
        case models.IntegerField():
            return 1
        case _:
            return field.choices[0][0] if field.choices else "x"


def invent_another(field: models.Field[Any, Any]) -> Any:
    match field:
        case models.JSONField():
            return {"other": 1}
        case models.BooleanField():
            return True
        case models.DateTimeField():
            return NOW - datetime.timedelta(days=1)
        case models.DateField():
            return NOW.date() - datetime.timedelta(days=1)
        case models.TimeField():
            return datetime.time(10)
        case models.ForeignKey() | models.IntegerField():
            # No row of a test has the large number, so it is a change wherever numbers begin.
            return 2**40 if isinstance(field, models.BigIntegerField) else 2
        case models.GenericIPAddressField():
            return "192.0.2.7"
        case _:
            return "y"


def write_line(model: type[models.Model]) -> None:
    """A row that names nothing that is there: nobody asks before the transaction ends, and it never does."""
    needed = (one for one in model._meta.concrete_fields if not (one.null or one.blank or one.primary_key))
    line = {one.attname: invent(one) for one in needed} | SAYING.get(model._meta.db_table, {})
    model._base_manager.bulk_create([model(**line)])


def is_refused(act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return REFUSED in str(error)
    return False


def send(statement: str) -> Callable[[], None]:
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return act


def list_acts(model: type[models.Model]) -> dict[str, Callable[[], object]]:
    table = model._meta.db_table
    rows: models.QuerySet[Any] = models.QuerySet(model)
    columns = [one for one in model._meta.concrete_fields if one.attname not in OPEN.get(table, ())]

    def change(field: models.Field[Any, Any]) -> Callable[[], object]:
        value = invent_another(field)
        return lambda: rows.update(**{field.name: value})

    acts: dict[str, Callable[[], object]] = {
        **{f"change {one.column}": change(one) for one in columns if not one.primary_key},
        "change its number": send(f"UPDATE {table} SET id = id + 1"),
        "delete": rows.delete,
        "delete unseen": lambda: rows._raw_delete("default"),
        "delete by SQL": send(f"DELETE FROM {table}"),
    }
    if connection.vendor == "sqlite":
        acts["write over it"] = send(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    return acts


def test_no_line_of_any_trail_is_changed_or_deleted() -> None:
    """Every table, every column, by the ORM and by hand."""
    assert TRAILS.keys() == set(TABLES)
    done = []
    for table, model in TRAILS.items():
        with taken_back():
            write_line(model)
            done += [f"{table}: {name}" for name, act in list_acts(model).items() if not is_refused(act)]
    assert done == []


def test_no_trail_is_emptied_as_a_whole() -> None:
    """The statement for it asks no trigger of a row."""
    if connection.vendor == "postgresql":
        assert [one for one in TABLES if not is_refused(send(f"TRUNCATE {one} CASCADE"))] == []


def test_every_table_that_calls_itself_append_only_is_one() -> None:
    called = {one._meta.db_table for one in apps.get_models() if "Append-only" in (one.__doc__ or "")}
    # The schedule and the log of destruction have rules of their own.
    assert {one for one in called - set(TABLES) if not one.startswith("retention_")} == set()


def test_only_a_name_goes_while_a_name_goes(cast: Cast) -> None:
    Anonymisation.objects.create(
        user=cast.lead,
        reason=AnonymisationReason.LEFT,
        asked_by=cast.administrator,
        due_at=NOW,
        is_under_way=True,
    )
    LogEntry.objects.update(
        actor_email="", remote_addr=None, remote_port=None, object_repr="x", changes={"name": []}
    )
    names = ("actor_email", "remote_addr", "remote_port", "object_repr", "changes")
    acts = {
        act: does
        for act, does in list_acts(LogEntry).items()
        if act not in {f"change {name}" for name in names}
    }
    assert [name for name, act in acts.items() if not is_refused(act)] == []
    assert {f"change {name}" for name in names} == list_acts(LogEntry).keys() - acts.keys()


def test_of_what_is_gone_only_a_request_to_take_part_takes_its_lines_along(cast: Cast) -> None:
    kept = Application.objects.create(
        partnership=cast.partnership, organisation_name="Dune Health", variant="general", token_hash="x"
    )
    gone = {"object_id": 0, "object_pk": "0", "object_repr": "Gone", "action": LogEntry.Action.CREATE}
    for model in (Application, Membership):
        LogEntry.objects.create(content_type=ContentType.objects.get_for_model(model), **gone)
    requests = LogEntry.objects.filter(content_type__model="application")
    assert is_refused(lambda: requests.filter(object_id=kept.pk).delete())
    assert is_refused(lambda: LogEntry.objects.filter(object_id=0, content_type__model="membership").delete())
    assert requests.filter(object_id=0).delete()[0] == 1
