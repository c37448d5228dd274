"""From a draft to the annual report: handed in, approved by name, accepted, and each way back. One verb a move."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from accountability.agency_return_emails import (
    put_accepted_mails,
    put_returned_mails,
    send_sent_back,
    send_to_approve,
)
from accountability.agency_return_identifying import find_identifying
from accountability.agency_return_standing import Standing, get_standing
from accountability.agency_return_writing import NotInThisState, lock_for
from accountability.enums import AgencyReturnEventKind, AgencyReturnStatus
from accountability.models import AgencyReturn, AgencyReturnEvent
from s11.organisations.models import User


@transaction.atomic
def hand_in_return(*, standing: Standing, cleared: str = "", by: User) -> None:
    """To the signatories, who are told. Until they have decided nothing in it changes.

    `cleared` is the mark of the words of which `by` says that nobody can be recognised by them.
    """
    current, after, now = _read(standing, "hand_in_return", cleared)
    _move(current, after)
    _note(current, AgencyReturnEventKind.HANDED_IN, by=by)
    transaction.on_commit(partial(send_to_approve, current, now.signatories, by), robust=True)


@transaction.atomic
def approve_return(*, standing: Standing, approved_as: str, seen: str, cleared: str = "", by: User) -> None:
    """For the public, with a name. From now on the partnership reads it."""
    current, after, now = _read(standing, "approve_return", cleared)
    if now.seen != seen:
        raise NotInThisState(
            "Somebody has changed the return since you opened it. Read it again, then approve it."
        )
    current.approved_by, current.approved_as, current.approved_at = by, approved_as, timezone.now()
    _move(current, after)
    _note(current, AgencyReturnEventKind.APPROVED, by=by)


@transaction.atomic
def take_return_back(*, found: AgencyReturn, by: User) -> None:
    """A draft again; an approval is void, for it was of what stood there."""
    current, after = lock_for(found, "take_return_back")
    _move(current, after)
    _note(current, AgencyReturnEventKind.TAKEN_BACK, by=by)


@transaction.atomic
def send_return_back(*, found: AgencyReturn, reason: str, by: User) -> None:
    """By the signatory, with what is to change first."""
    current, after = lock_for(found, "send_return_back")
    _move(current, after)
    _note(current, AgencyReturnEventKind.SENT_BACK, text=reason, by=by)
    transaction.on_commit(partial(send_sent_back, current, reason, by), robust=True)


@transaction.atomic
def accept_return(*, found: AgencyReturn, seen: str, by: User) -> None:
    """It stands in the annual report from now on, and its leads are told."""
    current, after = lock_for(found, "accept_return")
    if get_standing(current.request, current.participation).seen != seen:
        raise NotInThisState(
            "The agency has changed its return since you opened it. Read it again, then accept it."
        )
    _move(current, after)
    _note(current, AgencyReturnEventKind.ACCEPTED, by=by)
    put_accepted_mails(current, by)


@transaction.atomic
def return_to_agency(*, found: AgencyReturn, reason: str, by: User) -> None:
    """The agency's to write again, with the reason; what it had approved is approved no more."""
    current, after = lock_for(found, "return_to_agency")
    _move(current, after)
    _note(current, AgencyReturnEventKind.RETURNED, text=reason, by=by)
    put_returned_mails(current, reason, by)


def _read(standing: Standing, verb: str, cleared: str) -> tuple[AgencyReturn, AgencyReturnStatus, Standing]:
    """Locked, complete, without what gives somebody away, and as it stands now."""
    if standing.found is None:
        raise NotInThisState(standing.missing)
    current, after = lock_for(standing.found, verb)
    now = get_standing(current.request, current.participation)
    if now.missing:
        raise NotInThisState(now.missing)
    found = find_identifying(now)
    if found.refused:
        raise NotInThisState(found.sentence)
    if not found.is_cleared(cleared):
        raise NotInThisState(
            "Somebody has changed the return since you opened it. Look at the words that may be names once more."
        )
    return current, after, now


def _move(current: AgencyReturn, after: AgencyReturnStatus) -> None:
    current.status = after
    if not current.is_approved:
        current.approved_by, current.approved_as, current.approved_at = None, "", None
    current.save()


def _note(current: AgencyReturn, kind: AgencyReturnEventKind, *, text: str = "", by: User) -> None:
    AgencyReturnEvent.objects.create(agency_return=current, kind=kind, text=text, by=by)
