"""Calendar entries of meetings as their releases told them: what each of those who come gets, and how it is enclosed.

An entry's number counts what was said of its meeting, so the newest e-mail wins in every calendar. Who sits is the
panel's and the partnership's to know: an agency's copy names its own people alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings

from accountability.calendars import Entry, Part, Person, get_content_type, make_invitation
from accountability.models import Meeting, Panel, PanelMember, Representative
from accountability.timetable_changes import Change, Told
from s11.organisations.emails import make_link
from s11.organisations.models import Partnership
from surveys.models import Invitee, Message
from surveys.models.messages import MessageAttachment
from surveys.recipients import Recipient, get_addressees

FILE_NAME: Final = "invite.ics"


@dataclass(frozen=True, slots=True)
class Coming:
    """Who is written to for one meeting's agency: its leads or their stand-ins, and whom it named to come."""

    to: tuple[Recipient, ...]
    representatives: tuple[Representative, ...]

    @property
    def people(self) -> tuple[Person, ...]:
        """Where somebody is named, a lead who is not may come along."""
        named = {one.email.lower(): Person(one.name, one.email) for one in self.representatives if one.email}
        part = Part.OPTIONAL if named else Part.REQUIRED
        others = [one for one in self.to if one.email.lower() not in named]
        return (*named.values(), *(Person(one.name, one.email, part) for one in others))

    @property
    def guests(self) -> tuple[Representative, ...]:
        """Those named who are not written to as a lead, and can be."""
        known = {one.email.lower() for one in self.to}
        return tuple(one for one in self.representatives if one.email and one.email.lower() not in known)


class Entries:
    """The entries of some meetings of one panel, as those who come get them. A fixed number of queries."""

    def __init__(self, panel: Panel, meetings: Iterable[int], at: datetime.datetime) -> None:
        self.panel = panel
        self.at = at
        rows = Meeting.objects.filter(pk__in=list(meetings)).select_related("invitee__organisation")
        self.meetings = {one.pk: one for one in rows.prefetch_related("representatives")}
        for meeting in self.meetings.values():
            meeting.panel, meeting.invitee.cycle = panel, panel.cycle
        self.coming = self._read_coming()
        self.sitting = self._read_sitting()

    def _read_coming(self) -> dict[int, Coming]:
        invitees: dict[int, Invitee] = {pk: one.invitee for pk, one in self.meetings.items()}
        found = get_addressees(invitees.values())
        return {
            pk: Coming(found[invitee.pk].to, tuple(self.meetings[pk].representatives.all()))
            for pk, invitee in invitees.items()
        }

    def _read_sitting(self) -> Mapping[int, PanelMember]:
        """All of the panel: a dozen people."""
        return {one.pk: one for one in self.panel.members.with_person()}

    def make_for_agency(self, change: Change, *, only: Person | None = None) -> Entry:
        """Its own people's copy; with `only`, to one who does not come any more."""
        meeting = self.meetings[change.told.meeting]
        slugs = meeting.slugs
        return self._make(
            change,
            (only,) if only else self.coming[meeting.pk].people,
            is_withdrawn=only is not None and not change.is_off,
            url=make_link("accountability:agency_meetings", slugs["partnership"], slugs["organisation"]),
        )

    def make_for_member(self, change: Change, member: PanelMember) -> Entry:
        """With everybody who comes; to one who no longer sits, that alone."""
        is_withdrawn = (
            not change.is_off and change.after is not None and member.pk not in change.after.members
        )
        cycle = self.panel.cycle
        # A contact's own page opens by a link that is theirs alone, and calendars are shown to colleagues.
        url = make_link("accountability:round", cycle.partnership.slug, cycle.slug) if member.user else ""
        if is_withdrawn:
            return self._make(change, (Person(member.name, member.email),), is_withdrawn=True, url=url)
        seats = change.told.seats
        panel = [
            Person(sitting.name, sitting.email, Part.CHAIR if seat.is_chair else Part.REQUIRED)
            for seat in seats
            if (sitting := self.sitting.get(seat.member)) is not None
        ]
        people = {one.email.lower(): one for one in (*self.coming[change.told.meeting].people, *panel)}
        chair = change.told.chair
        return self._make(
            change, tuple(people.values()), url=url, more=f"Chair: {chair.name}" if chair else ""
        )

    def _make(
        self,
        change: Change,
        people: tuple[Person, ...],
        *,
        url: str,
        is_withdrawn: bool = False,
        more: str = "",
    ) -> Entry:
        told = (change.before or change.told) if is_withdrawn else change.told
        meeting = self.meetings[told.meeting]
        return Entry(
            **say_meeting(meeting, told, more),
            sequence=meeting.sequence,
            stamp=self.at,
            organiser=get_organiser(self.panel.cycle.partnership),
            url=url,
            attendees=people,
            is_cancelled=change.is_off,
            is_withdrawn=is_withdrawn,
        )


def say_meeting(meeting: Meeting, told: Told, more: str = "") -> dict[str, Any]:
    """What every copy and every feed says of it. The cycle must be at hand."""
    cycle = meeting.cycle
    lines = [
        f"{told.name} meets a panel of {cycle.partnership.name} about its audit, {cycle.title}.",
        more,
        f"Join here: {told.link}" if told.link else "",
        told.joining,
    ]
    return {
        "uid": str(meeting.uid),
        "start": datetime.datetime.combine(told.date, told.starts_at),
        "minutes": told.minutes,
        "summary": f"Accountability meeting: {told.name}",
        "description": "\n".join(line for line in lines if line),
        "location": ", ".join(part for part in (told.place_words, told.link) if part),
    }


def get_organiser(partnership: Partnership) -> Person:
    """The partnership; answers go to its address, or to ours where it has given none."""
    return Person(partnership.name, partnership.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def enclose(message: Message | None, entry: Entry) -> None:
    """With an e-mail that waits in the outbox: one each, for calendars take in one at a time (RFC 5546, 3.2.2)."""
    if message is not None:
        MessageAttachment.objects.create(
            message=message,
            name=FILE_NAME,
            content_type=get_content_type(entry),
            content=make_invitation(entry),
        )
