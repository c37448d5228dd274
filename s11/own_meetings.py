"""What accountability meetings leave for one person to do: say when, answer the panel, send letters, decide, verify.

A fixed number of queries, whatever the number of organisations, partnerships and meetings.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse

from accountability.enums import LetterStatus, MeetingStatus, ResponseDecision
from accountability.letter_dates import get_due
from accountability.minutes_text import get_held_on
from accountability.models import Meeting, MeetingDay, PanelMember, Recommendation, ReleasedSeat
from accountability.permissions import SPEAKING
from s11.organisations.enums import ORGANISERS, MembershipRole
from s11.organisations.models import Officer, User
from s11.web.dates import date
from s11.web.text import plural
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
            f"Answer {plural(number, 'recommendation')} of the panel to {name}, by {date(first)}",
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
            f"Say when {meeting.organisation} can come to its accountability meeting",
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
            f"Say when you can sit on the panel of {member.panel.cycle}",
            reverse(
                "accountability:own_availability",
                args=[member.panel.cycle.partnership.slug, member.panel.cycle.slug],
            ),
        )
        for member in free.select_related("panel__cycle__partnership").order_by("pk")
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
    overdue = f", {sum(late)} overdue" if any(late) else ""
    return f"Send {plural(len(late), 'letter')} after meetings of {title}{overdue}"


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
            words = f"Decide on {plural(decide, 'answer')} to the panel of {title}"
            found.append((words, f"{address}?state=decide"))
        if verify:
            words = f"Verify {plural(verify, 'action')} agreed with the panel of {title}"
            found.append((words, f"{address}?state=verify"))
    return found
