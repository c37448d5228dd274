"""Writes of an organisation's own national audit, returned in place of answers: it counts in participation only."""

from __future__ import annotations

from django.core.files.base import File
from django.db import transaction

from s11.organisations.models import Removal, User
from s11.organisations.removals import get_lifted, put_rows_back, remove
from surveys import emails
from surveys.enums import CycleStatus
from surveys.evidence_library import add_files
from surveys.models import Answer, Audit, EvidenceVersion, Invitee, OwnToolReturn
from surveys.workflow import NotInThisState, lock_cycle, refuse_exempt


class FileRefused(Exception):
    """The file cannot be kept; the sentence says why and what to do."""


def return_own_tool(*, invitee: Invitee, title: str, file: File[bytes], by: User) -> OwnToolReturn:
    """Keep the file in the organisation's library, return it for this cycle, and send the receipt.

    Raises FileRefused where the file is not one that can be kept, NotInThisState where somebody was quicker.
    """
    outcome = add_files(organisation=invitee.organisation, files=[file], by=by)[0]
    if outcome.held is None:
        raise FileRefused(outcome.sentence)
    return _return(invitee, title, outcome.held, by)


@transaction.atomic
def _return(invitee: Invitee, title: str, version: EvidenceVersion, by: User) -> OwnToolReturn:
    _check_may_be_returned(invitee)
    own = OwnToolReturn.objects.create(invitee=invitee, title=title, version=version, submitted_by=by)
    # Robust: it is returned, whatever the mail server says.
    transaction.on_commit(lambda: emails.send_own_tool_receipt(own), robust=True)
    return own


def _check_may_be_returned(invitee: Invitee) -> None:
    lock_cycle(invitee.cycle, CycleStatus.OPEN)
    refuse_exempt(invitee)
    _lock_audit_of(invitee)
    if Answer.objects.answered().filter(audit__invitee=invitee).exists():
        raise NotInThisState(
            "The audit has answers by now, so your own audit was not returned in their place."
        )
    if OwnToolReturn.objects.filter(invitee=invitee).exists():
        raise NotInThisState("Your own audit has been returned by now, so nothing was changed.")


def _lock_audit_of(invitee: Invitee) -> None:
    """Who saves an answer locks the audit: they are first, and are found; or wait, and find what is returned here.

    The invitee's row too, so that nobody opens the audit meanwhile and answers what this has not seen.
    """
    Invitee.objects.select_for_update().only("pk").get(pk=invitee.pk)
    Audit.objects.select_for_update().only("pk").filter(invitee=invitee).first()


@transaction.atomic
def withdraw_own_tool(*, own: OwnToolReturn, by: User) -> Removal:
    """As if it had never been returned; the file stays in the library."""
    lock_cycle(own.invitee.cycle, CycleStatus.OPEN)
    found = OwnToolReturn.objects.filter(pk=own.pk).first()
    if found is None:
        raise NotInThisState("Your own audit has been withdrawn already. Nothing was changed.")
    place, title = own.invitee, f"Your own audit ‘{own.title}’ for {own.invitee.cycle}"
    return remove(
        "own_audit",
        found,
        title=title,
        partnership=place.cycle.partnership,
        organisation=place.organisation,
        by=by,
    )


@transaction.atomic
def put_own_tool_back(removal: Removal, by: User) -> None:
    """By the rules by which it was returned, and without a second receipt."""
    [row] = get_lifted(removal, OwnToolReturn)
    places = Invitee.objects.select_related("cycle__partnership", "organisation")
    invitee = places.get(pk=row["fields"]["invitee"])
    _check_may_be_returned(invitee)
    if not EvidenceVersion.objects.get(pk=row["fields"]["version"]).file:
        raise NotInThisState(f"{removal} cannot be put back: its file was deleted everywhere since.")
    put_rows_back(removal)
