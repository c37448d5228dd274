"""The tables of accountability, a file a concept."""

from accountability.models.agendas import AgendaItem, GoodPractice, LineOfEnquiry, Note, ScoreProposal
from accountability.models.days import Availability, DayBreak, MeetingDay, Place
from accountability.models.feeds import CalendarFeed
from accountability.models.following import Chase, LateLetter, RecommendationEvent
from accountability.models.meetings import Meeting, MeetingReason, Representative, Seat
from accountability.models.outcomes import Correction, Letter, Minutes, Passage, Recommendation
from accountability.models.panels import Interest, Panel, PanelMember
from accountability.models.papers import Paper
from accountability.models.timetables import Release, ReleasedMeeting, ReleasedSeat, TimetableRun

__all__ = (
    "AgendaItem",
    "Availability",
    "CalendarFeed",
    "Chase",
    "Correction",
    "DayBreak",
    "GoodPractice",
    "Interest",
    "LateLetter",
    "Letter",
    "LineOfEnquiry",
    "Meeting",
    "MeetingDay",
    "MeetingReason",
    "Minutes",
    "Note",
    "Panel",
    "PanelMember",
    "Paper",
    "Passage",
    "Place",
    "Recommendation",
    "RecommendationEvent",
    "Release",
    "ReleasedMeeting",
    "ReleasedSeat",
    "Representative",
    "ScoreProposal",
    "Seat",
    "TimetableRun",
)
