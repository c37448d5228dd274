"""Choices of the surveys app, and the tables of allowed moves from one status to the next."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import IntegerChoices, TextChoices


class Duty(TextChoices):
    """The law behind a questionnaire."""

    SECTION_11 = "section_11", "Section 11 of the Children Act 2004"
    SECTION_175 = "section_175", "Sections 175 and 157 of the Education Act 2002"


class ProfileKind(TextChoices):
    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    DATE = "date", "Date"
    YES_NO = "yes_no", "Yes or no"
    CHOICE = "choice", "Choice"


class Score(IntegerChoices):
    """What an answer says. Unanswered is None, and 0 is a real answer: test `is None`, never truthiness."""

    NO_PROGRESS = 0, "No progress"
    WORKING_TOWARDS = 1, "Working towards"
    ACHIEVED = 2, "Achieved"


# These ask for an action, or for the reason why there is none.
ASKING = (Score.NO_PROGRESS, Score.WORKING_TOWARDS)


class CycleKind(TextChoices):
    FULL = "full", "Full: every indicator"
    CORE = "core", "Core: the short form"
    TOPIC = "topic", "Topic: chosen standards"


class CycleStatus(TextChoices):
    PLANNED = "planned", "Planned"
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Obligation(TextChoices):
    MUST = "must", "Must take part"
    MAY = "may", "May take part"


class AuditStatus(TextChoices):
    DRAFT = "draft", "Draft"
    AWAITING_SIGN_OFF = "awaiting_sign_off", "Awaiting sign-off"
    SUBMITTED = "submitted", "Submitted"
    RETURNED = "returned", "Returned"


# Figures read what was submitted: a returned audit counts as last submitted until it is submitted again.
COUNTED = (AuditStatus.SUBMITTED, AuditStatus.RETURNED)
# An agency may write in these.
WRITABLE = (AuditStatus.DRAFT, AuditStatus.RETURNED)


class Series(TextChoices):
    """Whose scores a figure is about."""

    SELF = "self", "Self-assessed"
    MODERATED = "moderated", "Moderated"
    PANEL = "panel", "Panel"


class Scope(TextChoices):
    """What a scorecard's row is about."""

    WHOLE = "whole", "Whole audit"
    STANDARD = "standard", "Standard"
    THEME = "theme", "Theme"


class AuditEventKind(TextChoices):
    OPENED = "opened", "Opened"
    IMPORTED = "imported", "Imported"
    SUBMITTED = "submitted", "Submitted"
    RECALLED = "recalled", "Recalled"
    CARRIED_OVER = "carried_over", "Carried over"
    STARTED_FROM_ELSEWHERE = "elsewhere", "Started from the audit elsewhere"
    BROUGHT_IN = "brought_in", "Brought in from a passport"
    CONFIRMED_IN_BULK = "confirmed", "Confirmed in bulk"
    SIGN_OFF_ASKED = "asked", "Sign-off asked for"
    SIGNED_OFF = "signed_off", "Signed off"
    SENT_BACK = "sent_back", "Sent back by the signatory"
    SIGN_OFF_WITHDRAWN = "withdrawn", "Sign-off withdrawn"
    RETURNED = "returned", "Returned for correction"
    SERIES_CLOSED = "series_closed", "Scores made final"
    SERIES_REOPENED = "series_reopened", "Scores opened again"
    ANSWERED_BY_GROUP = "by_group", "Answered by its group"


class EvidenceKind(TextChoices):
    FILE = "file", "File"
    LINK = "link", "Link"
    REFERENCE = "reference", "Reference"


class ScanState(TextChoices):
    """What the virus scanner said; where none is set up, nothing."""

    NOT_SCANNED = "not_scanned", "Not scanned"
    WAITING = "waiting", "Being scanned"
    CLEAN = "clean", "Clean"
    INFECTED = "infected", "Infected"


# In quarantine: nobody opens such a file, and it is in nothing that is handed on.
HELD = (ScanState.WAITING, ScanState.INFECTED)


class ScanProblem(TextChoices):
    """Why the last try came to nothing; the words tell what is going on. Each is tried again until it is answered."""

    UNREACHABLE = (
        "unreachable",
        "The virus scanner does not answer. The file is kept, and is scanned when it does.",
    )
    TOO_LARGE = (
        "too_large",
        "The file is larger than the virus scanner takes: whoever runs this site can raise its StreamMaxLength.",
    )
    MISSING = "missing", "The file is not where it is kept, so it could not be scanned: add it again."


class Caution(TextChoices):
    """What a file holds that its reader should know before it is opened; the words follow ‘Holds’."""

    SCRIPTS = "scripts", "scripts, which are programs"
    FILES = "files", "other files"
    BOTH = "both", "scripts, which are programs, and other files"


class ActionOrigin(TextChoices):
    SCORE = "score", "From a score of 0 or 1"
    PANEL = "panel", "Agreed with the panel"
    AUDIT = "audit", "Agreed after a multi-agency audit"
    FREE = "free", "Added by the agency"


