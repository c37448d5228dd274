"""What is done by the clock: run often, it does what is due and nothing twice.

`manage.py tick` calls it: from cron, a systemd timer, or in a loop of its own.
"""

from __future__ import annotations

import datetime
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F

from s11.organisations.enums import MembershipRole
from s11.organisations.loading.loads import discard_expired_loads, queue_due_loads
from s11.organisations.models import Membership, User
from s11.organisations.workflow import forget_applications
from s11.organisations.workflow.feed_tokens import forget_feed_tokens
from s11.organisations.workflow.sessions import forget_sessions
from s11.web.dates import as_london
from s11.web.text import plural
from surveys.access_reminders import stop_checked, write_access_reminders
from surveys.emails import send_overdue_actions
from surveys.evidence_scans import queue_due_scans, tell_infected
from surveys.freshness_reminders import remind_of_due
from surveys.kept_zips import discard_old_zips
from surveys.models import Action, ActionReminder, AnswerSheet
from surveys.outbox import send_due
from surveys.passport_uploads import discard_expired_uploads
from surveys.reminders import stop_moved, write_reminders
from surveys.resources.jobs import queue_tables
from surveys.resources.uploads import discard_expired_tables
from surveys.tasks import queue_due

logger = logging.getLogger(__name__)

# Its name for the log, and what it does at this moment.
Job = tuple[str, Callable[[datetime.datetime], object]]
# A claim older than this, of which nothing was sent, was left by a run that died.
CLAIM_LASTS: Final = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Done:
    """What one run did."""

    reminders: int = 0
    failed: int = 0
    due_again: int = 0
    written: int = 0
    sent: int = 0
    queued: int = 0
    broken: tuple[str, ...] = ()

    def __add__(self, other: Done) -> Done:
        return Done(
            self.reminders + other.reminders,
            self.failed + other.failed,
            self.due_again + other.due_again,
            self.written + other.written,
            self.sent + other.sent,
            self.queued + other.queued,
            self.broken + other.broken,
        )

    def __str__(self) -> str:
        said = f"{self.reminders} reminded of overdue actions"
        if self.written:
            said += f", {self.written} written into the outbox"
        if self.sent:
            said += f", {self.sent} sent from it"
        if self.queued:
            said += f", {plural(self.queued, 'file')} queued to be built again"
        if self.due_again:
            said += f", {self.due_again} of what is due for another look"
        if self.failed:
            said += f"; {self.failed} e-mails could not be sent and are tried again"
        if self.broken:
            said += f"; failed and tried again, see the log: {', '.join(self.broken)}"
        return said

    def __bool__(self) -> bool:
        return any(
            (self.reminders, self.failed, self.due_again, self.written, self.sent, self.queued, self.broken)
        )


def run_due(now: datetime.datetime, more: Sequence[Job] = ()) -> Done:
    """Everything that is due at this moment, mail first; then the jobs of what is built on this app.

    A job that fails keeps no other from its turn.
    """
    jobs: tuple[Job, ...] = (
        ("overdue actions", chase_overdue_actions),
        ("what is due for another look", remind_leads),
        ("sending from the outbox", empty_outbox),
        ("writing into the outbox", fill_outbox),
        ("asking who has access", ask_who_has_access),
        ("files to be built again", queue_files),
        ("tables that a worker left", queue_tables),
        ("tables that nobody saved", discard_expired_tables),
        ("passports that nobody brought in", discard_expired_uploads),
        ("files to be scanned for viruses", queue_due_scans),
        ("telling of viruses", tell_infected),
        ("old zips", discard_old_zips),
        ("old applications", forget_applications),
        ("sessions that have ended", forget_sessions),
        ("tokens that expired", forget_feed_tokens),
        ("registers that a dead worker left", queue_registers),
        ("registers that nobody applied", discard_expired_loads),
        ("answer sheets that nobody saved", discard_sheets),
        *more,
    )
    done = Done()
    for name, job in jobs:
        try:
            found = job(now)
        except Exception:
            # What failed stays due; whoever runs the platform is told why.
            logger.exception("A job of the clock failed: %s", name)
            found = Done(broken=(name,))
        if isinstance(found, Done):
            done += found
    return done


def remind_leads(now: datetime.datetime) -> Done:
    told = remind_of_due(now)
    return Done(failed=told.failed, due_again=told.people)


def empty_outbox(now: datetime.datetime) -> Done:
    """One job: what has moved must be stopped, or it would go."""
    stop_moved(now)
    stop_checked(now)
    sent, unsent = send_due(now)
    return Done(failed=unsent, sent=sent)


def fill_outbox(now: datetime.datetime) -> Done:
    return Done(written=write_reminders(now))


def ask_who_has_access(now: datetime.datetime) -> Done:
    return Done(written=write_access_reminders(now))


def queue_files(now: datetime.datetime) -> Done:
    return Done(queued=queue_due(now))


def queue_registers(now: datetime.datetime) -> Done:
    return Done(queued=queue_due_loads(now))


def discard_sheets(now: datetime.datetime) -> None:
    AnswerSheet.objects.expired(now).delete()


