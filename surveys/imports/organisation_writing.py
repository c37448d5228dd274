"""Writing an organisations file that has been checked: in batches, with a fixed number of queries where all is new.

What is there already is looked at in a few queries a batch, and written by itself where the file says something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db import models

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Organisation, Participation, Partnership
from s11.organisations.workflow import (
    NewPlace,
    add_member,
    add_new_organisations,
    add_participation,
    can_join_at_once,
    get_or_make_user,
)
from s11.web.text import plural
from surveys.cycle_plans import invite_to_cycle
from surveys.enums import Obligation
from surveys.imports.csv_files import Wrong
from surveys.imports.organisation_rows import OrganisationRow
from surveys.models import Cycle, CycleQuestionnaire, Invitee

ROWS_AT_ONCE: Final = 500


@dataclass(slots=True)
class OrganisationsImported:
    """What an import did."""

    cycle: str = ""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    people: int = 0
    joined: int = 0
    requests: int = 0
    ended: int = 0
    invited: int = 0
    invited_before: int = 0

    @property
    def is_change(self) -> bool:
        return bool(self.new or self.changed or self.joined or self.requests or self.invited)

    def __str__(self) -> str:
        organisations = plural(self.new + self.changed + self.unchanged, "organisation")
        change = f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} as before"
        people = f"{plural(self.people, 'person', 'people')}: {plural(self.joined, 'new role')}"
        lines = [f"{organisations}: {change}; {people}."]
        if self.requests:
            lines.append(
                f"{plural(self.requests, 'role')} waiting: the organisation's lead must accept, or where it has "
                "none, an officer of each partnership it is in."
            )
        if self.ended:
            lines.append(
                f"{plural(self.ended, 'role')} left out, because somebody has ended it: invite the person again."
            )
        if self.cycle:
            lines.append(f"{self.invited:,} invited to {self.cycle}, {self.invited_before:,} invited before.")
        if not self.is_change:
            lines.append("Nothing changed.")
        return "\n".join(lines)


class Invited(NamedTuple):
    """Who is in the cycle already, and under which variant."""

    invitee: int
    variant: str
    has_begun: bool


class Invitations:
    """Who is invited to the cycle already, and which question bank it pins for each variant."""

    def __init__(self, cycle: Cycle) -> None:
        self._cycle = cycle
        self._pinned: Mapping[str, CycleQuestionnaire] = {
            one.variant: one for one in cycle.cycle_questionnaires.all()
        }
        self._invited = {
            organisation: Invited(invitee, variant, audit is not None)
            for organisation, invitee, variant, audit in cycle.invitees.order_by()
            .values_list("organisation", "pk", "cycle_questionnaire__variant", "audit")
            .iterator()
        }

    def check(self, row: OrganisationRow, organisation: int | None) -> None:
        if row.variant not in self._pinned:
            variants = ", ".join(self._pinned)
            raise Wrong(
                f"{self._cycle.slug} asks nothing of the variant {row.variant}",
                f"use one that it asks ({variants}), or import the row without --cycle",
            )
        invited = self._invited.get(organisation) if organisation else None
        if invited and invited.has_begun and invited.variant != row.variant:
            raise Wrong(
                f"it answers {self._cycle.slug} as {invited.variant} and has begun",
                f"write {invited.variant}, or import the row without --cycle",
            )

    def move(self, row: OrganisationRow, organisation: Organisation) -> bool:
        """Whether its invitation now has another question bank."""
        invited = self._invited.get(organisation.pk)
        if invited is None or invited.variant == row.variant:
            return False
        invitee = Invitee.objects.get(pk=invited.invitee)
        return _update(invitee, cycle_questionnaire=self._pinned[row.variant])

    def invite(self, rows: Iterable[tuple[OrganisationRow, Organisation]]) -> int:
        """Those who are not yet; their number."""
        new = {
            organisation: Obligation.MUST if row.is_statutory else Obligation.MAY
            for row, organisation in rows
            if organisation.pk not in self._invited
        }
        return len(invite_to_cycle(cycle=self._cycle, invited=new, by=None)) if new else 0


class Writer:
    """`matches`: by line, the organisation that is there already."""

    def __init__(
        self,
        partnership: Partnership,
        matches: Mapping[int, int],
        invitations: Invitations | None,
        done: OrganisationsImported,
    ) -> None:
        self._partnership = partnership
        self._matches = matches
        self._invitations = invitations
        self._done = done

    def write(self, rows: Sequence[OrganisationRow]) -> None:
        for begin in range(0, len(rows), ROWS_AT_ONCE):
            batch = rows[begin : begin + ROWS_AT_ONCE]
            known = [row for row in batch if row.line in self._matches]
            new = [row for row in batch if row.line not in self._matches]
            there = [*self._write_known(known), *self._write_new(new)]
            if self._invitations:
                self._done.invited += self._invitations.invite(there)

    def _write_new(self, rows: Sequence[OrganisationRow]) -> Iterable[tuple[OrganisationRow, Organisation]]:
        if not rows:
            return ()
        made = add_new_organisations(
            partnership=self._partnership,
            places=[NewPlace(row.name, row.variant, row.urn, row.is_statutory, row.emails) for row in rows],
        )
        self._done.new += len(made)
        self._done.joined += sum(len(row.emails) for row in rows)
        return zip(rows, made, strict=True)

    def _write_known(self, rows: Sequence[OrganisationRow]) -> Iterable[tuple[OrganisationRow, Organisation]]:
        if not rows:
            return ()
        pks = [self._matches[row.line] for row in rows]
        organisations = Organisation.objects.in_bulk(pks)
        here = {
            one.organisation_id: one for one in self._partnership.participations.filter(organisation__in=pks)
        }
        roles = _get_roles(pks)
        found = [(row, organisations[pk]) for row, pk in zip(rows, pks, strict=True)]
        for row, organisation in found:
            self._write_one(row, organisation, here.get(organisation.pk), roles.get(organisation.pk, []))
        return found

    def _write_one(
        self, row: OrganisationRow, organisation: Organisation, here: Participation | None, roles: list[Role]
    ) -> None:
        # Its name stays: its lead changes that. A command is an operator's, so the other facts it may set.
        is_changed = _update(organisation, variant=row.variant, urn=row.urn or organisation.urn)
        is_changed |= self._take_part(row, organisation, here)
        self._add_people(row, organisation, roles)
        if self._invitations:
            is_changed |= self._invitations.move(row, organisation)
        is_new = here is None
        self._done.new += is_new
        self._done.changed += is_changed and not is_new
        self._done.unchanged += not is_changed and not is_new

    def _take_part(
        self, row: OrganisationRow, organisation: Organisation, here: Participation | None
    ) -> bool:
        """What this partnership alone holds of it follows the file; another name than its own becomes its name here."""
        was_active = here is not None and here.is_active
        if here is None or not was_active:
            here = add_participation(
                partnership=self._partnership, organisation=organisation, is_statutory=row.is_statutory
            )
        local_name = here.local_name if row.name == organisation.name else row.name
        is_changed = _update(here, is_statutory=row.is_statutory, local_name=local_name)
        return is_changed or not was_active

    def _add_people(self, row: OrganisationRow, organisation: Organisation, roles: list[Role]) -> None:
        """By Tenancy's rule, asked once before the first of them. No mail: they sign in first by password reset."""
        # A second address that has any role already, or asks for one, needs no other; the first is to be the lead.
        holders = {one.email for one in roles if not one.is_ended}
        leads = {one.email for one in roles if not one.is_ended and one.role == MembershipRole.LEAD}
        # Somebody ended it, and an old file must not bring back who has left.
        ended = {(one.email, one.role) for one in roles if one.is_ended}
        wanted = [
            (email, MembershipRole.CONTRIBUTOR if position else MembershipRole.LEAD)
            for position, email in enumerate(row.emails)
            if email not in (holders if position else leads)
        ]
        missing = [one for one in wanted if one not in ended]
        self._done.ended += len(wanted) - len(missing)
        if not missing:
            return
        at_once = can_join_at_once(organisation, self._partnership)
        for email, role in missing:
            add_member(
                user=get_or_make_user(email),
                organisation=organisation,
                role=role,
                at_once=at_once,
                through=self._partnership,
                notify=False,
            )
        self._done.joined += len(missing) if at_once else 0
        self._done.requests += 0 if at_once else len(missing)


class Role(NamedTuple):
    """Somebody’s role, or their request for one."""

    email: str
    role: str
    is_ended: bool


def _get_roles(organisations: Sequence[int]) -> dict[int, list[Role]]:
    """By organisation. One query."""
    roles: dict[int, list[Role]] = {}
    found = Membership.objects.filter(organisation__in=organisations).order_by()
    for organisation, email, role, ended_at in found.values_list(
        "organisation", "user__email", "role", "ended_at"
    ):
        roles.setdefault(organisation, []).append(Role(email, role, ended_at is not None))
    return roles


def _update(instance: models.Model, **values: object) -> bool:
    """Write the facts that differ, if any do."""
    changed = [name for name, value in values.items() if getattr(instance, name) != value]
    for name in changed:
        setattr(instance, name, values[name])
    if changed:
        instance.save(update_fields=changed)
    return bool(changed)
