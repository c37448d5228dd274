"""Partnerships, and the organisations that take part in them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction

from s11.organisations import emails
from s11.organisations.enums import MembershipRole, OfficerRole, Variant
from s11.organisations.models import Organisation, Participation, Partnership, User
from s11.organisations.queries import find_organisations
from s11.organisations.workflow.invitations import invite
from s11.organisations.workflow.people import appoint_officer, can_join_at_once, get_or_make_user
from s11.web.errors import NotInThisState


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What somebody entered about an organisation; identifiers that are not known are empty."""

    name: str
    variant: Variant
    urn: str = ""
    ods_code: str = ""
    ofsted_number: str = ""


@transaction.atomic
def create_partnership(*, name: str, slug: str, administrator: str = "") -> Partnership:
    """A new partnership; its administrator, if given by address, gets a mail to set a password."""
    partnership = Partnership.objects.create(name=name, slug=slug)
    if administrator:
        user = get_or_make_user(administrator)
        appoint_officer(user=user, partnership=partnership, role=OfficerRole.ADMINISTRATOR)
        transaction.on_commit(lambda: emails.send_set_password(user, partnership))
    return partnership


@transaction.atomic
def add_participation(
    *, partnership: Partnership, organisation: Organisation, is_statutory: bool
) -> Participation:
    """An organisation that left and comes back keeps its row."""
    participation, is_new = Participation.objects.get_or_create(
        partnership=partnership, organisation=organisation, defaults={"is_statutory": is_statutory}
    )
    if not is_new and not participation.is_active:
        participation.is_active = True
        participation.save(update_fields=["is_active"])
    return participation


@transaction.atomic
def add_organisation(
    *, partnership: Partnership, facts: OrganisationFacts, is_statutory: bool, lead: str = "", by: User
) -> Participation:
    """An organisation takes part from now on: the one that has the same national identifier, else a new one.

    One that is known already keeps its name, variant and identifiers; a different name becomes this partnership's own
    for it. `lead` is the address of somebody to invite, unless they lead it already.
    """
    matches = find_organisations(facts.urn, facts.ods_code, facts.ofsted_number)
    if len(matches) > 1:
        raise NotInThisState("The identifiers belong to different organisations. Check each of them.")
    if matches:
        organisation = matches[0]
    else:
        try:
            with transaction.atomic():
                organisation = Organisation.objects.create(**asdict(facts))
        except IntegrityError:
            raise NotInThisState(
                "Somebody has just added an organisation with the same identifier. Add it again."
            ) from None
    participation = add_participation(
        partnership=partnership, organisation=organisation, is_statutory=is_statutory
    )
    if organisation.name != facts.name and not participation.local_name:
        participation.local_name = facts.name
        participation.save(update_fields=["local_name"])
    leads = organisation.memberships.active().filter(role=MembershipRole.LEAD)
    if lead and not leads.filter(user__email=User.objects.normalize_email(lead)).exists():
        invite(
            email=lead, role=MembershipRole.LEAD, organisation=organisation, partnership=partnership, by=by
        )
    return participation


@transaction.atomic
def correct_identifiers(
    *,
    organisation: Organisation,
    partnership: Partnership,
    name: str,
    urn: str,
    ods_code: str,
    ofsted_number: str,
    by: User,
) -> None:
    """A slip of the pen put right, while nobody else answers for the organisation or works with it."""
    if not can_join_at_once(organisation, partnership):
        raise NotInThisState(
            f"{organisation} has a lead or another partnership now, so its identifiers come from the register."
        )
    organisation.name = name
    organisation.urn, organisation.ods_code, organisation.ofsted_number = urn, ods_code, ofsted_number
    try:
        with transaction.atomic():
            organisation.save(update_fields=["name", "urn", "ods_code", "ofsted_number"])
    except IntegrityError:
        raise NotInThisState(
            "Another organisation has one of these identifiers. Nothing was changed."
        ) from None


@transaction.atomic
def change_facts(*, organisation: Organisation, partnership: Partnership, by: User, **facts: object) -> None:
    """National facts, of an organisation that no other partnership has; all but its variant while it has no lead."""
    may_change_all = can_join_at_once(organisation, partnership)
    if not may_change_all and organisation.participations.exclude(partnership=partnership).exists():
        raise NotInThisState(f"{organisation} takes part in another partnership too by now.")
    if not may_change_all and set(facts) - {"variant"}:
        raise NotInThisState(f"{organisation} has a lead by now, so only its variant can be changed here.")
    for name, value in facts.items():
        setattr(organisation, name, value)
    try:
        with transaction.atomic():
            organisation.save(update_fields=list(facts))
    except IntegrityError:
        raise NotInThisState(
            "Another organisation has one of these identifiers. Nothing was changed."
        ) from None
