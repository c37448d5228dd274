"""Choices of accountability, and the tables of allowed moves from one status to the next."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices


class Sector(TextChoices):
    """Where a panel member comes from: a panel needs more than one."""

    LOCAL_AUTHORITY = "local_authority", "Local authority"
    HEALTH = "health", "Health"
    POLICE = "police", "Police"
    EDUCATION = "education", "Education"
    CARE = "care", "Children’s homes and care providers"
    JUSTICE = "justice", "Probation and youth justice"
    VOLUNTARY = "voluntary", "Voluntary, community and faith"
    INDEPENDENT = "independent", "Independent"


class InterestKind(TextChoices):
    """Why somebody may not sit for an organisation, beside belonging to it or to its group."""

    COMMISSIONS = "commissions", "Commissions or pays for its services"
    GOVERNS = "governs", "Is its governor, trustee or board member"
    FAMILY = "family", "A relative or partner works there"
    FORMER = "former", "Worked there in the last three years"
    OTHER = "other", "Another interest"


class Half(TextChoices):
    """Half a day: a meeting that starts before 13:00 is in the morning."""

    MORNING = "morning", "Morning"
    AFTERNOON = "afternoon", "Afternoon"


class AvailabilityAnswer(TextChoices):
    PREFERRED = "preferred", "Yes, and it suits me best"
    FREE = "free", "Yes"
    BUSY = "busy", "No"


class PlaceKind(TextChoices):
    ROOM = "room", "Room"
    ONLINE = "online", "Online"


class CallReason(TextChoices):
    """Why an agency is called, in the order in which reasons are shown."""

    CRITICAL_ZERO = "critical_zero", "A critical indicator at 0"
    BELOW_GRADE_2 = "below_grade_2", "Below grade 2"
    OVERDUE_ACTIONS = "overdue_actions", "Overdue panel actions"
    MODERATION_SHIFT = "moderation_shift", "Moderated to a lower score"
    NOT_SUBMITTED = "not_submitted", "No audit submitted"
    STATUTORY = "statutory", "Named by the law"
    NOT_SEEN = "not_seen", "Not seen for three years"
    CHOSEN = "chosen", "Chosen by an officer"


class MeetingStatus(TextChoices):
    CALLED = "called", "Called"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class RunStatus(TextChoices):
    """A search for a timetable, made in the background."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Being worked out"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class AgendaKind(TextChoices):
    PRESENTATION = "presentation", "Presentation: strengths, weaknesses, priorities"
    LAST_ACTIONS = "last_actions", "Last year’s actions"
    ENQUIRY = "enquiry", "Lines of enquiry"
    AGREED = "agreed", "Agreed actions"
    OTHER = "other", "Another item"


class EnquiryOrigin(TextChoices):
    SUGGESTED = "suggested", "Suggested by a rule"
    ADDED = "added", "Added by a person"


class ProposalStatus(TextChoices):
    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "Agreed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class MinutesStatus(TextChoices):
    DRAFT = "draft", "Draft"
    AGREED = "agreed", "Agreed by the chair"
    FINAL = "final", "Final"


class CorrectionDecision(TextChoices):
    ACCEPTED = "accepted", "Taken into the minutes"
    DECLINED = "declined", "Not taken in"


class ResponseKind(TextChoices):
    """An agency answers each recommendation by an action or by a reasoned refusal."""

    ACTION = "action", "An action"
    REFUSAL = "refusal", "A reasoned refusal"


class ResponseDecision(TextChoices):
    ACCEPTED = "accepted", "Accepted"
    RETURNED = "returned", "Returned"


class Standing(TextChoices):
    """Where a recommendation stands: derived from its answer, the decision, its action and whether that worked.

    What did not work waits for another answer.
    """

    NOT_ANSWERED = "not_answered", "Not answered"
    RETURNED = "returned", "Returned"
    TO_DECIDE = "to_decide", "To decide"
    REFUSED = "refused", "Refusal accepted"
    DROPPED = "dropped", "Dropped"
    IN_PROGRESS = "in_progress", "In progress"
    TO_VERIFY = "to_verify", "To verify"
    # Three words of an officer, which no figure adds up: only the first is proof.
    VERIFIED = "verified", "Worked"
    PARTLY = "partly", "Worked in part"
    FAILED = "failed", "Did not work"


class AnswerEvent(TextChoices):
    """A line in a recommendation's history."""

    ACTION = "action", "Answered by an action"
    REFUSAL = "refusal", "Answered by a reasoned refusal"
    ACCEPTED = "accepted", "Accepted"
    RETURNED = "returned", "Returned"


