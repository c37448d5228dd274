"""The timetable as it stands and as its releases told it, ready to be compared."""

from __future__ import annotations

from accountability.enums import MeetingStatus
from accountability.models import Meeting, Panel, Place, Release, ReleasedMeeting
from accountability.problems import get_names
from accountability.timetable_changes import Sitting, Timetable, Told

SEATED = ("seats__member__officer__user", "seats__member__contact")


def read_release(release: Release | None) -> dict[int, Told]:
    """What it told; nothing where there is none. Queries do not grow with its size."""
    if release is None:
        return {}
    rows = list(
        ReleasedMeeting.objects.filter(release=release)
        .select_related("meeting__invitee__organisation")
        .prefetch_related(*SEATED)
        .order_by("date", "starts_at", "track")
    )
    names = get_names(release.panel, [row.meeting for row in rows])
    return {
        row.meeting_id: Told(
            meeting=row.meeting_id,
            name=names[row.meeting_id],
            date=row.date,
            starts_at=row.starts_at,
            minutes=row.minutes,
            track=row.track,
            place=row.place,
            link=row.link,
            joining=row.joining,
            seats=tuple(Sitting(seat.member_id, seat.member.name, seat.is_chair) for seat in row.seats.all()),
        )
        for row in rows
    }


def read_draft(panel: Panel, last: Timetable) -> dict[int, Told]:
    """The plan as it stands. A meeting that was held stays as it was last told, if that is where it was held."""
    meetings = list(
        panel.meetings.filter(day__isnull=False)
        .exclude(status=MeetingStatus.CANCELLED)
        .select_related("day", "invitee__organisation")
        .prefetch_related(*SEATED)
        .order_by("day__date", "starts_at", "track")
    )
    names = get_names(panel, meetings)
    places = {(one.day_id, one.track): one for one in Place.objects.filter(day__panel=panel)}
    found = {}
    for meeting in meetings:
        now, told = _make_told(meeting, names[meeting.pk], places), last.get(meeting.pk)
        stays = meeting.status == MeetingStatus.HELD and told is not None and told.slot == now.slot
        found[meeting.pk] = told if told is not None and stays else now
    return found


def _make_told(meeting: Meeting, name: str, places: dict[tuple[int, int], Place]) -> Told:
    assert meeting.day is not None  # the query asks for it, and a slot is whole
    assert meeting.starts_at is not None
    assert meeting.track is not None
    place = places.get((meeting.day.pk, meeting.track))
    return Told(
        meeting=meeting.pk,
        name=name,
        date=meeting.day.date,
        starts_at=meeting.starts_at,
        minutes=meeting.day.minutes,
        track=meeting.track,
        place=place.name if place else "",
        link=place.link if place else "",
        joining=place.joining if place else "",
        seats=tuple(Sitting(seat.member_id, seat.member.name, seat.is_chair) for seat in meeting.seats.all()),
    )


def get_last(panel: Panel) -> Release | None:
    """The newest release."""
    last = panel.releases.order_by("-number").first()
    if last is not None:
        last.panel = panel
    return last
