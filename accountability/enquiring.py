"""Verbs of a pack's lines of enquiry: suggested by rule, edited, added, dropped, put in order; and private questions.

A line is known to its rule: what was dropped is not suggested again. Two who write at once queue at the meeting's row.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from auditlog.context import disable_auditlog
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from accountability.enquiry import Suggestion
from accountability.enums import EnquiryOrigin, MeetingStatus
from accountability.models import LineOfEnquiry, Meeting
from accountability.packs import suggest_for
from s11.organisations.models import Removal, User
from s11.organisations.removals import remove
from s11.web.dates import as_london
from s11.web.errors import NotInThisState
from surveys.models import Indicator

# Some 35 queries each, once a day.
RENEWED_AFTER: Final = datetime.timedelta(days=1)
AT_ONCE: Final = 50
GONE = "Somebody has dropped that line meanwhile. This page shows the lines as they are."


@transaction.atomic
def prepare_pack(*, meeting: Meeting) -> int:
    """Write down what the rules suggest and nobody has written or dropped before; how many lines are new.

    What a rule suggested before and nobody has touched says what is so now, or goes: it was answered, done, corrected.
    """
    _lock(meeting)
    suggestions = suggest_for(meeting)
    lines = LineOfEnquiry.objects.filter(meeting=meeting).exclude(rule="")
    _renew(lines.filter(by=None, is_dropped=False), suggestions)
    known = set(lines.values_list("rule", flat=True))
    new = [one for one in suggestions if one.rule not in known]
    keys = {one.key for one in new if one.key}
    indicators = _get_indicators(meeting, keys)
    first = _get_next_position(meeting)
    LineOfEnquiry.objects.bulk_create(
        LineOfEnquiry(
            meeting=meeting,
            origin=EnquiryOrigin.SUGGESTED,
            rule=one.rule,
            text=one.text,
            reason=one.reason,
            indicator=indicators.get(one.key),
            position=first + number,
        )
        for number, one in enumerate(new)
    )
    Meeting.objects.filter(pk=meeting.pk).update(pack_prepared_at=timezone.now())
    return len(new)


def _renew(lines: QuerySet[LineOfEnquiry], suggestions: Iterable[Suggestion]) -> None:
    now = {one.rule: one for one in suggestions}
    for line in lines:
        said = now.get(line.rule)
        if said is None:
            line.delete()
        elif (line.text, line.reason) != (said.text, said.reason):
            line.text, line.reason = said.text, said.reason
            line.save(update_fields=["text", "reason"])


def renew_pack(*, meeting: Meeting) -> None:
    """Before a file of it is made: while the meeting is still to be held it says what is so now."""
    if meeting.status == MeetingStatus.CALLED:
        prepare_pack(meeting=meeting)


def renew_due(now: datetime.datetime) -> int:
    """Packs that were prepared a day ago or longer, of meetings to be held, some at a time; how many lines are new.

    Pages show lines as they were written: an action that was done meanwhile must not stand there as not done.
    """
    due = Meeting.objects.called().filter(
        told_at__isnull=False, day__date__gte=as_london(now).date(), pack_prepared_at__lt=now - RENEWED_AFTER
    )
    return prepare_packs(due.with_place().order_by("pack_prepared_at", "pk")[:AT_ONCE])


def prepare_packs(meetings: Iterable[Meeting]) -> int:
    """Each in a transaction of its own; how many lines are new."""
    return sum(prepare_pack(meeting=meeting) for meeting in meetings)


@transaction.atomic
def add_line(
    *, meeting: Meeting, text: str, reason: str = "", is_private: bool = False, by: User
) -> LineOfEnquiry:
    """At the end. A private one is its author's alone."""
    _lock(meeting)
    with _keep_quiet(is_private=is_private):
        return LineOfEnquiry.objects.create(
            meeting=meeting,
            origin=EnquiryOrigin.ADDED,
            text=text.strip(),
            reason=reason.strip(),
            is_private=is_private,
            position=_get_next_position(meeting),
            by=by,
        )


@transaction.atomic
def change_line(*, line: LineOfEnquiry, text: str, reason: str, by: User) -> None:
    """New words; whose they are is kept, and a private line stays private."""
    current = _get_line(line)
    current.text, current.reason, current.by = text.strip(), reason.strip(), by
    with _keep_quiet(is_private=current.is_private):
        current.save(update_fields=["text", "reason", "by"])


@transaction.atomic
def drop_line(*, line: LineOfEnquiry, by: User) -> Removal | None:
    """No pack shows it any more, and its page takes it back. A private one is removed: nobody else knew of it."""
    current = _get_line(line)
    if current.is_private:
        with _keep_quiet(is_private=True):
            return remove(
                "question",
                current,
                title=f"Your question on {line.meeting.organisation}",
                partnership=line.meeting.panel.cycle.partnership,
                by=by,
            )
    current.is_dropped = True
    current.save(update_fields=["is_dropped"])
    return None


@transaction.atomic
def take_back_line(*, line: LineOfEnquiry, by: User) -> None:
    """One that was dropped is asked after all, at the end."""
    _lock(line.meeting)
    current = LineOfEnquiry.objects.filter(pk=line.pk, is_dropped=True).first()
    if current is None:
        raise NotInThisState("That line is asked already. This page shows the lines as they are.")
    current.is_dropped, current.position = False, _get_next_position(line.meeting)
    current.save(update_fields=["is_dropped", "position"])


@transaction.atomic
def move_line(*, line: LineOfEnquiry, earlier: bool) -> None:
    """One place up or down among those that everybody reads; at either end nothing changes."""
    _get_line(line)
    lines = list(LineOfEnquiry.objects.filter(meeting=line.meeting, is_dropped=False, is_private=False))
    place = next(number for number, one in enumerate(lines) if one.pk == line.pk)
    other = place - 1 if earlier else place + 1
    if not 0 <= other < len(lines):
        return
    lines[place], lines[other] = lines[other], lines[place]
    for number, one in enumerate(lines):
        one.position = number
    LineOfEnquiry.objects.bulk_update(lines, ["position"])


def _keep_quiet(*, is_private: bool) -> AbstractContextManager[None]:
    """The trail of changes is read by others, so it says nothing of a private question."""
    return disable_auditlog() if is_private else nullcontext()


def _lock(meeting: Meeting) -> None:
    Meeting.objects.select_for_update(of=("self",)).only("pk").get(pk=meeting.pk)


def _get_line(line: LineOfEnquiry) -> LineOfEnquiry:
    _lock(line.meeting)
    found = LineOfEnquiry.objects.filter(pk=line.pk, is_dropped=False).first()
    if found is None:
        raise NotInThisState(GONE)
    return found


def _get_next_position(meeting: Meeting) -> int:
    last = LineOfEnquiry.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _get_indicators(meeting: Meeting, keys: set[str]) -> dict[str, Indicator]:
    bank = meeting.invitee.cycle_questionnaire.questionnaire_id
    found = Indicator.objects.filter(questionnaire=bank, key__in=keys)
    return {one.key: one for one in found}
