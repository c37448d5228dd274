"""The outbox: once is once, nothing is sent twice, and what a mail server refuses is said and tried again or not."""

from __future__ import annotations

import datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact
from surveys.enums import MESSAGE_MOVES, MessageKind, MessageStatus
from surveys.models import Invitee, Message
from surveys.models.messages import PERSONAL_LINK
from surveys.outbox import (
    CLAIM_LASTS,
    ENOUGH_OF_IT,
    WAITS,
    NotInThisState,
    cancel_message,
    change_message,
    claim_due,
    hold_message,
    put_in_outbox,
    release_message,
    retry_message,
    send_due,
)
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded

NOW = datetime.datetime(2027, 3, 3, 9, 0, tzinfo=datetime.UTC)
AN_HOUR = datetime.timedelta(hours=1)
VERBS = {
    "hold_message": hold_message,
    "release_message": release_message,
    "cancel_message": cancel_message,
    "retry_message": retry_message,
}


@grounded
def invitee(cast: Cast) -> Invitee:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_invitee(cycle, cast.organisation)


def put(invitee: Invitee, **columns: Any) -> Message:
    values = {
        "kind": MessageKind.REMINDER,
        "email": "lead@anchor.example",
        "subject": "The audit",
        "body": "Do it.",
    }
    message = put_in_outbox(invitee=invitee, by=None, **{**values, "due_at": NOW, **columns})
    assert message is not None
    return message


def refuse_with(monkeypatch: pytest.MonkeyPatch, error: Exception | None) -> None:
    def send_messages(self: EmailBackend, messages: list[Any]) -> int:
        if error:
            raise error
        return original(self, messages)

    original = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.status


def test_what_is_due_goes_and_is_logged(invitee: Invitee) -> None:
    invitee.cycle.partnership.contact_email = "office@harbour.example"
    invitee.cycle.partnership.save()
    message, later = put(invitee, subject="Two\nlines"), put(invitee, due_at=NOW + AN_HOUR)
    assert send_due(NOW) == (1, 0)
    [gone] = mail.outbox
    assert (gone.to, gone.subject, gone.body) == (["lead@anchor.example"], "Two lines", "Do it.\n")
    assert gone.reply_to == ["office@harbour.example"]
    assert gone.extra_headers["Message-ID"].startswith(f"<message-{message.pk}@")
    assert (state(message), message.sent_at) == (MessageStatus.SENT, NOW)
    assert state(later) == MessageStatus.WAITING
    assert send_due(NOW) == (0, 0)


def test_once_is_once(invitee: Invitee) -> None:
    put(invitee, once="one-week:7")
    values = {"kind": MessageKind.REMINDER, "email": "a@b.example", "subject": "Again", "body": "Again."}
    assert put_in_outbox(invitee=invitee, by=None, once="one-week:7", **values) is None  # type: ignore[arg-type]
    assert Message.objects.count() == 1