# What the partnership agreed with the agency: its officers see it, and its words and dates stay.
AGREED = (ActionOrigin.PANEL, ActionOrigin.AUDIT)


class ActionPriority(TextChoices):
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class ActionStatus(TextChoices):
    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


class ActionOutcome(TextChoices):
    """Did it work? An officer's answer, once an action is done."""

    WORKED = "worked", "It worked"
    PARTLY = "partly", "It worked in part"
    FAILED = "failed", "It did not work"


class SignOffDecision(TextChoices):
    SIGNED = "signed", "Signed off"
    SENT_BACK = "sent_back", "Sent back"
    WITHDRAWN = "withdrawn", "Withdrawn"


class MessageKind(TextChoices):
    """What an e-mail to an agency is about. The first six go by the clock, each once an organisation and cycle."""

    INVITATION = "invitation", "Invitation"
    OPENING = "opening", "The audit is open"
    FOUR_WEEKS = "four_weeks", "Four weeks left"
    ONE_WEEK = "one_week", "One week left"
    TWO_DAYS = "two_days", "Two days left"
    OVERDUE = "overdue", "Overdue"
    REMINDER = "reminder", "Reminder from an officer"
    ESCALATION = "escalation", "Escalation"
    CLARIFICATION = "clarification", "Question on an answer"
    SUPPORT = "support", "Offer of support"
    NOTICE = "notice", "Notice"
    AVAILABILITY = "availability", "Availability for meetings"
    MEETING = "meeting", "Accountability meeting"
    MEETING_LETTER = "meeting_letter", "Letter after a meeting"


class MessageStatus(TextChoices):
    WAITING = "waiting", "Waiting to go"
    HELD = "held", "Held"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    REFUSED = "refused", "Refused by the mail server"
    FAILED = "failed", "Not sent"
    CANCELLED = "cancelled", "Stopped"


class EscalationStep(TextChoices):
    """The ladder, in its order."""

    CALL = "call", "Call to the lead"
    CHIEF_EXECUTIVE = "chief_executive", "Letter to the chief executive"
    PARTNERS = "partners", "Letter to the safeguarding partners"
    RESOLVED = "resolved", "Resolved"


class ConcernKind(TextChoices):
    """Why an agency is offered support. The values are those of `concerns`, which is pure."""

    CRITICAL_ZERO = "critical_zero", "Critical indicator at 0"
    OVERALL = "overall", "Whole audit below grade 2"
    STANDARD = "standard", "Standard below grade 2"
    REPEATED_STANDARD = "repeated_standard", "Standard below grade 2 again"
    REPEATED_INDICATOR = "repeated_indicator", "Indicator at 0 or 1 again"


class SupportStatus(TextChoices):
    """How far the partnership has come with an offer of support."""

    CONTACTED = "contacted", "Contacted"
    TRAINING_OFFERED = "training_offered", "Training offered"
    MEETING = "meeting", "Meeting arranged"
    CLOSED = "closed", "Closed"


class SupportAnswer(TextChoices):
    """What the agency says to an offer; until then it is empty."""

    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class SupportOutcome(TextChoices):
    """What came of an offer when it was closed."""

    SUPPORTED = "supported", "Support was given"
    RESOLVED = "resolved", "The concern is resolved without it"
    DECLINED = "declined", "The agency does not want it"
    NOT_REACHED = "not_reached", "The agency could not be reached"


class DocumentKind(TextChoices):
    """Files that are built in the background."""

    AUDIT_COPY = "audit_copy", "Copy of the audit"
    BLANK = "blank", "Blank audit to print"
    OVERVIEW = "overview", "Overview report"
    ACTION_PLAN = "action_plan", "Action plan"
    LETTER = "letter", "Letter"
    PACK = "pack", "Pack for a meeting"
    DAY_PACKS = "day_packs", "Packs of a day"
    TIMETABLE = "timetable", "Timetable of meetings"
    MINUTES = "minutes", "Minutes"
    MEETING_LETTER = "meeting_letter", "Letter after a meeting"
    FEEDBACK = "feedback", "Feedback report"
    LATE_LETTER = "late_letter", "Letter about what is late"
    TABLE = "table", "Table"
    EXECUTIVE = "executive", "Risk list and training needs"


