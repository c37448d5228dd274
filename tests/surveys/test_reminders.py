"""The clock's reminders: to whom, on which day, once, and not to those who have returned meanwhile."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact, Membership, Participation
from s11.web.dates import LONDON, as_london
from surveys.cycle_texts import save_text
from surveys.enums import AuditStatus, MessageKind, MessageStatus
from surveys.models import Cycle, Invitee, Message
from surveys.outbox import cancel_message
from surveys.reminders import make_once, write_reminders
from surveys.tick import run_due
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.at_once import meanwhile

A_DAY = datetime.timedelta(days=1)
# A Monday; the cycle is open for eight weeks, and every reminder falls on a working day.
OPENS, CLOSES = datetime.date(2027, 1, 11), datetime.date(2027, 3, 10)


def at(day: datetime.date, hour: int = 10) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=LONDON)


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(
        cast.partnership, questionnaires=(factories.make_questionnaire(),), opens_on=OPENS, closes_on=CLOSES
    )


@grounded
def invitee(cycle: Cycle, cast: Cast) -> Invitee:
    found = factories.make_invitee(cycle, cast.organisation)
    Invitee.objects.update(invited_at=at(OPENS - 30 * A_DAY))
    found.refresh_from_db()
    return found


def list_written() -> list[tuple[str, str]]:
    return [(one.kind, one.email) for one in Message.objects.order_by("pk")]


def make_contact(invitee: Invitee, kind: ContactKind = ContactKind.DEPUTY, **columns: Any) -> Contact:
    place = Participation.objects.get(
        organisation=invitee.organisation, partnership=invitee.cycle.partnership
    )
    values = {"name": "Dee Puty", "email": "deputy@anchor.example", **columns}
    return Contact.objects.create(participation=place, kind=kind, **values)


def test_the_whole_calendar(invitee: Invitee, cast: Cast) -> None:
    day = OPENS - 5 * A_DAY
    while day < CLOSES + 30 * A_DAY:
        run_due(at(day, 8))
        run_due(at(day, 10))
        day += A_DAY
    gone = [(one.kind, as_london(one.due_at).date()) for one in Message.objects.order_by("pk")]
    assert gone == [
        ("opening", OPENS),
        ("four_weeks", CLOSES - 28 * A_DAY),
        ("one_week", CLOSES - 7 * A_DAY),
        ("two_days", CLOSES - 2 * A_DAY),
        ("overdue", CLOSES + A_DAY),
    ]
    assert [one.to for one in mail.outbox] == [[cast.lead.email]] * 5
    assert mail.outbox[0].subject == "Audit 2026 is open: submit it for Anchor Trust by 10 March 2027"
    assert "/p/harbour/o/anchor/audits/2026/" in mail.outbox[0].body
    assert all("{" not in f"{one.subject}{one.body}" for one in mail.outbox)


def test_it_is_written_a_working_day_before_it_goes_at_nine_in_england(invitee: Invitee) -> None:
    # A Friday: the next working day is the opening Monday.
    assert write_reminders(at(OPENS - 4 * A_DAY)) == 0
    assert write_reminders(at(OPENS - 3 * A_DAY)) == 1
    message = Message.objects.get()
    assert (message.status, message.due_at) == (MessageStatus.WAITING, at(OPENS, 9))
    assert message.once == make_once(invitee, "opening", message.email)
    assert message.once == f"{invitee.cycle_id}:{invitee.pk}:opening:lead@anchor.example"
    assert write_reminders(at(OPENS)) == 0


def test_after_a_pause_there_is_still_a_working_day_to_read_it(invitee: Invitee) -> None:
    friday = datetime.date(2027, 2, 12)
    write_reminders(at(friday))
    [message] = Message.objects.all()
    assert (message.kind, message.due_at) == ("four_weeks", at(datetime.date(2027, 2, 15), 9))


def test_what_is_long_past_is_not_said_any_more(invitee: Invitee) -> None:
    assert write_reminders(at(CLOSES + 16 * A_DAY)) == 0
    assert write_reminders(at(CLOSES + 14 * A_DAY)) == 1


def return_audit(invitee: Invitee) -> None:
    factories.make_audit(invitee.cycle, invitee.organisation, scores=2, status=AuditStatus.SUBMITTED)


def make_exempt(invitee: Invitee) -> None:
    Invitee.objects.filter(pk=invitee.pk).update(exempt_reason="No children")


def close(invitee: Invitee) -> None:
    Cycle.objects.filter(pk=invitee.cycle_id).update(status="closed", closed_at=timezone.now())


def leave(invitee: Invitee) -> None:
    Participation.objects.filter(organisation=invitee.organisation).update(is_active=False)


SETTLED: list[Callable[[Invitee], object]] = [
    return_audit,
    factories.make_own_tool_return,
    make_exempt,
    close,
    leave,
]


@pytest.mark.parametrize("settle", SETTLED)
def test_who_owes_nothing_is_not_written_to(invitee: Invitee, settle: Callable[[Invitee], object]) -> None:
    settle(invitee)
    assert write_reminders(at(OPENS)) == 0


@pytest.mark.parametrize("settle", SETTLED)
def test_what_waits_is_stopped_when_it_would_go(
    invitee: Invitee, settle: Callable[[Invitee], object]
) -> None:
    write_reminders(at(OPENS - 3 * A_DAY))
    settle(invitee)
    run_due(at(OPENS))
    message = Message.objects.get()
    assert (message.status, mail.outbox) == (MessageStatus.CANCELLED, [])
    assert message.error == "It asks for nothing any more: returned, exempt or closed meanwhile."


def test_a_draft_and_a_returned_audit(invitee: Invitee) -> None:
    audit = factories.make_audit(invitee.cycle, invitee.organisation, scores=2)
    assert write_reminders(at(OPENS)) == 1
    Message.objects.all().delete()
    audit.delete()
    factories.make_audit(invitee.cycle, invitee.organisation, scores=2, status=AuditStatus.RETURNED)
    assert write_reminders(at(OPENS)) == 0


def test_an_extension_stops_what_waits_and_it_is_written_again_for_the_new_day(invitee: Invitee) -> None:
    write_reminders(at(CLOSES - 3 * A_DAY))
    assert [kind for kind, _ in list_written()] == ["two_days"]
    Invitee.objects.update(extended_to=CLOSES + 7 * A_DAY)
    run_due(at(CLOSES - 2 * A_DAY))
    first = Message.objects.earliest("pk")
    assert (first.status, first.once) == (MessageStatus.CANCELLED, "")
    run_due(at(CLOSES + 4 * A_DAY))
    run_due(at(CLOSES + 5 * A_DAY))
    assert [one.subject for one in mail.outbox][-1].startswith("Two days left")
    assert "17 March 2027" in mail.outbox[-1].body


def test_what_an_officer_stopped_is_not_written_again(invitee: Invitee) -> None:
    write_reminders(at(OPENS))
    cancel_message(message=Message.objects.get())
    assert write_reminders(at(OPENS + A_DAY)) == 0


def test_each_lead_gets_their_own(invitee: Invitee, cast: Cast) -> None:
    second = factories.make_member("second@anchor.example", organisation=cast.organisation)
    make_contact(invitee)
    write_reminders(at(OPENS))
    assert list_written() == [("opening", cast.lead.email), ("opening", second.email)]


@pytest.mark.parametrize("kind", ContactKind)
def test_without_a_lead_the_contacts_who_stand_in_are_invited(invitee: Invitee, kind: ContactKind) -> None:
    Membership.objects.update(ended_at=timezone.now())
    make_contact(invitee, kind)
    write_reminders(at(OPENS))
    written = [] if kind == ContactKind.CHIEF_EXECUTIVE else [("invitation", "deputy@anchor.example")]
    assert list_written() == written
    if written:
        message = Message.objects.get()
        assert "/p/harbour/\n" in message.body
        assert "/o/anchor/" not in message.body
        assert message.contact is not None
        # It counts as the opening.
        assert write_reminders(at(OPENS + A_DAY)) == 0


def test_nobody_who_can_be_reached(invitee: Invitee) -> None:
    Membership.objects.update(ended_at=timezone.now())
    make_contact(invitee, refused_at=timezone.now())
    make_contact(invitee, email="left@anchor.example", ended_at=timezone.now())
    assert write_reminders(at(OPENS)) == 0


@pytest.mark.parametrize(("later", "to"), [("", "deputy@anchor.example"), ("sent", "lead@anchor.example")])
def test_a_lead_whose_mail_was_refused_last_is_no_lead_to_write_to(
    invitee: Invitee, cast: Cast, later: str, to: str
) -> None:
    make_contact(invitee)
    values = {"partnership": cast.partnership, "kind": MessageKind.NOTICE, "email": cast.lead.email}
    Message.objects.create(**values, status=MessageStatus.REFUSED)
    if later:
        Message.objects.create(**values, status=MessageStatus.SENT, sent_at=timezone.now())
    write_reminders(at(OPENS))
    assert Message.objects.get(kind__in=("opening", "invitation")).email == to


def test_the_cycles_own_words_and_the_local_name(invitee: Invitee, cast: Cast) -> None:
    Participation.objects.filter(organisation=cast.organisation).update(local_name="Anchor (north)")
    save_text(
        cycle=invitee.cycle,
        kind=MessageKind.OPENING,
        subject="{cycle}",
        body="Dear {name}: {organisation} by {closes}",
        by=cast.administrator,
    )
    write_reminders(at(OPENS))
    message = Message.objects.get()
    assert (message.subject, message.body) == (
        "Audit 2026",
        "Dear colleague: Anchor (north) by 10 March 2027",
    )


def test_a_long_address_has_a_key_that_fits() -> None:
    invitee = Invitee(pk=7, cycle_id=3)
    long = [f"{'a' * 150}{n}@example.com" for n in (1, 2)]
    keys = {make_once(invitee, "four_weeks", email) for email in long}
    assert len(keys) == 2
    assert max(map(len, keys)) <= 120


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    invitee: Invitee, cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count - 1):
        organisation = factories.make_organisation(f"O{number}", partnership=cast.partnership)
        factories.make_member(f"lead@o{number}.example", organisation=organisation)
        factories.make_invitee(invitee.cycle, organisation)
    Invitee.objects.update(invited_at=at(OPENS - 30 * A_DAY))
    with django_assert_num_queries(8):
        assert write_reminders(at(OPENS)) == count


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_leave_one_result(invitee: Invitee) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")
    meanwhile(lambda: write_reminders(at(OPENS)), lambda: write_reminders(at(OPENS)))
    assert Message.objects.count() == 1
