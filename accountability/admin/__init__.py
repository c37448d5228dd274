"""The Django admin of meetings and reports, to look at and for nothing else: each row has its page, with its rules."""

from accountability.admin import annual, meetings, reports

__all__ = ("annual", "meetings", "reports")