class DocumentFormat(TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "Excel workbook"
    CSV = "csv", "CSV"
    JSON = "json", "JSON"
    ZIP = "zip", "Zip of everything"


# Built by accountability, which says whose they are and who reads them.
MEETING_PAPERS = (
    DocumentKind.PACK,
    DocumentKind.DAY_PACKS,
    DocumentKind.TIMETABLE,
    DocumentKind.MINUTES,
    DocumentKind.MEETING_LETTER,
    DocumentKind.LATE_LETTER,
)

# An overview's zip holds its charts, each as a picture and a table.
OVERVIEW_FORMATS = (
    DocumentFormat.PDF,
    DocumentFormat.XLSX,
    DocumentFormat.CSV,
    DocumentFormat.JSON,
    DocumentFormat.ZIP,
)


# The verbs in workflow.py and sign_offs.py that make each move. docs/architecture.md draws this table; a test compares
# the two. A draft is submitted at once only where the cycle asks no sign-off; a correction needs no second signature.
AUDIT_MOVES: Mapping[tuple[AuditStatus, AuditStatus], tuple[str, ...]] = MappingProxyType(
    {
        (AuditStatus.DRAFT, AuditStatus.AWAITING_SIGN_OFF): ("ask_sign_off",),
        (AuditStatus.AWAITING_SIGN_OFF, AuditStatus.DRAFT): ("send_back", "withdraw_sign_off"),
        (AuditStatus.AWAITING_SIGN_OFF, AuditStatus.SUBMITTED): ("submit_audit",),
        (AuditStatus.DRAFT, AuditStatus.SUBMITTED): ("submit_audit",),
        (AuditStatus.SUBMITTED, AuditStatus.DRAFT): ("recall_audit",),
        (AuditStatus.SUBMITTED, AuditStatus.RETURNED): ("return_audit",),
        (AuditStatus.RETURNED, AuditStatus.SUBMITTED): ("submit_audit",),
    }
)
CYCLE_MOVES: Mapping[tuple[CycleStatus, CycleStatus], tuple[str, ...]] = MappingProxyType(
    {
        (CycleStatus.PLANNED, CycleStatus.OPEN): ("open_cycle",),
        (CycleStatus.OPEN, CycleStatus.CLOSED): ("close_cycle",),
    }
)
# Done and dropped are not for ever: an action may be taken up again.
ACTION_MOVES: Mapping[tuple[ActionStatus, ActionStatus], tuple[str, ...]] = MappingProxyType(
    {
        (ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS): ("report_progress",),
        (ActionStatus.NOT_STARTED, ActionStatus.DONE): ("report_progress",),
        (ActionStatus.NOT_STARTED, ActionStatus.DROPPED): ("report_progress",),
        (ActionStatus.IN_PROGRESS, ActionStatus.DONE): ("report_progress",),
        (ActionStatus.IN_PROGRESS, ActionStatus.DROPPED): ("report_progress",),
        (ActionStatus.DONE, ActionStatus.IN_PROGRESS): ("report_progress",),
        (ActionStatus.DROPPED, ActionStatus.NOT_STARTED): ("report_progress",),
        (ActionStatus.DROPPED, ActionStatus.IN_PROGRESS): ("report_progress",),
    }
)
# The verbs in outbox.py.
MESSAGE_MOVES: Mapping[tuple[MessageStatus, MessageStatus], tuple[str, ...]] = MappingProxyType(
    {
        (MessageStatus.WAITING, MessageStatus.HELD): ("hold_message",),
        (MessageStatus.HELD, MessageStatus.WAITING): ("release_message",),
        (MessageStatus.WAITING, MessageStatus.CANCELLED): ("cancel_message", "send_due"),
        (MessageStatus.HELD, MessageStatus.CANCELLED): ("cancel_message",),
        (MessageStatus.WAITING, MessageStatus.SENDING): ("send_due",),
        (MessageStatus.SENDING, MessageStatus.SENT): ("send_due",),
        (MessageStatus.SENDING, MessageStatus.WAITING): ("send_due",),
        (MessageStatus.SENDING, MessageStatus.REFUSED): ("send_due",),
        (MessageStatus.SENDING, MessageStatus.FAILED): ("send_due",),
        (MessageStatus.FAILED, MessageStatus.WAITING): ("retry_message",),
        (MessageStatus.REFUSED, MessageStatus.WAITING): ("retry_message",),
    }
)
# The verbs in supporting.py. What is closed stays closed: a further offer is one of its own.
SUPPORT_MOVES: Mapping[tuple[SupportStatus, SupportStatus], tuple[str, ...]] = MappingProxyType(
    {
        (SupportStatus.CONTACTED, SupportStatus.TRAINING_OFFERED): ("take_offer_on",),
        (SupportStatus.CONTACTED, SupportStatus.MEETING): ("take_offer_on",),
        (SupportStatus.TRAINING_OFFERED, SupportStatus.MEETING): ("take_offer_on",),
        (SupportStatus.MEETING, SupportStatus.TRAINING_OFFERED): ("take_offer_on",),
        (SupportStatus.CONTACTED, SupportStatus.CLOSED): ("close_offer",),
        (SupportStatus.TRAINING_OFFERED, SupportStatus.CLOSED): ("close_offer",),
        (SupportStatus.MEETING, SupportStatus.CLOSED): ("close_offer",),
    }
)


class StaffAnswer(TextChoices):
    """What one can say to a statement of a practitioner survey; its values name the columns that count them."""

    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"
    UNKNOWN = "unknown", "I do not know"
    NOT_MINE = "not_mine", "Does not apply to my job"
