"""Writing what was planned, rows in bulk, and with each its entry in the trail, which bulk writes skip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from s11.organisations.models import Organisation, Participation, Partnership, User
from s11.organisations.models.organisations import make_organisation_slug
from s11.organisations.registers.maps import ColumnMap
from s11.organisations.registers.plan import ParentStep, Step

BATCH: Final = 500
# By row, the columns that change.
Changes = Mapping[int, Mapping[str, object]]


class Writer:
    """For one load, inside its transaction. `variant` and `is_statutory` are of what takes part anew."""

    def __init__(
        self,
        partnership: Partnership,
        columns: ColumnMap,
        *,
        variant: str,
        is_statutory: bool,
        by: User | None,
    ) -> None:
        self.partnership = partnership
        self.columns = columns
        self.variant = variant
        self.is_statutory = is_statutory
        self._trail = Trail(columns.register, by)

    def write_parents(self, steps: Sequence[ParentStep]) -> Mapping[str, int]:
        """By code, those that were made or found to be the same. A parent takes part nowhere by being one."""
        field = self.columns.parent_identifier
        new = [self._make(step.parent.name, field, step.code) for step in steps if step.make and step.parent]
        self._insert(new, ("name", "variant", field))
        adopted = {step.code: step.adopt for step in steps if step.adopt is not None}
        changes: dict[int, dict[str, object]] = {pk: {field: code} for code, pk in adopted.items()}
        for step in steps:
            if step.name and step.parent and step.parent.pk:
                changes[step.parent.pk] = {"name": step.name}
        self._update_organisations(changes)
        self._trail.write()
        return {getattr(one, field): one.pk for one in new} | adopted

    def write_steps(self, steps: Sequence[Step]) -> None:
        """The number of queries is the same for any number of steps up to a batch."""
        new = [self._make_from(step) for step in steps if step.make]
        self._insert(new, ("name", "variant", self.columns.identifier, "parent_id"))
        self._update_organisations({pk: facts for step in steps for pk, facts in self._list_national(step)})
        joining = {one.pk: (one.name, "") for one in new}
        for step in steps:
            if step.join and step.known:
                joining[step.known.pk] = (step.known.name, step.local_name or "")
        self._join(joining)
        self._update_local([step for step in steps if step.known and not step.join])
        self._trail.write()

    def write_later_parents(self, pairs: Mapping[str, str]) -> None:
        """By identifier the parent's; one that has not come about is left out."""
        listed = list(pairs.items())
        for start in range(0, len(listed), BATCH):
            part = dict(listed[start : start + BATCH])
            pks = self._find({*part, *part.values()})
            found = {pks[one]: pks[parent] for one, parent in part.items() if one in pks and parent in pks}
            self._update_organisations({pk: {"parent_id": parent} for pk, parent in found.items()})
        self._trail.write()

    def write_successors(self, pairs: Mapping[int, str]) -> None:
        """By organisation, the identifier of its successor."""
        listed = list(pairs.items())
        for start in range(0, len(listed), BATCH):
            part = dict(listed[start : start + BATCH])
            pks = self._find(set(part.values()))
            self._update_organisations(
                {pk: {"successor_id": pks[code]} for pk, code in part.items() if code in pks}
            )
        self._trail.write()

    def _find(self, codes: Iterable[str]) -> dict[str, int]:
        field = self.columns.identifier
        found = Organisation.objects.filter(**{f"{field}__in": codes}).order_by()
        return dict(found.values_list(field, "pk"))

    def _make(self, name: str, field: str, code: str) -> Organisation:
        return Organisation(
            name=name, slug=make_organisation_slug(name), variant=self.variant, **{field: code}
        )

    def _make_from(self, step: Step) -> Organisation:
        organisation = self._make(step.row.name, self.columns.identifier, step.row.code)
        organisation.parent_id = step.parent.pk if step.parent else None
        return organisation

    def _list_national(self, step: Step) -> Iterable[tuple[int, dict[str, object]]]:
        pk = step.adopt if step.adopt is not None else step.known.pk if step.known else None
        if pk is None:
            return
        facts: dict[str, object] = {}
        if step.adopt is not None:
            facts[self.columns.identifier] = step.row.code
        if step.name is not None:
            facts["name"] = step.name
        if step.closed_on is not None or step.reopen:
            facts["closed_on"] = step.closed_on
        if step.clear_parent or (step.set_parent and step.parent and step.parent.pk):
            facts["parent_id"] = step.parent.pk if step.parent else None
        if facts:
            yield pk, facts

    def _join(self, names: Mapping[int, tuple[str, str]]) -> None:
        """By organisation its name, and what this partnership calls it."""
        new = [
            Participation(
                partnership=self.partnership,
                organisation_id=pk,
                is_statutory=self.is_statutory,
                local_name=name,
            )
            for pk, (_, name) in names.items()
        ]
        shown = [f"{local or name} in {self.partnership}" for name, local in names.values()]
        self._insert(new, ("partnership_id", "organisation_id", "is_statutory", "local_name"), shown)

    def _update_local(self, steps: Iterable[Step]) -> None:
        changes: dict[int, dict[str, object]] = {}
        for step in steps:
            facts: dict[str, object] = {}
            if step.local_name is not None:
                facts["local_name"] = step.local_name
            if step.is_active is not None:
                facts["is_active"] = step.is_active
            if facts and step.known:
                changes[step.known.pk] = facts
        here = Participation.objects.filter(partnership=self.partnership, organisation__in=changes)
        rows = {one.pk: one for one in here.select_related("organisation", "partnership").order_by()}
        self._update(rows, {pk: changes[one.organisation_id] for pk, one in rows.items()})

    def _update_organisations(self, changes: Changes) -> None:
        found: QuerySet[Organisation] = Organisation.objects.filter(pk__in=changes).order_by()
        self._update({one.pk: one for one in found} if changes else {}, changes)

    def _insert(
        self, rows: Sequence[Model], names: Sequence[str], shown: Sequence[str] | None = None
    ) -> None:
        """`shown`: what each is called, where the row would have to ask the database."""
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, BATCH)
            for row, text in zip(rows, shown or [str(row) for row in rows], strict=True):
                new = {name.removesuffix("_id"): getattr(row, name) for name in names}
                self._trail.add(
                    row, {name: (None, value) for name, value in new.items() if value}, text, is_new=True
                )

    def _update(self, rows: Mapping[int, Model], changes: Changes) -> None:
        """Only what differs, so that the trail says nothing twice."""
        names: set[str] = set()
        changed = []
        for pk, row in rows.items():
            differ = {name: value for name, value in changes[pk].items() if getattr(row, name) != value}
            said = {name.removesuffix("_id"): (getattr(row, name), value) for name, value in differ.items()}
            for name, value in differ.items():
                setattr(row, name, value)
            if differ:
                names |= {name.removesuffix("_id") for name in differ}
                changed.append(row)
                self._trail.add(row, said, str(row))
        if changed:
            type(changed[0])._default_manager.bulk_update(changed, sorted(names), BATCH)


class Trail:
    """Entries of the trail, as saving a row by itself would have written them, with the register as their source."""

    def __init__(self, register: str, by: User | None) -> None:
        self._register = register
        self._by = by
        self._entries: list[LogEntry] = []

    def add(
        self, row: Model, changes: Mapping[str, tuple[object, object]], shown: str, *, is_new: bool = False
    ) -> None:
        entry: dict[str, Any] = {
            "content_type": ContentType.objects.get_for_model(row),
            "object_pk": str(row.pk),
            "object_id": row.pk,
            "object_repr": shown,
            "action": LogEntry.Action.CREATE if is_new else LogEntry.Action.UPDATE,
            "changes": {name: [str(before), str(after)] for name, (before, after) in changes.items()},
            "actor": self._by,
            "actor_email": self._by.email if self._by else None,
            "additional_data": {"register": self._register},
        }
        self._entries.append(LogEntry(**entry))

    def write(self) -> None:
        LogEntry.objects.bulk_create(self._entries, BATCH)
        self._entries.clear()
