"""Verbs about when people can come: asking panel members and agencies, and what they answer.

An answer is a row for each half of a day; without a row they have not answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accountability.availability_emails import (
    make_availability_link,
    write_agency_request,
    write_member_request,
)
from accountability.enums import AvailabilityAnswer, InterestKind
from accountability.models import Availability, Interest, Meeting, PanelMember
from accountability.permissions import SPEAKING
from s11.organisations.models import Organisation, User
from surveys.enums import MessageKind, MessageStatus
from surveys.models import Message
from surveys.outbox import act_on, put_in_outbox

# A day's row id and a half of it.
HalfDay = tuple[int, str]
Halves = Mapping[HalfDay, AvailabilityAnswer | None]


@dataclass(frozen=True, slots=True)
class Declared:
    """An interest as a member says it."""

    organisation: Organisation
    kind: InterestKind
    note: str = ""


@transaction.atomic
def ask_members(*, members: Iterable[PanelMember], by: User) -> int:
    """By an e-mail to each with their own link, through the outbox. Asking again sends the same link again."""
    count = 0
    for member in members:
        mail, link = write_member_request(member)
        put_in_outbox(
            kind=MessageKind.AVAILABILITY,
            cycle=member.panel.cycle,
            email=member.email,
            user=member.user,
            contact=member.contact,
            subject=str(mail.subject),
            body=str(mail.body),
            personal_link=link,
            by=by,
        )
        member.asked_at = timezone.now()
        member.save(update_fields=["asked_at"])
        count += 1
    return count


@transaction.atomic
def replace_link(*, member: PanelMember, is_told: bool, by: User) -> None:
    """The link that was mailed opens nothing any more, and does not go where it still waits; a new one is mailed."""
    old = make_availability_link(member)
    carrying = Message.objects.filter(cycle=member.panel.cycle, personal_link=old)
    act_on(messages=carrying, act="cancel")
    carrying.filter(status=MessageStatus.CANCELLED).update(personal_link="", error="Its link was replaced.")
    token = f"/t/{member.get_link_token()}/"
    member.revoke_link()
    # What tells of a meeting must go all the same: with the new link.
    waiting = Message.objects.filter(cycle=member.panel.cycle, personal_link__contains=token)
    for message in waiting.exclude(status=MessageStatus.CANCELLED):
        message.personal_link = message.personal_link.replace(token, f"/t/{member.get_link_token()}/")
        message.save(update_fields=["personal_link"])
    if is_told:
        ask_members(members=[member], by=by)


@transaction.atomic
def answer_as_member(
    *,
    member: PanelMember,
    halves: Halves,
    note: str,
    declared: Sequence[Declared] | None = None,
    shown: Collection[int] = (),
    by: User | None = None,
) -> None:
    """What was entered for each half; None takes an answer back. `by` is empty where the member answers by their link.

    With `declared` these are their interests; of the organisations that the page had `shown`, and which are not among
    them, no more. What an officer entered meanwhile stays: no interest is lost by a page that did not know of it.
    """
    PanelMember.objects.select_for_update().get(pk=member.pk)
    _write_halves(halves, by, member=member)
    now = timezone.now()
    member.note, member.answered_at = note, now
    if declared is not None:
        kept = {one.organisation.pk for one in declared}
        for gone in member.interests.filter(organisation__in=set(shown) - kept):
            gone.delete()
        for one in declared:
            Interest.objects.update_or_create(
                member=member,
                organisation=one.organisation,
                defaults={"kind": one.kind, "note": one.note},
                create_defaults={
                    "kind": one.kind,
                    "note": one.note,
                    "declared_by": by,
                    "declared_at": now,
                },
            )
        member.declared_at = now
    member.save(update_fields=["note", "answered_at", "declared_at"])


@transaction.atomic
def ask_agencies(*, meetings: Iterable[Meeting], by: User) -> list[Meeting]:
    """Tells each that it is called, and asks when it can come: its leads and signatories, through the outbox.

    Gives back those that have neither: nobody was told, and an officer asks them in another way.
    """
    unreachable = []
    for meeting in meetings:
        members = meeting.organisation.memberships.active().filter(role__in=SPEAKING).select_related("user")
        users = {one.user_id: one.user for one in members.order_by("pk")}
        if not users:
            unreachable.append(meeting)
            continue
        for user in users.values():
            mail = write_agency_request(meeting, user)
            put_in_outbox(
                kind=MessageKind.AVAILABILITY,
                invitee=meeting.invitee,
                email=user.email,
                user=user,
                subject=str(mail.subject),
                body=str(mail.body),
                by=by,
            )
        meeting.asked_at = timezone.now()
        meeting.save(update_fields=["asked_at"])
    return unreachable


@transaction.atomic
def answer_for_agency(*, meeting: Meeting, halves: Halves, note: str, by: User) -> None:
    """When an agency that is called can come."""
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    _write_halves(halves, by, meeting=meeting)
    meeting.availability_note = note
    meeting.save(update_fields=["availability_note"])


def _write_halves(halves: Halves, by: User | None, **whose: PanelMember | Meeting) -> None:
    found = {(one.day_id, one.half): one for one in Availability.objects.filter(**whose)}
    now = timezone.now()
    for (day, half), answer in halves.items():
        old = found.get((day, half))
        if old is not None and answer != old.answer:
            old.delete()
        if answer and (old is None or answer != old.answer):
            Availability.objects.create(day_id=day, half=half, answer=answer, at=now, by=by, **whose)
