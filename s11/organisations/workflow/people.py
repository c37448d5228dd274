"""Who acts for an organisation or a partnership: joining, accepting, changing roles, ending."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from s11.organisations import emails
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import (
    Membership,
    MembershipApproval,
    Officer,
    Organisation,
    Partnership,
    Removal,
    User,
)
from s11.organisations.removals import remove
from s11.organisations.workflow.feed_tokens import end_feed_tokens
from s11.web.errors import NotInThisState


def lock_organisation(organisation: Organisation) -> None:
    """Whoever changes who acts for this organisation waits here for the one before (on SQLite, for any writer)."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def get_or_make_user(email: str, name: str = "") -> User:
    """The person with this address; a new one has no password and signs in first by password reset."""
    email = User.objects.normalize_email(email)
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email=email, name=name)


@transaction.atomic
def appoint_officer(*, user: User, partnership: Partnership, role: OfficerRole) -> Officer:
    """Idempotent: a role that is held already stays as it is."""
    officer, _ = Officer.objects.get_or_create(user=user, partnership=partnership, role=role, ended_at=None)
    return officer


def can_join_at_once(organisation: Organisation, through: Partnership | None) -> bool:
    """Tenancy's rule: only where, before this step, the organisation had no lead and was in no other partnership.

    Ask it once before a step that adds several people, not between them, and inside that step's transaction: two
    people who come at the same moment must not both find it empty. A partnership that it has left still counts as
    another one: its audits there are still its members' to read.
    """
    lock_organisation(organisation)
    if through is None or organisation.has_lead():
        return False
    participations = list(organisation.participations.all())
    return [(one.partnership_id, one.is_active) for one in participations] == [(through.pk, True)]


@transaction.atomic
def add_member(
    *,
    user: User,
    organisation: Organisation,
    role: MembershipRole,
    at_once: bool,
    through: Partnership | None = None,
    notify: bool = True,
) -> Membership:
    """An active membership, or else a request; one that exists already is returned as it is, or started.

    Whoever answers for the organisation is told of a request by mail, unless `notify` is False: imports send none.
    """
    lock_organisation(organisation)
    now = timezone.now()
    membership = Membership.objects.filter(
        user=user, organisation=organisation, role=role, ended_at=None
    ).first()
    if membership is None:
        membership = Membership.objects.create(
            user=user,
            organisation=organisation,
            role=role,
            requested_at=now,
            requested_through=through,
            started_at=now if at_once else None,
        )
        if not at_once and notify:
            recipients = get_request_recipients(membership)
            transaction.on_commit(lambda: emails.send_request_waiting(membership, recipients), robust=True)
    elif at_once and membership.is_request:
        membership.started_at = now
        membership.save(update_fields=["started_at"])
    return membership


@transaction.atomic
def add_members(
    *, addresses: Iterable[str], organisation: Organisation, through: Partnership
) -> list[Membership]:
    """The first address is the lead, the others contribute; Tenancy's rule is asked once, before the first of them."""
    at_once = can_join_at_once(organisation, through)
    roles = [MembershipRole.LEAD]
    return [
        add_member(
            user=get_or_make_user(address),
            organisation=organisation,
            role=roles.pop() if roles else MembershipRole.CONTRIBUTOR,
            at_once=at_once,
            through=through,
        )
        for address in addresses
    ]


def get_request_recipients(membership: Membership) -> list[str]:
    """Who is asked: the organisation's leads; where there is none, administrators of each partnership it is in."""
    organisation = membership.organisation
    leads = (
        organisation.memberships.active()
        .filter(role=MembershipRole.LEAD)
        .values_list("user__email", flat=True)
    )
    officers = (
        Officer.objects.active()
        .filter(
            role=OfficerRole.ADMINISTRATOR,
            partnership__in=organisation.participations.values("partnership"),
        )
        .values_list("user__email", flat=True)
    )
    return sorted(set(leads) or set(officers))


def lock_request(membership: Membership) -> None:
    """The request as it is now, while nobody else can change it; one that has been answered is no request any more."""
    lock_organisation(membership.organisation)
    membership.refresh_from_db(fields=["started_at", "ended_at"])
    if not membership.is_request:
        was = "accepted" if membership.is_active else "refused or withdrawn"
        raise NotInThisState(f"The request of {membership.user} has been {was} already. Nothing was changed.")


@transaction.atomic
def accept_request(*, membership: Membership, by: User) -> None:
    """A lead's yes."""
    lock_request(membership)
    _start(membership)


@transaction.atomic
def approve_request(*, membership: Membership, partnership: Partnership, by: User) -> bool:
    """One partnership's yes where there is no lead; True once an officer of each partnership it is in has said so."""
    lock_request(membership)
    if membership.organisation.has_lead():
        raise NotInThisState(
            f"{membership.organisation} has a lead now, who decides about this request. Nothing was changed."
        )
    MembershipApproval.objects.get_or_create(
        membership=membership, partnership=partnership, defaults={"by": by}
    )
    missing = membership.organisation.participations.exclude(
        partnership__in=membership.approvals.values("partnership")
    )
    if missing.exists():
        return False
    _start(membership)
    return True


def _start(membership: Membership) -> None:
    membership.started_at = timezone.now()
    membership.save(update_fields=["started_at"])
    transaction.on_commit(lambda: emails.send_role_given(membership), robust=True)


