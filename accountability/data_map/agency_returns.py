"""What agencies write for the annual report, a table at a time."""

from accountability.data_map.purposes import RETURNS
from s11.web.personal_data import Kept

TABLES = (
    Kept(
        "accountability.ReturnRequest",
        RETURNS,
        who="asked_by",
        words="note",
        plain="partnership begins due_on asked_at",
        place="partnership",
    ),
    Kept(
        "accountability.AgencyReturn",
        RETURNS,
        about="approved_by",
        own="approved_by approved_as approved_at",
        plain="request participation status begun_at",
        place="request__partnership",
    ),
    Kept(
        "accountability.AgencyReturnPart",
        RETURNS,
        who="changed_by",
        words="text",
        plain="agency_return heading version changed_at",
        place="agency_return__request__partnership",
        organisations=True,
    ),
    Kept(
        "accountability.AgencyReturnPicture",
        RETURNS,
        who="added_by",
        words="alt",
        plain="agency_return version added_at",
        place="agency_return__request__partnership",
        organisations=True,
    ),
    Kept(
        "accountability.AgencyReturnEvent",
        RETURNS,
        who="by",
        words="text",
        plain="agency_return kind at",
        place="agency_return__request__partnership",
        organisations=True,
    ),
)
