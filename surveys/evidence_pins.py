"""Which version of each item a submission pins: called by the verbs that submit and recall, in their transaction."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Q, QuerySet, Subquery

from surveys.evidence_past import record_taken_off
from surveys.models import AnswerEvidence, Audit, EvidenceVersion


def pin_evidence(audits: Iterable[Audit | int]) -> None:
    """From now on readers see the version that was the newest today; what was taken off an answer is gone.

    Called once the answers are frozen. As its answer, evidence for what the profile no longer asks stays in the audit
    and out of what was submitted.
    """
    links = AnswerEvidence.objects.filter(answer__audit__in=audits)
    _drop_what_is_gone(links)
    newest = EvidenceVersion.objects.filter(evidence=OuterRef("evidence")).order_by("-number")
    submitted = Q(answer__submitted_score__isnull=False) | Q(answer__submitted_not_applicable=True)
    links.filter(submitted).update(submitted_version=Subquery(newest.values("pk")[:1]))
    links.exclude(submitted).update(submitted_version=None)


def unpin_evidence(audit: Audit) -> None:
    """The audit is recalled: nothing of it is submitted."""
    links = AnswerEvidence.objects.filter(answer__audit=audit)
    _drop_what_is_gone(links)
    links.update(submitted_version=None)


def _drop_what_is_gone(links: QuerySet[AnswerEvidence]) -> None:
    """Taken off the answer, as the trail says already; or out of the library while a pin held it, as it learns now."""
    is_gone = Q(removed_at__isnull=False) | Q(evidence__removed_at__isnull=False)
    gone = list(links.filter(is_gone).select_related("evidence__removed_by"))
    for link in gone:
        item = link.evidence
        if link.removed_at is None:
            assert item.removed_at is not None  # else it would not be gone
            record_taken_off([link], by=item.removed_by, at=item.removed_at)
    # By their keys: a database that has no statistics yet may take minutes over the same question asked twice.
    AnswerEvidence.objects.filter(pk__in=[link.pk for link in gone]).delete()