def test_a_server_that_is_down_is_tried_again_less_and_less_often_and_then_given_up(
    invitee: Invitee, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, moment = put(invitee), NOW
    refuse_with(monkeypatch, OSError("no route"))
    for wait in WAITS:
        assert send_due(moment) == (0, 1)
        assert (state(message), message.due_at) == (MessageStatus.WAITING, moment + wait)
        assert message.error == "The mail server could not be reached."
        assert send_due(moment + wait - datetime.timedelta(seconds=1)) == (0, 0)
        moment += wait
    send_due(moment)
    assert state(message) == MessageStatus.FAILED
    assert send_due(moment + 30 * 24 * AN_HOUR) == (0, 0)
    monkeypatch.undo()
    retry_message(message=message)
    assert send_due(timezone.now()) == (1, 0)
    assert (state(message), message.error) == (MessageStatus.SENT, "")


def test_one_that_fails_keeps_no_other_from_going(invitee: Invitee, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = put(invitee, email="bad@anchor.example"), put(invitee)
    original = EmailBackend.send_messages

    def send_messages(self: EmailBackend, messages: list[Any]) -> int:
        if messages[0].to == ["bad@anchor.example"]:
            raise SMTPDataError(451, b"Try later")
        return original(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    assert send_due(NOW) == (1, 1)
    assert (state(bad), bad.error) == (MessageStatus.WAITING, "The mail server answered 451.")
    assert state(good) == MessageStatus.SENT


def test_an_address_that_does_not_exist_is_not_tried_again(
    invitee: Invitee, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = Contact.objects.create(
        participation=cast.organisation.participations.get(partnership=cast.partnership),
        kind=ContactKind.CHIEF_EXECUTIVE,
        name="Ada Pier",
        email="gone@anchor.example",
        created_by=None,
    )
    message = put(invitee, email=contact.email, contact=contact)
    refuse_with(monkeypatch, SMTPRecipientsRefused({contact.email: (550, b"No such user")}))
    assert send_due(NOW) == (0, 1)
    assert state(message) == MessageStatus.REFUSED
    assert message.error == "The mail server does not know the address (it answered 550)."
    contact.refresh_from_db()
    assert contact.refused_at == NOW
    assert not Contact.objects.reachable().exists()


def test_a_worker_that_died_leaves_a_claim_that_ends(invitee: Invitee) -> None:
    message = put(invitee)
    assert claim_due(NOW, 10) == [message.pk]
    assert send_due(NOW + CLAIM_LASTS / 2) == (0, 0)
    assert send_due(NOW + CLAIM_LASTS) == (1, 0)
    assert (state(message), message.attempts) == (MessageStatus.SENT, 2)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("before", MessageStatus)
def test_only_the_moves_of_the_table(invitee: Invitee, verb: str, before: MessageStatus) -> None:
    sent_at = NOW if before == MessageStatus.SENT else None
    message = put(invitee)
    Message.objects.update(status=before, sent_at=sent_at)
    allowed = [end for (start, end), verbs in MESSAGE_MOVES.items() if start == before and verb in verbs]
    if allowed:
        VERBS[verb](message=message)
        assert [state(message)] == allowed
    else:
        with pytest.raises(NotInThisState, match="Nothing was changed"):
            VERBS[verb](message=message)
        assert state(message) == before


def test_words_are_changed_only_before_it_goes(invitee: Invitee) -> None:
    message = put(invitee)
    change_message(message=message, subject="Other\r\nBcc: x", body="Other.")
    assert state(message) == MessageStatus.WAITING
    assert (message.subject, message.body) == ("Other Bcc: x", "Other.")
    send_due(NOW)
    with pytest.raises(NotInThisState):
        change_message(message=message, subject="Late", body="Late.")
    assert {verb for verbs in MESSAGE_MOVES.values() for verb in verbs} == {*VERBS, send_due.__name__}


def test_a_message_about_a_cycle_alone_carries_a_link_that_is_not_kept(
    invitee: Invitee, mailoutbox: list[mail.EmailMessage]
) -> None:
    message = put_in_outbox(
        kind=MessageKind.AVAILABILITY,
        cycle=invitee.cycle,
        email="panel@example.org",
        subject="When can you come?",
        body=f"Say it here:\n\n{PERSONAL_LINK}",
        personal_link="https://example.org/t/secret/",
        by=None,
        due_at=NOW,
    )
    assert message is not None
    assert (message.cycle, message.partnership) == (invitee.cycle, invitee.cycle.partnership)
    assert (message.invitee, message.organisation) == (None, None)

    assert send_due(NOW) == (1, 0)
    message.refresh_from_db()
    assert "https://example.org/t/secret/" in str(mailoutbox[0].body)
    assert "secret" not in message.body + message.personal_link


def test_a_message_is_about_something(db: None) -> None:
    with pytest.raises(ValueError, match="about an invitee, a cycle or a participation"):
        put_in_outbox(kind=MessageKind.NOTICE, email="a@b.example", subject="x", body="x", by=None)


def test_a_server_that_does_not_answer_is_not_asked_for_each_of_many(
    invitee: Invitee, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not tried counts no try, and goes once the server is there."""
    asked = []

    def send_messages(self: EmailBackend, messages: list[Any]) -> int:
        asked.append(messages[0].to)
        raise TimeoutError("timed out")

    messages = [put(invitee, email=f"person{number}@anchor.example") for number in range(ENOUGH_OF_IT + 2)]
    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    assert send_due(NOW) == (0, ENOUGH_OF_IT + 2)
    assert len(asked) == ENOUGH_OF_IT
    assert {state(message) for message in messages} == {MessageStatus.WAITING}
    assert [message.attempts for message in messages] == [1] * ENOUGH_OF_IT + [0, 0]
    monkeypatch.undo()
    assert send_due(NOW + WAITS[0]) == (ENOUGH_OF_IT + 2, 0)


def test_behind_a_slow_server_nothing_is_sent_by_two_runs(
    invitee: Invitee, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first run is still at its first message when its claim of the second has ended."""
    messages = [put(invitee, email=f"person{number}@anchor.example") for number in range(2)]
    original = EmailBackend.send_messages
    runs: list[tuple[int, int]] = []

    def send_messages(self: EmailBackend, mails: list[Any]) -> int:
        if not runs:
            runs.append((0, 0))
            runs[0] = send_due(NOW + CLAIM_LASTS)
        return original(self, mails)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    first = send_due(NOW)
    assert len([one for one in mail.outbox if one.to == ["person1@anchor.example"]]) == 1
    assert (first[0], runs[0][0]) == (1, 1)
    assert {state(message) for message in messages} == {MessageStatus.SENT}
