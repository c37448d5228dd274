"""A table as a file: at once where it is small, else built by a worker as any other document."""

from __future__ import annotations

from typing import Final

from surveys.document_requests import request_document
from surveys.enums import DocumentFormat, DocumentKind
from surveys.models import Document
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


def build_table(document: Document) -> bytes:
    """For the worker."""
    assert document.partnership is not None  # the check constraint promises it
    assert document.requested_by is not None  # as request_table asks
    table = TABLES[document.table](
        partnership=document.partnership, by=document.requested_by, cycle=document.cycle
    )
    return write_table(table, DocumentFormat(document.format))
