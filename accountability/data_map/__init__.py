"""What this app keeps about people; `s11/web/personal_data.py` has the words."""

from accountability.data_map import meetings, outcomes

TABLES = (*meetings.TABLES, *outcomes.TABLES)
