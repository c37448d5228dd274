"""Releasing a timetable: numbered, frozen, and told to those whom a change concerns, and to nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from accountability.models import Meeting, Panel, PanelMember, Release, ReleasedMeeting, ReleasedSeat
from accountability.release_emails import make_agency_mail, make_member_mail
from accountability.releases import get_last, read_draft, read_release
from accountability.timetable_changes import Change, Timetable, compare, make_digest
from accountability.workflow import lock_panel
from s11.organisations.models import User
from s11.web.errors import NotInThisState
from surveys.enums import MessageKind
from surveys.models import Invitee
from surveys.outbox import put_in_outbox
from surveys.recipients import get_addressees


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
    release = Release.objects.create(
        panel=locked, number=last.number + 1 if last else 1, note=note.strip(), by=by
    )
    _freeze(release, after)
    _count_up(changes)
    tell(release, changes, by)
    return release


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


def tell(release: Release, changes: Sequence[Change], by: User | None) -> None:
    """An e-mail to each agency whose time or place changes, and one to each panel member with all that concerns them.

    All go through the outbox, within the transaction of the release: both are there, or neither.
    """
    _tell_agencies(release, [change for change in changes if change.concerns_agency], by)
    concerned: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        for member in change.concerned_members:
            concerned[member].append(change)
    _tell_members(release, concerned, by)


def _tell_agencies(release: Release, changes: Sequence[Change], by: User | None) -> None:
    """To its leads; where there is none, to the contacts that stand in."""
    cycle = release.panel.cycle
    of_meeting = {change.told.meeting: change for change in changes}
    rows = Invitee.objects.filter(meeting__in=of_meeting).select_related("organisation", "meeting")
    invitees = list(rows.order_by("pk"))
    for invitee in invitees:
        invitee.cycle = cycle
    for addressee in get_addressees(invitees).values():
        meeting: Meeting = addressee.invitee.meeting
        for to in addressee.to:
            mail = make_agency_mail(release, meeting, of_meeting[meeting.pk], to.email)
            put_in_outbox(
                kind=MessageKind.MEETING,
                invitee=addressee.invitee,
                email=to.email,
                subject=str(mail.subject),
                body=str(mail.body),
                by=by,
                user_id=to.user,
                contact_id=to.contact,
            )


def _tell_members(release: Release, concerned: dict[int, list[Change]], by: User | None) -> None:
    for member in PanelMember.objects.filter(pk__in=concerned).with_person().order_by("pk"):
        mail, link = make_member_mail(release, member, concerned[member.pk])
        put_in_outbox(
            kind=MessageKind.MEETING,
            cycle=release.panel.cycle,
            email=member.email,
            subject=str(mail.subject),
            body=str(mail.body),
            by=by,
            user=member.user,
            contact=member.contact,
            personal_link=link,
        )
