"""The demonstration's moderation: last year's home audit is moderated and closed; this year's has begun."""

from __future__ import annotations

import datetime

from s11.demo import content
from s11.demo.audits import at
from s11.demo.moments import writing_at
from s11.demo.people import make_lead
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Partnership, User
from surveys.enums import AuditStatus, CycleKind, CycleStatus, Series
from surveys.models import Answer, Audit, Clarification, Cycle, Moderation
from surveys.models.audits import AuditQuerySet
from surveys.moderating import close_series
from surveys.moderation_samples import draw_moderation_sample

HOMES = (content.HOME_ORGANISATION, content.FELLSIDE_HOME_ORGANISATION)
LOWER = "The evidence shows a plan, and not yet that it is followed. Send us the minutes when you have them."
QUESTION = "Who checks that this is done, and how often?"
REPLY = "The deputy lead, each half-term; the governors see the list in their safeguarding report."
SAMPLE = 4


def make_moderation(partnership: Partnership, today: datetime.date) -> None:
    """Nothing here concerns an answer that a newcomer would want to change: what is moderated cannot be recalled."""
    officer = User.objects.get(offices__partnership=partnership, offices__role=OfficerRole.QUALITY_OFFICER)
    full = partnership.cycles.filter(kind=CycleKind.FULL)
    last = full.filter(status=CycleStatus.CLOSED).latest("closes_on")
    moderate_home(last, officer)
    begin(full.get(status=CycleStatus.OPEN), officer, today)


def moderate_home(cycle: Cycle, officer: User) -> None:
    audits = get_audits(cycle)
    # The home organisation's where it took part, so that whoever signs in there finds its feedback.
    audit = audits.filter(invitee__organisation__name__in=HOMES).first() or audits[0]
    moment = at(cycle.closes_on + datetime.timedelta(days=21), 10, 15)
    answers = get_answers(audit)
    for place, answer in enumerate(answers):
        if answer.submitted_score is not None:
            # Every seventh of the twos was not borne out.
            is_lower = answer.submitted_score == 2 and place % 7 == 0
            moderate(answer, 1 if is_lower else None, officer, moment)
    Clarification.objects.create(
        answer=answers[0],
        submission=audit.submission,
        question=QUESTION,
        asked_by=officer,
        asked_at=moment,
        reply=REPLY,
        replied_by=make_lead(audit.organisation, moment),
        replied_at=moment + datetime.timedelta(days=2),
        accepted=True,
        closed_by=officer,
        closed_at=moment + datetime.timedelta(days=3),
    )
    closed_at = moment + datetime.timedelta(days=4)
    with writing_at(closed_at):
        close = close_series(audit=audit, by=officer)
    close.at = closed_at
    close.save()
    audit.scorecards.filter(series=Series.MODERATED).update(frozen_at=closed_at)


def begin(cycle: Cycle, officer: User, today: datetime.date) -> None:
    """A sample, and one audit with two answers looked at and a question that waits for its reply."""
    audits = get_audits(cycle).filter(status=AuditStatus.SUBMITTED)
    audit = audits.exclude(invitee__organisation__name__in=HOMES).first()
    if audit is None:
        return
    sample = draw_moderation_sample(
        cycle=cycle, rule="by_variant", size=SAMPLE, seed=cycle.closes_on.year, by=officer
    )
    sample.at = at(today - datetime.timedelta(days=2), 9, 30)
    sample.save()
    moment = at(today - datetime.timedelta(days=1), 14, 5)
    first, second, third = get_answers(audit)[:3]
    moderate(first, None, officer, moment)
    moderate(second, 1 if second.submitted_score != 1 else 0, officer, moment)
    Clarification.objects.create(
        answer=third, submission=audit.submission, question=QUESTION, asked_by=officer, asked_at=moment
    )


def get_audits(cycle: Cycle) -> AuditQuerySet:
    return Audit.objects.counted().filter(invitee__cycle=cycle).with_place().order_by("pk")


def get_answers(audit: Audit) -> list[Answer]:
    return list(audit.answers.submitted().order_by("indicator__position"))


def moderate(answer: Answer, score: int | None, officer: User, moment: datetime.datetime) -> None:
    Moderation.objects.create(
        answer=answer,
        submission=answer.audit.submission,
        series=Series.MODERATED,
        version=1,
        score=score,
        reason=LOWER if score is not None else "",
        by=officer,
        at=moment,
    )
