"""Which builder makes each file that a worker builds, and what the file is called."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify

from surveys.action_files import render_action_plan
from surveys.audit_workbooks import make_audit_workbook
from surveys.copies import render_audit_copy, render_blank
from surveys.enums import DocumentFormat, DocumentKind, Series
from surveys.letters import make_letter_reference, render_letter
from surveys.models import Document
from surveys.passport_files import write_zip
from surveys.reports import export_overview


@dataclass(frozen=True, slots=True)
class Builder:
    """How a module or an app above this one builds a kind of file: its content, and its name without the ending."""

    build: Callable[[Document], bytes]
    make_name: Callable[[Document], str]


_BUILDERS: dict[DocumentKind, Builder] = {}


def register_builder(kind: DocumentKind, builder: Builder) -> None:
    """Called once, as the app above starts."""
    _BUILDERS[kind] = builder


def make_file_name(document: Document) -> str:
    """Such as `hilltop-school-section-11-2026-submission-1.pdf`, or `…-draft-2027-03-04.pdf`.

    An overview says with which cycles it was asked to compare: `audit-2026-overview-with-2024-2027-03-04.pdf`.
    """
    if builder := _BUILDERS.get(DocumentKind(document.kind)):
        return f"{builder.make_name(document)}.{document.format}"
    if document.escalation is not None:
        organisation = slugify(str(document.escalation.invitee.organisation))[:80]
        return f"{organisation}-letter-{make_letter_reference(document.escalation).lower()}.{document.format}"
    subject: Model | None = document.audit or document.questionnaire or document.cycle
    version = ""
    if document.participation is not None:
        subject = document.participation.organisation
        version = f"-actions-{timezone.localdate(document.requested_at)}"
    if document.audit is not None:
        day = timezone.localdate(document.requested_at)
        version = f"-submission-{document.submission}" if document.submission else f"-draft-{day}"
    elif document.cycle is not None and document.questionnaire is not None:
        version = f"-{document.cycle.slug}"
    elif document.cycle is not None:
        series = "" if document.series == Series.SELF else f"-{document.series}"
        compared = f"-with-{slugify(document.compared)[:80]}" if document.compared else ""
        version = f"-overview{series}{compared}-{timezone.localdate(document.requested_at)}"
    return f"{slugify(str(subject))[:80]}{version}.{document.format}"


def build_file(document: Document) -> File[bytes]:
    """The file, to be closed by the caller. An audit's zip may be large, so it is built on the disk."""
    if document.format != DocumentFormat.ZIP or document.audit is None:
        return ContentFile(build_content(document))
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115  the caller closes it
    try:
        write_zip(document.audit, document.submission, file)
    except BaseException:
        file.close()
        raise
    return File(file)


def build_content(document: Document) -> bytes:
    """By kind and format."""
    if builder := _BUILDERS.get(DocumentKind(document.kind)):
        return builder.build(document)
    match DocumentKind(document.kind):
        case DocumentKind.AUDIT_COPY:
            assert document.audit is not None  # the check constraint promises each subject
            if document.format == DocumentFormat.XLSX:
                return make_audit_workbook(document.audit, document.submission)
            return render_audit_copy(document.audit, document.submission)
        case DocumentKind.BLANK:
            assert document.questionnaire is not None
            return render_blank(document.questionnaire, document.cycle)
        case DocumentKind.OVERVIEW:
            assert document.cycle is not None
            return export_overview(
                document.cycle,
                Series(document.series),
                DocumentFormat(document.format),
                document.compared_slugs,
            )
        case DocumentKind.ACTION_PLAN:
            assert document.participation is not None
            return render_action_plan(document.participation)
        case DocumentKind.LETTER:
            assert document.escalation is not None
            return render_letter(document.escalation)
        case kind:
            raise LookupError(f"Nothing builds a {kind}.")
