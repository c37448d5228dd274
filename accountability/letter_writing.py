"""Writes of the letter after a meeting: drafted from what was agreed, edited, signed, sent with its PDF."""

from __future__ import annotations

import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accountability.emails import make_letter_mail
from accountability.enums import LetterStatus, MinutesStatus
from accountability.letter_dates import ANSWERED_WITHIN_WORKING_DAYS, SENT_WITHIN_WORKING_DAYS
from accountability.letters import make_letter_text
from accountability.models import Letter, Meeting, Minutes, Paper, Recommendation
from accountability.paper_requests import request_paper
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, User
from s11.web import errors
from surveys.enums import DocumentKind, MessageKind
from surveys.models import Message, MessageAttachment
from surveys.outbox import put_in_outbox
from surveys.working_days import add_working_days

# Who has it: those who answer for the agency, and who signed the audit off.
READ_BY: Final = (MembershipRole.LEAD, MembershipRole.SIGNATORY)


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the letter is no longer what the page showed."""


@transaction.atomic
def draft_letter(*, meeting: Meeting, held_on: datetime.date, by: User) -> Letter:
    """From what was agreed; the one that is there, where there is one."""
    Meeting.objects.select_for_update().only("pk").get(pk=meeting.pk)
    existing = Letter.objects.filter(meeting=meeting).first()
    if existing is not None:
        return existing
    subject, body = make_letter_text(meeting, held_on)
    due_on = add_working_days(held_on, SENT_WITHIN_WORKING_DAYS)
    return Letter.objects.create(meeting=meeting, subject=subject, body=body, due_on=due_on)


@transaction.atomic
def change_letter(*, letter: Letter, subject: str, body: str, seen_version: int, by: User) -> Letter | None:
    """Returns the letter as somebody else has saved it since, and saves nothing; None where all is well."""
    current = _lock(letter, LetterStatus.DRAFT)
    if (current.subject, current.body) == (subject, body):
        return None
    if current.version != seen_version:
        return current
    current.subject, current.body, current.version = subject, body, current.version + 1
    current.save()
    return None


@transaction.atomic
def sign_letter(*, letter: Letter, signed_as: str, seen_version: int, by: User) -> Paper:
    """The words stand from now on, and their PDF is made. What is signed is what the page showed."""
    current = _lock(letter, LetterStatus.DRAFT)
    if current.version != seen_version:
        raise NotInThisState("The letter was changed meanwhile. Read it again, then sign it.")
    if not Minutes.objects.filter(meeting=current.meeting, status=MinutesStatus.FINAL).exists():
        raise NotInThisState("The minutes are not final yet. Make them final, then sign the letter.")
    current.status, current.signed_by, current.signed_as = LetterStatus.SIGNED, by, signed_as.strip()
    current.signed_at = timezone.now()
    current.save()
    return request_paper(kind=DocumentKind.MEETING_LETTER, by=by, meeting=current.meeting, anew=True)


@transaction.atomic
def take_back_letter(*, letter: Letter, by: User) -> None:
    """A draft again, while it has not gone."""
    current = _lock(letter, LetterStatus.SIGNED)
    current.status, current.signed_by, current.signed_as, current.signed_at = (
        LetterStatus.DRAFT,
        None,
        "",
        None,
    )
    current.save()


@transaction.atomic
def send_letter(*, letter: Letter, by: User) -> list[Message]:
    """To the agency's leads and signatories, with the PDF. From now on the agency sees its recommendations."""
    current = _lock(letter, LetterStatus.SIGNED)
    signed_at = current.signed_at
    assert signed_at is not None  # the check constraint promises it
    content = _read_paper(current.meeting, signed_at)
    people = list_readers(current.meeting)
    if not people:
        raise NotInThisState(
            f"Nobody of {current.meeting.organisation} can be written to: invite a lead first, then send the letter."
        )
    now = timezone.now()
    current.status, current.sent_at = LetterStatus.SENT, now
    current.save()
    respond_by = add_working_days(timezone.localdate(now), ANSWERED_WITHIN_WORKING_DAYS)
    Recommendation.objects.filter(meeting=current.meeting).update(respond_by=respond_by)
    return [_put(current, person, content, respond_by, by) for person in people]


def _put(letter: Letter, person: User, content: bytes, respond_by: datetime.date, by: User) -> Message:
    mail = make_letter_mail(letter, person, respond_by)
    message = put_in_outbox(
        kind=MessageKind.MEETING_LETTER,
        invitee=letter.meeting.invitee,
        email=person.email,
        user=person,
        subject=str(mail.subject),
        body=str(mail.body),
        by=by,
    )
    assert message is not None  # without `once` there is always one
    MessageAttachment.objects.create(
        message=message, name="letter.pdf", content_type="application/pdf", content=content
    )
    return message


def list_readers(meeting: Meeting) -> list[User]:
    """Each once, leads first."""
    members = Membership.objects.active().filter(
        organisation=meeting.invitee.organisation, role__in=READ_BY, user__is_active=True
    )
    ordered = sorted(members.select_related("user"), key=lambda one: (READ_BY.index(one.role), one.pk))
    return list({one.user_id: one.user for one in ordered}.values())


def _read_paper(meeting: Meeting, signed_at: datetime.datetime) -> bytes:
    """The PDF of what was signed: one asked for before, of a draft that was taken back, is none."""
    paper = get_signed_paper(meeting, signed_at)
    if paper is None or not paper.document.is_built:
        raise NotInThisState("The letter’s PDF is still being made. Look again in a minute, then send it.")
    with paper.document.file.open("rb") as file:
        content: bytes = file.read()
    return content


def get_signed_paper(meeting: Meeting, signed_at: datetime.datetime) -> Paper | None:
    """The newest that was asked for since, made or being made."""
    papers = Paper.objects.filter(
        meeting=meeting, document__kind=DocumentKind.MEETING_LETTER, document__requested_at__gte=signed_at
    )
    return papers.select_related("document").first()


def _lock(letter: Letter, status: LetterStatus) -> Letter:
    current = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("meeting__invitee__organisation", "meeting__panel__cycle__partnership")
        .get(pk=letter.pk)
    )
    if current.status != status:
        raise NotInThisState(
            f"The letter is {LetterStatus(current.status).label.lower()} by now. Nothing was changed."
        )
    return current
