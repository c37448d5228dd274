"""What is known of the organisations that a batch of rows speaks of. As many queries for any batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Organisation, Participation, Partnership
from s11.organisations.registers.maps import ColumnMap
from s11.organisations.registers.plan import Known, LookAlike
from s11.organisations.registers.rows import make_key

NAMES = ("pk", "name", "closed_on", "parent", "successor", "has_lead", "is_elsewhere", "has_sites_elsewhere")
IDENTIFIERS = ("urn", "ods_code", "ofsted_number", "group_uid")


class Facts:
    """Of one partnership and register. `locks` keeps others from changing what is known until the transaction ends."""

    def __init__(self, partnership: Partnership, columns: ColumnMap, *, locks: bool = False) -> None:
        self.partnership = partnership
        self.columns = columns
        self.locks = locks
        self._rows, self._parents = self._get_look_alikes()

    def get_known(self, codes: Iterable[str]) -> Mapping[str, Known]:
        """By the register's identifier. Two queries."""
        return self._get(self.columns.identifier, codes)

    def get_known_parents(self, codes: Iterable[str]) -> Mapping[str, Known]:
        if not self.columns.parent_identifier:
            return {}
        return self._get(self.columns.parent_identifier, codes)

    def get_look_alikes(self, name: str) -> Sequence[LookAlike]:
        return self._rows.get(make_key(name), ())

    def get_parent_look_alikes(self, name: str) -> Sequence[LookAlike]:
        return self._parents.get(make_key(name), ())

    def get_names(self, codes: Iterable[str]) -> Mapping[str, tuple[int, str]]:
        """By identifier the organisation and its name. One query."""
        found = Organisation.objects.filter(**{f"{self.columns.identifier}__in": set(codes)})
        rows = found.order_by().values_list(self.columns.identifier, "pk", "name")
        return {code: (pk, name) for code, pk, name in rows}

    def get_active(self, codes: Sequence[str]) -> list[tuple[str, int, str]]:
        """Of these identifiers, organisations that take part here and are not known to be closed. One query."""
        field = f"organisation__{self.columns.identifier}"
        here = Participation.objects.active().filter(
            partnership=self.partnership, organisation__closed_on=None, **{f"{field}__in": codes}
        )
        return list(here.order_by(field).values_list(field, "organisation", "organisation__name"))

    def _get(self, field: str, codes: Iterable[str]) -> Mapping[str, Known]:
        wanted = {code for code in codes if code}
        if not wanted:
            return {}
        found = Organisation.objects.filter(**{f"{field}__in": wanted})
        if self.locks:
            # By row, in one order: two loads at once wait for each other instead of for ever.
            list(found.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk"))
        parent = f"parent__{self.columns.parent_identifier}" if self.columns.parent_identifier else ""
        names = (*NAMES, field, *((parent,) if parent else ()))
        rows: list[dict[str, Any]] = list(self._annotate(found).order_by().values(*names))
        here = {
            one.organisation_id: one
            for one in Participation.objects.filter(
                partnership=self.partnership, organisation__in=[row["pk"] for row in rows]
            ).order_by()
        }
        return {row[field]: _make_known(row, here.get(row["pk"]), parent) for row in rows}

    def _annotate(self, found: Any) -> Any:
        elsewhere = Participation.objects.exclude(partnership=self.partnership)
        leads = Membership.objects.active().filter(role=MembershipRole.LEAD, organisation=OuterRef("pk"))
        return found.annotate(
            has_lead=Exists(leads),
            is_elsewhere=Exists(elsewhere.filter(organisation=OuterRef("pk"))),
            # A trust is another partnership's as well where it has schools there.
            has_sites_elsewhere=Exists(elsewhere.filter(organisation__parent=OuterRef("pk"))),
        )

    def _get_look_alikes(self) -> tuple[dict[str, list[LookAlike]], dict[str, list[LookAlike]]]:
        """By how their names look: those here without the register's identifier, and possible parents. One query."""
        here = Participation.objects.filter(partnership=self.partnership).values("organisation")
        found = self._annotate(Organisation.objects.filter(pk__in=here, closed_on=None)).order_by("pk")
        rows: dict[str, list[LookAlike]] = defaultdict(list)
        parents: dict[str, list[LookAlike]] = defaultdict(list)
        names = ("pk", "name", "is_elsewhere", "has_sites_elsewhere", *IDENTIFIERS)
        for one in found.values(*names):
            is_shared = one["is_elsewhere"] or one["has_sites_elsewhere"]
            like = LookAlike(one["pk"], one["name"], is_shared)
            if not one[self.columns.identifier]:
                rows[make_key(one["name"])].append(like)
            # What has a URN is a school, though its trust may have its name.
            if not any(one[identifier] for identifier in IDENTIFIERS):
                parents[make_key(one["name"])].append(like)
        return dict(rows), dict(parents)


def _make_known(row: dict[str, Any], here: Participation | None, parent: str) -> Known:
    return Known(
        pk=row["pk"],
        name=row["name"],
        is_here=here is not None,
        is_active=here is not None and here.is_active,
        is_shared=row["is_elsewhere"] or row["has_sites_elsewhere"],
        has_lead=row["has_lead"],
        local_name=here.local_name if here else "",
        closed_on=row["closed_on"],
        parent=row["parent"],
        parent_code=(row[parent] if parent else "") or "",
        successor=row["successor"],
    )
