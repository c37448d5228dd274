"""Writes of what follows a meeting: good practice that may be shared, and the ladder when something is overdue.

First a reminder to the leads, ten working days later one to the signatories; then it is an officer's turn, who writes a
letter. A step and its e-mails are written together, and the step's row is unique: two runs at once, or one that is
killed half way, leave each step taken once.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accountability.enums import ChaseAbout, ChaseStep, LetterStatus
from accountability.following import Followed, get_followed
from accountability.following_emails import make_late_mail
from accountability.late_letters import make_late_letter_reference
from accountability.models import Chase, GoodPractice, LateLetter, Meeting, Recommendation
from accountability.models.outcomes import UNANSWERED, RecommendationQuerySet
from accountability.paper_requests import request_paper
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Contact, Membership, Participation, User
from s11.web import errors
from s11.web.dates import as_london
from surveys.action_plans import UNFINISHED
from surveys.enums import DocumentKind, MessageKind
from surveys.models import ActionReminder
from surveys.outbox import put_in_outbox
from surveys.working_days import add_working_days

# From the first reminder to the signatory's.
WAITED_WORKING_DAYS: Final = 10
# Until its PDF is there, which goes along.
PDF_TAKES: Final = datetime.timedelta(minutes=5)
ROLE_OF: Final = {
    ChaseStep.LEAD: MembershipRole.LEAD,
    ChaseStep.SIGNATORY: MembershipRole.SIGNATORY,
}

People = Mapping[tuple[int, str], Sequence[User]]


class NotInThisState(errors.NotInThisState):
    """It was answered or done meanwhile, or somebody else has written."""


def say_may_be_shared(*, practice: GoodPractice, may_be_shared: bool, by: User) -> None:
    """The agency's word on its own good practice; it holds until the agency says otherwise."""
    practice.may_be_shared = may_be_shared
    practice.save(update_fields=["may_be_shared"])


# By the clock ---------------------------------------------------------------------------------------------------------


def chase_overdue(now: datetime.datetime) -> int:
    """Take the steps that are due; how many e-mails were written. Its reads are as many whatever the number of rows."""
    today = as_london(now).date()
    late = [one for one in get_followed(get_late(today), today) if one.is_overdue]
    chased = _get_chased_owners(late)
    due: dict[tuple[int, ChaseStep], list[Followed]] = defaultdict(list)
    for one in late:
        step = pick_step(one, today)
        if step is not None:
            due[one.recommendation.meeting_id, step].append(one)
    people = _get_people(one.recommendation.meeting for one in late)
    return sum(_take(step, several, people, chased, now) for (_, step), several in due.items())


def get_late(today: datetime.date) -> RecommendationQuerySet:
    """What may be overdue, of agencies that take part: not answered in time, or its action is not done in time."""
    here = Participation.objects.filter(
        is_active=True,
        partnership=OuterRef("meeting__panel__cycle__partnership"),
        organisation=OuterRef("meeting__invitee__organisation"),
    )
    return Recommendation.objects.filter(
        Q(UNANSWERED, respond_by__lt=today) | Q(action__status__in=UNFINISHED, action__due_on__lt=today),
        Exists(here),
        meeting__letter__status=LetterStatus.SENT,
    ).order_by("meeting", "number")


def pick_step(followed: Followed, today: datetime.date) -> ChaseStep | None:
    """The clock's next step, if its day has come. A letter is an officer's."""
    taken = {chase.step: chase for chase in followed.chases}
    if ChaseStep.LEAD not in taken:
        return ChaseStep.LEAD
    first = timezone.localdate(taken[ChaseStep.LEAD].at)
    if ChaseStep.SIGNATORY not in taken and add_working_days(first, WAITED_WORKING_DAYS) <= today:
        return ChaseStep.SIGNATORY
    return None


@transaction.atomic
def _take(
    step: ChaseStep,
    several: Sequence[Followed],
    people: People,
    chased: frozenset[tuple[int, datetime.date]],
    now: datetime.datetime,
) -> int:
    """One step about all that one meeting's agency is late with. What another run took meanwhile is left out."""
    meeting = several[0].recommendation.meeting
    to = people.get((meeting.invitee.organisation_id, ROLE_OF[step]), ())
    new = [one for one in several if _record(one, step, len(to), now)]
    # Of an action its owner, or the leads, were reminded already: the row alone says so.
    told = [one for one in new if step != ChaseStep.LEAD or not _was_told(one, chased)]
    if not told:
        return 0
    for person in to:
        mail = make_late_mail(meeting, person, told, step)
        put_in_outbox(
            kind=MessageKind.MEETING,
            invitee=meeting.invitee,
            email=person.email,
            user=person,
            subject=str(mail.subject),
            body=str(mail.body),
            by=None,
        )
    return len(to)


