"""The rooms of this app in the navigation of a desk and of an agency."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoomOf:
    """A link to offer; `position` orders the rooms of all apps."""

    label: str
    url_name: str
    position: int


DESK_ROOMS = (
    RoomOf("Organisations", "organisations:organisations", 30),
    RoomOf("People", "organisations:officers", 80),
    RoomOf("Settings", "organisations:settings", 90),
)
AGENCY_ROOMS = (RoomOf("People", "organisations:members", 80),)
