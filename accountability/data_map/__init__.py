"""What this app keeps about people; `s11/web/personal_data.py` has the words."""

from accountability.data_map import agency_returns, meetings, multi_agency, outcomes, voices

TABLES = (
    *meetings.TABLES,
    *outcomes.TABLES,
    *agency_returns.TABLES,
    *voices.TABLES,
    *multi_agency.TABLES,
)
