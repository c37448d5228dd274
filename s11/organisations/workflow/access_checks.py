"""The yearly check of who has access: what is said is done there and then, and kept; and a check can be taken back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from s11.organisations.access_checks import TAKE_BACK_DAYS
from s11.organisations.enums import AccessOutcome, MembershipRole, OfficerRole
from s11.organisations.models import (
    AccessCheck,
    AccessCheckLine,
    Contact,
    GroupAccess,
    Membership,
    Officer,
    Organisation,
    Partnership,
    User,
)
from s11.organisations.workflow.contacts import change_contact, end_contact
from s11.organisations.workflow.groups import end_access
from s11.organisations.workflow.people import (
    add_member,
    appoint_officer,
    end_membership,
    end_office,
    lock_organisation,
)
from s11.organisations.workflow.sessions import end_sessions
from s11.web.errors import NotInThisState

Outcomes = Mapping[int, AccessOutcome]


@dataclass(frozen=True, slots=True)
class Said:
    """By key, what was said of each person, contact and group; of contacts also their facts as they are right."""

    people: Outcomes
    groups: Outcomes = field(default_factory=dict)
    contacts: Outcomes = field(default_factory=dict)
    facts: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@transaction.atomic
def check_organisation(*, organisation: Organisation, said: Said, by: User) -> AccessCheck:
    """Whoever joined meanwhile is kept, and who checks confirms themselves: a lead leaves by handing over."""
    lock_organisation(organisation)
    memberships = list(organisation.memberships.active().select_related("user", "organisation"))
    if not any(one.user_id == by.pk and one.role == MembershipRole.LEAD for one in memberships):
        raise NotInThisState(f"You are no longer a lead of {organisation}. Nothing was changed.")
    found = AccessCheck.objects.create(organisation=organisation, by=by)
    people = {**said.people, by.pk: AccessOutcome.CONFIRMED}
    lines = [
        AccessCheckLine(
            access_check=found, membership=one, outcome=people.get(one.user_id, AccessOutcome.KEPT)
        )
        for one in memberships
    ]
    lines += _check_contacts(found, organisation, said)
    lines += _check_groups(found, organisation, said)
    AccessCheckLine.objects.bulk_create(lines)
    for one in memberships:
        if people.get(one.user_id) == AccessOutcome.ENDED:
            end_membership(membership=one, by=by)
    _end_sessions(one.user for one in memberships if people.get(one.user_id) == AccessOutcome.ENDED)
    return found


def _check_contacts(found: AccessCheck, organisation: Organisation, said: Said) -> list[AccessCheckLine]:
    """Changed where something else was entered, so that the trail holds changes alone."""
    contacts = Contact.objects.current().filter(
        participation__organisation=organisation, pk__in=said.contacts
    )
    lines = []
    for contact in contacts.select_related("participation"):
        outcome = said.contacts[contact.pk]
        facts = said.facts.get(contact.pk, {})
        if outcome == AccessOutcome.ENDED:
            end_contact(contact=contact, by=found.by)
        elif any(getattr(contact, name) != value for name, value in facts.items()):
            change_contact(contact=contact, **{"email": contact.email, **facts})
        lines.append(AccessCheckLine(access_check=found, contact=contact, outcome=outcome))
    return lines


def _check_groups(found: AccessCheck, organisation: Organisation, said: Said) -> list[AccessCheckLine]:
    accesses = GroupAccess.objects.active().filter(site=organisation, pk__in=said.groups)
    lines = []
    for access in accesses.select_related("site", "group"):
        outcome = said.groups[access.pk]
        if outcome == AccessOutcome.ENDED:
            end_access(access=access, by=found.by)
        lines.append(AccessCheckLine(access_check=found, group_access=access, outcome=outcome))
    return lines


@transaction.atomic
def check_officers(*, partnership: Partnership, said: Said, by: User) -> AccessCheck:
    """The same of a partnership's own people, by an administrator."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    offices = list(Officer.objects.active().filter(partnership=partnership).select_related("user"))
    if not any(one.user_id == by.pk and one.role == OfficerRole.ADMINISTRATOR for one in offices):
        raise NotInThisState(f"You are no longer an administrator of {partnership}. Nothing was changed.")
    found = AccessCheck.objects.create(partnership=partnership, by=by)
    people = {**said.people, by.pk: AccessOutcome.CONFIRMED}
    AccessCheckLine.objects.bulk_create(
        AccessCheckLine(access_check=found, office=one, outcome=people.get(one.user_id, AccessOutcome.KEPT))
        for one in offices
    )
    ended = [one for one in offices if people.get(one.user_id) == AccessOutcome.ENDED]
    for one in ended:
        end_office(office=one, by=by)
    _end_sessions(one.user for one in ended)
    return found


def _end_sessions(people: Iterable[User]) -> None:
    """Of those who have nothing left anywhere: pages ask for the role itself, but nobody need stay signed in."""
    left = {one.pk: one for one in people}
    stay = set(Membership.objects.active().filter(user__in=left).values_list("user", flat=True))
    stay |= set(Officer.objects.active().filter(user__in=left).values_list("user", flat=True))
    for key in left.keys() - stay:
        end_sessions(left[key])


@transaction.atomic
def take_back_check(*, access_check: AccessCheck, by: User) -> None:
    """Confirmed by mistake: those whom it ended have their roles again, and the check is due as it was before.

    Contacts that were put right stay right. A group's access that ended has to be offered anew: the other side agrees
    to it too, and has been told that it ended.
    """
    place = access_check.organisation or access_check.partnership
    assert place is not None  # the check constraint promises one
    type(place).objects.select_for_update().get(pk=place.pk)
    access_check.refresh_from_db(fields=["at", "taken_back_at"])
    if access_check.taken_back_at is not None:
        raise NotInThisState("This check has been taken back already. Nothing was changed.")
    newest = place.access_checks.standing().first()
    if newest != access_check:
        raise NotInThisState("There has been another check since. Nothing was changed.")
    now = timezone.now()
    if now > access_check.at + datetime.timedelta(days=TAKE_BACK_DAYS + 1):
        raise NotInThisState(
            f"A check can be taken back for {TAKE_BACK_DAYS} days. Invite whoever is missing instead."
        )
    access_check.taken_back_at, access_check.taken_back_by = now, by
    access_check.save(update_fields=["taken_back_at", "taken_back_by"])
    ended = access_check.lines.filter(outcome=AccessOutcome.ENDED)
    for line in ended.select_related(
        "membership__user", "membership__organisation", "office__user", "contact"
    ):
        _give_back(line, access_check)


def _give_back(line: AccessCheckLine, access_check: AccessCheck) -> None:
    if line.membership is not None:
        add_member(
            user=line.membership.user,
            organisation=line.membership.organisation,
            role=MembershipRole(line.membership.role),
            at_once=True,
        )
    if line.office is not None:
        assert access_check.partnership is not None  # its lines are about its offices
        appoint_officer(
            user=line.office.user,
            partnership=access_check.partnership,
            role=OfficerRole(line.office.role),
        )
    if line.contact is not None:
        line.contact.ended_at = line.contact.ended_by = None
        try:
            with transaction.atomic():
                line.contact.save(update_fields=["ended_at", "ended_by"])
        except IntegrityError:
            return  # the officers have entered the same person again meanwhile
