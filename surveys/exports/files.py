"""The files of the export: reports, letters, submitted evidence and question banks; and what its tables say of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.utils.text import slugify

from s11.organisations.models import Partnership
from surveys.enums import COUNTED, DocumentFormat, DocumentKind
from surveys.exports.tables import BATCH, Row, Table
from surveys.models import AnswerEvidence, Document, EvidenceVersion, OwnToolReturn, Questionnaire
from surveys.passport_archives import ArchiveWriter

VERSION = ("number", "file", "name", "content_type", "size", "sha256", "url", "reference", "added_at")
EVIDENCE = (
    "organisation",
    "cycle",
    "indicator",
    "title",
    "kind",
    "effective_on",
    "expires_on",
    "removal_reason",
    *VERSION,
)
OWN_AUDITS = ("organisation", "cycle", "title", "submitted_at", *VERSION)
DOCUMENTS = ("kind", "format", "series", "organisation", "cycle", "submission", "file", "sha256", "built_at")


def _list_pins(partnership: Partnership) -> QuerySet[AnswerEvidence]:
    """Evidence is the organisation's: a version of it is seen here because a submitted answer here names it."""
    return AnswerEvidence.objects.pinned().filter(
        answer__audit__invitee__cycle__partnership=partnership,
        answer__audit__status__in=COUNTED,
    )


def _list_own_audits(partnership: Partnership) -> QuerySet[OwnToolReturn]:
    return OwnToolReturn.objects.filter(invitee__cycle__partnership=partnership)


def _list_documents(partnership: Partnership) -> QuerySet[Document]:
    """Those that officers may open. Zips of audits are left out: they hold what the export holds anyway."""
    submitted = Q(
        kind=DocumentKind.AUDIT_COPY,
        audit__invitee__cycle__partnership=partnership,
        audit__status__in=COUNTED,
        submission=F("audit__submission"),
    )
    letters = Q(kind=DocumentKind.LETTER, escalation__invitee__cycle__partnership=partnership)
    overviews = Q(kind__in=(DocumentKind.OVERVIEW, DocumentKind.EXECUTIVE), partnership=partnership)
    built = Document.objects.exclude(file="").exclude(format=DocumentFormat.ZIP)
    return built.filter(submitted | letters | overviews)


# Files ----------------------------------------------------------------------------------------------------------------


def write_files(writer: ArchiveWriter, partnership: Partnership) -> int:
    """All of them; how many."""
    before = len(writer.written)
    for document in _list_documents(partnership).order_by("pk").iterator(BATCH):
        write_file(writer, _name_document(document), document.file)
    pinned = Q(pk__in=_list_pins(partnership).values("submitted_version"))
    returned = Q(pk__in=_list_own_audits(partnership).values("version"))
    versions = EvidenceVersion.objects.released().filter(pinned | returned).exclude(file="")
    for version in versions.order_by("pk").iterator(BATCH):
        write_file(writer, _name_version(version), version.file)
    _write_banks(writer, partnership)
    return len(writer.written) - before


def write_file(writer: ArchiveWriter, name: str, file: FieldFile) -> None:
    """A file that the storage has lost is left out: it must not keep everything else from its owner."""
    try:
        with file.open("rb") as source:
            writer.add_file(name, source)
    except FileNotFoundError:
        return


def _name_document(document: Document) -> str:
    return f"documents/{document.pk:06}-{document.kind.replace('_', '-')}.{document.format}"


def _name_version(version: EvidenceVersion) -> str:
    """Readable and unique; of the name that it came with only what is harmless in a name."""
    name = PurePosixPath(version.name)
    ending = slugify(name.suffix)[:10]
    return f"evidence/{version.pk:06}-{slugify(name.stem)[:60] or 'evidence'}{ending and '.' + ending}"


# What they are --------------------------------------------------------------------------------------------------------


