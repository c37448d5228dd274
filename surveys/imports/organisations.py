"""Organisations, their people and their invitations to a cycle, from a CSV file.

The whole file is held in memory: an area has some hundreds of organisations, the country tens of thousands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import models, transaction

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Organisation, Participation, Partnership
from s11.organisations.workflow import add_member, add_participation, can_join_at_once, get_or_make_user
from s11.web.text import plural
from surveys.cycle_plans import invite_to_cycle
from surveys.enums import Obligation
from surveys.imports.csv_files import CsvFile, Faults, Wrong
from surveys.imports.cycles import CycleOptions, get_or_make_cycle, get_or_make_partnership
from surveys.imports.organisation_rows import COLUMNS, OrganisationRow, read_organisation_rows
from surveys.models import Cycle, CycleQuestionnaire
from surveys.yaml_nodes import shown

# How many URNs are asked for in one query: a database takes only so many parameters.
AT_ONCE: Final = 500


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


def import_organisations(
    path: Path, *, partnership: str, cycle: CycleOptions | None = None
) -> OrganisationsImported:
    """Raises Refused, having changed nothing."""
    file = CsvFile(path, COLUMNS)
    faults = Faults()
    rows = read_organisation_rows(file, faults)
    with transaction.atomic():
        place = get_or_make_partnership(partnership)
        into = get_or_make_cycle(place, cycle) if cycle else None
        known = KnownOrganisations(place, (row.urn for row in rows))
        invitations = Invitations(into) if into else None
        matches = _match(rows, known, invitations, faults)
        faults.refuse_if_any(file.name)
        done = OrganisationsImported(
            cycle=into.slug if into else "", people=len({email for row in rows for email in row.emails})
        )
        for row in rows:
            _write(row, matches.get(row.line), known, invitations, done)
        if invitations:
            done.invited = invitations.write()
            done.invited_before = len(rows) - done.invited
    return done


class KnownOrganisations:
    """What the rows can mean: by URN anywhere, else by the name that an organisation has in this partnership."""

    def __init__(self, partnership: Partnership, urns: Iterable[str]) -> None:
        self.partnership = partnership
        self.participations = {
            one.organisation_id: one for one in partnership.participations.select_related("organisation")
        }
        self._by_name: dict[str, dict[int, Organisation]] = {}
        for participation in self.participations.values():
            organisation = participation.organisation
            for name in (organisation.name, participation.local_name):
                self._by_name.setdefault(name, {})[organisation.pk] = organisation
        listed = [urn for urn in urns if urn]
        self._by_urn = {
            organisation.urn: organisation
            for start in range(0, len(listed), AT_ONCE)
            for organisation in Organisation.objects.filter(urn__in=listed[start : start + AT_ONCE])
        }

    def find(self, row: OrganisationRow) -> Organisation | None:
        named = list(self._by_name.get(row.name, {}).values())
        known = self._by_urn.get(row.urn)
        if known:
            # Two schools may share a name, but then each has its URN.
            if any(other != known and not other.urn for other in named):
                raise Wrong(
                    f"the URN is that of {shown(known.name)}, and another organisation here has this name",
                    "write the URN of the one you mean, or leave it empty",
                )
            return known
        if row.urn:
            # Another URN is another school, of the same name.
            named = [one for one in named if not one.urn]
        if len(named) > 1:
            raise Wrong("several organisations here have this name", "write the URN of the one you mean")
        return named[0] if named else None


class Invitations:
    """Who is invited to the cycle already, and which question bank it pins for each variant."""

    def __init__(self, cycle: Cycle) -> None:
        self._cycle = cycle
        self._new: dict[Organisation, Obligation] = {}
        self._pinned: Mapping[str, CycleQuestionnaire] = {
            one.variant: one for one in cycle.cycle_questionnaires.all()
        }
        self._invitees = {
            one.organisation_id: one for one in cycle.invitees.select_related("cycle_questionnaire", "audit")
        }

    def check(self, row: OrganisationRow, organisation: Organisation | None) -> None:
        if row.variant not in self._pinned:
            variants = ", ".join(self._pinned)
            raise Wrong(
                f"{self._cycle.slug} asks nothing of the variant {row.variant}",
                f"use one that it asks ({variants}), or import the row without --cycle",
            )
        invitee = self._invitees.get(organisation.pk) if organisation else None
        if invitee and hasattr(invitee, "audit") and invitee.cycle_questionnaire.variant != row.variant:
            variant = invitee.cycle_questionnaire.variant
            raise Wrong(
                f"it answers {self._cycle.slug} as {variant} and has begun",
                f"write {variant}, or import the row without --cycle",
            )

    def add(self, row: OrganisationRow, organisation: Organisation) -> bool:
        """To be invited, unless it is already: then whether its invitation now has another question bank."""
        invitee = self._invitees.get(organisation.pk)
        if invitee is None:
            self._new[organisation] = Obligation.MUST if row.is_statutory else Obligation.MAY
            return False
        return _update(invitee, cycle_questionnaire=self._pinned[row.variant])

    def write(self) -> int:
        """Invite those who are not yet; their number."""
        return len(invite_to_cycle(cycle=self._cycle, invited=self._new, by=None))


def _match(
    rows: Iterable[OrganisationRow],
    known: KnownOrganisations,
    invitations: Invitations | None,
    faults: Faults,
) -> dict[int, Organisation]:
    """The organisation that is there already, by line; a fault for a row that contradicts it."""
    matches: dict[int, Organisation] = {}
    lines: dict[int, int] = {}
    for row in rows:
        column = "urn" if row.urn else "name"
        try:
            organisation = known.find(row)
            if organisation and organisation.pk in lines:
                first = lines[organisation.pk]
                raise Wrong(f"it is the same organisation as on line {first}", "keep one of the two rows")
            if organisation:
                matches[row.line] = organisation
                lines[organisation.pk] = row.line
            column = "variant"
            if invitations:
                invitations.check(row, organisation)
        except Wrong as fault:
            faults.add(row.line, column, fault)
    return matches


def _write(
    row: OrganisationRow,
    organisation: Organisation | None,
    known: KnownOrganisations,
    invitations: Invitations | None,
    done: OrganisationsImported,
) -> None:
    is_changed = False
    if organisation is None:
        organisation = Organisation.objects.create(name=row.name, variant=row.variant, urn=row.urn)
    else:
        # Its name stays: its lead changes that. A command is an operator's, so the other facts it may set.
        is_changed = _update(organisation, variant=row.variant, urn=row.urn or organisation.urn)
    is_new = organisation.pk not in known.participations
    is_changed |= _take_part(row, organisation, known)
    _add_people(row, organisation, known.partnership, done)
    if invitations:
        is_changed |= invitations.add(row, organisation)
    done.new += is_new
    done.changed += is_changed and not is_new
    done.unchanged += not is_changed and not is_new


def _take_part(row: OrganisationRow, organisation: Organisation, known: KnownOrganisations) -> bool:
    """What this partnership alone holds of it follows the file; a name other than its own becomes its name here."""
    participation = known.participations.get(organisation.pk) or Participation(is_active=False)
    was_active = participation.is_active
    if not was_active:
        participation = add_participation(
            partnership=known.partnership, organisation=organisation, is_statutory=row.is_statutory
        )
    local_name = participation.local_name if row.name == organisation.name else row.name
    is_changed = _update(participation, is_statutory=row.is_statutory, local_name=local_name)
    return is_changed or not was_active


def _add_people(
    row: OrganisationRow, organisation: Organisation, partnership: Partnership, done: OrganisationsImported
) -> None:
    """By Tenancy's rule, asked once before the first of them. No mail: their first sign-in is by password reset."""
    memberships = list(organisation.memberships.values_list("user__email", "role", "ended_at"))
    # A second address that has any role already, or asks for one, needs no other; the first is to be the lead.
    holders = {email for email, _, ended_at in memberships if not ended_at}
    leads = {email for email, role, ended_at in memberships if not ended_at and role == MembershipRole.LEAD}
    # Somebody ended it, and an old file must not bring back who has left.
    ended = {(email, role) for email, role, ended_at in memberships if ended_at}
    wanted = [
        (email, MembershipRole.CONTRIBUTOR if position else MembershipRole.LEAD)
        for position, email in enumerate(row.emails)
        if email not in (holders if position else leads)
    ]
    missing = [one for one in wanted if one not in ended]
    done.ended += len(wanted) - len(missing)
    if not missing:
        return
    at_once = can_join_at_once(organisation, partnership)
    for email, role in missing:
        add_member(
            user=get_or_make_user(email),
            organisation=organisation,
            role=role,
            at_once=at_once,
            through=partnership,
            notify=False,
        )
    done.joined += len(missing) if at_once else 0
    done.requests += 0 if at_once else len(missing)


def _update(instance: models.Model, **values: object) -> bool:
    """Write the facts that differ, if any do."""
    changed = [name for name, value in values.items() if getattr(instance, name) != value]
    for name in changed:
        setattr(instance, name, values[name])
    if changed:
        instance.save(update_fields=changed)
    return bool(changed)
