"""Telling those who sit where their packs are: each once, when those of all their meetings are prepared.

At the latest some days before the first of them: a pack that nobody has prepared is made when it is asked for.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Final

from django.core.mail import EmailMessage

from accountability.conflicts import get_conflicts
from accountability.enums import MeetingStatus
from accountability.models import PanelMember, Seat
from s11.organisations.emails import make_email, make_link
from s11.web.dates import as_london, date
from surveys.enums import MessageKind
from surveys.models import Message
from surveys.models.messages import PERSONAL_LINK
from surveys.outbox import put_in_outbox
from surveys.working_days import add_working_days

# Two evenings and a weekend to read in.
TOLD_WORKING_DAYS_BEFORE: Final = 5


def tell_packs(now: datetime.datetime) -> int:
    """How many e-mails were written. Its reads are as many whatever the number of members."""
    today = as_london(now).date()
    latest = add_working_days(today, TOLD_WORKING_DAYS_BEFORE)
    return sum(
        _tell(member, min(days))
        for member, days, is_prepared in _list_untold(today)
        if is_prepared or min(days) <= latest
    )


def _list_untold(today: datetime.date) -> list[tuple[PanelMember, list[datetime.date], bool]]:
    """Who was not told yet, with the days of the meetings whose packs are open to them, and if all are prepared."""
    seats = list(
        Seat.objects.filter(
            member__in=PanelMember.objects.reachable(),
            meeting__status=MeetingStatus.CALLED,
            meeting__told_at__isnull=False,
            meeting__day__date__gte=today,
        ).select_related("meeting__day", "meeting__invitee")
    )
    told = set(
        Message.objects.filter(once__in={_key(seat.member_id) for seat in seats}).values_list(
            "once", flat=True
        )
    )
    by_member: dict[int, list[Seat]] = defaultdict(list)
    for seat in seats:
        if _key(seat.member_id) not in told:
            by_member[seat.member_id].append(seat)
    members = PanelMember.objects.filter(pk__in=by_member).with_person()
    members = members.select_related("panel__cycle__partnership").order_by("pk")
    conflicts = get_conflicts(members, {seat.meeting.invitee.organisation_id for seat in seats})
    found = []
    for member in members:
        closed = conflicts[member.pk]
        meetings = [
            one.meeting for one in by_member[member.pk] if one.meeting.invitee.organisation_id not in closed
        ]
        days = [one.day.date for one in meetings if one.day is not None]
        if days and member.email:
            found.append((member, days, all(one.pack_prepared_at is not None for one in meetings)))
    return found


def _key(member: int) -> str:
    return f"packs-ready:{member}"


def _tell(member: PanelMember, first: datetime.date) -> int:
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


def make_packs_mail(member: PanelMember, first: datetime.date) -> tuple[EmailMessage, str]:
    """Where their packs are, and their own link, empty for who has a login."""
    cycle = member.panel.cycle
    link, personal = PERSONAL_LINK, ""
    if member.officer is not None:
        link = make_link("accountability:packs", cycle.partnership.slug, cycle.slug)
    else:
        personal = make_link("accountability:member_packs", member.get_link_token())
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
