"""The rooms of this app in the navigation of a desk and of an agency."""

from s11.organisations.navigation import RoomOf
from s11.organisations.permissions import check_can_organise
from surveys.moderation_permissions import check_can_see_moderation
from surveys.outbox_permissions import check_can_read_outbox
from surveys.permissions import check_can_read_overview
from surveys.pipeline_permissions import check_can_read_pipeline
from surveys.support_permissions import check_can_see_support
from surveys.table_permissions import check_can_export_tables

DESK_ROOMS = (
    RoomOf("Outbox", "surveys:outbox", 40, check_can_read_outbox),
    RoomOf("Pipeline", "surveys:pipeline", 10, check_can_read_pipeline),
    RoomOf("Cycles", "surveys:cycles", 20),
    RoomOf("Requests", "surveys:applications", 35, check_can_organise),
    RoomOf("Access", "surveys:access_list", 37, check_can_organise),
    RoomOf("Moderation", "surveys:moderation", 50, check_can_see_moderation),
    RoomOf("Support", "surveys:support", 55, check_can_see_support),
    RoomOf("Reports", "surveys:reports", 60, check_can_read_overview),
    RoomOf("Jobs", "surveys:jobs", 70, check_can_organise),
    RoomOf("Import and export", "surveys:tables", 75, check_can_export_tables),
)
AGENCY_ROOMS = (
    RoomOf("Audits", "agency", 10),
    RoomOf("Evidence", "surveys:evidence_list", 20),
    RoomOf("Actions", "surveys:actions", 30),
    RoomOf("Due for another look", "surveys:due", 40),
    RoomOf("Feedback", "surveys:feedback", 50),
    RoomOf("Copies", "surveys:copies", 70),
)
GROUP_ROOMS = (
    RoomOf("Sites", "surveys:group", 10),
    RoomOf("Answer for sites", "surveys:group_answer", 20),
    RoomOf("Actions of sites", "surveys:group_actions", 30),
)
