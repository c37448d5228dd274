"""A moderator's work outlives a correction: what did not change is moderated in the next submission too.

Called by the verb that submits, in its transaction.
"""

from __future__ import annotations

import datetime

from django.db.models import Q

from surveys.enums import Scope, Series
from surveys.models import (
    Answer,
    AnswerChange,
    AnswerEvidence,
    Audit,
    Clarification,
    EvidenceChange,
    Moderation,
)


def has_moderation_begun(audit: Audit) -> bool:
    """Whether anybody has scored or asked: such an audit is returned by the partnership, not recalled."""
    of_audit = {"answer__audit": audit, "submission": audit.submission}
    if Moderation.objects.filter(**of_audit, series=Series.MODERATED).exists():
        return True
    return Clarification.objects.filter(**of_audit).exists()


def carry_moderation(audit: Audit) -> int:
    """Bring the newest scores of the last submission forward to this one, who gave them and when included.

    Only where score, reason, commentary and evidence are what was moderated: whatever differs is moderated anew.
    """
    before = audit.submission - 1
    frozen = audit.scorecards.filter(submission=before, scope=Scope.WHOLE, series=Series.SELF).first()
    if frozen is None:
        return 0
    rows = Moderation.objects.filter(answer__audit=audit, submission=before, series=Series.MODERATED)
    newest = {row.answer_id: row for row in rows.order_by("version")}
    if not newest:
        return 0
    changed = _find_changed(audit, frozen.frozen_at)
    kept = Answer.objects.submitted().filter(pk__in=newest).exclude(pk__in=changed)
    carried = [
        Moderation(
            answer_id=row.answer_id,
            submission=audit.submission,
            series=row.series,
            version=1,
            score=row.score,
            is_not_applicable=row.is_not_applicable,
            reason=row.reason,
            by_id=row.by_id,
            at=row.at,
        )
        for row in (newest[answer.pk] for answer in kept)
    ]
    Moderation.objects.bulk_create(carried)
    return len(carried)


def _find_changed(audit: Audit, since: datetime.datetime) -> set[int]:
    """Answers that say something else by now than they did then, or rest on something else."""
    first: dict[int, AnswerChange] = {}
    changes = AnswerChange.objects.filter(answer__audit=audit, at__gt=since).select_related("answer")
    for change in changes.order_by("version"):
        first.setdefault(change.answer_id, change)
    changed = {pk for pk, change in first.items() if _differs(change.answer, change)}
    evidence = EvidenceChange.objects.filter(answer__audit=audit, at__gt=since)
    replaced = AnswerEvidence.objects.filter(answer__audit=audit).filter(
        Q(submitted_version__added_at__gt=since) | Q(added_at__gt=since)
    )
    return (
        changed
        | set(evidence.values_list("answer", flat=True))
        | set(replaced.values_list("answer", flat=True))
    )


def _differs(answer: Answer, before: AnswerChange) -> bool:
    then = (before.score_before, before.reason_before, before.commentary_before)
    return then != (answer.score, answer.not_applicable_reason, answer.commentary)
