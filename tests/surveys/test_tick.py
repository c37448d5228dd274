"""Overdue actions are chased: once for each due date, one e-mail a person and day, whoever runs it and how often."""

from __future__ import annotations

import datetime
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from s11.organisations.models import Membership, Participation
from s11.web.dates import LONDON
from surveys import tick
from surveys.models import Action, ActionReminder
from surveys.tick import run_due
from tests import factories
from tests.conftest import Cast

NOON = datetime.datetime(2027, 6, 15, 12, 0, tzinfo=LONDON)
A_DAY = datetime.timedelta(days=1)
YESTERDAY = NOON.date() - A_DAY


def make_overdue(cast: Cast, days: int = 1, **columns: Any) -> Action:
    return factories.make_action(
        cast.organisation, cast.partnership, due_on=NOON.date() - days * A_DAY, **columns
    )


def addresses() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


def test_the_owner_gets_one_mail_with_all_of_it_and_nobody_gets_it_twice(cast: Cast) -> None:
    make_overdue(cast, 1, what="Alpha", owner_user=cast.contributor)
    make_overdue(cast, 30, what="Beta", owner_user=cast.contributor)
    make_overdue(cast, -1, what="Not due yet", owner_user=cast.contributor)
    assert run_due(NOON).reminders == 1
    [message] = mail.outbox
    assert message.to == [cast.contributor.email]
    assert message.subject == "2 actions are overdue: say how far they are"
    assert message.body.index("Beta") < message.body.index("Alpha")
    assert "Not due yet" not in message.body
    assert "/p/harbour/o/anchor/actions/" in message.body
    for moment in (NOON, NOON + A_DAY, NOON + 30 * A_DAY):
        run_due(moment)
    # Only what has become due since.
    assert [one.subject for one in mail.outbox[1:]] == ["3 actions are overdue: say how far they are"]


