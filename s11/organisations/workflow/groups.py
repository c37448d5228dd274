"""A group and its site: asked or offered, accepted or declined, and ended by either. Officers have no part in it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from s11.organisations import emails
from s11.organisations.models import GroupAccess, Organisation, User
from s11.organisations.workflow.people import lock_organisation
from s11.web.errors import NotInThisState


@transaction.atomic
def ask_access(*, site: Organisation, group: Organisation, is_offer: bool = False, by: User) -> GroupAccess:
    """The group asks or, with `is_offer`, the site offers; the other side's leads are told and answer.

    Where the other side has asked already, this is its answer.
    """
    lock_organisation(site)
    access = GroupAccess.objects.current().filter(site=site, group=group).first()
    if access is None:
        access = GroupAccess.objects.create(site=site, group=group, is_offer=is_offer, asked_by=by)
        asked = access
        transaction.on_commit(lambda: emails.send_access_asked(asked), robust=True)
        return access
    if access.is_active:
        raise NotInThisState(f"{group} sees {site} already. Nothing was changed.")
    if access.is_offer == is_offer:
        raise NotInThisState(f"{access.answerer} has been asked already and has not answered yet.")
    accept_access(access=access, by=by)
    return access


def _lock(access: GroupAccess) -> None:
    """As it is now, while nobody else can answer or end it."""
    lock_organisation(access.site)
    access.refresh_from_db(fields=["started_at", "ended_at"])
    if access.ended_at is not None:
        raise NotInThisState(
            f"This between {access.group} and {access.site} has ended already. Ask again if need be."
        )


@transaction.atomic
def accept_access(*, access: GroupAccess, by: User) -> None:
    _lock(access)
    if access.is_active:
        raise NotInThisState(f"{access.group} sees {access.site} already. Nothing was changed.")
    access.started_at = timezone.now()
    access.accepted_by = by
    access.save(update_fields=["started_at", "accepted_by"])
    transaction.on_commit(lambda: emails.send_access_answered(access), robust=True)


@transaction.atomic
def decline_access(*, access: GroupAccess, by: User) -> None:
    """The one side's no, or the other side's change of mind: then nobody need be told."""
    _lock(access)
    if access.is_active:
        raise NotInThisState(
            f"{access.group} has been accepted meanwhile. End it instead. Nothing was changed."
        )
    _end(access, by)
    leads = access.answerer.memberships.active().filter(user=by)
    if leads.exists():
        transaction.on_commit(lambda: emails.send_access_answered(access), robust=True)


@transaction.atomic
def end_access(*, access: GroupAccess, by: User) -> None:
    """The group sees nothing of the site from now on; what it answered there stays the site's."""
    _lock(access)
    if not access.is_active:
        raise NotInThisState(
            f"{access.answerer} has not accepted yet. Withdraw it instead. Nothing was changed."
        )
    _end(access, by)
    transaction.on_commit(lambda: emails.send_access_ended(access), robust=True)


def _end(access: GroupAccess, by: User) -> None:
    access.ended_at = timezone.now()
    access.ended_by = by
    access.save(update_fields=["ended_at", "ended_by"])
