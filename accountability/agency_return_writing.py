"""Writing an agency's return: its texts, a heading at a time, and the lock at which all writes to it queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accountability.enums import AGENCY_RETURN_MOVES, AgencyReturnStatus, ReturnHeading
from accountability.models import AgencyReturn, AgencyReturnPart, ReturnRequest
from s11.organisations.models import Participation, User
from s11.web import errors


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or something is missing."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A text as it was sent, and the version that its writer was shown; 0 is none."""

    heading: ReturnHeading
    text: str
    seen: int


@transaction.atomic
def save_return(
    *, request: ReturnRequest, participation: Participation, typed: Iterable[Typed], by: User
) -> Mapping[ReturnHeading, AgencyReturnPart]:
    """Saves each text that nobody else has saved since. Returns the others, as they were saved meanwhile."""
    found, _ = AgencyReturn.objects.get_or_create(request=request, participation=participation)
    lock_open(found)
    parts = {one.heading: one for one in found.parts.select_related("changed_by")}
    theirs: dict[ReturnHeading, AgencyReturnPart] = {}
    for one in typed:
        part = parts.get(one.heading) or AgencyReturnPart(agency_return=found, heading=one.heading, version=0)
        if part.text == one.text:
            continue
        if part.version != one.seen:
            theirs[one.heading] = part
            continue
        part.text, part.version = one.text, part.version + 1
        part.changed_by, part.changed_at = by, timezone.now()
        part.save()
    return theirs


def lock_open(found: AgencyReturn) -> None:
    """Its agency may write in it."""
    current = lock(found)
    if not current.is_open:
        status = current.get_status_display().lower()
        raise NotInThisState(f"Not saved: the return is no draft any more, its state is ‘{status}’.")


def lock(found: AgencyReturn) -> AgencyReturn:
    """As it stands now."""
    return (
        AgencyReturn.objects.select_for_update(of=("self",))
        .select_related("request__partnership", "participation__partnership", "participation__organisation")
        .get(pk=found.pk)
    )


def lock_for(found: AgencyReturn, verb: str) -> tuple[AgencyReturn, AgencyReturnStatus]:
    """And where this verb leads from there."""
    current = lock(found)
    for (before, after), verbs in AGENCY_RETURN_MOVES.items():
        if before == current.status and verb in verbs:
            return current, after
    status = current.get_status_display().lower()
    raise NotInThisState(
        f"Somebody was quicker: the return’s state is ‘{status}’ by now. Nothing was changed."
    )
