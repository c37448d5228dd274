"""The room of this app in the navigation of a desk."""

from s11.organisations.navigation import RoomOf
from s11.retention.permissions import check_can_see_retention

DESK_ROOMS = (RoomOf("Retention", "retention:schedule", 93, check_can_see_retention),)
