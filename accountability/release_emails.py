"""E-mails that tell a timetable, for the outbox; texts stand in templates/emails/accountability/."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.utils import timezone

from accountability.answer_dates import get_tell_by
from accountability.member_links import choose_link
from accountability.models import Meeting, PanelMember, Release, Representative
from accountability.timetable_changes import Change
from s11.organisations.emails import make_email, make_link
from s11.web.dates import date, time
from s11.web.text import list_words


def make_agency_mail(release: Release, meeting: Meeting, change: Change, email: str) -> EmailMessage:
    """Its new time, another time or place, or that it is off."""
    partnership = release.panel.cycle.partnership
    return make_email(
        "accountability/agency_told",
        to=[email],
        partnership=partnership,
        cycle=release.panel.cycle,
        subject=say_subject(change),
        change=change,
        place_was=say_place(change) if change.has_other_place else "",
        tell_by=max(timezone.localdate(), get_tell_by(change.told.date)),
        reason=meeting.cancel_reason,
        link=make_link("accountability:agency_meetings", partnership.slug, meeting.organisation.slug),
    )


def say_subject(change: Change) -> str:
    told = change.told
    at = f"{date(told.date)} at {time(told.starts_at)}"
    if change.is_off:
        return f"Your accountability meeting on {at} is off"
    if change.is_new:
        return f"Come to your accountability meeting on {at}"
    return (
        f"New time for your meeting: {at}" if change.has_other_time else f"New place for your meeting on {at}"
    )


def make_member_mail(
    release: Release, member: PanelMember, changes: Sequence[Change]
) -> tuple[EmailMessage, str]:
    """All that changes for one member, and their own link, empty for who has a login."""
    cycle = release.panel.cycle
    link, personal = _make_own_link(release, member)
    is_first = release.number == 1
    first, later = "Keep these times free", "Change your diary"
    mail = make_email(
        "accountability/member_told",
        to=[member.email],
        partnership=cycle.partnership,
        cycle=cycle,
        subject=f"{first if is_first else later} {say_days(changes)}: panel meetings for {cycle.title}",
        member=member,
        release=release,
        lines=[MemberLine(change, member.pk) for change in changes],
        link=link,
    )
    return mail, personal


def say_days(changes: Sequence[Change]) -> str:
    """‘on 3 March 2027’; of more days ‘from’ the first one."""
    days = sorted({change.told.date for change in changes})
    return f"{'on' if len(days) == 1 else 'from'} {date(days[0])}"


def _make_own_link(release: Release, member: PanelMember) -> tuple[str, str]:
    """To the round, or to their own page."""
    cycle = release.panel.cycle
    desk = make_link("accountability:round", cycle.partnership.slug, cycle.slug)
    return choose_link(member, desk=desk, personal="accountability:member_page")


def make_entry_mail(release: Release, member: PanelMember, change: Change) -> tuple[EmailMessage, str]:
    """One meeting, to go with its calendar entry; and their own link."""
    cycle = release.panel.cycle
    link, personal = _make_own_link(release, member)
    told, line = change.told, MemberLine(change, member.pk)
    mail = make_email(
        "accountability/member_entry",
        to=[member.email],
        partnership=cycle.partnership,
        cycle=cycle,
        subject=f"{line.word}: {told.name}, {date(told.date)} at {time(told.starts_at)}",
        line=line,
        link=link,
    )
    return mail, personal


def make_guest_mail(meeting: Meeting, change: Change, guest: Representative, *, is_off: bool) -> EmailMessage:
    """To somebody whom an agency named to come: when and where, or that they need not."""
    cycle = meeting.cycle
    told = change.told
    at = f"{date(told.date)} at {time(told.starts_at)}"
    return make_email(
        "accountability/guest_told",
        to=[guest.email],
        partnership=cycle.partnership,
        cycle=cycle,
        subject=f"Keep free no more: the meeting on {at}"
        if is_off
        else f"Come to the accountability meeting of {told.name} on {at}",
        change=change,
        guest=guest,
        is_off=is_off,
        link=make_link("organisations:contact_of", cycle.partnership.slug),
    )


def say_place(change: Change) -> str:
    """‘was Committee room 2, now Video call A’; of one place that has another link or way in, that."""
    if change.before is None or change.after is None:
        return ""
    if change.before.place_words == change.after.place_words:
        return "how to get in has changed"
    return f"was {change.before.place_words}, now {change.after.place_words}"


class MemberLine:
    """One change as it concerns one member."""

    def __init__(self, change: Change, member: int) -> None:
        self.change = change
        self.was_in = change.before is not None and member in change.before.members
        self.is_in = change.after is not None and member in change.after.members
        chair = change.after.chair if change.after is not None else None
        self.is_chair = chair is not None and chair.member == member

    @property
    def what(self) -> str:
        """What is another for who sat and sits: ‘; was Committee room 2, now Video call A; Ada comes, Ben goes’."""
        before, after = self.change.before, self.change.after
        if not (before and after and self.was_in and self.is_in):
            return ""
        parts = []
        if self.change.has_other_time:
            parts.append(f"it was {date(before.date)} at {time(before.starts_at)}")
        if self.change.has_other_place:
            parts.append(say_place(self.change))
        if self.change.joined:
            parts.append(f"new on the panel: {list_words([one.name for one in self.change.joined])}")
        if self.change.left:
            parts.append(f"no longer on it: {list_words([one.name for one in self.change.left])}")
        if self.change.has_other_chair and after.chair:
            parts.append("you chair now" if self.is_chair else f"{after.chair.name} chairs now")
        return "".join(f"; {part}" for part in parts)

    @property
    def word(self) -> str:
        if self.is_in and not self.was_in:
            return "New"
        if self.was_in and not self.is_in:
            return "Off" if self.change.is_off else "You no longer sit"
        return "Changed"