def chase_overdue_actions(now: datetime.datetime) -> Done:
    """One e-mail a person and day, with all that is overdue for them, once for each action and due date.

    It goes to the owner who has an account, else to the organisation's leads; with neither it waits for a lead.
    """
    today = as_london(now).date()
    overdue = get_overdue(today)
    recipients = get_recipients(overdue)
    unchased = get_unchased(overdue, now)
    waiting = {action.pk: recipients[action.pk] for action in unchased if recipients[action.pk]}
    chased = {person.pk for action in get_chased_on(overdue, now) for person in recipients[action.pk]}
    # Whoever had an e-mail today hears of the rest tomorrow, together with the others whom it concerns.
    new = {pk: people for pk, people in waiting.items() if not chased & {person.pk for person in people}}
    claimed = [action for action in overdue if action.pk in new and claim(action, now)]
    people = {person.pk: person for action in claimed for person in recipients[action.pk]}
    reached: set[int] = set()
    left = set(people)
    for pk, person in people.items():
        if tell(person, [action for action in overdue if person in recipients[action.pk]], today):
            reached.add(pk)
        left.remove(pk)
        keep_sent(claimed, recipients, reached, left, now)
    give_back(claimed, recipients, reached)
    return Done(reminders=len(reached), failed=len(people) - len(reached))


def get_overdue(today: datetime.date) -> list[Action]:
    """Of organisations that take part. One query, and one for the reminders."""
    found = Action.objects.overdue(today).filter(participation__is_active=True)
    return list(
        found.select_related(
            "owner_user", "participation__organisation", "participation__partnership"
        ).prefetch_related("reminders")
    )


def get_recipients(actions: Iterable[Action]) -> Mapping[int, list[User]]:
    """By action. One query."""
    actions = list(actions)
    memberships = Membership.objects.active().filter(
        organisation__in={action.participation.organisation_id for action in actions}
    )
    members: dict[int, dict[int, User]] = defaultdict(dict)
    leads: dict[int, dict[int, User]] = defaultdict(dict)
    for membership in memberships.select_related("user"):
        members[membership.organisation_id][membership.user_id] = membership.user
        if membership.role == MembershipRole.LEAD:
            leads[membership.organisation_id][membership.user_id] = membership.user
    found = {}
    for action in actions:
        organisation = action.participation.organisation_id
        # An owner who has left no longer sees the plan.
        owner = members[organisation].get(action.owner_user_id or 0)
        found[action.pk] = [owner] if owner else list(leads[organisation].values())
    return found


def is_in_hand(told: ActionReminder, now: datetime.datetime) -> bool:
    """Sent, or claimed by a run that may still be at it."""
    return told.sent_at is not None or told.claimed_at > now - CLAIM_LASTS


def get_unchased(actions: Iterable[Action], now: datetime.datetime) -> list[Action]:
    """About whose due date nobody has been told."""
    return [
        one
        for one in actions
        if not any(told.due_on == one.due_on and is_in_hand(told, now) for told in one.reminders.all())
    ]


def get_chased_on(actions: Iterable[Action], now: datetime.datetime) -> list[Action]:
    """On the same day."""
    day = as_london(now).date()
    return [
        one
        for one in actions
        if any(
            is_in_hand(told, now) and as_london(told.sent_at or told.claimed_at).date() == day
            for told in one.reminders.all()
        )
    ]


def claim(action: Action, now: datetime.datetime) -> bool:
    """Whether it is this run that tells of it: the row is unique, so of two runs at once only one gets it."""
    reminder, is_new = ActionReminder.objects.get_or_create(
        action=action, due_on=action.due_on, defaults={"claimed_at": now}
    )
    if is_new:
        return True
    left = ActionReminder.objects.filter(pk=reminder.pk, sent_at=None, claimed_at__lte=now - CLAIM_LASTS)
    return bool(left.update(claimed_at=now))


def keep_sent(
    actions: Iterable[Action],
    recipients: Mapping[int, list[User]],
    reached: set[int],
    left: set[int],
    now: datetime.datetime,
) -> None:
    """Of the actions that nobody is left to be told of, those of which somebody was: at once, lest this run dies."""
    told = []
    for action in actions:
        people = {person.pk for person in recipients[action.pk]}
        if people & reached and not people & left:
            told.append(action.pk)
    ActionReminder.objects.filter(action__in=told, due_on=F("action__due_on"), sent_at=None).update(
        sent_at=now
    )


def tell(person: User, actions: list[Action], today: datetime.date) -> bool:
    """Whether the e-mail went out. One that fails must not keep the others from theirs."""
    try:
        send_overdue_actions(person, actions, today)
    except Exception:
        logger.exception("The reminder to user %s could not be sent", person.pk)
        return False
    return True


def give_back(actions: Iterable[Action], recipients: Mapping[int, list[User]], reached: set[int]) -> None:
    """What nobody could be told of is due again at the next run."""
    missed = [
        action.pk for action in actions if not reached & {person.pk for person in recipients[action.pk]}
    ]
    ActionReminder.objects.filter(action__in=missed, due_on=F("action__due_on")).delete()
