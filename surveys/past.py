"""An audit as it stood at a moment: answers, facts and evidence are wound back by what was changed since.

Answers and facts are copies in memory, never to be saved.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from surveys.enums import AuditEventKind, Scope, Series
from surveys.evidence_past import get_past_backings
from surveys.models import Answer, AnswerChange, Audit
from surveys.progress import get_profile_questions
from surveys.queries import list_asked
from surveys.reading import Reading, get_reading, make_reading


def get_past_reading(audit: Audit, moment: datetime.datetime) -> Reading:
    """As its agency would have read it then. A fixed number of queries."""
    changes: dict[int, list[AnswerChange]] = {}
    for change in (
        AnswerChange.objects.filter(answer__audit=audit).select_related("by", "group").order_by("version")
    ):
        changes.setdefault(change.answer_id, []).append(change)
    imports = list(
        audit.events.filter(kind=AuditEventKind.IMPORTED).order_by("at").values_list("at", flat=True)
    )
    past = {}
    for answer in audit.answers.select_related("updated_by", "group"):
        own = changes.get(answer.pk, [])
        made_at = find_made_at(answer, own, audit, imports)
        if made_at <= moment:
            past[answer.indicator_id] = wind_back_to(answer, own, moment, made_at)
    questions = get_profile_questions(audit, moment)
    profile = {asked.question.code: asked.value for asked in questions if asked.value} or None
    reading = make_reading(None, list_asked(audit, past, profile), questions, {})
    return replace(reading, evidence=get_past_backings(audit, moment))


def find_made_at(
    answer: Answer,
    changes: Sequence[AnswerChange],
    audit: Audit,
    imports: Sequence[datetime.datetime],
) -> datetime.datetime:
    """When the row came to be. What a person saves first is a change; what is imported or carried over is none."""
    if not changes:
        return answer.updated_at
    first = changes[0]
    if first.version == 1:
        return first.at
    if answer.carried_from_id is not None:
        return audit.created_at
    return max((at for at in imports if at <= first.at), default=audit.created_at)


def wind_back_to(
    answer: Answer, changes: Sequence[AnswerChange], moment: datetime.datetime, made_at: datetime.datetime
) -> Answer:
    earlier = [change for change in changes if change.at <= moment]
    later = changes[len(earlier) :]
    if not later:
        return answer
    then = answer.as_before(later[0])
    # Every change but one that is about actions alone says that somebody has looked at the answer, or brought it in.
    about_answer = [one for one in earlier if one.is_brought_in or not is_about_actions(one)]
    then.confirmed = not about_answer[-1].is_brought_in if about_answer else answer.carried_from_id is None
    about_actions = [one for one in later if is_about_actions(one)]
    if about_actions:
        then.no_action_reason = about_actions[0].no_action_before
    then.updated_by = earlier[-1].by if earlier else None
    then.group = earlier[-1].group if earlier else None
    then.updated_at = earlier[-1].at if earlier else made_at
    return then


def is_about_actions(change: AnswerChange) -> bool:
    """Whether it says only why there is no action."""
    return change.no_action_before != change.no_action_after


def get_submission_by(audit: Audit, moment: datetime.datetime) -> Reading | None:
    """What officers could read then: the last submission made by that moment; none before the first."""
    frozen = audit.scorecards.filter(scope=Scope.WHOLE, series=Series.SELF, frozen_at__lte=moment)
    last = frozen.order_by("-submission").first()
    return get_reading(audit, last.submission) if last else None
