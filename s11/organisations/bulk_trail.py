"""The trail of rows that were made in bulk, which it does not see: as saving each would have written it in a command,
where nobody is signed in: a page must say who it was, and cannot use this.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from auditlog.cid import get_cid
from auditlog.diff import get_field_value, get_mask_function, track_field
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db.models import Field, Model

AT_ONCE: Final = 500
Fields = tuple[tuple["Field[Any, Any]", bool], ...]


def write_creations(rows: Iterable[Model]) -> None:
    """Of models that the trail is kept of; whatever their names are made of must be at hand."""
    LogEntry.objects.bulk_create((_make_entry(row) for row in rows), AT_ONCE)


def _make_entry(row: Model) -> LogEntry:
    return LogEntry(
        content_type=ContentType.objects.get_for_model(row),
        object_pk=str(row.pk),
        object_id=row.pk,
        object_repr=str(row),
        action=LogEntry.Action.CREATE,
        changes=_list_facts(row),
        cid=get_cid(),
    )


def _list_facts(row: Model) -> dict[str, tuple[str | None, Any]]:
    """What auditlog finds, without the still empty list of each table that refers to the row."""
    facts: dict[str, tuple[str | None, Any]] = {}
    for field, is_masked in _get_fields(type(row)):
        value = get_field_value(row, field, use_json_for_changes=True)
        if value is None:
            continue
        if is_masked:
            mask = get_mask_function()
            facts[field.name] = (mask("None"), mask(str(value)))
        else:
            is_plain = isinstance(value, bool | int | float | str | list | dict)
            facts[field.name] = (None, value if is_plain else str(value))
    return facts


@cache
def _get_fields(model: type[Model]) -> Fields:
    """Each with whether the trail shows only a part of it."""
    kept = auditlog.get_model_fields(model)
    fields = [field for field in model._meta.concrete_fields if track_field(field)]
    return tuple(
        (field, field.name in kept["mask_fields"])
        for field in fields
        if field.name not in kept["exclude_fields"]
        and (not kept["include_fields"] or field.name in kept["include_fields"])
    )
