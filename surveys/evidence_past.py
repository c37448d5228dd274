"""What is kept of evidence on answers: each item put on one or taken off, and so what backed them at a moment."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import Q

from s11.organisations.models import User
from surveys.evidence import Backing, Backings, get_address
from surveys.evidence_then import Step, find_backed
from surveys.models import Answer, AnswerEvidence, Audit, Evidence, EvidenceChange, EvidenceVersion

BATCH = 200


def record_put_on(answer: Answer, items: Iterable[Evidence | int], *, by: User) -> None:
    ids = (item.pk if isinstance(item, Evidence) else item for item in items)
    record_pairs_put_on(((answer.pk, item) for item in ids), by=by)


def record_pairs_put_on(pairs: Iterable[tuple[int, int]], *, by: User) -> None:
    """Of many answers at once: each answer with an item, by row id."""
    EvidenceChange.objects.bulk_create(
        [
            EvidenceChange(answer_id=answer, evidence_id=item, is_put_on=True, by=by)
            for answer, item in sorted(pairs)
        ],
        BATCH,
    )


def record_taken_off(links: Iterable[AnswerEvidence], *, by: User | None, at: datetime.datetime) -> None:
    EvidenceChange.objects.bulk_create(
        EvidenceChange(answer_id=link.answer_id, evidence_id=link.evidence_id, is_put_on=False, by=by, at=at)
        for link in links
    )


def get_past_backings(audit: Audit, moment: datetime.datetime, *, is_linked: bool = True) -> Backings:
    """By answer, each item in the version that was its newest then. Three queries, whatever the size.

    Without addresses for who may not open what is no longer submitted.
    """
    there = Q(removed_at=None) | Q(removed_at__gt=moment)
    in_library = Q(evidence__removed_at=None) | Q(evidence__removed_at__gt=moment)
    links = AnswerEvidence.objects.filter(there, in_library, answer__audit=audit)
    now = {
        (answer, item): at for answer, item, at in links.values_list("answer_id", "evidence_id", "added_at")
    }
    steps = [
        Step(at, (answer, item), is_put_on)
        for at, answer, item, is_put_on in EvidenceChange.objects.filter(answer__audit=audit).values_list(
            "at", "answer_id", "evidence_id", "is_put_on"
        )
    ]
    backed = find_backed(now, steps, moment)
    versions = _get_versions({item for _, item in backed}, moment)
    backings: dict[int, list[Backing]] = {}
    for answer, item in sorted(backed):
        version = versions.get(item)
        if version is None:
            # In quarantine.
            continue
        link = AnswerEvidence(answer_id=answer, evidence=version.evidence)
        address = get_address(audit, version) if is_linked else version.url
        backings.setdefault(answer, []).append(Backing(link, version, address))
    return {answer: tuple(found) for answer, found in backings.items()}


def _get_versions(items: set[int], moment: datetime.datetime) -> dict[int, EvidenceVersion]:
    """The newest of each by then; its first where an import has dated it later."""
    versions = list(
        EvidenceVersion.objects.released()
        .filter(evidence__in=items)
        .select_related("evidence")
        .order_by("-number")
    )
    found = {version.evidence_id: version for version in versions}
    found |= {version.evidence_id: version for version in reversed(versions) if version.added_at <= moment}
    return found
