"""‘Agencies to call’: every invited agency with its reasons and whether it is called, the most concerning first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices

from accountability.call_facts import Known, get_known
from accountability.calling import Reason, get_priority, get_reasons
from accountability.enums import CallReason, MeetingStatus
from accountability.models import Meeting, Panel


class CallState(TextChoices):
    """Each agency is in one; derived."""

    PROPOSED = "proposed", "Proposed, not called"
    CALLED = "called", "Called"
    DROPPED = "dropped", "Dropped"
    OTHER = "other", "Not proposed"


@dataclass(frozen=True, slots=True)
class Said:
    """One reason as the page says it: stored at the call, or as the rules see it now."""

    kind: str
    sentence: str

    @property
    def label(self) -> str:
        return CallReason(self.kind).label


@dataclass(frozen=True, slots=True)
class CallRow:
    """One agency."""

    known: Known
    now: tuple[Reason, ...]
    meeting: Meeting | None

    @property
    def name(self) -> str:
        return self.known.name

    @property
    def variant(self) -> str:
        return self.known.variant.label

    @property
    def state(self) -> CallState:
        if self.meeting is not None and self.meeting.status != MeetingStatus.CANCELLED:
            return CallState.CALLED
        if self.meeting is not None:
            return CallState.DROPPED
        return CallState.PROPOSED if self.now else CallState.OTHER

    @property
    def reasons(self) -> list[Said]:
        """Of one that is called, why it was; of another, what the rules see now."""
        if self.meeting is not None and self.state == CallState.CALLED:
            return [Said(one.kind, one.sentence) for one in self.meeting.reasons.all()]
        return [Said(one.kind, one.sentence) for one in self.now]

    @property
    def priority(self) -> int:
        if self.meeting is not None and self.state == CallState.CALLED:
            return self.meeting.priority
        return get_priority(self.now)

    @property
    def can_be_dropped(self) -> bool:
        return self.meeting is not None and self.meeting.status == MeetingStatus.CALLED


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows; empty is all of them."""

    search: str = ""
    variant: str = ""
    state: str = ""
    reason: str = ""


def get_call_rows(panel: Panel) -> list[CallRow]:
    """All invited agencies, the most concerning first, by name where two are alike. Nine queries."""
    meetings = {
        one.invitee_id: one for one in panel.meetings.select_related("day").prefetch_related("reasons")
    }
    rows = [
        CallRow(known, tuple(get_reasons(known.facts)), meetings.get(known.invitee.pk))
        for known in get_known(panel.cycle)
    ]
    return sorted(rows, key=lambda row: (-row.priority, row.name.casefold(), row.known.invitee.pk))


def pick(rows: Iterable[CallRow], wanted: Wanted) -> list[CallRow]:
    return [row for row in rows if _fits(row, wanted)]


def _fits(row: CallRow, wanted: Wanted) -> bool:
    names = f"{row.name} {row.known.invitee.organisation.name}".casefold()
    return (
        all(word in names for word in wanted.search.casefold().split())
        and wanted.variant in ("", row.known.variant)
        and wanted.state in ("", row.state)
        and (not wanted.reason or any(one.kind == wanted.reason for one in row.reasons))
    )


def count_states(rows: Iterable[CallRow]) -> dict[CallState, int]:
    """All states, also those that nobody is in."""
    counts = dict.fromkeys(CallState, 0)
    for row in rows:
        counts[row.state] += 1
    return counts
