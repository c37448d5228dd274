"""The tables of accountability, a file a concept."""

from accountability.models.agency_returns import (
    AgencyReturn,
    AgencyReturnEvent,
    AgencyReturnPart,
    AgencyReturnPicture,
    ReturnRequest,
)
from accountability.models.agendas import AgendaItem, GoodPractice, LineOfEnquiry, Note, ScoreProposal
from accountability.models.board import BoardPaper
from accountability.models.courses import Course, CourseSubject
from accountability.models.days import Availability, DayBreak, MeetingDay, Place
from accountability.models.feedback import FeedbackIssue, FeedbackReading, FeedbackReport, SectorFigure
from accountability.models.feeds import CalendarFeed
from accountability.models.findings import (
    Finding,
    FindingFigure,
    Poster,
    PosterBox,
    PosterNumber,
    PosterSheet,
)
from accountability.models.following import Chase, LateLetter, RecommendationEvent
from accountability.models.meetings import Meeting, MeetingReason, Representative, Seat
from accountability.models.multi_agency_audits import (
    MultiAgencyAudit,
    Reflection,
    ReflectionAnswer,
    ReflectionSummary,
    ReflectionTheme,
)
from accountability.models.outcomes import Correction, Letter, Minutes, Passage, Recommendation
from accountability.models.panels import Interest, Panel, PanelMember
from accountability.models.papers import Paper
from accountability.models.published import Publication, PublishedFile, Snapshot
from accountability.models.reports import (
    Erratum,
    Report,
    ReportComment,
    ReportCycle,
    ReportEvent,
    ReportSection,
)
from accountability.models.timetables import Release, ReleasedMeeting, ReleasedSeat, TimetableRun
from accountability.models.voices import Voice, VoiceChoice, VoiceConsent

__all__ = (
    "AgencyReturn",
    "AgencyReturnEvent",
    "AgencyReturnPart",
    "AgencyReturnPicture",
    "AgendaItem",
    "Availability",
    "BoardPaper",
    "CalendarFeed",
    "Chase",
    "Correction",
    "Course",
    "CourseSubject",
    "DayBreak",
    "Erratum",
    "FeedbackIssue",
    "FeedbackReading",
    "FeedbackReport",
    "Finding",
    "FindingFigure",
    "GoodPractice",
    "Interest",
    "LateLetter",
    "Letter",
    "LineOfEnquiry",
    "Meeting",
    "MeetingDay",
    "MeetingReason",
    "Minutes",
    "MultiAgencyAudit",
    "Note",
    "Panel",
    "PanelMember",
    "Paper",
    "Passage",
    "Place",
    "Poster",
    "PosterBox",
    "PosterNumber",
    "PosterSheet",
    "Publication",
    "PublishedFile",
    "Recommendation",
    "RecommendationEvent",
    "Reflection",
    "ReflectionAnswer",
    "ReflectionSummary",
    "ReflectionTheme",
    "Release",
    "ReleasedMeeting",
    "ReleasedSeat",
    "Report",
    "ReportComment",
    "ReportCycle",
    "ReportEvent",
    "ReportSection",
    "Representative",
    "ReturnRequest",
    "ScoreProposal",
    "Seat",
    "SectorFigure",
    "Snapshot",
    "TimetableRun",
    "Voice",
    "VoiceChoice",
    "VoiceConsent",
)
