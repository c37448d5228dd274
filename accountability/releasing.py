"""Releasing a timetable: numbered, frozen, and told to those whom a change concerns, and to nobody else."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from accountability.calendars import Entry, Method
from accountability.conflicts import get_conflicts
from accountability.enums import MeetingStatus
from accountability.invitations import Entries, enclose
from accountability.models import (
    Meeting,
    Panel,
    PanelMember,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    Representative,
)
from accountability.release_emails import (
    make_agency_mail,
    make_entry_mail,
    make_guest_mail,
    make_member_mail,
)
from accountability.releases import get_last, read_draft, read_release
from accountability.timetable_changes import Change, Timetable, Told, compare, make_digest
from accountability.workflow import lock_panel
from s11.organisations.models import User
from s11.web.dates import as_london
from s11.web.errors import NotInThisState
from surveys.enums import MessageKind
from surveys.models import Message
from surveys.outbox import put_in_outbox

NOTE: Final = 500


@transaction.atomic
def release_timetable(*, panel: Panel, note: str, seen: str, by: User | None) -> Release:
    """Freeze the plan under the next number, and tell those affected.

    `seen` is the digest of the plan that the page showed: raises NotInThisState where it is another by now, and where
    nothing has changed since the last release.
    """
    locked = lock_panel(panel)
    locked.cycle = panel.cycle
    last = get_last(locked)
    before = read_release(last)
    after = read_draft(locked, before)
    if make_digest(after) != seen:
        raise NotInThisState("The timetable was changed meanwhile. Nothing went out: read the changes again.")
    changes = compare(before, after)
    if not changes:
        raise NotInThisState(
            "Nothing has changed since the last timetable went out, so nobody was told anything."
        )
    _check_no_conflict(locked, after)
    release = Release.objects.create(
        panel=locked, number=last.number + 1 if last else 1, note=note.strip(), by=by
    )
    _freeze(release, after)
    _count_up(changes)
    tell(release, changes, by)
    return release


def _check_no_conflict(panel: Panel, timetable: Timetable) -> None:
    """Who has come into conflict since they were seated is invited by no release."""
    now = get_local_now()
    called = dict(panel.meetings.called().order_by().values_list("pk", "invitee__organisation"))
    coming = [told for told in timetable.values() if told.meeting in called and told.ends > now]
    members = panel.members.with_person().filter(pk__in={pk for told in coming for pk in told.members})
    conflicts = get_conflicts(members, called.values())
    for told in coming:
        for seat in told.seats:
            if why := conflicts[seat.member].get(called[told.meeting]):
                raise NotInThisState(
                    f"{seat.name} cannot sit for {told.name}: {seat.name} {why}. Give that seat to somebody else, then "
                    "release. Nothing went out."
                )


def get_local_now() -> datetime.datetime:
    return as_london(timezone.now()).replace(tzinfo=None)


def _freeze(release: Release, timetable: Timetable) -> None:
    rows = ReleasedMeeting.objects.bulk_create(
        ReleasedMeeting(
            release=release,
            meeting_id=told.meeting,
            date=told.date,
            starts_at=told.starts_at,
            minutes=told.minutes,
            track=told.track,
            place=told.place,
            link=told.link,
            joining=told.joining,
        )
        for told in timetable.values()
    )
    ReleasedSeat.objects.bulk_create(
        ReleasedSeat(released=row, member_id=seat.member, is_chair=seat.is_chair)
        for row, told in zip(rows, timetable.values(), strict=True)
        for seat in told.seats
    )


def _count_up(changes: Iterable[Change]) -> None:
    """Calendars know a change by its number, which is 0 for what is told for the first time."""
    now = timezone.now()
    meetings = list(Meeting.objects.filter(pk__in=[change.told.meeting for change in changes]))
    for meeting in meetings:
        if meeting.told_at is not None:
            meeting.sequence += 1
        else:
            meeting.told_at = now
    Meeting.objects.bulk_update(meetings, ["sequence", "told_at"])


def release_one(*, meeting: Meeting, after: Told | None, note: str, by: User | None) -> Release | None:
    """The last timetable again with one meeting changed, or off: told at once, whatever else is planned meanwhile.

    The panel is locked by the caller. None where that meeting is not in the last timetable, so nobody knows of it.
    """
    panel = meeting.panel
    last = get_last(panel)
    before = read_release(last)
    if last is None or meeting.pk not in before:
        return None
    told = {pk: one for pk, one in before.items() if pk != meeting.pk}
    if after is not None:
        told[meeting.pk] = after
    release = Release.objects.create(panel=panel, number=last.number + 1, note=note.strip()[:NOTE], by=by)
    changes = compare(before, told)
    _freeze(release, told)
    _count_up(changes)
    tell(release, changes, by)
    return release


def tell(release: Release, changes: Sequence[Change], by: User | None) -> None:
    """An e-mail to each agency whose time or place changes, and one to each panel member with all that concerns them.

    All go through the outbox, within the transaction of the release: both are there, or neither. Of a meeting that is
    over pages and feeds say what changed, and nobody gets an e-mail.
    """
    entries = Entries(release.panel, [change.told.meeting for change in changes], release.at)
    changes = [one for one in changes if not _is_over(one, entries.meetings[one.told.meeting])]
    _tell_agencies(release, [change for change in changes if change.concerns_agency], entries, by)
    concerned: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        for member in change.concerned_members:
            concerned[member].append(change)
    _tell_members(release, concerned, entries, by)


def _is_over(change: Change, meeting: Meeting) -> bool:
    """Held, or its time has passed; that one is off is told whenever it is said."""
    if meeting.status == MeetingStatus.HELD:
        return True
    return change.after is not None and change.after.ends <= get_local_now()


def _tell_agencies(release: Release, changes: Iterable[Change], entries: Entries, by: User | None) -> None:
    """To its leads; where there is none, to the contacts that stand in; and to whom it named to come."""
    for change in changes:
        meeting = entries.meetings[change.told.meeting]
        coming = entries.coming[meeting.pk]
        entry = entries.make_for_agency(change)
        for to in coming.to:
            mail = make_agency_mail(release, meeting, change, to.email)
            message = put_in_outbox(
                kind=MessageKind.MEETING,
                invitee=meeting.invitee,
                email=to.email,
                subject=str(mail.subject),
                body=str(mail.body),
                by=by,
                user_id=to.user,
                contact_id=to.contact,
            )
            enclose(message, entry)
        for one in coming.guests:
            tell_guest(meeting, change, one, entry, by)


def tell_guest(
    meeting: Meeting, change: Change, guest: Representative, entry: Entry, by: User | None
) -> None:
    """Somebody who comes for an agency and may have no login."""
    mail = make_guest_mail(meeting, change, guest, is_off=entry.method == Method.CANCEL)
    message = put_in_outbox(
        kind=MessageKind.MEETING,
        invitee=meeting.invitee,
        email=guest.email,
        subject=str(mail.subject),
        body=str(mail.body),
        by=by,
    )
    enclose(message, entry)


def _tell_members(
    release: Release, concerned: Mapping[int, Sequence[Change]], entries: Entries, by: User | None
) -> None:
    """All that concerns them in one e-mail, with the calendar entry of the first; each further one follows by itself,
    for calendars take one entry from an e-mail.
    """
    for member in PanelMember.objects.filter(pk__in=concerned).with_person().order_by("pk"):
        changes = concerned[member.pk]
        mail, link = make_member_mail(release, member, changes)
        overview = _put(release, member, mail, by, personal_link=link)
        enclose(overview, entries.make_for_member(changes[0], member))
        for change in changes[1:]:
            mail, link = make_entry_mail(release, member, change)
            message = _put(release, member, mail, by, personal_link=link)
            enclose(message, entries.make_for_member(change, member))


def _put(
    release: Release, member: PanelMember, mail: EmailMessage, by: User | None, personal_link: str = ""
) -> Message | None:
    return put_in_outbox(
        kind=MessageKind.MEETING,
        cycle=release.panel.cycle,
        email=member.email,
        subject=str(mail.subject),
        body=str(mail.body),
        by=by,
        user=member.user,
        contact=member.contact,
        personal_link=personal_link,
    )
