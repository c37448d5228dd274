"""What this app keeps about people; `s11/web/personal_data.py` has the words."""

from accountability.data_map import meetings, outcomes, voices

TABLES = (*meetings.TABLES, *outcomes.TABLES, *voices.TABLES)
