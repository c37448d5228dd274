"""Zips of audits and files of tables are kept for a week; no copy of what was erased is kept."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Collection

from django.db.models import Q, QuerySet

from s11.organisations.models import Organisation
from surveys.enums import DocumentFormat, DocumentKind
from surveys.models import Document, Evidence, EvidenceVersion
from surveys.models.documents import KEPT_FOR
from surveys.passport_archives import read_sums
from surveys.passport_fields import Unreadable

logger = logging.getLogger(__name__)

SAID_ERASED = "Something in it was removed for good since then, so this copy is deleted. Make a new one."


def discard_old_zips(now: datetime.datetime) -> int:
    """And files of tables. Whoever needs one again makes it again; how many there were."""
    passing = Q(format=DocumentFormat.ZIP) | Q(kind=DocumentKind.TABLE)
    found = list(Document.objects.filter(passing, requested_at__lte=now - KEPT_FOR))
    for document in found:
        document.file.delete(save=False)
        document.delete()
    return len(found)


def discard_zips_holding(organisation: Organisation, checksums: set[str]) -> None:
    """Their rows stay, to say why they are gone. One that cannot be read may hold anything, so it goes too."""
    built = Document.objects.filter(
        format=DocumentFormat.ZIP, audit__invitee__organisation=organisation
    ).exclude(file="")
    for document in built:
        if _may_hold(document, checksums):
            _discard(document)


def find_audits_naming(evidence: Evidence) -> set[int]:
    """By row id those whose copies may name it: it backs an answer there, or once did."""
    links = evidence.answer_links.order_by().values_list("answer__audit", flat=True)
    return set(links) | set(evidence.answer_changes.order_by().values_list("answer__audit", flat=True))


def discard_copies(audits: Collection[int]) -> None:
    """In every format, of drafts and of all submissions: each can be built anew, without what was erased."""
    copies = Document.objects.filter(kind=DocumentKind.AUDIT_COPY, audit__in=audits)
    for document in copies.exclude(file=""):
        _discard(document)


def discard_if_erased(document: Document) -> None:
    """Something in an audit's copy may have been erased while it was built."""
    if document.audit is None:
        return
    erased = Evidence.objects.filter(organisation=document.audit.organisation).exclude(removal_reason="")
    meanwhile = erased.filter(removed_at__gte=document.requested_at)
    names_one = any(document.audit_id in find_audits_naming(one) for one in meanwhile)
    if names_one or _holds_one_of(document, erased):
        _discard(document)


def _holds_one_of(document: Document, erased: QuerySet[Evidence]) -> bool:
    if document.format != DocumentFormat.ZIP:
        return False
    return EvidenceVersion.objects.filter(evidence__in=erased, sha256__in=_get_checksums(document)).exists()


def _may_hold(document: Document, checksums: set[str]) -> bool:
    try:
        return bool(_get_checksums(document) & checksums)
    except (FileNotFoundError, Unreadable):
        return True


def _get_checksums(document: Document) -> set[str]:
    with document.file.open("rb") as content:
        return set(read_sums(content, document.file.size).values())


def _discard(document: Document) -> None:
    """First it is no longer handed out; then its file goes, and one that stays is told to whoever runs the platform."""
    storage, name = document.file.storage, str(document.file.name)
    document.file, document.error = "", SAID_ERASED
    document.save(update_fields=["file", "error"])
    try:
        storage.delete(name)
    except OSError:
        logger.exception(
            "The copy %s names erased evidence and could not be deleted: delete it by hand", name
        )
