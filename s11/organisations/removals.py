"""Taking things away with a way back: the kinds that can be, their rows lifted out of their tables, and put in again.

Each app names its kinds by `register_kind`. A verb that removes calls `remove`; whoever puts back calls `put_back`,
which does what the kind says: it looks again at the state of what the thing belongs to, then puts its rows in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, cast

from auditlog.context import disable_auditlog
from django.apps import apps
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.base import DeserializationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q
from django.db.models.deletion import Collector
from django.utils import timezone

from s11.organisations.models import Organisation, Partnership, Removal, User
from s11.organisations.models.removals import RemovalQuerySet
from s11.organisations.queries import Agency, Desk
from s11.web.errors import NotAllowed, NotInThisState, reason_why_not

# A row as it lies in `Removal.rows`: its model, its key, its columns.
Row = dict[str, Any]
Check = Callable[[Any], None]
Restore = Callable[[Removal, User], None]


def restore_rows(removal: Removal, by: User) -> None:
    """All that a kind does whose things depend on nothing that may have changed."""
    put_rows_back(removal)


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be removed. Checks get the Desk or Agency and ask the database nothing: a page makes them for each kind.

    `check` is who puts back what anybody removed, None for nobody; `own_check` who puts back what they removed
    themselves. Whoever may neither does not read on the page that there was one.
    """

    key: str
    check: Check | None
    own_check: Check | None = None
    restore: Restore = restore_rows
    is_agencys: bool = False
    # The trail of changes says nothing of it, for what was removed is for one person's eyes.
    is_quiet: bool = False
    # To put it back is to give a role: it asks who one is, as giving one does.
    gives_access: bool = False
    # Where the rows stayed and only say that they are out, such as evidence: what is left to do when the time is over.
    destroy: Callable[[Removal], None] | None = None

    @property
    def is_own(self) -> bool:
        return self.check is None


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    _kinds[kind.key] = kind


def list_kinds() -> list[Kind]:
    return list(_kinds.values())


# Removing -------------------------------------------------------------------------------------------------------------


class EveryRow(Collector):
    """Fetches what Django would delete unseen: it is to be kept."""

    def can_fast_delete(self, *args: object, **kwargs: object) -> bool:
        return False


@transaction.atomic
def remove(
    kind: str,
    *things: models.Model,
    title: str,
    partnership: Partnership | None = None,
    organisation: Organisation | None = None,
    marked: Iterable[models.Model] = (),
    by: User,
) -> Removal:
    """Take the rows out of their tables, with all that goes with them, and keep them; what protects them refuses.

    Those `marked` stay where they are: the caller writes into them that they are out.

    Things that protect each other come in the order in which they go: a cycle's invitees, then the cycle.
    """
    if kind not in _kinds:
        raise LookupError(f"{kind} is no kind that can be removed.")
    removal = Removal(
        kind=kind, title=title[:300], partnership=partnership, organisation=organisation, removed_by=by
    )
    for thing in things:
        lift(removal, [thing])
    mark(removal, marked)
    removal.save()
    return removal


def mark(removal: Removal, things: Iterable[models.Model]) -> None:
    """Rows that stay where they are, because others look back at them, and say themselves that they are out."""
    removal.rows = [*removal.rows, *({"model": one._meta.label_lower, "pk": one.pk} for one in things)]


def get_marked(removal: Removal, model: type[models.Model]) -> list[int]:
    """The keys of those of this model."""
    label = model._meta.label_lower
    return [row["pk"] for row in removal.rows if row["model"] == label and "fields" not in row]


def find_removals(kind: str, thing: models.Model) -> list[Removal]:
    """Those of a thing whose row stayed; its organisation removes few."""
    found = Removal.objects.removed().filter(kind=kind, organisation=vars(thing)["organisation_id"])
    return [one for one in found if thing.pk in get_marked(one, type(thing))]


def get_lifted(removal: Removal, model: type[models.Model]) -> list[Row]:
    label = model._meta.label_lower
    return [row for row in removal.rows if row["model"] == label and "fields" in row]


def lift(removal: Removal, things: Sequence[models.Model]) -> None:
    """Rows of one model; the removal is saved by the caller."""
    if not things:
        return
    collector = EveryRow(using=DEFAULT_DB_ALIAS, origin=things[0])
    collector.collect(things)
    # Earlier in the list lies what later rows name: what goes last is put back first.
    removal.rows = [
        *(row for model, rows in collector.data.items() for row in _write(model, rows)),
        *removal.rows,
    ]
    removal.links = [
        *removal.links,
        *(
            [field.model._meta.label_lower, field.name, one.pk, getattr(one, field.attname)]
            for (field, _), groups in collector.field_updates.items()
            for group in groups
            for one in cast("Iterable[models.Model]", group)
        ),
    ]
    collector.delete()


def _write(model: type[models.Model], rows: Iterable[models.Model]) -> list[Row]:
    """Tables between two others are rows of their own here, so their columns are left out of those beside them."""
    columns = [field.name for field in model._meta.concrete_fields]
    ordered = sorted(rows, key=lambda row: row.pk)
    return list(serializers.serialize("python", ordered, fields=columns))


