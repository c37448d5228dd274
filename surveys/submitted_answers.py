"""The answers of many audits as their last submissions said them, which is all that officers may read of answers.

What is being written, or corrected since, is the agency's: it is left out here, whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from django.db.models import F, OuterRef, Subquery

from surveys.enums import AuditStatus, Scope, Series
from surveys.models import Answer, AnswerChange, Audit, Indicator, Scorecard
from surveys.models.audits import AuditQuerySet
from surveys.queries import wind_back_answers

# A batch in memory: some 4,000 answers.
AUDITS_AT_ONCE: Final = 50


def iterate_submitted(audits: AuditQuerySet) -> Iterator[tuple[Audit, list[Answer]]]:
    """Of those that count, by their id; answers in the order of the bank. Two or three queries a batch.

    Indicators come with their standard, and without the long texts of how to answer.
    """
    found = iter(audits.counted().order_by("pk").iterator(AUDITS_AT_ONCE))
    indicators = _Indicators()
    while batch := list(islice(found, AUDITS_AT_ONCE)):
        by_audit: dict[int, list[Answer]] = {audit.pk: [] for audit in batch}
        for answer in _get_answers(batch):
            by_audit[answer.audit_id].append(answer)
        indicators.fetch(answer.indicator_id for answers in by_audit.values() for answer in answers)
        for audit in batch:
            answers = by_audit[audit.pk]
            for answer in answers:
                answer.audit, answer.indicator = audit, indicators.known[answer.indicator_id]
            yield audit, sorted(answers, key=lambda answer: answer.indicator.position)


def _get_answers(audits: Sequence[Audit]) -> list[Answer]:
    answers = Answer.objects.submitted().filter(audit__in=audits).order_by()
    returned = [audit for audit in audits if audit.status == AuditStatus.RETURNED]
    if not returned:
        return list(answers)
    frozen = Scorecard.objects.filter(
        audit=OuterRef("answer__audit"),
        submission=OuterRef("answer__audit__submission"),
        series=Series.SELF,
        scope=Scope.WHOLE,
    )
    since = AnswerChange.objects.filter(answer__audit__in=returned).annotate(
        frozen_at=Subquery(frozen.values("frozen_at")[:1])
    )
    return wind_back_answers(answers, since.filter(at__gt=F("frozen_at")))


class _Indicators:
    """Each read once, however many audits answer it."""

    def __init__(self) -> None:
        self.known: dict[int, Indicator] = {}

    def fetch(self, wanted: Iterable[int]) -> None:
        missing = set(wanted) - self.known.keys()
        if missing:
            texts = ("guidance", "descriptor_0", "descriptor_1", "descriptor_2", "evidence", "sources")
            found = Indicator.objects.filter(pk__in=missing).select_related("standard").defer(*texts)
            self.known |= {indicator.pk: indicator for indicator in found}
