"""What people and organisations may take away here, and what is looked at again before it is put back."""

from __future__ import annotations

from functools import partial

from django.db import IntegrityError, transaction

from s11.organisations import emails
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Contact, Membership, Officer, Removal, User
from s11.organisations.permissions import check_can_administer, check_can_manage_people, check_can_organise
from s11.organisations.removals import Kind, get_marked, register_kind
from s11.organisations.workflow.people import add_member, appoint_officer, lock_organisation
from s11.web.errors import NotInThisState


def register_kinds() -> None:
    for kind in (
        Kind("mail_domain", check_can_organise),
        Kind("contact", check_can_organise, restore=put_contact_back),
        Kind("person", check_can_manage_people, restore=put_person_back, is_agencys=True, gives_access=True),
        Kind("office", check_can_administer, restore=put_office_back, gives_access=True),
    ):
        register_kind(kind)


def put_contact_back(removal: Removal, by: User) -> None:
    """Its row was ended and stayed, for what the contact was sent."""
    contact = Contact.objects.select_for_update(of=("self",)).select_related("participation__organisation")
    found = contact.get(pk__in=get_marked(removal, Contact))
    if not found.participation.is_active:
        raise NotInThisState(
            f"{removal} cannot be put back: {found.participation.name} no longer takes part. Make it active again "
            "first."
        )
    found.ended_at = found.ended_by = None
    try:
        with transaction.atomic():
            found.save(update_fields=["ended_at", "ended_by"])
    except IntegrityError:
        raise NotInThisState(
            f"{removal} cannot be put back: somebody else is a contact of this kind at the same address by now."
        ) from None


def put_person_back(removal: Removal, by: User) -> None:
    """The roles that the person had, as new ones from today: the ended ones stay, for the trail. They are told."""
    ended = Membership.objects.filter(pk__in=get_marked(removal, Membership), started_at__isnull=False)
    for one in ended.select_related("user", "organisation"):
        lock_organisation(one.organisation)
        _check_has_account(removal, one.user)
        role = MembershipRole(one.role)
        if not one.organisation.memberships.active().filter(user=one.user, role=role).exists():
            given = add_member(user=one.user, organisation=one.organisation, role=role, at_once=True)
            transaction.on_commit(partial(emails.send_role_given, given), robust=True)


def put_office_back(removal: Removal, by: User) -> None:
    """A new term of the same role."""
    office = Officer.objects.select_related("user", "partnership").get(pk__in=get_marked(removal, Officer))
    _check_has_account(removal, office.user)
    appoint_officer(user=office.user, partnership=office.partnership, role=OfficerRole(office.role))


def _check_has_account(removal: Removal, user: User) -> None:
    if not user.is_active:
        raise NotInThisState(f"{removal} cannot be put back: {user} has no account here any more.")
