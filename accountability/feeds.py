"""A person's meetings as they were told: for a calendar that subscribes, and for the pages that list them.

Only what a release said, never the plan. A meeting that is off, or in which one no longer sits, stays as cancelled, for
calendars that never delete; one with which one has come into conflict is not there at all.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils import timezone

from accountability.calendars import Entry, make_feed
from accountability.conflicts import get_conflicts
from accountability.invitations import get_organiser, say_meeting
from accountability.models import Meeting, PanelMember, Release, ReleasedMeeting
from accountability.permissions import SPEAKING
from accountability.timetable_changes import Told
from s11.organisations.emails import make_link
from s11.organisations.models import Membership, Participation, User

# Older ones leave the calendar: nobody looks at them, and the address is read many times a day.
KEPT_DAYS: Final = 400
# What a calendar's own address may open: the calendar.
CALENDAR: Final = ".calendar"


@dataclass(frozen=True, slots=True)
class OwnMeeting:
    """One meeting as one person was last told it."""

    meeting: Meeting
    told: Told
    release: Release  # the last that says something of it
    is_off: bool = False
    is_chair: bool = False
    # They sit on its panel; else they speak for its agency.
    sits: bool = False

    @property
    def entry(self) -> Entry:
        cycle = self.meeting.cycle
        slugs = self.meeting.slugs
        url = (
            ""  # theirs opens by a link alone, and calendars are shown to colleagues
            if self.sits
            else make_link("accountability:agency_meetings", slugs["partnership"], slugs["organisation"])
        )
        return Entry(
            **say_meeting(self.meeting, self.told, "You chair." if self.is_chair else ""),
            sequence=self.meeting.sequence,
            stamp=self.release.at,
            organiser=get_organiser(cycle.partnership),
            url=url,
            is_cancelled=self.is_off,
        )


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar subscribes to."""

    name: str
    meetings: tuple[OwnMeeting, ...]

    @property
    def digest(self) -> str:
        """The same as long as the calendar's file would be; made without making that."""
        lines = [self.name, *(repr(one.entry) for one in self.meetings)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]

    def render(self) -> bytes:
        return make_feed(self.name, [one.entry for one in self.meetings])


def get_member_feed(member: PanelMember) -> Feed:
    """Of one panel; the member's person must be at hand."""
    partnership = member.panel.cycle.partnership
    return Feed(f"Panel meetings of {partnership.name}", tuple(list_own_meetings([member])))


def get_user_feed(user: User) -> Feed:
    """All panels on which they sit, and all agencies for which they speak, wherever those are."""
    members = list(PanelMember.objects.of_user(user).with_person())
    return Feed("Accountability meetings", tuple(list_own_meetings(members, get_spoken_for(user))))


def get_spoken_for(user: User) -> set[int]:
    speaking = Membership.objects.active().filter(user=user, role__in=SPEAKING)
    return set(speaking.order_by().values_list("organisation", flat=True))


def list_own_meetings(
    members: Sequence[PanelMember], organisations: Collection[int] = ()
) -> list[OwnMeeting]:
    """In the order of their days. A fixed number of queries, whatever their number."""
    rows = _read_rows(members, organisations)
    panels = {row.release.panel_id for row in rows}
    # The newest of each panel comes last.
    last = {one.panel_id: one for one in Release.objects.filter(panel__in=panels).order_by("number")}
    names = _get_names(rows)
    closed = get_conflicts(members, {row.meeting.invitee.organisation_id for row in rows}) if members else {}
    found: dict[int, OwnMeeting] = {}
    for row in rows:
        organisation = row.meeting.invitee.organisation_id
        newest = last[row.release.panel_id]
        is_off = row.release_id != newest.pk
        if organisation in organisations:
            found[row.meeting_id] = _make(row, names, newest, is_off=is_off)
            continue
        seat = next((one for one in row.seats.all() if one.member_id in {m.pk for m in members}), None)
        if seat is not None and organisation not in closed[seat.member_id]:
            found[row.meeting_id] = _make(
                row, names, newest, is_off=is_off, is_chair=seat.is_chair, sits=True
            )
    return sorted(found.values(), key=lambda one: (one.told.date, one.told.starts_at, one.meeting.pk))


def _read_rows(members: Iterable[PanelMember], organisations: Collection[int]) -> list[ReleasedMeeting]:
    """Everything that was ever told them of these, the newest last."""
    since = timezone.localdate() - datetime.timedelta(days=KEPT_DAYS)
    mine = Q(pk__in=ReleasedMeeting.objects.filter(seats__member__in=list(members)).values("pk"))
    theirs = Q(meeting__invitee__organisation__in=list(organisations))
    return list(
        ReleasedMeeting.objects.filter(mine | theirs, date__gte=since)
        .select_related("release", "meeting__invitee__organisation", "meeting__panel__cycle__partnership")
        .prefetch_related("seats")
        .order_by("release__number", "pk")
    )


def _get_names(rows: Iterable[ReleasedMeeting]) -> dict[tuple[int, int], str]:
    """What each partnership calls the organisations there, by the ids of both."""
    places = {_get_place(row.meeting) for row in rows}
    here = Participation.objects.filter(
        partnership__in={partnership for partnership, _ in places},
        organisation__in={organisation for _, organisation in places},
    ).exclude(local_name="")
    return {
        (partnership, organisation): name
        for partnership, organisation, name in here.order_by().values_list(
            "partnership", "organisation", "local_name"
        )
    }


def _get_place(meeting: Meeting) -> tuple[int, int]:
    return meeting.cycle.partnership_id, meeting.invitee.organisation_id


def _make(
    row: ReleasedMeeting,
    names: dict[tuple[int, int], str],
    newest: Release,
    *,
    is_off: bool,
    is_chair: bool = False,
    sits: bool = False,
) -> OwnMeeting:
    meeting = row.meeting
    meeting.invitee.cycle = meeting.cycle
    told = Told(
        meeting=row.meeting_id,
        name=names.get(_get_place(meeting), meeting.organisation.name),
        date=row.date,
        starts_at=row.starts_at,
        minutes=row.minutes,
        track=row.track,
        place=row.place,
        link=row.link,
        joining=row.joining,
    )
    return OwnMeeting(meeting, told, newest if is_off else row.release, is_off, is_chair, sits)