class ChaseAbout(TextChoices):
    ANSWER = "answer", "The answer"
    ACTION = "action", "The action"


class ChaseStep(TextChoices):
    """The ladder when an answer or an action is overdue, in its order; the first two go by the clock."""

    LEAD = "lead", "First reminder"
    SIGNATORY = "signatory", "Reminder to the signatory"
    LETTER = "letter", "Letter from the partnership"


class LetterStatus(TextChoices):
    DRAFT = "draft", "Draft"
    SIGNED = "signed", "Signed"
    SENT = "sent", "Sent"


class ReportStatus(TextChoices):
    """Of one version of a report. What was corrected stays at its address, beside the version that replaced it."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    CORRECTED = "corrected", "Corrected"
    WITHDRAWN = "withdrawn", "Withdrawn"


# What the public can find: of a withdrawn report that there was one, and why it is gone.
PUBLIC = (ReportStatus.PUBLISHED, ReportStatus.CORRECTED, ReportStatus.WITHDRAWN)
# What the public can read.
READABLE = (ReportStatus.PUBLISHED, ReportStatus.CORRECTED)


class SectionKind(TextChoices):
    """The parts of a report, in their order."""

    INTRODUCTION = "introduction", "Introduction"
    METHOD = "method", "How it was done"
    WHO_TOOK_PART = "who_took_part", "Who took part"
    BY_VARIANT = "by_variant", "Findings by variant and standard"
    STRENGTHS = "strengths", "What is done well"
    WEAKNESSES = "weaknesses", "What needs to be better"
    OVERALL = "overall", "Overall findings"
    FOLLOW_UP = "follow_up", "What happens next"


class ReportEventKind(TextChoices):
    """A line in a report's history."""

    BEGUN = "begun", "Begun"
    CHANGED = "changed", "Text changed"
    DRAFTED = "drafted", "Drafted anew"
    SENT = "sent", "Sent to review"
    RETURNED = "returned", "Returned"
    APPROVED = "approved", "Approved"
    ASKED = "asked", "Publication asked for"
    FAILED = "failed", "Publication failed"
    PUBLISHED = "published", "Published"
    CORRECTED = "corrected", "Correction begun"
    WITHDRAWN = "withdrawn", "Withdrawn"


# What makes somebody an author, who does not approve: sending is taking it for one's own.
AUTHORING = (
    ReportEventKind.BEGUN,
    ReportEventKind.CHANGED,
    ReportEventKind.DRAFTED,
    ReportEventKind.SENT,
    ReportEventKind.CORRECTED,
)


class FileKind(TextChoices):
    """A file that stands on the public site as it was published."""

    PAGE = "page", "Web page"
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "Excel workbook"
    CSV = "csv", "CSV"
    DICTIONARY = "dictionary", "Data dictionary"
    JSON = "json", "JSON"


class Licence(TextChoices):
    """Under which terms everybody may use what is published."""

    OGL = "ogl", "Open Government Licence v3.0"
    CC_BY = "cc_by", "Creative Commons Attribution 4.0"


