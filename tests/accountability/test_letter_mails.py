"""A letter counts as sent from the outbox on: the desk says where one of its e-mails stopped there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accountability.enums import LetterStatus
from accountability.letter_mails import say_not_gone
from accountability.letter_writing import send_letter
from accountability.models import Meeting
from s11.organisations.models import User
from surveys.enums import DocumentKind, MessageStatus
from surveys.models import Message
from tests.accountability.outcomes import add_paper, hold_meeting, make_held_round, write_letter
from tests.conftest import Cast

ROUND = "/p/harbour/desk/meetings/2026/"
LETTER = f"{ROUND}anchor/letter/"
WAITING, SENT = MessageStatus.WAITING, MessageStatus.SENT


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((), ""),
        ((WAITING, SENT, MessageStatus.SENDING), ""),
        ((MessageStatus.CANCELLED, SENT), "1 of 2 e-mails did not go out"),
        ((MessageStatus.FAILED, MessageStatus.REFUSED, WAITING), "2 of 3 e-mails did not go out"),
        ((MessageStatus.HELD,), "Nobody has it yet: no e-mail went out"),
    ],
)
def test_what_did_not_go_is_said(states: tuple[MessageStatus, ...], said: str) -> None:
    assert say_not_gone(Message(status=one) for one in states) == said


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """Whose letter is in the outbox: to the lead and to the signatory."""
    meeting = hold_meeting(make_held_round(cast), cast.organisation, cast.quality_officer)
    letter = write_letter(meeting, cast.quality_officer, LetterStatus.SIGNED)
    add_paper(meeting, DocumentKind.MEETING_LETTER)
    send_letter(letter=letter, by=cast.quality_officer)
    return meeting


def test_a_letter_that_stopped_in_the_outbox_does_not_just_say_sent(
    cast: Cast, meeting: Meeting, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(cast.quality_officer)
    assert "did not go out" not in client.get(LETTER).content.decode()
    first = Message.objects.filter(invitee=meeting.invitee).earliest("pk")
    Message.objects.filter(pk=first.pk).update(status=MessageStatus.CANCELLED)
    page = client.get(LETTER).content.decode()
    assert "1 of 2 e-mails did not go out" in page
    assert f"/outbox/{first.pk}/" in page
    assert "1 of 2 e-mails did not go out" in client.get(f"{ROUND}letters/").content.decode()
