"""What accountability meetings leave for one person to do: say when and who comes, be there, agree minutes, answer the
panel, send letters, decide, verify.

A fixed number of queries, whatever the number of organisations, partnerships and meetings.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse

from accountability.answer_dates import get_tell_by
from accountability.enums import LetterStatus, MeetingStatus, MinutesStatus, ResponseDecision
from accountability.feeds import OwnMeeting
from accountability.feeds import list_own_meetings as list_told_meetings
from accountability.letter_dates import get_due
from accountability.minutes_text import get_held_on
from accountability.models import (
    Meeting,
    MeetingDay,
    PanelMember,
    Recommendation,
    ReleasedSeat,
    Representative,
    Seat,
)
from accountability.permissions import SPEAKING
from s11.organisations.enums import ORGANISERS, MembershipRole
from s11.organisations.models import Officer, User
from s11.web.dates import time
from s11.web.languages import say
from s11.web.spoken import date, plural
from surveys.enums import ActionStatus
from surveys.reach import WRITERS

Line = tuple[str, str]  # words and an address
Roles = Mapping[int, Iterable[MembershipRole]]


def list_own_meetings(
    user: User, roles: Roles, offices: Iterable[Officer], today: datetime.date
) -> list[Line]:
    """At the person's organisations, on the panels on which they sit, and on the desks on which they work."""
    desks = {office.partnership_id for office in offices if office.role in ORGANISERS}
    return [
        *_list_to_answer(roles),
        *_list_half_days(roles, today),
        *_list_availability(user, today),
        *_list_coming(user, roles, today),
        *_list_minutes(user),
        *_list_letters(desks, today),
        *_list_answers(desks),
    ]


def _list_to_answer(roles: Roles) -> list[Line]:
    """What panels recommend and nobody has answered, a line a meeting. One query."""
    own = [pk for pk, held in roles.items() if WRITERS & set(held)]
    rows = (
        Recommendation.objects.unanswered()
        .filter(meeting__invitee__organisation__in=own, meeting__letter__status=LetterStatus.SENT)
        .order_by("meeting__panel__cycle__closes_on", "meeting")
        .values_list(
            "meeting__panel__cycle__partnership__slug",
            "meeting__invitee__organisation__slug",
            "meeting__panel__cycle__slug",
            "meeting__invitee__organisation__name",
        )
        .annotate(number=Count("pk"), first=Min("respond_by"))
    )
    return [
        (
            say(
                "Answer {recommendations} of the panel to {organisation}, by {day}",
                recommendations=plural(number, "recommendation"),
                organisation=name,
                day=date(first),
            ),
            reverse("accountability:agency_recommendations", args=slugs),
        )
        for *slugs, name, number, first in rows
    ]


def _list_half_days(roles: Roles, today: datetime.date) -> list[Line]:
    """Agencies that are called and have not said when they can come. One query."""
    own = [pk for pk, held in roles.items() if SPEAKING & set(held)]
    meetings = Meeting.objects.silent().filter(_has_days_to_come(today), invitee__organisation__in=own)
    return [
        (
            say(
                "Say when {organisation} can come to its accountability meeting",
                organisation=meeting.organisation,
            ),
            reverse("accountability:half_days", kwargs=meeting.slugs),
        )
        for meeting in meetings.with_place().order_by("pk")
    ]


def _list_availability(user: User, today: datetime.date) -> list[Line]:
    """Panels that ask the person, until a timetable that has them in it has gone out. One query."""
    asked = PanelMember.objects.of_user(user).filter(
        _has_days_to_come(today), asked_at__isnull=False, answered_at=None
    )
    free = asked.exclude(Exists(ReleasedSeat.objects.filter(member=OuterRef("pk"))))
    return [
        (
            say("Say when you can sit on the panel of {cycle}", cycle=member.panel.cycle),
            reverse(
                "accountability:own_availability",
                args=[member.panel.cycle.partnership.slug, member.panel.cycle.slug],
            ),
        )
        for member in free.select_related("panel__cycle__partnership").order_by("pk")
    ]


def _list_coming(user: User, roles: Roles, today: datetime.date) -> list[Line]:
    """Meetings still to be held, as they were told: each of an agency for which the person speaks, and of the panels on
    which they sit a line a round. A fixed number of queries.
    """
    members = list(PanelMember.objects.of_user(user).with_person())
    own = {pk for pk, held in roles.items() if SPEAKING & set(held)}
    told = [
        one
        for one in list_told_meetings(members, own)
        if not one.is_off and one.told.date >= today and one.meeting.status == MeetingStatus.CALLED
    ]
    named = set(
        Representative.objects.filter(meeting__in=[one.meeting.pk for one in told])
        .order_by()
        .values_list("meeting", flat=True)
    )
    rounds: dict[int, list[OwnMeeting]] = defaultdict(list)
    for one in told:
        if one.sits:
            rounds[one.meeting.panel_id].append(one)
    return [
        *(_say_agency_comes(one, one.meeting.pk in named) for one in told if not one.sits),
        *(_say_sits(several) for several in rounds.values()),
    ]