def test_a_run_that_is_killed_before_it_sends_leaves_it_to_a_later_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_overdue(cast)

    class Killed(BaseException):
        """As the operating system ends a process: nothing after it runs."""

    def kill(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr("surveys.tick.send_overdue_actions", kill)
        with pytest.raises(Killed):
            run_due(NOON)
    # The next run may not know yet that it is dead.
    run_due(NOON + datetime.timedelta(minutes=10))
    assert not mail.outbox
    for hours in (1, 2, 3, 30):
        run_due(NOON + datetime.timedelta(hours=hours))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("status", ["done", "dropped"])
def test_what_is_finished_is_not_chased(cast: Cast, status: str) -> None:
    make_overdue(cast, status=status, percent=100)
    assert not run_due(NOON)
    assert not mail.outbox


def test_due_today_is_not_overdue_until_midnight_in_england(cast: Cast) -> None:
    make_overdue(cast, 0)
    assert not run_due(datetime.datetime(2027, 6, 15, 22, 59, tzinfo=datetime.UTC))
    assert run_due(datetime.datetime(2027, 6, 15, 23, 0, tzinfo=datetime.UTC))


def test_without_an_account_the_leads_are_told(cast: Cast) -> None:
    second = factories.make_member("second@anchor.example", organisation=cast.organisation)
    make_overdue(cast)
    run_due(NOON)
    assert addresses() == sorted([cast.lead.email, second.email])


def test_an_owner_who_has_left_is_not_told_and_the_lead_is(cast: Cast) -> None:
    make_overdue(cast, owner_user=cast.contributor)
    Membership.objects.filter(user=cast.contributor).update(ended_at=timezone.now())
    run_due(NOON)
    assert addresses() == [cast.lead.email]


def test_with_nobody_to_tell_it_waits_for_a_lead(cast: Cast) -> None:
    make_overdue(cast)
    Membership.objects.update(ended_at=timezone.now())
    assert not run_due(NOON)
    assert not ActionReminder.objects.exists()
    new = factories.make_member("new@anchor.example", organisation=cast.organisation)
    assert run_due(NOON + A_DAY)
    assert addresses() == [new.email]


def test_who_had_a_mail_today_hears_of_the_rest_tomorrow(cast: Cast) -> None:
    make_overdue(cast, what="Alpha")
    run_due(NOON)
    make_overdue(cast, what="Beta")
    assert not run_due(NOON)
    run_due(NOON + A_DAY)
    assert [one.subject.split()[0] for one in mail.outbox] == ["1", "2"]


def test_a_revised_date_that_passes_is_chased_again(cast: Cast) -> None:
    action = make_overdue(cast)
    run_due(NOON)
    action.due_on = NOON.date() + 5 * A_DAY
    action.save()
    run_due(NOON + A_DAY)
    assert len(mail.outbox) == 1
    run_due(NOON + 6 * A_DAY)
    assert len(mail.outbox) == 2
    assert "first 14 June 2027" in mail.outbox[1].body


def test_two_places_of_one_person_are_one_mail(cast: Cast) -> None:
    Participation.objects.create(partnership=cast.elsewhere, organisation=cast.organisation)
    make_overdue(cast)
    factories.make_action(cast.organisation, cast.elsewhere, due_on=YESTERDAY)
    run_due(NOON)
    [message] = mail.outbox
    assert "for Harbour" in message.body
    assert "for Moorland" in message.body
    assert "/home/" in message.body


def test_an_organisation_that_no_longer_takes_part_is_left_alone(cast: Cast) -> None:
    make_overdue(cast)
    Participation.objects.update(is_active=False)
    assert not run_due(NOON)


def test_a_mail_that_fails_is_tried_again_and_keeps_nobody_from_theirs(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_overdue(cast, owner_user=cast.contributor)
    make_overdue(cast, owner_user=cast.viewer)
    send = EmailBackend.send_messages

    def fail_for_one(self: EmailBackend, messages: Any) -> int:
        if messages[0].to == [cast.contributor.email]:
            raise OSError("no route to host")
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", fail_for_one)
    done = run_due(NOON)
    assert (done.reminders, done.failed) == (1, 1)
    assert addresses() == [cast.viewer.email]
    monkeypatch.undo()
    assert run_due(NOON).reminders == 1
    assert addresses() == sorted([cast.viewer.email, cast.contributor.email])


def test_the_number_of_queries_does_not_grow_when_nothing_is_new(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    make_overdue(cast)
    run_due(NOON)
    with django_assert_num_queries(32):
        run_due(NOON)
    ActionReminder.objects.bulk_create(
        ActionReminder(action=make_overdue(cast), due_on=YESTERDAY, sent_at=NOON) for _ in range(3)
    )
    with django_assert_num_queries(32):
        run_due(NOON)


JOBS = (
    "chase_overdue_actions",
    "remind_of_due",
    "send_due",
    "write_reminders",
    "queue_due",
    "discard_expired_uploads",
    "discard_old_zips",
    "forget_applications",
    "discard_sheets",
)


@pytest.mark.parametrize("broken", JOBS)
def test_a_job_that_fails_keeps_no_other_from_its_turn(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    done = []

    def watch(name: str) -> None:
        whole = getattr(tick, name)

        def run(now: datetime.datetime) -> Any:
            done.append(name)
            if name == broken:
                raise OSError("the storage is away")
            return whole(now)

        monkeypatch.setattr(tick, name, run)

    for name in JOBS:
        watch(name)
    found = run_due(NOON)
    assert done == list(JOBS), "what is sent comes first"
    assert (len(found.broken), bool(found)) == (1, True)
    assert "the storage is away" in caplog.text
    with pytest.raises(CommandError, match=r"; failed and tried again, see the log: [\w ]+\.$"):
        call_command("tick", stdout=StringIO())


def test_the_command_says_what_it_did(cast: Cast) -> None:
    today = timezone.localdate()
    factories.make_action(cast.organisation, cast.partnership, due_on=today - A_DAY)
    out = StringIO()
    call_command("tick", stdout=out)
    call_command("tick", stdout=out)
    assert out.getvalue() == "1 reminded of overdue actions.\n0 reminded of overdue actions.\n"


def test_the_loop_wants_whole_minutes(db: None) -> None:
    with pytest.raises(CommandError, match="whole minutes"):
        call_command("tick", "--every", "0")
