"""The audits that another may start from, and what their answers said at a moment, such as their submission's."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping

from surveys.bringing import Said
from surveys.enums import Scope, Series
from surveys.models import Answer, AnswerChange, Audit, Invitee, Scorecard


def get_submitted_audits(invitee: Invitee) -> list[Audit]:
    """The organisation's others in this partnership, the newest by closing day first. One query.

    One that was returned for correction counts as last submitted.
    """
    return list(
        Audit.objects.counted()
        .filter(
            invitee__organisation=invitee.organisation_id,
            invitee__cycle__partnership=invitee.cycle.partnership_id,
        )
        .exclude(invitee=invitee)
        .select_related("invitee__cycle__partnership", "invitee__cycle_questionnaire__questionnaire")
        .order_by("-invitee__cycle__closes_on", "-invitee__cycle__pk")
    )


def get_submitted_said(audits: Iterable[Audit]) -> list[Said]:
    """What their last submissions hold, by key. One query."""
    rows = Answer.objects.submitted().filter(audit__in=audits).values_list("audit", "pk", "indicator__key")
    return [Said(*row) for row in rows]


def get_answered_said(audit: Audit) -> list[Said]:
    """What it says as it stands, by key: also a draft; never what nobody has confirmed there. One query."""
    rows = audit.answers.answered().values_list("audit", "pk", "indicator__key")
    return [Said(*row) for row in rows]


def get_last_moments(audits: Collection[int]) -> dict[int, datetime.datetime]:
    """When each was last submitted, by row id. One query."""
    frozen = Scorecard.objects.of_last_submission().filter(
        audit__in=audits, scope=Scope.WHOLE, series=Series.SELF
    )
    return dict(frozen.values_list("audit", "frozen_at"))


def get_moments_before(audits: Collection[int], moment: datetime.datetime) -> dict[int, datetime.datetime]:
    """When each was last submitted by that moment; the moment itself for one that was not. One query."""
    frozen = Scorecard.objects.filter(
        audit__in=audits, scope=Scope.WHOLE, series=Series.SELF, frozen_at__lte=moment
    )
    rows = frozen.order_by("frozen_at").values_list("audit", "frozen_at")
    return dict.fromkeys(audits, moment) | dict(rows)


def wind_back(answers: Iterable[Answer], moments: Mapping[int, datetime.datetime]) -> list[Answer]:
    """As each was at its audit's moment. One query, for the changes since; the copies are never to be saved."""
    answers = list(answers)
    if not answers:
        return []
    late = AnswerChange.objects.filter(answer__in=answers, at__gt=min(moments.values()))
    changes: dict[int, list[AnswerChange]] = {}
    found = AnswerChange.objects.filter(answer__in=late.values("answer"))
    for change in found.select_related("by", "group").order_by("version"):
        changes.setdefault(change.answer_id, []).append(change)
    return [_as_at(one, changes.get(one.pk, []), moments[one.audit_id]) for one in answers]


def _as_at(answer: Answer, changes: list[AnswerChange], moment: datetime.datetime) -> Answer:
    later = [change for change in changes if change.at > moment]
    if not later:
        return answer
    then, earlier = answer.as_before(later[0]), [change for change in changes if change.at <= moment]
    then.updated_by = earlier[-1].by if earlier else None
    then.group = earlier[-1].group if earlier else None
    then.updated_at = earlier[-1].at if earlier else moment
    return then


def said_when_carried(answer: Answer) -> tuple[int | None, str, str]:
    """What an answer from elsewhere said before anybody confirmed it, which its trail leaves out."""
    source = answer.carried_from
    assert source is not None  # what comes from elsewhere has a source
    (then,) = wind_back([source], {source.audit_id: answer.audit.created_at})
    return then.score, then.not_applicable_reason, then.commentary
