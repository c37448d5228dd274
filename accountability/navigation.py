"""The rooms of this app in the navigation of a desk and of an agency."""

from s11.organisations.navigation import RoomOf

DESK_ROOMS: tuple[RoomOf, ...] = ()
AGENCY_ROOMS: tuple[RoomOf, ...] = ()
