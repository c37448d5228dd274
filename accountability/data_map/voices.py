"""What children and families said, a table at a time."""

from accountability.data_map.purposes import VOICES
from s11.web.personal_data import Kept

TABLES = (
    Kept(
        "accountability.Voice",
        VOICES,
        who="consent_recorded_by cleared_by added_by changed_by removed_by",
        words="told changed why_not quotation",
        plain=(
            "participation heard_on group source theme consent_giver consented_on version added_at changed_at "
            "removed_at"
        ),
        place="participation__partnership",
        # What was said without consent leaves an agency for the officers’ own page alone.
        organisations=True,
        note=(
            "Who was heard is a broad group and a month. The record of changes keeps none of these words, so what is "
            "taken out of them is gone."
        ),
    ),
    Kept(
        "accountability.VoiceConsent",
        VOICES,
        who="by",
        plain="voice kind giver consented_on still_quoted at",
        place="voice__participation__partnership",
        note="Says that somebody of a group agreed, and never who.",
    ),
    Kept(
        "accountability.VoiceChoice",
        VOICES,
        who="by",
        plain="voice version at",
        place="voice__participation__partnership",
    ),
)