def list_file_tables(writer: ArchiveWriter, partnership: Partnership) -> Iterator[Table]:
    """After `write_files`: a row names a file only where it is in the zip."""

    def list_evidence() -> Iterator[Row]:
        found = _list_pins(partnership).select_related(
            "submitted_version",
            "evidence",
            "answer__indicator",
            "answer__audit__invitee__organisation",
            "answer__audit__invitee__cycle",
        )
        for pin in found.order_by("pk").iterator(BATCH):
            assert pin.submitted_version is not None  # as it is asked for
            item, invitee = pin.evidence, pin.answer.audit.invitee
            yield {name: getattr(item, name) for name in EVIDENCE[3:8]} | {
                "organisation": invitee.organisation.slug,
                "cycle": invitee.cycle.slug,
                "indicator": pin.answer.indicator.key,
                **_make_version_row(writer, pin.submitted_version),
            }

    def list_own_audits() -> Iterator[Row]:
        found = _list_own_audits(partnership).select_related(
            "version", "invitee__organisation", "invitee__cycle"
        )
        for own in found.order_by("pk").iterator(BATCH):
            yield {
                "organisation": own.invitee.organisation.slug,
                "cycle": own.invitee.cycle.slug,
                "title": own.title,
                "submitted_at": own.submitted_at,
                **_make_version_row(writer, own.version),
            }

    def list_documents() -> Iterator[Row]:
        found = _list_documents(partnership).select_related(
            "cycle", "audit__invitee__organisation", "audit__invitee__cycle"
        )
        found = found.select_related("escalation__invitee__organisation", "escalation__invitee__cycle")
        for document in found.order_by("pk").iterator(BATCH):
            yield _make_document_row(writer, document)

    yield Table("evidence", "what each submitted answer is backed with", EVIDENCE, list_evidence)
    yield Table(
        "own-audits", "organisations’ own national audits, in place of answers", OWN_AUDITS, list_own_audits
    )
    yield Table("documents", "reports, letters and copies of audits", DOCUMENTS, list_documents)


def _make_version_row(writer: ArchiveWriter, version: EvidenceVersion) -> Row:
    """Of one in quarantine nothing: only an own audit still says that it was returned."""
    if version.is_held:
        return dict.fromkeys(VERSION, "")
    name = _name_version(version)
    row = {column: getattr(version, column) for column in VERSION}
    return row | {"file": name if name in writer.written else ""}


def _make_document_row(writer: ArchiveWriter, document: Document) -> Row:
    of = document.audit or document.escalation
    name = _name_document(document)
    there = writer.written.get(name)
    cycle = of.invitee.cycle if of is not None else document.cycle
    return {
        "kind": document.kind,
        "format": document.format,
        "series": document.series,
        "organisation": of.invitee.organisation.slug if of is not None else "",
        "cycle": cycle.slug if cycle is not None else "",
        "submission": document.submission,
        "file": name if there else "",
        "sha256": there.sha256 if there else "",
        "built_at": document.built_at,
    }


# Question banks -------------------------------------------------------------------------------------------------------


def _write_banks(writer: ArchiveWriter, partnership: Partnership) -> None:
    used = Questionnaire.objects.filter(
        Q(partnership=partnership) | Q(cycle_questionnaires__cycle__partnership=partnership)
    )
    for bank in used.distinct().order_by("pk").iterator(BATCH):
        name = f"{bank.variant}-{bank.edition}-{bank.revision}-{bank.pk}".replace("_", "-")
        content = json.dumps(_make_bank(bank), ensure_ascii=False, indent=1, default=str)
        writer.add(f"question-banks/{name}.json", content.encode())


def _make_bank(bank: Questionnaire) -> dict[str, Any]:
    names = ("variant", "duty", "title", "edition", "revision", "introduction", "scale")
    questions = ("code", "kind", "text", "hint", "is_required", "is_personal", "choices")
    indicators = ("code", "key", "theme__code", "text", "guidance", "descriptor_0", "descriptor_1")
    more = ("descriptor_2", "evidence", "sources", "is_critical", "is_core", "may_be_not_applicable")
    last = ("refresh_months", "applies_if", "in_force", "is_prepare", "standard__code")
    standards = ("code", "theme__code", "theme__title", "title", "guidance", "sources")
    return {name: getattr(bank, name) for name in (*names, "not_applicable_reasons")} | {
        "profile": list(bank.profile_questions.order_by("position").values(*questions)),
        "standards": list(bank.standards.order_by("position").values(*standards)),
        "indicators": list(bank.indicators.order_by("position").values(*indicators, *more, *last)),
    }
