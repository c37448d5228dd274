"""Zips of audits are kept for a week, for each holds the evidence once more; and never with a file that was erased."""

from __future__ import annotations

import datetime

from s11.organisations.models import Organisation
from surveys.enums import DocumentFormat
from surveys.models import Document, EvidenceVersion
from surveys.models.documents import ZIP_KEPT_FOR
from surveys.passport_archives import read_sums

SAID_ERASED = "A file in it was removed for good since then, so this zip is deleted. Make a new one."


def discard_old_zips(now: datetime.datetime) -> int:
    """Whoever needs one again makes it again; how many there were."""
    old = Document.objects.filter(format=DocumentFormat.ZIP, requested_at__lte=now - ZIP_KEPT_FOR)
    found = list(old)
    for document in found:
        document.file.delete(save=False)
        document.delete()
    return len(found)


def discard_zips_holding(organisation: Organisation, checksums: set[str]) -> None:
    """Their rows stay, to say why they are gone."""
    built = Document.objects.filter(
        format=DocumentFormat.ZIP, audit__invitee__organisation=organisation
    ).exclude(file="")
    for document in built:
        if _get_checksums(document) & checksums:
            _discard(document)


def discard_if_erased(document: Document) -> None:
    """Something in it may have been erased while it was built."""
    erased = EvidenceVersion.objects.filter(
        evidence__organisation__invitees__audit=document.audit_id,
        sha256__in=_get_checksums(document),
    ).exclude(evidence__removal_reason="")
    if erased.exists():
        _discard(document)


def _get_checksums(document: Document) -> set[str]:
    with document.file.open("rb") as content:
        return set(read_sums(content, document.file.size).values())


def _discard(document: Document) -> None:
    document.file.delete(save=False)
    document.error = SAID_ERASED
    document.save(update_fields=["file", "error"])
