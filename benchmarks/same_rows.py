"""The rows that an import made, by `bulk_create` alone: its floor. `python -m benchmarks.same_rows FILE AT_ONCE`.

FILE is the database after the import; the settings name a copy of what it was before. The last line is what it took.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from django.db.models import Model


def main(file: str, at_once: str) -> None:
    django.setup()
    from django.apps import apps  # noqa: PLC0415
    from django.db import connections, transaction  # noqa: PLC0415

    connections.databases["made"] = {**connections.databases["default"], "NAME": file}
    taken, rows = 0.0, 0
    with transaction.atomic():
        for model in apps.get_models(include_auto_created=True):
            for values in list_new(model, int(at_once)):
                begin = time.process_time()
                # As whoever has only its facts would: the instances are part of the floor.
                model._base_manager.bulk_create([model(**one) for one in values])
                taken += time.process_time() - begin
                rows += len(values)
    print(json.dumps({"processor": taken, "rows": rows}))


def list_new(model: type[Model], at_once: int) -> Iterator[list[dict[str, Any]]]:
    """In batches, the rows that only the other database has."""
    from django.db.models import AutoField  # noqa: PLC0415

    if not isinstance(model._meta.pk, AutoField):
        return  # sessions and tasks, which no import makes
    last = model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    made = model._base_manager.using("made").filter(pk__gt=last).order_by("pk")
    new = iter(made.values(*(one.attname for one in model._meta.concrete_fields)))
    while batch := list(islice(new, at_once)):
        yield batch


if __name__ == "__main__":
    main(*sys.argv[1:])
