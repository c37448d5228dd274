"""The rooms of this app in the navigation of a desk and of an agency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from s11.organisations.permissions import check_can_administer, check_can_manage_people, check_can_organise


@dataclass(frozen=True, slots=True)
class RoomOf:
    """A link to offer; `position` orders the rooms of all apps.

    `check` is the one that its page begins with, given the Desk or Agency: whom it refuses is not offered the room.
    It is made on every page, so it must ask the database nothing.
    """

    label: str
    url_name: str
    position: int
    check: Callable[[Any], None] | None = None


DESK_ROOMS = (
    RoomOf("Organisations", "organisations:organisations", 30),
    RoomOf("People", "organisations:officers", 80),
    RoomOf("Settings", "organisations:settings", 90, check_can_administer),
    RoomOf("Removed", "organisations:removed", 95, check_can_organise),
)
AGENCY_ROOMS = (
    RoomOf("People", "organisations:members", 80),
    RoomOf("Removed", "organisations:agency_removed", 90, check_can_manage_people),
)
GROUP_ROOMS = (RoomOf("Access", "organisations:group_access", 80),)
