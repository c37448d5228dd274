"""The room of this package in the navigation of a desk."""

from s11.organisations.navigation import RoomOf
from s11.organisations.permissions import check_can_administer

DESK_ROOMS = (RoomOf("Personal data", "privacy:desk", 87, check_can_administer),)
