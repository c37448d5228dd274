"""A round of meetings at a glance: the numbers, and how far each step has come. Derived, never stored."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from accountability.enums import MeetingStatus
from accountability.letter_list import count_letters
from accountability.models import Panel
from accountability.queries import Round
from accountability.slots import list_halves
from s11.web.text import plural

NOT_STARTED, IN_PROGRESS, COMPLETE, LATER = "Not started", "In progress", "Complete", "Cannot start yet"


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a round's home counts."""

    members: int
    sectors: int
    chairs: int
    asked: int
    answered: int  # for any half: whoever plans counts on them there
    complete: int  # for each half of each day to come
    days: int
    coming: int  # days, today included
    places: int  # meetings that its days have room for
    are_days_whole: bool  # each panel at a time has its room or link on each day
    called: int  # agencies, those that were held included
    placed: int
    held: int
    prepared: int  # packs whose lines of enquiry were suggested
    release: int  # the last timetable that went out; 0 for none
    letters: int
    letters_sent: int
    letters_overdue: int
    letters_soon: int

    @property
    def unplaced(self) -> int:
        return self.called - self.placed

    @property
    def is_over(self) -> bool:
        """All meetings were held and no day is to come: what was not done here before them is not done any more."""
        return bool(self.called) and self.held == self.called and not self.coming


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the task list. Without `url_name` it leads nowhere yet."""

    title: str
    url_name: str
    status: str
    hint: str = ""


def get_numbers(panel: Panel) -> Numbers:
    """A fixed number of queries."""
    today = timezone.localdate()
    members = list(
        panel.members.active()
        .order_by()
        .annotate(
            halves=Count("availabilities"),
            to_come=Count("availabilities", filter=Q(availabilities__day__date__gte=today)),
        )
        .values_list("sector", "may_chair", "asked_at", "halves", "to_come")
    )
    days = list(panel.days.prefetch_related("breaks", "places"))
    coming = [day for day in days if day.date >= today]
    halves = sum(len(list_halves(day.list_slots())) for day in coming)
    meetings = (
        panel.meetings.exclude(status=MeetingStatus.CANCELLED)
        .order_by()
        .aggregate(
            called=Count("pk"),
            placed=Count("pk", filter=Q(day__isnull=False)),
            held=Count("pk", filter=Q(status=MeetingStatus.HELD)),
            prepared=Count("pk", filter=Q(pack_prepared_at__isnull=False)),
        )
    )
    release = panel.releases.first()
    return Numbers(
        members=len(members),
        sectors=len({sector for sector, *_ in members}),
        chairs=sum(may_chair for _, may_chair, *_ in members),
        asked=sum(asked_at is not None for *_, asked_at, _, _ in members),
        answered=sum(bool(said) for *_, said, _ in members),
        complete=sum(bool(said) and to_come >= halves for *_, said, to_come in members),
        coming=len(coming),
        days=len(days),
        places=sum(len(day.list_slots()) for day in days) * panel.tracks,
        are_days_whole=all(day.has_all_places(panel.tracks) for day in days),
        **meetings,
        **count_letters(panel, today),
        release=release.number if release else 0,
    )


def list_steps(round_: Round, numbers: Numbers) -> list[Step]:
    """In the order of the work. A step whose pages are elsewhere says its state from the same numbers."""
    panel = round_.panel
    return [
        _members_step(panel, numbers),
        _days_step(numbers),
        _availability_step(numbers),
        Step(
            "Agencies called",
            "accountability:calls",
            COMPLETE if numbers.called else NOT_STARTED,
            plural(numbers.called, "agency", "agencies") if numbers.called else "",
        ),
        _timetable_step(numbers),
        _invitations_step(numbers),
        _packs_step(numbers),
        _meetings_step(numbers),
        _letters_step(numbers),
        _agreed_step(numbers),
    ]


def _members_step(panel: Panel, numbers: Numbers) -> Step:
    if not numbers.members:
        return Step("Panel members", "accountability:panel_members", NOT_STARTED)
    is_enough = numbers.members >= panel.seats and numbers.sectors >= panel.sectors and numbers.chairs
    hint = (
        f"{plural(numbers.members, 'member')} from {plural(numbers.sectors, 'sector')}, "
        f"{numbers.chairs or 'none'} may chair"
    )
    return Step("Panel members", "accountability:panel_members", COMPLETE if is_enough else IN_PROGRESS, hint)


def _days_step(numbers: Numbers) -> Step:
    if not numbers.days:
        return Step("Days and places", "accountability:meeting_days", NOT_STARTED)
    hint = f"{plural(numbers.days, 'day')} with room for {plural(numbers.places, 'meeting')}"
    if not numbers.are_days_whole and numbers.coming:
        return Step(
            "Days and places",
            "accountability:meeting_days",
            IN_PROGRESS,
            f"{hint}; a room or link is missing",
        )
    return Step("Days and places", "accountability:meeting_days", COMPLETE, hint)


def _availability_step(numbers: Numbers) -> Step:
    name = "accountability:panel_availability"
    if not numbers.members or not numbers.days:
        return Step("Availability", "", LATER, "It needs panel members and days")
    hint = f"{numbers.answered} of {plural(numbers.members, 'member')} have answered"
    if not numbers.coming:
        return Step("Availability", name, COMPLETE, f"{hint}; the days are over")
    if numbers.complete == numbers.members:
        return Step("Availability", name, COMPLETE, hint)
    if numbers.answered == numbers.members:
        hint += f", {numbers.complete} of them for each day to come"
    return Step("Availability", name, IN_PROGRESS if numbers.asked or numbers.answered else NOT_STARTED, hint)


def _timetable_step(numbers: Numbers) -> Step:
    if not numbers.called or not numbers.days:
        return Step("Timetable", "", LATER, "It needs days and agencies that are called")
    if not numbers.placed:
        return Step("Timetable", "accountability:timetable", NOT_STARTED)
    hint = f"{numbers.placed} of {plural(numbers.called, 'agency', 'agencies')} have a time"
    if numbers.is_over and not numbers.release:
        return Step("Timetable", "accountability:timetable", COMPLETE, "All were held; it was made elsewhere")
    is_out = bool(numbers.release) and not numbers.unplaced
    return Step(
        "Timetable",
        "accountability:timetable",
        COMPLETE if is_out else IN_PROGRESS,
        f"{hint}; timetable {numbers.release} went out"
        if numbers.release
        else f"{hint}; nobody has been told",
    )


def _invitations_step(numbers: Numbers) -> Step:
    """They go out with each release."""
    if numbers.is_over and not numbers.release:
        return Step("Invitations", "", COMPLETE, "All were held; none went out from here")
    if not numbers.release:
        return Step("Invitations", "", LATER, "They go out with the timetable")
    hint = f"Timetable {numbers.release} went out, with a calendar entry for everybody it concerns"
    return Step("Invitations", "accountability:releases", COMPLETE, hint)


def _packs_step(numbers: Numbers) -> Step:
    if not numbers.called:
        return Step("Packs", "", LATER)
    if numbers.is_over and numbers.prepared < numbers.called:
        hint = f"All were held; {numbers.prepared or 'no'} of {plural(numbers.called, 'pack')} prepared here"
        return Step("Packs", "accountability:packs", COMPLETE, hint)
    if not numbers.prepared:
        return Step("Packs", "accountability:packs", NOT_STARTED)
    hint = f"{numbers.prepared} of {plural(numbers.called, 'pack')} prepared"
    is_done = numbers.prepared == numbers.called
    return Step("Packs", "accountability:packs", COMPLETE if is_done else IN_PROGRESS, hint)


def _meetings_step(numbers: Numbers) -> Step:
    if not numbers.placed:
        return Step("Meetings", "", LATER)
    hint = f"{numbers.held} of {numbers.called} held"
    status = COMPLETE if numbers.held == numbers.called else IN_PROGRESS if numbers.held else NOT_STARTED
    return Step("Meetings", "accountability:day_next", status, hint)


def _agreed_step(numbers: Numbers) -> Step:
    """It goes on until the next round: its own page says how far."""
    if not numbers.letters_sent:
        return Step("What was agreed", "", LATER)
    return Step(
        "What was agreed", "accountability:progress", IN_PROGRESS, "Answered, done, verified and overdue"
    )


def _letters_step(numbers: Numbers) -> Step:
    if not numbers.held:
        return Step("Minutes and letters", "", LATER)
    hint = f"{numbers.letters_sent} of {numbers.held} sent"
    if numbers.letters_overdue:
        hint += f"; {numbers.letters_overdue} overdue"
    if numbers.letters_soon:
        hint += f"; {numbers.letters_soon} due soon"
    is_done = numbers.letters_sent == numbers.held
    status = COMPLETE if is_done else IN_PROGRESS if numbers.letters else NOT_STARTED
    return Step("Minutes and letters", "accountability:letters", status, hint)