class FindingStatus(TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class PosterKind(TextChoices):
    POSTER = "poster", "Poster"
    BRIEFING = "briefing", "Seven-minute briefing"


class BoardPaperKind(TextChoices):
    """What a partnership's board is given about a published report."""

    CHAPTER = "chapter", "Annual report chapter"
    COVER = "cover", "Board cover paper"


class ReturnHeading(TextChoices):
    """What an agency's return for the annual report tells, in its order: the headings that agencies know already."""

    ABOUT = "about", "About us and what we do"
    CELEBRATE = "celebrate", "What we did this year and want to celebrate"
    PRIORITIES = "priorities", "Priorities for next year"


class AgencyReturnStatus(TextChoices):
    """Of one agency's return for a year. Without a row nobody has begun it."""

    DRAFT = "draft", "Draft"
    TO_APPROVE = "to_approve", "To approve"
    APPROVED = "approved", "Approved"
    ACCEPTED = "accepted", "Accepted"
    RETURNED = "returned", "Returned"


# The agency's to write in; what it approved is the partnership's to read.
OPEN_RETURNS = (AgencyReturnStatus.DRAFT, AgencyReturnStatus.RETURNED)
APPROVED_RETURNS = (AgencyReturnStatus.APPROVED, AgencyReturnStatus.ACCEPTED)


class AgencyReturnEventKind(TextChoices):
    """A line in a return's history."""

    HANDED_IN = "handed_in", "Handed in"
    TAKEN_BACK = "taken_back", "Taken back"
    SENT_BACK = "sent_back", "Sent back by the signatory"
    APPROVED = "approved", "Approved for the public"
    ACCEPTED = "accepted", "Accepted by the partnership"
    RETURNED = "returned", "Returned by the partnership"


class PartChange(TextChoices):
    """What became of a part of the year since the annual report's chapter was drafted from it."""

    ADDED = "added", "is new"
    CHANGED = "changed", "says something else"
    GONE = "gone", "is not there any more"


# The verbs that make each move; docs/architecture.md draws these tables, and a test compares the two.
MEETING_MOVES: Mapping[tuple[MeetingStatus, MeetingStatus], tuple[str, ...]] = MappingProxyType(
    {
        (MeetingStatus.CALLED, MeetingStatus.HELD): ("close_meeting",),
        (MeetingStatus.HELD, MeetingStatus.CALLED): ("reopen_meeting",),
        (MeetingStatus.CALLED, MeetingStatus.CANCELLED): ("cancel_meeting",),
        (MeetingStatus.CANCELLED, MeetingStatus.CALLED): ("call_agencies",),
    }
)
MINUTES_MOVES: Mapping[tuple[MinutesStatus, MinutesStatus], tuple[str, ...]] = MappingProxyType(
    {
        (MinutesStatus.DRAFT, MinutesStatus.AGREED): ("agree_minutes",),
        (MinutesStatus.AGREED, MinutesStatus.DRAFT): ("take_back_minutes",),
        (MinutesStatus.AGREED, MinutesStatus.FINAL): ("finalise_minutes",),
    }
)
LETTER_MOVES: Mapping[tuple[LetterStatus, LetterStatus], tuple[str, ...]] = MappingProxyType(
    {
        (LetterStatus.DRAFT, LetterStatus.SIGNED): ("sign_letter",),
        (LetterStatus.SIGNED, LetterStatus.DRAFT): ("take_back_letter",),
        (LetterStatus.SIGNED, LetterStatus.SENT): ("send_letter",),
    }
)
# What is published never goes back: it is corrected by a new version, or withdrawn where it must not be read any more.
REPORT_MOVES: Mapping[tuple[ReportStatus, ReportStatus], tuple[str, ...]] = MappingProxyType(
    {
        (ReportStatus.DRAFT, ReportStatus.IN_REVIEW): ("send_to_review",),
        (ReportStatus.IN_REVIEW, ReportStatus.DRAFT): ("return_report",),
        (ReportStatus.IN_REVIEW, ReportStatus.APPROVED): ("approve_report",),
        (ReportStatus.APPROVED, ReportStatus.DRAFT): ("return_report",),
        (ReportStatus.APPROVED, ReportStatus.PUBLISHED): ("make_public",),
        (ReportStatus.PUBLISHED, ReportStatus.CORRECTED): ("make_public",),
        (ReportStatus.PUBLISHED, ReportStatus.WITHDRAWN): ("withdraw_report",),
        (ReportStatus.CORRECTED, ReportStatus.WITHDRAWN): ("withdraw_report",),
    }
)
# Where an agency has no signatory its lead approves, and nothing waits in between.
AGENCY_RETURN_MOVES: Mapping[tuple[AgencyReturnStatus, AgencyReturnStatus], tuple[str, ...]] = (
    MappingProxyType(
        {
            (AgencyReturnStatus.DRAFT, AgencyReturnStatus.TO_APPROVE): ("hand_in_return",),
            (AgencyReturnStatus.DRAFT, AgencyReturnStatus.APPROVED): ("approve_return",),
            (AgencyReturnStatus.TO_APPROVE, AgencyReturnStatus.DRAFT): (
                "send_return_back",
                "take_return_back",
            ),
            (AgencyReturnStatus.TO_APPROVE, AgencyReturnStatus.APPROVED): ("approve_return",),
            (AgencyReturnStatus.APPROVED, AgencyReturnStatus.DRAFT): ("take_return_back",),
            (AgencyReturnStatus.APPROVED, AgencyReturnStatus.ACCEPTED): ("accept_return",),
            (AgencyReturnStatus.APPROVED, AgencyReturnStatus.RETURNED): ("return_to_agency",),
            (AgencyReturnStatus.ACCEPTED, AgencyReturnStatus.RETURNED): ("return_to_agency",),
            (AgencyReturnStatus.RETURNED, AgencyReturnStatus.TO_APPROVE): ("hand_in_return",),
            (AgencyReturnStatus.RETURNED, AgencyReturnStatus.APPROVED): ("approve_return",),
        }
    )
)
