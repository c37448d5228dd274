"""The rooms of this app in the navigation of a desk and of an agency."""

from accountability.agency_return_permissions import check_can_see_annual_report
from accountability.permissions import check_can_see_meetings
from accountability.report_permissions import check_can_see_reports
from accountability.risk_permissions import check_can_see_risk
from s11.organisations.navigation import RoomOf

DESK_ROOMS: tuple[RoomOf, ...] = (
    RoomOf("Meetings", "accountability:meetings", 55, check_can_see_meetings),
    RoomOf("Risk and training", "accountability:courses", 62, check_can_see_risk),
    RoomOf("Publication", "accountability:reports", 65, check_can_see_reports),
    RoomOf("Annual report", "accountability:annual_report", 66, check_can_see_annual_report),
)
AGENCY_ROOMS: tuple[RoomOf, ...] = (
    RoomOf("Meetings", "accountability:agency_meetings", 45),
    RoomOf("What children and families say", "accountability:agency_voices", 46),
    RoomOf("Annual return", "accountability:agency_returns", 47),
)
