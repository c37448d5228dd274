"""The demonstration's multi-agency audits: two reported, one under way, one late, one planned, one cancelled.

Made up throughout: no case, no child and no practitioner stands behind a word of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from accountability.models import MultiAgencyAudit, Reflection, ReflectionAnswer
from accountability.multi_agency_enums import AuditMethod, ReflectiveQuestion
from accountability.multi_agency_reflecting import give_themes, write_summary
from accountability.multi_agency_writing import (
    FindingsInput,
    PlanInput,
    add_audit,
    agree_action,
    cancel_audit,
    change_audit,
)
from s11.demo.audits import at
from s11.demo.moments import writing_at
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Participation, Partnership, User
from surveys.actions import ActionInput
from surveys.enums import ActionPriority
from surveys.models import Action, ActionReminder, Theme

GROUP: Final = "Quality assurance group"
COUNCIL: Final = "Harbourside Council Children's Services"
POLICE: Final = "Northmoor Constabulary"
HEALTH: Final = "Harbourside Community Health Trust"
SCHOOL: Final = "Northshore High School"
TRUST: Final = "Estuary and Fells Hospitals Trust"
CORE: Final = (COUNCIL, POLICE, HEALTH)

WELL, BARRIERS = ReflectiveQuestion.WENT_WELL, ReflectiveQuestion.BARRIERS
SUPERVISION, ESCALATION = ReflectiveQuestion.SUPERVISION, ReflectiveQuestion.ESCALATION
# Each with its themes. To the last question fewer than five wrote something, so nobody reads it.
SAID: Final[Mapping[ReflectiveQuestion, Sequence[tuple[str, str]]]] = {
    WELL: (
        ("The conversation on return was offered within two days, every time.", "Quick response"),
        ("School rang straight away and knew what to ask.", "Quick response, Schools"),
        ("We knew each other by then, so a call was enough.", "Knowing each other"),
        ("The same worker went each time. It took months, and it worked.", "Same worker"),
        ("Police and social care met on the day.", "Quick response, Knowing each other"),
        ("I had time to listen.", "Same worker"),
    ),
    BARRIERS: (
        ("At weekends nobody could say who holds the plan.", "Out of hours"),
        ("Two systems that do not talk to each other.", "Records"),
        ("Night staff never see the plan.", "Out of hours, Records"),
        ("The duty line rings out after six.", "Out of hours"),
        ("We are told that a young person is back by an e-mail on Monday.", "Out of hours"),
        ("Nobody answers out of hours.", "Out of hours"),
        ("The form asks the same things that we have sent the day before.", "Records"),
    ),
    SUPERVISION: (
        ("It was about the list of cases, not about this one.", "Task lists"),
        ("My manager asked what the young person thinks. That changed what I did.", "Reflection"),
        ("Cancelled three times in the spring.", "Not held"),
        ("Group supervision with the police would help.", "Joint supervision"),
        ("Mostly about dates and forms.", "Task lists"),
    ),
    ESCALATION: (
        ("I did not know that there is a form.", ""),
        ("It worked within a day.", ""),
        ("I rang the manager, that was enough.", ""),
    ),
}
SUMMARIES: Final = {
    WELL: "Conversations on return are offered quickly, and one worker who stays makes them worth having.",
    BARRIERS: "Out of hours nobody can see the plan or say who holds it; records do not reach those who need them.",
    SUPERVISION: "Supervision is more often about dates than about what the young person thinks.",
}


@dataclass(frozen=True, slots=True)
class DemoAudit:
    """With so many days of work; with none, planned for the month alone."""

    title: str
    theme: str | None
    method: AuditMethod
    begins_on: datetime.date
    agencies: Sequence[str]
    days: int = 0
    about: str = ""


def make_multi_agency_audits(partnership: Partnership, today: datetime.date) -> None:
    officer = User.objects.filter(
        offices__partnership=partnership, offices__role=OfficerRole.QUALITY_OFFICER
    ).earliest("pk")
    make_neglect(partnership, officer, today)
    make_missing(partnership, officer, today)
    strategy = _plan(
        partnership,
        officer,
        DemoAudit(
            "Strategy discussions: who is at the table?",
            "T8",
            AuditMethod.DIP_SAMPLE,
            today - datetime.timedelta(days=12),
            days=40,
            agencies=(*CORE, TRUST),
            about="Twenty strategy discussions of last quarter, drawn by number: who came, how soon, what was agreed.",
        ),
    )
    _open(strategy, officer, today + datetime.timedelta(days=18), {WELL: SAID[WELL][:3]}, 3)
    _plan(
        partnership,
        officer,
        DemoAudit(
            "Voice of the child in early help plans",
            "T3",
            AuditMethod.CASE_AUDIT,
            _months_from(today, -2),
            agencies=(COUNCIL, SCHOOL),
        ),
    )
    _plan(
        partnership,
        officer,
        DemoAudit(
            "Children who live with parental mental ill health",
            None,
            AuditMethod.DEEP_DIVE,
            _months_from(today, 3),
            agencies=(COUNCIL, HEALTH, "Harbourside Mental Health Trust"),
        ),
    )
    dropped = _plan(
        partnership,
        officer,
        DemoAudit(
            "What new staff know of private fostering",
            None,
            AuditMethod.SURVEY,
            _months_from(today, 1),
            agencies=(COUNCIL, SCHOOL),
        ),
    )
    reason = "The question goes into the practitioner survey of the section 11 audit instead."
    cancel_audit(audit=dropped, reason=reason, by=officer)


def make_neglect(partnership: Partnership, officer: User, today: datetime.date) -> None:
    """Of last year, and to be repeated by now."""
    begun = today - datetime.timedelta(days=420)
    audit = _plan(
        partnership,
        officer,
        DemoAudit(
            "Neglect: how early is it seen?",
            "T8",
            AuditMethod.CASE_AUDIT,
            begun,
            days=35,
            agencies=(*CORE, SCHOOL),
            about="Twelve cases in which neglect was named, read by all agencies together from the first sign on.",
        ),
    )
    _report(
        audit,
        officer,
        FindingsInput(
            reported_on=begun + datetime.timedelta(days=50),
            key_messages="Neglect is seen early where one practitioner writes down what each day is like.",
            strengths="Health visitors and schools notice the same signs, and write them down in the child’s words.",
            weaknesses="The assessment tool is begun in most cases and finished in few; at handovers it is lost.",
            again_on=today - datetime.timedelta(days=15),
        ),
    )


def make_missing(partnership: Partnership, officer: User, today: datetime.date) -> None:
    """Reported this year, with what practitioners say and what was agreed."""
    begun = today - datetime.timedelta(days=110)
    audit = _plan(
        partnership,
        officer,
        DemoAudit(
            "Missing from home: the conversation on return",
            "T8",
            AuditMethod.CASE_AUDIT,
            begun,
            days=30,
            agencies=(*CORE, SCHOOL),
            about="Ten young people who went missing more than twice, read by a panel of four agencies.",
        ),
    )
    reflection = _open(audit, officer, begun + datetime.timedelta(days=45), SAID, 8)
    for question, text in SUMMARIES.items():
        themes = {said: names.split(", ") for said, names in SAID[question]}
        answers = reflection.answers.filter(question=question)
        given = {one.pk: themes[one.text] for one in answers}
        give_themes(reflection=reflection, question=question, themes=given, seen={}, by=officer)
        write_summary(reflection=reflection, question=question, text=text, seen_version=0, by=officer)
    reported = begun + datetime.timedelta(days=60)
    _report(
        audit,
        officer,
        FindingsInput(
            reported_on=reported,
            key_messages="Offer the conversation within 72 hours, by somebody whom the young person knows.\n\n"
            "What is said there has to reach the plan, at night and at weekends too.",
            strengths="In nine of ten cases the conversation was offered in time.",
            weaknesses="In four of ten cases what was said never reached those who met the young person next.",
            again_on=reported + datetime.timedelta(days=365),
        ),
    )
    _agree(
        audit,
        officer,
        COUNCIL,
        "Night and weekend staff see the plan of each young person who goes missing",
        today + datetime.timedelta(days=70),
    )
    late = _agree(
        audit,
        officer,
        HEALTH,
        "Supervision asks at each case what the young person thinks",
        today - datetime.timedelta(days=9),
    )
    # It has been chased, so that nobody's first run sends mail.
    ActionReminder.objects.create(action=late, due_on=late.due_on, sent_at=min(at(today, 7), timezone.now()))


def _plan(partnership: Partnership, officer: User, made: DemoAudit) -> MultiAgencyAudit:
    begins_on, days = made.begins_on, made.days
    entered = PlanInput(
        title=made.title,
        theme=Theme.objects.get(code=made.theme) if made.theme else None,
        month=begins_on.replace(day=1),
        begins_on=begins_on if days else None,
        ends_on=begins_on + datetime.timedelta(days=days) if days else None,
        committee=GROUP,
        method=made.method,
        about=made.about,
        repeats=None,
        taking_part=_find(partnership, made.agencies),
    )
    audit = add_audit(partnership=partnership, entered=entered, by=officer)
    planned = at(begins_on - datetime.timedelta(days=60), 11)
    MultiAgencyAudit.objects.filter(pk=audit.pk).update(changed_at=planned)
    return audit


def _report(audit: MultiAgencyAudit, officer: User, found: FindingsInput) -> None:
    change_audit(audit=audit, entered=found, seen_version=1, by=officer)
    assert found.reported_on is not None
    MultiAgencyAudit.objects.filter(pk=audit.pk).update(changed_at=at(found.reported_on, 15))


def _agree(audit: MultiAgencyAudit, officer: User, agency: str, what: str, due_on: datetime.date) -> Action:
    """On the day on which it was reported."""
    entered = ActionInput(
        what=what,
        measure="Ten cases read again after six months show it",
        owner="Head of service",
        owner_user=None,
        starts_on=None,
        due_on=due_on,
        priority=ActionPriority.MEDIUM,
    )
    audit.refresh_from_db()
    assert audit.reported_on is not None
    [place], agreed_at = _find(audit.partnership, (agency,)), at(audit.reported_on, 16)
    with writing_at(agreed_at):
        action = agree_action(audit=audit, participation=place, entered=entered, by=officer)
    Action.objects.filter(pk=action.pk).update(created_at=agreed_at)
    return action


def _open(
    audit: MultiAgencyAudit,
    officer: User,
    closes_on: datetime.date,
    said: Mapping[ReflectiveQuestion, Sequence[tuple[str, str]]],
    people: int,
) -> Reflection:
    """Not by the verb, which takes an answer on days that are still to come alone."""
    opened_at = at(closes_on - datetime.timedelta(days=30), 10)
    found = Reflection.objects.create(
        audit=audit, closes_on=closes_on, opened_by=officer, opened_at=opened_at, responses=people
    )
    ReflectionAnswer.objects.bulk_create(
        ReflectionAnswer(reflection=found, question=question, text=text)
        for question, answers in said.items()
        for text, _ in answers
    )
    return found


def _find(partnership: Partnership, names: Sequence[str]) -> list[Participation]:
    return list(
        Participation.objects.filter(partnership=partnership, organisation__name__in=names).select_related(
            "organisation"
        )
    )


def _months_from(today: datetime.date, months: int) -> datetime.date:
    """The first day of the month so many after this one."""
    number = today.year * 12 + today.month - 1 + months
    return datetime.date(number // 12, number % 12 + 1, 1)
