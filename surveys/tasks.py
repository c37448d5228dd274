"""Jobs that build files. Each is idempotent: run twice, it leaves one result."""

from __future__ import annotations

import hashlib
import logging

from django.core.files.base import File
from django.utils import timezone
from django_tasks import task

from surveys.documents import build_file, make_file_name
from surveys.enums import DocumentFormat
from surveys.kept_zips import discard_if_erased
from surveys.models import Document

logger = logging.getLogger(__name__)


@task()
def build_document(pk: int) -> None:
    """Build the file of this document, unless it has been built already."""
    document = Document.objects.get(pk=pk)
    if document.is_built:
        return
    try:
        file = build_file(document)
    except Exception:
        # The person who waits must be told; the traceback is for whoever runs the platform.
        logger.exception("Document %s could not be built", pk)
        document.error = (
            "The file could not be built. Ask for it again; if it fails again, tell whoever runs this site."
        )
        document.save(update_fields=["error"])
        return
    with file:
        document.sha256 = get_checksum(file)
        document.built_at = timezone.now()
        document.error = ""
        document.file.save(make_file_name(document), file, save=False)
    document.save(update_fields=["sha256", "built_at", "error", "file"])
    if document.format == DocumentFormat.ZIP:
        discard_if_erased(document)


def get_checksum(file: File[bytes]) -> str:
    found = hashlib.sha256()
    for piece in file.chunks():
        found.update(piece)
    return found.hexdigest()
