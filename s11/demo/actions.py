"""The demonstration's action plans: born from real scores of 0 and 1, in every status, some overdue, some revised."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from s11.demo.audits import at
from s11.organisations.enums import Variant
from s11.organisations.models import Participation, Partnership, User
from surveys.enums import ActionOrigin, ActionPriority, ActionStatus
from surveys.models import Action, ActionReminder, ActionUpdate, Answer

# How it will be known; the outcome itself is what a 2 looks like for that indicator.
MEASURES = (
    "All staff who are asked in the spring spot check say it without help",
    "The central record shows no gap in three monthly checks in a row",
    "At least 9 of 10 children in the summer survey say so",
    "10 of 10 records sampled each quarter show it",
    "Supervision log: no gap longer than six weeks since January",
    "5 parents have tried it and say that it helped",
)
# Whose it is: for each measure, a post that an organisation of that kind has.
OWNERS = {
    Variant.STANDARD: (
        "Safeguarding lead",
        "Business manager",
        "Deputy safeguarding lead",
        "Safeguarding lead",
        "Head of service",
        "Customer care manager",
    ),
    Variant.HEALTH: (
        "Named nurse",
        "Practice manager",
        "Named doctor",
        "Named nurse",
        "Clinical lead",
        "Patient experience lead",
    ),
    Variant.CARE_HOME: (
        "Registered manager",
        "Deputy manager",
        "Key worker lead",
        "Registered manager",
        "Responsible individual",
        "Deputy manager",
    ),
    Variant.SCHOOL: (
        "Designated safeguarding lead",
        "School business manager",
        "Deputy safeguarding lead",
        "Designated safeguarding lead",
        "Headteacher",
        "Family support worker",
    ),
}
FREE = (
    "Every volunteer has met the safeguarding lead before the summer programme begins",
    "Volunteer register: a meeting date for 100%",
    "Volunteer coordinator",
)
VAGUE = ("Improve information sharing", "Fewer problems with partners", "All staff")
IMPACTS = (
    "Two children told a teaching assistant about worries at home and had help the same week.",
    "The last ten records all show the child's own words; two families said that they felt heard.",
    "One applicant was turned down after a reference that used to come too late.",
)
SEED = 175


@dataclass(frozen=True, slots=True)
class Story:
    """How one action has gone: its status, how far, and the days from today to its first and present due dates."""

    status: ActionStatus
    percent: int
    first_due: int
    due: int


STORIES = (
    Story(ActionStatus.IN_PROGRESS, 40, 60, 60),
    Story(ActionStatus.NOT_STARTED, 0, 95, 95),
    Story(ActionStatus.IN_PROGRESS, 70, -40, 25),
    Story(ActionStatus.DONE, 100, -20, -20),
    Story(ActionStatus.IN_PROGRESS, 20, -12, -12),
    Story(ActionStatus.DROPPED, 10, 30, 30),
    Story(ActionStatus.NOT_STARTED, 0, -3, -3),
)


def make_action_plans(partnership: Partnership, today: datetime.date) -> None:
    """For each answer of 0 or 1 that was submitted: mostly an action, sometimes a reason why none, rarely neither."""
    # A sequence of its own, so that nothing else in the demonstration changes with it.
    chance = random.Random(f"{SEED}{partnership.slug}")  # noqa: S311  made-up data, not a secret
    participations = {
        one.organisation_id: one for one in partnership.participations.select_related("organisation")
    }
    answers = (
        Answer.objects.filter(
            audit__invitee__cycle__partnership=partnership, score__in=(0, 1), confirmed=True
        )
        .select_related("audit__invitee__cycle", "updated_by", "indicator")
        .order_by("pk")
    )
    made = [
        _make_from_score(chance, participations[answer.audit.invitee.organisation_id], answer, today)
        for answer in _pick(chance, answers)
    ]
    made += [_make_free(chance, participation, today) for participation in list(participations.values())[::4]]
    _write_history(made, today)


def _pick(chance: random.Random, answers: Iterable[Answer]) -> list[Answer]:
    """Those that get an action; the others keep a reason, or are left for the check page to find."""
    picked, reasoned = [], []
    for answer in answers:
        roll = chance.random()
        if roll < 0.6:
            picked.append(answer)
        elif roll < 0.85:
            answer.no_action_reason = (
                "The council's own team does this for us, and reports to our governors each term."
            )
            reasoned.append(answer)
    Answer.objects.bulk_update(reasoned, ["no_action_reason"])
    return picked


def _make_from_score(
    chance: random.Random, participation: Participation, answer: Answer, today: datetime.date
) -> Action:
    organisation = participation.organisation
    measure, owner = chance.choice(list(zip(MEASURES, OWNERS[Variant(organisation.variant)], strict=True)))
    words = (answer.indicator.descriptor_2, measure, owner)
    story = chance.choice(STORIES)
    chosen = VAGUE if chance.random() < 0.05 else words
    return _make(participation, chosen, story, today, by=answer.updated_by, answer=answer)


def _make_free(chance: random.Random, participation: Participation, today: datetime.date) -> Action:
    return _make(participation, FREE, chance.choice(STORIES), today, by=None)


def _make(
    participation: Participation,
    words: tuple[str, str, str],
    story: Story,
    today: datetime.date,
    *,
    by: User | None,
    answer: Answer | None = None,
) -> Action:
    created = today - datetime.timedelta(days=90 if answer is None else 30)
    if answer is not None:
        created = min(timezone.localdate(answer.updated_at), today)
    return Action(
        participation=participation,
        origin=ActionOrigin.FREE if answer is None else ActionOrigin.SCORE,
        answer=answer,
        what=words[0],
        measure=words[1],
        owner=words[2],
        owner_user=by,
        first_due_on=today + datetime.timedelta(days=story.first_due),
        due_on=today + datetime.timedelta(days=story.due),
        priority=ActionPriority.HIGH if answer is not None and answer.score == 0 else ActionPriority.MEDIUM,
        status=story.status,
        percent=story.percent,
        impact=IMPACTS[len(words[0]) % len(IMPACTS)] if story.status == ActionStatus.DONE else "",
        created_by=by,
        created_at=min(at(created, 15), timezone.now()),
    )


def _write_history(actions: list[Action], today: datetime.date) -> None:
    """One report for whatever has begun. What is overdue has been chased, so that nobody's first run sends mail."""
    Action.objects.bulk_create(actions)
    reported_at = at(today - datetime.timedelta(days=2), 11)
    ActionUpdate.objects.bulk_create(
        ActionUpdate(
            action=action,
            text=_say(action),
            status_before=ActionStatus.NOT_STARTED,
            status_after=action.status,
            percent_before=0,
            percent_after=action.percent,
            due_before=action.first_due_on,
            due_after=action.due_on,
            by=action.owner_user,
            at=max(reported_at, action.created_at),
        )
        for action in actions
        if action.status != ActionStatus.NOT_STARTED
    )
    ActionReminder.objects.bulk_create(
        ActionReminder(action=action, due_on=action.due_on, sent_at=min(at(today, 7), timezone.now()))
        for action in actions
        if action.is_overdue(today)
    )


def _say(action: Action) -> str:
    match ActionStatus(action.status):
        case ActionStatus.DONE:
            return "Done and checked with the people whom it concerns."
        case ActionStatus.DROPPED:
            return "Dropped: the service has moved to another organisation."
        case _ if action.due_on != action.first_due_on:
            return "The first date was missed because of long sick leave; the new one is agreed with the governors."
        case _:
            return "The first group has begun, and the second starts next month."
