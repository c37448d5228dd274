"""What open cycles ask of organisations that have not submitted there yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from surveys.enums import AuditStatus, CycleStatus
from surveys.extent import get_extents
from surveys.models import Cycle, Invitee

Place = tuple[int, int]  # ids of the organisation and the partnership


def get_asked_now(places: Iterable[Place]) -> dict[Place, dict[str, Cycle]]:
    """By place and key: the open cycle that asks it, and for which nothing is submitted yet. Four queries at most."""
    places = set(places)
    if not places:
        return {}
    invitees = (
        Invitee.objects.not_exempt()
        .filter(
            Q(audit=None) | Q(audit__status__in=(AuditStatus.DRAFT, AuditStatus.AWAITING_SIGN_OFF)),
            cycle__status=CycleStatus.OPEN,
            own_tool_return=None,
            organisation__in={organisation for organisation, _ in places},
            cycle__partnership__in={partnership for _, partnership in places},
        )
        .select_related("cycle__partnership", "cycle_questionnaire__questionnaire")
        .order_by("-cycle__closes_on", "-pk")
    )
    found = [one for one in invitees if (one.organisation_id, one.cycle.partnership_id) in places]
    pins = {one.cycle_questionnaire_id: one.cycle_questionnaire for one in found}
    cycles = {one.cycle_questionnaire_id: one.cycle for one in found}
    keys: dict[int, list[str]] = {}
    if pins:
        for pin, extent in get_extents(cycles, list(pins.values())):
            keys[pin.pk] = [indicator.key for held in extent.standards for indicator in held.indicators]
    asked: dict[Place, dict[str, Cycle]] = {}
    for one in found:
        place = (one.organisation_id, one.cycle.partnership_id)
        # The one that closes first is the one to answer it in.
        asked.setdefault(place, {}).update(dict.fromkeys(keys[one.cycle_questionnaire_id], one.cycle))
    return asked
