"""The tables of allowed moves as Mermaid diagrams, for docs/architecture.md; a test holds the page to them."""

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import TextChoices

from accountability.enums import (
    AGENCY_RETURN_MOVES,
    LETTER_MOVES,
    MEETING_MOVES,
    MINUTES_MOVES,
    REPORT_MOVES,
    AgencyReturnStatus,
    LetterStatus,
    MeetingStatus,
    MinutesStatus,
    ReportStatus,
)
from surveys.enums import (
    ACTION_MOVES,
    AUDIT_MOVES,
    CYCLE_MOVES,
    MESSAGE_MOVES,
    SUPPORT_MOVES,
    ActionStatus,
    AuditStatus,
    CycleStatus,
    MessageStatus,
    SupportStatus,
)

S = TypeVar("S", bound=TextChoices)


def draw_moves(statuses: type[S], moves: Mapping[tuple[S, S], tuple[str, ...]]) -> str:
    """One diagram: it begins at the first status; each arrow carries the verbs that make the move."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {next(iter(statuses))}"]
    lines += [f"    {status}: {status.label}" for status in statuses]
    lines += [f"    {before} --> {after}: {' or '.join(verbs)}" for (before, after), verbs in moves.items()]
    return "\n".join([*lines, "```"])


def draw_all() -> str:
    """Every diagram under its heading."""
    return "\n\n".join(
        [
            "### An audit's status",
            draw_moves(AuditStatus, AUDIT_MOVES),
            "### A cycle's status",
            draw_moves(CycleStatus, CYCLE_MOVES),
            "### An action's status",
            draw_moves(ActionStatus, ACTION_MOVES),
            "### An e-mail's status",
            draw_moves(MessageStatus, MESSAGE_MOVES),
            "### A meeting's status",
            draw_moves(MeetingStatus, MEETING_MOVES),
            "### The status of a meeting's minutes",
            draw_moves(MinutesStatus, MINUTES_MOVES),
            "### The status of the letter after a meeting",
            draw_moves(LetterStatus, LETTER_MOVES),
            "### A report's status",
            draw_moves(ReportStatus, REPORT_MOVES),
            "### The status of an agency's return for the annual report",
            draw_moves(AgencyReturnStatus, AGENCY_RETURN_MOVES),
            "### An offer of support's status",
            draw_moves(SupportStatus, SUPPORT_MOVES),
        ]
    )
