"""Writes to an audit's profile: only what changed, each with a line in its trail, never over what is newer."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from s11.organisations.models import User
from surveys.enums import AuditStatus
from surveys.models import Audit, ProfileAnswer, ProfileChange, ProfileQuestion
from surveys.workflow import lock_audit


@transaction.atomic
def save_profile(
    *,
    audit: Audit,
    values: Mapping[ProfileQuestion, str],
    by: User,
    seen: Mapping[ProfileQuestion, str] | None = None,
) -> list[ProfileAnswer]:
    """Facts about the organisation, as text; only those that changed are written.

    `seen` is what the person's page showed. Where somebody else has changed a fact since, and this person too, theirs
    is left as it is and returned.
    """
    # A correction opens answers, never the facts that decide what is asked.
    lock_audit(audit, AuditStatus.DRAFT, moves=False)
    current = {
        answer.question_id: answer
        for answer in audit.profile_answers.select_related("question", "updated_by")
    }
    conflicts = []
    for question, value in values.items():
        answer = current.get(question.pk) or ProfileAnswer(audit=audit, question=question, version=0)
        was = answer.value if seen is None else seen[question]
        if value in (answer.value, was):
            continue
        if answer.value != was:
            conflicts.append(answer)
            continue
        _save_fact(answer, value, by)
    return conflicts


def _save_fact(answer: ProfileAnswer, value: str, by: User) -> None:
    before, now = answer.value, timezone.now()
    answer.value = value
    answer.version += 1
    answer.updated_by = by
    answer.updated_at = now
    answer.save()
    ProfileChange.objects.create(
        answer=answer, version=answer.version, value_before=before, value_after=value, by=by, at=now
    )
