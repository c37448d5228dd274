"""A table as a file: at once where it is small, else built by a worker as any other document."""

from __future__ import annotations

from typing import Final

from surveys.document_requests import request_document
from surveys.enums import AuditEventKind, DocumentFormat, DocumentKind
from surveys.models import AuditEvent, Document
from surveys.resources.base import PartnershipResource
from surveys.resources.files import write_table
from surveys.resources.tables import TABLES

TABLE_FORMATS: Final = (DocumentFormat.XLSX, DocumentFormat.CSV)
# Rows that are written in well under a second.
FEW_ROWS: Final = 2_000


def is_small(table: PartnershipResource) -> bool:
    return bool(table.get_queryset().count() <= FEW_ROWS)


def request_table(table: PartnershipResource, file_format: DocumentFormat) -> Document:
    return request_document(
        kind=DocumentKind.TABLE,
        file_format=file_format,
        by=table.by,
        table=table.slug,
        partnership=table.partnership,
        cycle=table.cycle,
    )


def is_taken_back(document: Document) -> bool:
    """Whether an agency has recalled an audit since: what the file may say of it is no longer an officer's to read."""
    if not TABLES[document.table].holds_answers:
        return False
    recalled = AuditEvent.objects.filter(
        kind=AuditEventKind.RECALLED,
        at__gte=document.requested_at,
        audit__invitee__cycle__partnership=document.partnership,
    )
    if document.cycle_id is not None:
        recalled = recalled.filter(audit__invitee__cycle=document.cycle_id)
    return recalled.exists()


def build_table(document: Document) -> bytes:
    """For the worker."""
    assert document.partnership is not None  # the check constraint promises it
    assert document.requested_by is not None  # as request_table asks
    table = TABLES[document.table](
        partnership=document.partnership, by=document.requested_by, cycle=document.cycle
    )
    return write_table(table, DocumentFormat(document.format))
