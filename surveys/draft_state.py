"""Whether a draft is as it was: a digest of all that a copy shows, so that an unchanged one is not built again."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from surveys.models import (
    Action,
    ActionUpdate,
    Answer,
    AnswerEvidence,
    Audit,
    Cycle,
    Evidence,
    EvidenceVersion,
    Invitee,
    ProfileAnswer,
    SignOff,
)


def get_draft_state(audit: Audit) -> str:
    """Whole rows, of columns to come too: a change that no copy shows costs one copy, and one that it misses is wrong.

    A fixed number of queries. The day is part of it, for what is overdue or expired by now is told.
    """
    digest = hashlib.sha256(str(timezone.localdate()).encode())
    for rows in _list_rows(audit):
        for row in rows.order_by("pk").values().iterator():
            digest.update(repr(row).encode())
    names = (audit.organisation, audit.partnership, audit.questionnaire.loaded_at)
    digest.update("\n".join(map(str, names)).encode())
    return digest.hexdigest()


def _list_rows(audit: Audit) -> list[QuerySet[Any]]:
    invitee = audit.invitee
    backing = AnswerEvidence.objects.filter(answer__audit=audit)
    actions = Action.objects.filter(
        participation__organisation=invitee.organisation_id,
        participation__partnership=invitee.cycle.partnership_id,
    )
    return [
        Audit.objects.filter(pk=audit.pk),
        Cycle.objects.filter(pk=invitee.cycle_id),
        Invitee.objects.filter(pk=invitee.pk),
        Answer.objects.filter(audit=audit),
        ProfileAnswer.objects.filter(audit=audit),
        SignOff.objects.filter(audit=audit),
        backing,
        Evidence.objects.filter(pk__in=backing.values("evidence")),
        EvidenceVersion.objects.filter(evidence__in=backing.values("evidence")),
        actions,
        ActionUpdate.objects.filter(action__in=actions),
    ]
