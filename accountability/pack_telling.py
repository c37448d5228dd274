"""Telling those who sit where their packs are: each once, when those of all their meetings are prepared.

At the latest some days before the first of them: a pack that nobody has prepared is made when it is asked for.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from accountability.conflicts import get_conflicts
from accountability.enquiring import renew_pack
from accountability.enums import MeetingStatus
from accountability.member_links import choose_link
from accountability.models import Meeting, PanelMember, Paper, Release, ReleasedSeat
from accountability.paper_requests import request_paper
from s11.organisations.emails import make_email, make_link
from s11.web.dates import as_london, date
from surveys.enums import DocumentKind, MessageKind
from surveys.models import Message
from surveys.outbox import put_in_outbox
from surveys.working_days import add_working_days

# Two evenings and a weekend to read in.
TOLD_WORKING_DAYS_BEFORE: Final = 5


def tell_packs(now: datetime.datetime) -> int:
    """How many e-mails were written. Its reads are as many whatever the number of members."""
    today = as_london(now).date()
    latest = add_working_days(today, TOLD_WORKING_DAYS_BEFORE)
    return sum(
        _tell(member, meetings, first)
        for member, meetings, first in _list_untold(today)
        if first <= latest or all(one.pack_prepared_at is not None for one in meetings)
    )


def _list_untold(today: datetime.date) -> list[tuple[PanelMember, list[Meeting], datetime.date]]:
    """Who was not told yet, with the meetings whose packs are open to them, and the first day."""
    seats = list(_get_seats(today))
    keys = {_key(seat.member_id) for seat in seats}
    told = set(Message.objects.filter(once__in=keys).values_list("once", flat=True))
    by_member: dict[int, list[ReleasedSeat]] = defaultdict(list)
    for seat in seats:
        if _key(seat.member_id) not in told:
            by_member[seat.member_id].append(seat)
    members = PanelMember.objects.filter(pk__in=by_member).with_person()
    members = members.select_related("panel__cycle__partnership").order_by("pk")
    conflicts = get_conflicts(members, {one.released.meeting.invitee.organisation_id for one in seats})
    found = []
    for member in members:
        closed = conflicts[member.pk]
        rows = [one.released for one in by_member[member.pk]]
        rows = [one for one in rows if one.meeting.invitee.organisation_id not in closed]
        if rows and member.email:
            found.append((member, [one.meeting for one in rows], min(one.date for one in rows)))
    return found


def _get_seats(today: datetime.date) -> QuerySet[ReleasedSeat]:
    """As the last timetable told them, in meetings that are still to be held."""
    newest = Release.objects.filter(panel=OuterRef("released__release__panel")).order_by("-number")
    return ReleasedSeat.objects.filter(
        released__release=Subquery(newest.values("pk")[:1]),
        released__meeting__status=MeetingStatus.CALLED,
        released__date__gte=today,
        member__in=PanelMember.objects.reachable(),
    ).select_related(
        "released__meeting__invitee__organisation", "released__meeting__panel__cycle__partnership"
    )


def _key(member: int) -> str:
    return f"packs-ready:{member}"


def _tell(member: PanelMember, meetings: Sequence[Meeting], first: datetime.date) -> int:
    unmade = _list_unmade(meetings) if member.contact is not None else []
    # Each by itself: the reading for twelve takes seconds, in which nobody else could save on SQLite.
    for meeting in unmade:
        renew_pack(meeting=meeting)
    return _write(member, first, unmade)


@transaction.atomic
def _write(member: PanelMember, first: datetime.date, unmade: Sequence[Meeting]) -> int:
    """With the PDFs on their way where no desk is at hand to ask for them: twelve packs are not twelve waits."""
    for meeting in _list_unmade(unmade):
        request_paper(kind=DocumentKind.PACK, by=None, meeting=meeting)
    mail, personal = make_packs_mail(member, first)
    message = put_in_outbox(
        kind=MessageKind.MEETING,
        cycle=member.panel.cycle,
        email=member.email,
        subject=str(mail.subject),
        body=str(mail.body),
        by=None,
        user=member.user,
        contact=member.contact,
        personal_link=personal,
        once=_key(member.pk),
    )
    return 0 if message is None else 1


def _list_unmade(meetings: Sequence[Meeting]) -> list[Meeting]:
    """Those whose pack nobody has asked for yet; who sit together share them."""
    made = Paper.objects.filter(
        meeting__in=meetings, reader=None, document__kind=DocumentKind.PACK, document__participation=None
    )
    there = set(made.order_by().values_list("meeting", flat=True))
    return [one for one in meetings if one.pk not in there]


def make_packs_mail(member: PanelMember, first: datetime.date) -> tuple[EmailMessage, str]:
    """Where their packs are, and their own link, empty for who has a login."""
    cycle = member.panel.cycle
    desk = make_link("accountability:packs", cycle.partnership.slug, cycle.slug)
    link, personal = choose_link(member, desk=desk, personal="accountability:member_packs")
    mail = make_email(
        "accountability/packs_ready",
        to=[member.email],
        partnership=cycle.partnership,
        cycle=cycle,
        subject=f"Read your packs before {date(first)}: panel meetings for {cycle.title}",
        first=first,
        link=link,
        is_personal=bool(personal),
    )
    return mail, personal
