"""What this app keeps about people; `s11/web/personal_data.py` has the words."""

from surveys.data_map import answering, desk

TABLES = (*answering.TABLES, *desk.TABLES)
