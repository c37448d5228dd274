"""Destruction lists on their way to approval, and holds: one verb each, atomic."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accountability.models import Meeting
from s11.organisations.models import Partnership, User
from s11.retention.enums import LIST_MOVES, ItemState, Kind, ListStatus
from s11.retention.models import DestructionItem, DestructionList, Hold
from s11.retention.schedules import find_due
from s11.retention.walk import Reach, in_batches
from s11.web.errors import NotInThisState
from surveys.models import Action, Evidence, PractitionerSurvey

BATCH = 500
SAID_NOTHING_DUE = "Nothing has come due, so there is no list to make."


@dataclass(frozen=True, slots=True)
class DueNow:
    """How many records of each kind have come due, and how many of these are held back."""

    counts: dict[Kind, int]
    held: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def get_holds(partnership: Partnership) -> dict[tuple[str, int], Hold]:
    """Those that lie on a record now, by kind and record. One query."""
    current = Hold.objects.current().filter(partnership=partnership).select_related("by")
    return {(one.kind, one.record): one for one in current}


def list_held_within(reach: Reach, partnership: Partnership) -> Iterator[str]:
    """Holds on records that would go with another, in sentences; other partnerships' too, without their reason.

    And on an audit of which this would take a part: an action that was born of it.
    """
    held: dict[Kind, set[int]] = {
        Kind.MEETING: reach.rows.get(Meeting, set()),
        Kind.ACTION: reach.rows.get(Action, set()),
        Kind.SURVEY: reach.rows.get(PractitionerSurvey, set()),
        Kind.EVIDENCE: reach.rows.get(Evidence, set()),
        Kind.AUDIT: find_audits(reach.rows.get(Action, set())),
    }
    for kind, records in held.items():
        for some in in_batches(sorted(records)):
            for hold in Hold.objects.current().filter(kind=kind, record__in=some).order_by("pk"):
                is_here = hold.partnership_id == partnership.pk
                yield f"{hold.reference} is held back{f': {hold.reason}' if is_here else ' elsewhere.'}"


def find_audits(actions: Collection[int]) -> set[int]:
    """Of whose answers these were born."""
    return {
        audit
        for some in in_batches(actions)
        for audit in Action.objects.filter(pk__in=some, answer__isnull=False)
        .order_by()
        .values_list("answer__audit", flat=True)
    }


def count_due(partnership: Partnership, today: datetime.date) -> DueNow:
    held = get_holds(partnership)
    counts: Counter[Kind] = Counter()
    back = 0
    for kind, due in find_due(partnership, today):
        if (kind, due.record) in held:
            back += 1
        else:
            counts[kind] += 1
    return DueNow({kind: counts[kind] for kind in Kind if counts[kind]}, back)


@transaction.atomic
def make_list(*, partnership: Partnership, today: datetime.date) -> DestructionList:
    """A draft of all that has come due and nobody holds. Raises NotInThisState: one is open, or nothing is due."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    lists = DestructionList.objects.filter(partnership=partnership)
    if standing := lists.open().first():
        raise NotInThisState(
            f"{standing} is not finished: decide about it, or withdraw it, before the next is made."
        )
    held = get_holds(partnership)
    due = [(kind, one) for kind, one in find_due(partnership, today) if (kind, one.record) not in held]
    if not due:
        raise NotInThisState(SAID_NOTHING_DUE)
    last = lists.aggregate(last=Max("number"))["last"] or 0
    made = DestructionList.objects.create(partnership=partnership, number=last + 1, as_of=today)
    DestructionItem.objects.bulk_create(
        (
            DestructionItem(
                list=made, kind=kind, record=one.record, reference=one.reference, counts_from=one.counts_from
            )
            for kind, one in due
        ),
        BATCH,
    )
    return made


def lock(found: DestructionList, verb: str) -> DestructionList:
    """The row as it is now, where this verb leads on from it; raises NotInThisState."""
    locked = DestructionList.objects.select_for_update().get(pk=found.pk)
    if verb not in LIST_MOVES[ListStatus(locked.status)]:
        raise NotInThisState(
            f"{locked} says ‘{locked.get_status_display()}’ by now. Look at it again; nothing was changed."
        )
    locked.status = LIST_MOVES[ListStatus(locked.status)][verb]
    return locked


@transaction.atomic
def propose_list(*, found: DestructionList, by: User) -> None:
    """An officer has looked it through; what is held by now leaves it."""
    locked = lock(found, "propose_list")
    drop_held(locked)
    if not locked.items.exists():
        raise NotInThisState("All that stood on the list is held back. Withdraw it.")
    locked.prepared_by, locked.prepared_at = by, timezone.now()
    locked.save()


def drop_held(found: DestructionList) -> None:
    """Off a list that nobody has approved."""
    for kind, record in get_holds(found.partnership):
        found.items.filter(kind=kind, record=record).delete()


@transaction.atomic
def return_list(*, found: DestructionList, by: User) -> None:
    locked = lock(found, "return_list")
    locked.prepared_by = locked.prepared_at = None
    locked.save()


@transaction.atomic
def withdraw_list(*, found: DestructionList, by: User) -> None:
    lock(found, "withdraw_list").save()


@transaction.atomic
def approve_list(*, found: DestructionList, seen: int, by: User) -> None:
    """`seen` is how many items the approver was shown. The job is queued by the caller, once this is committed."""
    locked = lock(found, "approve_list")
    drop_held(locked)
    if locked.prepared_by_id == by.pk:
        # The view asked it of the list as it was read; meanwhile it may have been given back and put forward anew.
        raise NotInThisState("You put this list forward yourself, so somebody else approves it.")
    number = locked.items.count()
    if number != seen:
        raise NotInThisState(
            f"The list has changed: it names {number} by now, and you were shown {seen}. Look at it again."
        )
    locked.approved_by, locked.approved_at, locked.approved_items = by, timezone.now(), number
    locked.save()


# Holds ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def hold_back(*, item: DestructionItem, reason: str, by: User) -> Hold:
    """It leaves a list that is not approved; of one that is, it stays on it and is not destroyed.

    The list that it was read on may be withdrawn by now, and the record stand on the next.
    """
    partnership = item.list.partnership
    lists = DestructionList.objects.filter(partnership=partnership)
    # As `destroy_item` does: this comes before it, or after it.
    standing = lists.select_for_update().open().first()
    record = {"kind": item.kind, "record": item.record}
    later = DestructionItem.objects.filter(list__in=lists.filter(number__gte=item.list.number), **record)
    if later.filter(state=ItemState.DESTROYED).exists():
        raise NotInThisState(f"Destroyed already: {item.reference}.")
    hold, is_new = Hold.objects.get_or_create(
        partnership=partnership,
        released_at=None,
        **record,
        defaults={"reference": item.reference, "reason": reason, "by": by},
    )
    if not is_new:
        raise NotInThisState(f"Held back already: {item.reference}.")
    if standing is not None and standing.approved_at is None:
        standing.items.filter(**record).delete()
    return hold


@transaction.atomic
def release_hold(*, hold: Hold, by: User) -> None:
    """From then on it stands on the next list again."""
    released = Hold.objects.filter(pk=hold.pk, released_at=None).update(
        released_at=timezone.now(), released_by=by
    )
    if not released:
        raise NotInThisState("Somebody else has released this hold already.")
