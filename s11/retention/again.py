"""After a restore: what the log says was destroyed since the backup is destroyed anew, by the approval of that day.

A record goes only where it is the one of the log: its row began at the same moment, or its kind goes by months. The
list is made again as it was approved, by the same two officers, so that the database lets it happen, and the log gets
its lines back.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Q

from s11.organisations.models import Partnership, User
from s11.retention.destroying import (
    carry_out,
    delete_files,
    delete_left_files,
    finish_list,
    gather_record,
    keep_back,
)
from s11.retention.enums import OPEN, ItemState, Kind, ListStatus
from s11.retention.log_files import LogError
from s11.retention.models import DestructionEntry, DestructionItem, DestructionList, Hold
from s11.retention.records import RECORDS
from s11.retention.walk import Reach

Lines = list[dict[str, Any]]
SAID_STAYED = "It was not destroyed before the next list was made."


@dataclass(frozen=True, slots=True)
class Again:
    """What became of one line."""

    reference: str
    became: str


def destroy_again(lines: Lines) -> Iterator[Again]:
    """A list at a time, in the order of the log. Lines that this database has are passed over."""
    lists: dict[tuple[str, int], Lines] = {}
    for line in lines:
        lists.setdefault((line["partnership"], line["list_number"]), []).append(line)
    for (slug, number), several in lists.items():
        partnership = Partnership.objects.filter(slug=slug).first()
        if partnership is None:
            yield Again(
                f"{slug}, list {number}", "This partnership is not in the backup, so there is nothing of it."
            )
            continue
        known = set(DestructionEntry.objects.filter(partnership=partnership).values_list("sha256", flat=True))
        new = [line for line in several if line["beside"]["sha256"] not in known]
        if new:
            yield from destroy_list_again(partnership, number, several, new)


def destroy_list_again(partnership: Partnership, number: int, lines: Lines, new: Lines) -> Iterator[Again]:
    found = remake_list(partnership, number, lines)
    for line in new:
        yield Again(line["reference"], destroy_line_again(found, line))
    finish_list(found)


def destroy_line_again(found: DestructionList, line: dict[str, Any]) -> str:
    """Its line enters the log in any case, for it was destroyed."""
    kind = Kind(line["kind"])
    with transaction.atomic():
        item = found.items.select_for_update().get(kind=kind, record=line["record"])
        if item.state == ItemState.DESTROYED:
            # Its line has another number here, because one before it could not be replayed.
            return "Was destroyed again already."
        if found.status == ListStatus.DONE:
            return "Still here: its list is finished. It stands on the next one if it is due."
        is_another = has_new_owner(line)
        reach = None if is_another else gather_record(found.partnership, kind, item.record)
        if reach is not None and reach.held:
            return f"Still here: {' '.join(reach.held)}"
        carry_out(found, item, reach or Reach(), line)
    delete_files(item.pk)
    if is_another:
        return "Left alone: in this backup its number is another record’s."
    return "Was not in the backup." if reach is None else "Destroyed again."


def has_new_owner(line: dict[str, Any]) -> bool:
    """Whether the row of that number is not the record of the log."""
    began_at = RECORDS[Kind(line["kind"])].began_at(line["record"])
    if not line["began_at"] or began_at is None:
        return False
    return began_at != datetime.datetime.fromisoformat(line["began_at"])


@transaction.atomic
def remake_list(partnership: Partnership, number: int, lines: Lines) -> DestructionList:
    """As it was approved. In the backup it may be missing, or not be approved yet."""
    first = lines[0]
    lists = DestructionList.objects.filter(partnership=partnership)
    found = lists.filter(number=number).first()
    if found is not None and found.approved_at is not None:
        check_same(found, lines)
        return found
    prepared_by, approved_by = find_officers(first)
    # What was withdrawn stays as it is; what was open then is not by now.
    lists.filter(Q(number=number) | Q(status__in=OPEN), approved_at=None).delete()
    for earlier in lists.open():
        end_earlier(earlier)
    approved_at = datetime.datetime.fromisoformat(first["approved_at"])
    made = DestructionList.objects.create(
        partnership=partnership,
        number=number,
        status=ListStatus.APPROVED,
        as_of=approved_at.date(),
        prepared_by=prepared_by,
        prepared_at=approved_at,
        approved_by=approved_by,
        approved_at=approved_at,
        approved_items=len(lines),
    )
    DestructionItem.objects.bulk_create(
        DestructionItem(
            list=made,
            kind=line["kind"],
            record=line["record"],
            reference=line["reference"],
            counts_from=line["beside"]["counts_from"] or approved_at.date(),
        )
        for line in lines
    )
    # A hold of the day of the backup was released before the record went.
    held = Hold.objects.current().filter(partnership=partnership)
    for line in lines:
        held.filter(kind=line["kind"], record=line["record"]).update(
            released_at=approved_at, released_by=approved_by
        )
    return made


def check_same(found: DestructionList, lines: Lines) -> None:
    """Raises LogError where the log's list of this number is not this one."""
    here = set(found.items.values_list("kind", "record"))
    if any((line["kind"], line["record"]) not in here for line in lines):
        raise LogError(
            f"{found} of {found.partnership} was approved in this database after the backup was restored, and the log "
            "has another with its number. Have what the log names listed and approved anew on the desk."
        )


def end_earlier(found: DestructionList) -> None:
    """It was under way on the day of the backup. The log has a later list, so this one had come to its end."""
    for item in found.items.filter(state=ItemState.WAITING):
        keep_back(item, SAID_STAYED)
    delete_left_files(found)
    finish_list(found)
    found.refresh_from_db()
    if found.status != ListStatus.DONE:
        raise LogError(
            f"Files of {found} could not be deleted: look after the store of files, then run this again."
        )


def find_officers(line: dict[str, Any]) -> tuple[User, User]:
    """Raises LogError: without their accounts the database lets nothing go."""
    try:
        prepared, approved = (User.objects.get(pk=pk) for pk in line["beside"]["officers"])
    except (ObjectDoesNotExist, ValueError):
        raise LogError(
            f"{line['prepared_by']} and {line['approved_by']} prepared and approved list {line['list_number']}, and at "
            "least one of their accounts is younger than the backup. Restore a later backup, or have what the log "
            "names listed and approved anew on the desk."
        ) from None
    return prepared, approved