# Putting back ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def put_back(*, removal: Removal, by: User) -> None:
    """As it was, by the rules of today. Raises NotInThisState, with a sentence, where they do not let it."""
    found = Removal.objects.select_for_update(of=("self",)).filter(pk=removal.pk, restored_at=None).first()
    kind = _kinds.get(removal.kind)
    if found is None or kind is None:
        raise NotInThisState(f"{removal} is back already, or is no longer kept. Nothing was changed.")
    with disable_auditlog() if kind.is_quiet else nullcontext():
        try:
            kind.restore(found, by)
        except ObjectDoesNotExist:
            raise _say_lost(found) from None
        found.restored_by, found.restored_at = by, timezone.now()
        found.rows, found.links = [], []
        found.save()


def put_rows_back(removal: Removal) -> None:
    """Into their tables; raises NotInThisState where a name is taken by now, or what they belonged to is gone."""
    tables: set[str] = set()
    lifted = [row for row in removal.rows if "fields" in row]
    try:
        with transaction.atomic():
            for one in serializers.deserialize("python", lifted, ignorenonexistent=True):
                one.save(force_insert=True)
                tables.add(one.object._meta.db_table)
    except DeserializationError:
        raise _say_lost(removal) from None
    except IntegrityError:
        raise NotInThisState(
            f"{removal} cannot be put back: there is another by the same name or in the same place by now. "
            "Rename or remove that one first."
        ) from None
    try:
        with transaction.atomic():
            connection.check_constraints(sorted(tables))
    except IntegrityError:
        raise _say_lost(removal) from None
    for label, field, pk, named in removal.links:
        # What names something else by now keeps it.
        rows = apps.get_model(label)._base_manager.filter(**{"pk": pk, field: None})
        rows.update(**{f"{field}_id": named})


def list_kept_files(removal: Removal) -> Iterator[str]:
    """The names of files that its rows name, though no table does while they are away."""
    for row in removal.rows:
        for field in apps.get_model(row["model"])._meta.concrete_fields:
            name = row.get("fields", {}).get(field.name)
            if isinstance(field, models.FileField) and name:
                yield name


def is_readable(removal: Removal) -> bool:
    """Whether this version of the platform still knows its kind and its tables."""
    try:
        list(serializers.deserialize("python", [row for row in removal.rows if "fields" in row]))
    except DeserializationError:
        return False
    return removal.kind in _kinds


def reserve_keys() -> None:
    """A database that was filled from a backup counts on from what lies in its tables: here lie keys beyond that."""
    last: dict[str, int] = {}
    for rows in Removal.objects.removed().values_list("rows", flat=True).iterator():
        for row in rows:
            last[row["model"]] = max(last.get(row["model"], 0), row["pk"])
    with connection.cursor() as cursor:
        for label, key in last.items():
            _count_on_from(cursor, apps.get_model(label), key)


def _count_on_from(cursor: CursorWrapper, model: type[models.Model], key: int) -> None:
    table, column = model._meta.db_table, model._meta.pk.column
    if not isinstance(model._meta.pk, models.AutoField):
        return
    if connection.vendor == "sqlite":
        cursor.execute("UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s", [key, table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, key])
        return
    highest = max(key, model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0)
    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{table}"', column, highest])


def _say_lost(removal: Removal) -> NotInThisState:
    return NotInThisState(f"{removal} cannot be put back: what it belonged to is no longer there.")


# Whose it is ----------------------------------------------------------------------------------------------------------


def list_here(place: Desk | Agency, user: User) -> RemovalQuerySet:
    """All that was removed in this place, put back or not; of what is for one person’s eyes, their own."""
    if isinstance(place, Desk):
        here = Q(partnership=place.partnership, organisation=None)
    else:
        here = Q(organisation=place.organisation) & (Q(partnership=None) | Q(partnership=place.partnership))
    own = [kind.key for kind in _kinds.values() if kind.is_own]
    return Removal.objects.filter(here, ~Q(kind__in=own) | Q(removed_by=user))


def list_removed(place: Desk | Agency, user: User) -> models.QuerySet[Removal]:
    """What is still away and this person may put back, the newest first, with who removed it."""
    anybodys, own = [], []
    for kind in _kinds.values():
        if kind.is_agencys != isinstance(place, Agency):
            continue
        if kind.check is not None and not reason_why_not(kind.check, place):
            anybodys.append(kind.key)
        elif kind.own_check is not None and not reason_why_not(kind.own_check, place):
            own.append(kind.key)
    theirs = Q(kind__in=anybodys) | Q(kind__in=own, removed_by=user)
    return list_here(place, user).removed().filter(theirs).select_related("removed_by")


def check_can_put_back(place: Desk | Agency, removal: Removal, user: User) -> None:
    """As `list_removed` lists."""
    kind = _kinds.get(removal.kind)
    if kind is None:
        raise NotAllowed(
            "This cannot be put back any more. Write to whoever supports the site if it is missed."
        )
    is_theirs = kind.own_check is not None and removal.removed_by_id == user.pk
    check = kind.own_check if is_theirs and kind.own_check is not None else kind.check
    assert check is not None  # one for one person’s eyes is theirs
    check(place)


def gives_access(removal: Removal) -> bool:
    kind = _kinds.get(removal.kind)
    return kind is not None and kind.gives_access


# When the time is over ------------------------------------------------------------------------------------------------


@transaction.atomic
def destroy_removal(removal: Removal) -> None:
    """For good; only retention decides that. What was put back is not touched, the record of it goes."""
    found = Removal.objects.select_for_update(of=("self",)).filter(pk=removal.pk).first()
    if found is None:
        return
    kind = _kinds.get(found.kind)
    if found.restored_at is None and kind is not None and kind.destroy is not None:
        kind.destroy(found)
    found.delete()
