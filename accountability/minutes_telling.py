"""Who is told of minutes: the chair of the draft; those who came and those who speak for the agency once it is agreed.

Through the outbox.
"""

from __future__ import annotations

import datetime

from django.core.mail import EmailMessage

from accountability.conflicts import get_conflicts
from accountability.letter_writing import list_readers
from accountability.minutes_emails import make_agency_mail, make_draft_mail, make_member_mail
from accountability.models import Meeting, Minutes, PanelMember
from s11.organisations.models import Membership, User
from surveys.enums import MessageKind
from surveys.outbox import put_in_outbox


def tell_chair(minutes: Minutes, until: datetime.date, by: User | None) -> PanelMember | None:
    """That a draft waits. Nobody is told, and None returned, where the chair cannot read it: see `list_panel`."""
    seats = minutes.meeting.seats.filter(is_chair=True).values_list("member", flat=True)
    chair = next((one for one in list_panel(minutes.meeting) if one.pk in set(seats)), None)
    if chair is not None:
        mail, link = make_draft_mail(minutes, chair, until)
        _put_in_outbox_of(chair, minutes, mail, link, by)
    return chair


def tell_those_who_came(minutes: Minutes, by: User | None) -> None:
    """Each once. Within the transaction of the chair's word: both are there, or neither."""
    meeting = minutes.meeting
    for member in list_panel(meeting):
        mail, link = make_member_mail(minutes, member)
        _put_in_outbox_of(member, minutes, mail, link, by)
    for person in list_agency(meeting):
        mail = make_agency_mail(minutes, person)
        put_in_outbox(
            kind=MessageKind.MEETING,
            invitee=meeting.invitee,
            email=person.email,
            subject=str(mail.subject),
            body=str(mail.body),
            by=by,
            user=person,
        )


def _put_in_outbox_of(
    member: PanelMember, minutes: Minutes, mail: EmailMessage, link: str, by: User | None
) -> None:
    put_in_outbox(
        kind=MessageKind.MEETING,
        cycle=minutes.meeting.cycle,
        email=member.email,
        subject=str(mail.subject),
        body=str(mail.body),
        by=by,
        user=member.user,
        contact=member.contact,
        personal_link=link,
    )


def list_panel(meeting: Meeting) -> list[PanelMember]:
    """Those who sat, without a conflict; whose attendance nobody recorded counts as there."""
    seats = meeting.seats.exclude(attended=False).values("member")
    members = list(PanelMember.objects.filter(pk__in=seats, is_active=True).with_person().order_by("pk"))
    agency = meeting.invitee.organisation_id
    closed = get_conflicts(members, [agency])
    return [one for one in members if one.email and agency not in closed[one.pk]]


def list_agency(meeting: Meeting) -> list[User]:
    """Its leads and signatories, then who came and has an account there."""
    came = meeting.representatives.exclude(attended=False).filter(user__isnull=False).values("user")
    members = Membership.objects.active().filter(
        organisation=meeting.invitee.organisation, user__in=came, user__is_active=True
    )
    found = {user.pk: user for user in list_readers(meeting)}
    for one in members.select_related("user").order_by("pk"):
        found.setdefault(one.user_id, one.user)
    return list(found.values())