@transaction.atomic
def refuse_request(*, membership: Membership, by: User) -> None:
    """A no, by a lead or, where there is none, by an officer of any partnership it is in. They can be invited again.

    Whoever asked is told.
    """
    lock_request(membership)
    membership.ended_at = timezone.now()
    membership.ended_by = by
    membership.save(update_fields=["ended_at", "ended_by"])
    transaction.on_commit(lambda: emails.send_request_refused(membership), robust=True)


@transaction.atomic
def end_membership(*, membership: Membership, by: User, through: Partnership | None = None) -> None:
    """A lead whom an officer ends is told. Access is lost at once.

    `through` is the partnership whose officer ends it; without it the organisation's last lead stays.
    """
    lock_organisation(membership.organisation)
    membership.refresh_from_db(fields=["started_at", "ended_at"])
    if membership.ended_at is not None:
        raise NotInThisState(f"{membership} has been ended already. Nothing was changed.")
    was_lead = membership.role == MembershipRole.LEAD and membership.is_active
    membership.ended_at = timezone.now()
    membership.ended_by = by
    membership.save(update_fields=["ended_at", "ended_by"])
    if not was_lead:
        return
    if through is not None:
        transaction.on_commit(lambda: emails.send_lead_ended(membership, through), robust=True)
    elif not membership.organisation.has_lead():
        # The check page asked the same, but another lead may have been ended meanwhile; the transaction is undone.
        raise NotInThisState(
            f"{membership.user} is now the only lead of {membership.organisation}. "
            "Make somebody else a lead first. Nothing was changed."
        )


@transaction.atomic
def change_roles(
    *, user: User, organisation: Organisation, roles: frozenset[MembershipRole], by: User
) -> None:
    """A member has these roles from now on and no other: new ones start at once, for a lead gives them."""
    lock_organisation(organisation)
    current = {
        MembershipRole(membership.role): membership
        for membership in organisation.memberships.active().filter(user=user)
    }
    if not current:
        raise NotInThisState(f"{user} no longer acts for {organisation}. Nothing was changed.")
    # Given before any is ended, so that a lead may change into something else and back without a gap.
    for role in sorted(roles - current.keys()):
        add_member(user=user, organisation=organisation, role=role, at_once=True)
    for role in sorted(current.keys() - roles):
        end_membership(membership=current[role], by=by)


@transaction.atomic
def hand_over_lead(
    *, organisation: Organisation, to: User, stays_as: MembershipRole | None, by: User
) -> None:
    """Another member leads from now on, in one step, so that there is never no lead; whoever did keeps other roles."""
    lock_organisation(organisation)
    active = organisation.memberships.active()
    if not active.filter(user=to).exists():
        raise NotInThisState(f"{to} no longer acts for {organisation}. Nothing was changed.")
    own = active.filter(user=by, role=MembershipRole.LEAD).select_related("user", "organisation").first()
    if own is None:
        raise NotInThisState(f"You are no longer a lead of {organisation}. Nothing was changed.")
    lead = add_member(user=to, organisation=organisation, role=MembershipRole.LEAD, at_once=True)
    if stays_as is not None:
        add_member(user=by, organisation=organisation, role=stays_as, at_once=True)
    end_membership(membership=own, by=by)
    transaction.on_commit(lambda: emails.send_role_given(lead), robust=True)


@transaction.atomic
def end_person(*, user: User, organisation: Organisation, by: User) -> Removal | None:
    """All that a person is in an organisation, requests included. Nobody undoes their own leaving."""
    lock_organisation(organisation)
    memberships = list(
        organisation.memberships.filter(user=user, ended_at=None).select_related("user", "organisation")
    )
    for membership in memberships:
        end_membership(membership=membership, by=by)
    title = f"{user} of {organisation}"
    removal = remove("person", title=title, organisation=organisation, marked=memberships, by=by)
    return removal if user != by else None


@transaction.atomic
def end_office(*, office: Officer, by: User) -> Removal | None:
    """The last administrator stays: nobody could appoint another. Nobody undoes their own leaving."""
    Partnership.objects.select_for_update().get(pk=office.partnership_id)
    office.refresh_from_db(fields=["ended_at"])
    if office.ended_at is not None:
        raise NotInThisState(f"{office} has been ended already. Nothing was changed.")
    office.ended_at = timezone.now()
    office.ended_by = by
    office.save(update_fields=["ended_at", "ended_by"])
    administrators = Officer.objects.active().filter(
        partnership=office.partnership, role=OfficerRole.ADMINISTRATOR
    )
    if office.role == OfficerRole.ADMINISTRATOR and not administrators.exists():
        raise NotInThisState(
            f"{office.user} is now the only administrator of {office.partnership}. "
            "Make somebody else one first. Nothing was changed."
        )
    if not Officer.objects.active().filter(user=office.user, partnership=office.partnership).exists():
        # They open nothing any more, and must not open anything again if the person comes back.
        end_feed_tokens(office.user, partnership=office.partnership)
    title = f"{office.user} as {office.get_role_display().lower()}"
    removal = remove("office", title=title, partnership=office.partnership, marked=[office], by=by)
    return removal if office.user_id != by.pk else None