def _record(one: Followed, step: ChaseStep, people: int, now: datetime.datetime) -> bool:
    """Whether it is this run that takes the step."""
    assert one.due_on is not None  # what is overdue has its day
    _, is_new = Chase.objects.get_or_create(
        recommendation=one.recommendation,
        about=one.overdue,
        due_on=one.due_on,
        step=step,
        defaults={"people": people, "at": now},
    )
    return is_new


def _was_told(one: Followed, chased: frozenset[tuple[int, datetime.date]]) -> bool:
    action = one.recommendation.action_id
    return one.overdue == ChaseAbout.ACTION and (action, one.due_on) in chased


def _get_chased_owners(late: Iterable[Followed]) -> frozenset[tuple[int, datetime.date]]:
    """Actions about whose due date the plan's own reminder went. One query."""
    actions = {one.recommendation.action_id for one in late if one.overdue == ChaseAbout.ACTION}
    rows = ActionReminder.objects.filter(action__in=actions).order_by()
    return frozenset(rows.values_list("action", "due_on"))


def _get_people(meetings: Iterable[Meeting]) -> People:
    """By organisation and role, each person once. One query."""
    members = Membership.objects.active().filter(
        organisation__in={one.invitee.organisation_id for one in meetings},
        role__in=ROLE_OF.values(),
        user__is_active=True,
    )
    found: dict[tuple[int, str], dict[int, User]] = defaultdict(dict)
    for member in members.select_related("user").order_by("pk"):
        found[member.organisation_id, member.role][member.user_id] = member.user
    return {key: tuple(users.values()) for key, users in found.items()}


# By an officer --------------------------------------------------------------------------------------------------------


@transaction.atomic
def write_late_letter(*, meeting: Meeting, contact: Contact, subject: str, body: str, by: User) -> int:
    """About all of this meeting whose reminders have gone; to a contact, through the outbox. How many it is about."""
    Meeting.objects.select_for_update().only("pk").get(pk=meeting.pk)
    late = list_for_letter(meeting)
    if not late:
        raise NotInThisState("Nothing waits for a letter any more: it was answered, or somebody has written.")
    letter = _put(meeting, contact, subject, body, by)
    for one in late:
        assert one.overdue is not None  # they were listed for it
        assert one.due_on is not None
        Chase.objects.create(
            recommendation=one.recommendation,
            about=one.overdue,
            due_on=one.due_on,
            step=ChaseStep.LETTER,
            people=1,
            letter=letter,
            by=by,
        )
    return len(late)


def _put(meeting: Meeting, contact: Contact, subject: str, body: str, by: User) -> LateLetter:
    """The letter, its e-mail, and its PDF on the way."""
    message = put_in_outbox(
        kind=MessageKind.ESCALATION,
        invitee=meeting.invitee,
        email=contact.email,
        contact=contact,
        subject=subject,
        body=body,
        by=by,
        due_at=timezone.now() + PDF_TAKES,
    )
    assert message is not None  # without `once` there is always one
    letter = LateLetter.objects.create(
        meeting=meeting, contact=contact, subject=subject, body=body, message=message, by=by
    )
    message.body = f"{body}\n\nThis letter is {make_late_letter_reference(letter)}: quote it when you reply."
    message.save(update_fields=["body"])
    letter.paper = request_paper(kind=DocumentKind.LATE_LETTER, by=by, meeting=meeting, anew=True)
    letter.save(update_fields=["paper"])
    return letter


def list_for_letter(meeting: Meeting, today: datetime.date | None = None) -> list[Followed]:
    """Overdue, both reminders gone, and no letter yet about that day."""
    today = today or timezone.localdate()
    found = get_followed(get_late(today).filter(meeting=meeting), today)
    return [
        one
        for one in found
        if one.is_for_officers and not any(chase.step == ChaseStep.LETTER for chase in one.chases)
    ]