def _say_agency_comes(one: OwnMeeting, is_named: bool) -> Line:
    slugs, moment = (
        one.meeting.slugs,
        say("{day} at {time}", day=date(one.told.date), time=time(one.told.starts_at)),
    )
    if not is_named:
        words = say(
            "Say by {day} who comes to the meeting of {organisation} on {moment}",
            day=date(get_tell_by(one.told.date)),
            organisation=one.told.name,
            moment=moment,
        )
        return words, reverse("accountability:representatives", kwargs=slugs)
    return (
        say("Accountability meeting of {organisation}: {moment}", organisation=one.told.name, moment=moment),
        reverse("accountability:agency_meetings", args=[slugs["partnership"], slugs["organisation"]]),
    )


def _say_sits(several: list[OwnMeeting]) -> Line:
    """In the order of their days."""
    first, cycle = several[0].told, several[0].meeting.cycle
    chairs = sum(one.is_chair for one in several)
    which = say("{meetings} of {cycle}", meetings=plural(len(several), "meeting"), cycle=cycle)
    if chairs:
        which = say("{meetings}, {n} as chair", meetings=which, n=chairs)
    moment = say("{day} at {time}", day=date(first.date), time=time(first.starts_at))
    return (
        say("You sit in {meetings}: the first {moment}", meetings=which, moment=moment)
        if len(several) > 1
        else say("You sit in {meetings}: {moment}", meetings=which, moment=moment),
        reverse("accountability:round", args=[cycle.partnership.slug, cycle.slug]),
    )


def _list_minutes(user: User) -> list[Line]:
    """Drafts that wait for the word of the person who had the chair. One query."""
    chaired = Seat.objects.filter(member__in=PanelMember.objects.of_user(user), is_chair=True)
    drafts = Meeting.objects.filter(
        pk__in=chaired.order_by().values("meeting"),
        status=MeetingStatus.HELD,
        minutes__status=MinutesStatus.DRAFT,
    )
    return [
        (
            say(
                "Read and agree the minutes of the meeting with {organisation}",
                organisation=meeting.organisation,
            ),
            reverse("accountability:minutes", kwargs=meeting.slugs),
        )
        for meeting in drafts.with_place().order_by("pk")
    ]


def _has_days_to_come(today: datetime.date) -> Exists:
    return Exists(MeetingDay.objects.filter(panel=OuterRef("panel"), date__gte=today))


def _list_letters(desks: Iterable[int], today: datetime.date) -> list[Line]:
    """Meetings whose letter has not gone, a line a round, with how many are late. One query."""
    held = (
        Meeting.objects.filter(panel__cycle__partnership__in=desks, status=MeetingStatus.HELD)
        .exclude(letter__status=LetterStatus.SENT)
        .with_place()
        .order_by("panel__cycle__closes_on", "panel")
    )
    rounds: dict[tuple[str, str, str], list[bool]] = defaultdict(list)
    for meeting in held:
        cycle = meeting.cycle
        rounds[cycle.partnership.slug, cycle.slug, str(cycle)].append(
            get_due(get_held_on(meeting), today).is_overdue
        )
    return [
        (
            _say_letters(title, late),
            reverse("accountability:letters", args=[partnership, cycle]),
        )
        for (partnership, cycle, title), late in rounds.items()
    ]


def _say_letters(title: str, late: list[bool]) -> str:
    letters = plural(len(late), "letter")
    if any(late):
        return say(
            "Send {letters} after meetings of {cycle}, {n} overdue", letters=letters, cycle=title, n=sum(late)
        )
    return say("Send {letters} after meetings of {cycle}", letters=letters, cycle=title)


def _list_answers(desks: Iterable[int]) -> list[Line]:
    """Answers to decide on and actions to look at, two lines a round at most. One query."""
    to_decide = ~Q(response="") & Q(decision="")
    to_verify = Q(
        decision=ResponseDecision.ACCEPTED, action__status=ActionStatus.DONE, action__verifications=None
    )
    rows = (
        Recommendation.objects.filter(
            to_decide | to_verify,
            meeting__panel__cycle__partnership__in=desks,
            meeting__letter__status=LetterStatus.SENT,
        )
        .order_by("meeting__panel__cycle__closes_on", "meeting__panel__cycle")
        .values_list(
            "meeting__panel__cycle__partnership__slug",
            "meeting__panel__cycle__slug",
            "meeting__panel__cycle__title",
        )
        .annotate(
            decide=Count("pk", filter=to_decide, distinct=True),
            verify=Count("pk", filter=to_verify, distinct=True),
        )
    )
    found = []
    for partnership, cycle, title, decide, verify in rows:
        address = reverse("accountability:progress_list", args=[partnership, cycle])
        if decide:
            words = say(
                "Decide on {answers} to the panel of {cycle}", answers=plural(decide, "answer"), cycle=title
            )
            found.append((words, f"{address}?state=decide"))
        if verify:
            words = say(
                "Verify {actions} agreed with the panel of {cycle}",
                actions=plural(verify, "action"),
                cycle=title,
            )
            found.append((words, f"{address}?state=verify"))
    return found
