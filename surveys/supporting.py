"""Writes about support: offers to agencies about which there is a concern, each step, and the agency's answer.

An offer is locked while it changes, and each change leaves a note that nothing removes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from s11.organisations.models import User
from s11.web import errors
from surveys.enums import SUPPORT_MOVES, SupportAnswer, SupportOutcome, SupportStatus
from surveys.models import Cycle, Invitee, SupportConcern, SupportNote, SupportOffer
from surveys.support import ConcernRow, get_concern_rows
from surveys.support_emails import tell_agencies, tell_owner


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or there is no cause any more."""


@dataclass(frozen=True, slots=True)
class Made:
    """How many offers were made, and how many of these agencies have nobody who gets e-mail."""

    offers: int
    unreached: int


@transaction.atomic
def make_offers(*, cycle: Cycle, audits: Collection[int], message: str, owner: User, by: User) -> Made:
    """One to each agency that gives cause for concern and has no open offer from this cycle; its leads are told.

    Raises NotInThisState where none of them does.
    """
    # Two officers who choose the same agencies queue here.
    invitees = Invitee.objects.select_for_update(of=("self",)).filter(cycle=cycle, audit__in=audits)
    locked = {invitee.pk for invitee in invitees.order_by("pk")}
    rows = [
        row
        for row in get_concern_rows(cycle, only=audits)
        if row.audit.invitee_id in locked and not (row.offer and row.offer.is_open)
    ]
    if not rows:
        raise NotInThisState(
            "Each of these agencies has an open offer by now, or gives no cause any more. Nothing was sent."
        )
    offers = SupportOffer.objects.bulk_create(_make_offer(row, message, owner, by) for row in rows)
    _keep_reasons(offers, rows, by)
    return Made(len(offers), tell_agencies(get_told(offers), by))


def _make_offer(row: ConcernRow, message: str, owner: User, by: User) -> SupportOffer:
    return SupportOffer(
        invitee=row.audit.invitee,
        series=row.series,
        submission=row.audit.submission,
        message=message.strip(),
        owner=owner,
        made_by=by,
    )


def _keep_reasons(offers: Sequence[SupportOffer], rows: Sequence[ConcernRow], by: User) -> None:
    """The concerns in the words of today, and the first note."""
    SupportConcern.objects.bulk_create(
        SupportConcern(offer=offer, kind=concern.kind, words=concern.words)
        for offer, row in zip(offers, rows, strict=True)
        for concern in row.concerns
    )
    SupportNote.objects.bulk_create(
        SupportNote(offer=offer, status=SupportStatus.CONTACTED, owner=offer.owner, by=by) for offer in offers
    )


def get_told(offers: Sequence[SupportOffer]) -> list[SupportOffer]:
    """The same rows with what an e-mail says of them."""
    found = SupportOffer.objects.filter(pk__in=[offer.pk for offer in offers])
    return list(
        found.select_related("owner", "invitee__organisation", "invitee__cycle__partnership")
        .prefetch_related("concerns")
        .order_by("pk")
    )


def get_next_statuses(status: str) -> list[SupportStatus]:
    """What may follow, closing last."""
    return [after for (before, after) in SUPPORT_MOVES if before == status]


@transaction.atomic
def take_offer_on(*, offer: SupportOffer, status: str = "", text: str, owner: User, by: User) -> SupportNote:
    """The next step, a note, or another officer who sees to it: all in one note."""
    current = _lock(offer)
    if status:
        _check_move(current, SupportStatus(status), "take_offer_on")
        current.status = status
    is_handed_over = owner != current.owner
    current.owner = owner
    current.save(update_fields=["status", "owner"])
    return SupportNote.objects.create(
        offer=current, status=status, owner=owner if is_handed_over else None, text=text.strip(), by=by
    )


@transaction.atomic
def close_offer(*, offer: SupportOffer, outcome: str, text: str, by: User) -> SupportNote:
    current = _lock(offer)
    _check_move(current, SupportStatus.CLOSED, "close_offer")
    current.status, current.outcome = SupportStatus.CLOSED, SupportOutcome(outcome)
    current.save(update_fields=["status", "outcome"])
    return SupportNote.objects.create(offer=current, status=SupportStatus.CLOSED, text=text.strip(), by=by)


@transaction.atomic
def answer_offer(*, offer: SupportOffer, answer: str, by: User) -> SupportNote:
    """The agency's word. It can change its mind while the offer is open; who sees to the offer is told each time."""
    current = _lock(offer)
    if current.answer == answer:
        said = current.get_answer_display().lower()
        raise NotInThisState(f"{current.answered_by} has {said} this offer already. Nothing was changed.")
    current.answer, current.answered_by, current.answered_at = SupportAnswer(answer), by, timezone.now()
    current.save(update_fields=["answer", "answered_by", "answered_at"])
    note = SupportNote.objects.create(offer=current, answer=answer, by=by)
    tell_owner(current, by)
    return note


def _lock(offer: SupportOffer) -> SupportOffer:
    """As it is now. Without what may be empty: PostgreSQL locks no row that an outer join may leave out."""
    SupportOffer.objects.select_for_update().only("pk").get(pk=offer.pk)
    current = SupportOffer.objects.select_related(
        "owner", "answered_by", "invitee__organisation", "invitee__cycle__partnership"
    ).get(pk=offer.pk)
    if not current.is_open:
        raise NotInThisState("The offer is closed by now. Nothing was changed.")
    return current


def _check_move(offer: SupportOffer, to: SupportStatus, verb: str) -> None:
    if verb not in SUPPORT_MOVES.get((SupportStatus(offer.status), to), ()):
        now = offer.get_status_display().lower()
        raise NotInThisState(f"The offer is at ‘{now}’ by now, from where this step does not follow.")
