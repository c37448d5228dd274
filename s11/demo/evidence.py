"""The demonstration's evidence: a small library for each organisation that answers, behind a third of its 2s."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.base import ContentFile

from s11.demo.audits import at
from s11.organisations.models import Organisation, Partnership, User
from surveys.enums import EvidenceKind
from surveys.evidence_files import check_file
from surveys.models import Answer, AnswerEvidence, Evidence, EvidenceVersion

# One 2 in so many has evidence, so that there is something to find when an audit is checked.
EVERY = 3


def make_evidence(partnership: Partnership, today: datetime.date) -> None:
    """A library for each organisation with an audit here; one that another partnership also has is made once."""
    answers = (
        Answer.objects.filter(audit__invitee__cycle__partnership=partnership, score=2)
        .select_related("audit__invitee__organisation", "indicator", "updated_by")
        .order_by("pk")
    )
    libraries: dict[int, list[EvidenceVersion]] = {}
    links: list[AnswerEvidence] = []
    for answer in answers:
        organisation = answer.audit.invitee.organisation
        if organisation.pk not in libraries:
            libraries[organisation.pk] = get_or_make_library(organisation, answer.updated_by, today)
        links += make_link(answer, libraries[organisation.pk])
    AnswerEvidence.objects.bulk_create(links)


def make_link(answer: Answer, library: list[EvidenceVersion]) -> Iterator[AnswerEvidence]:
    turn, rest = divmod(answer.indicator.position, EVERY)
    if rest:
        return
    version = library[turn % len(library)]
    yield AnswerEvidence(
        answer=answer,
        evidence=version.evidence,
        submitted_version=version if answer.is_submitted else None,
        added_by=answer.updated_by,
        added_at=answer.updated_at,
    )


def get_or_make_library(
    organisation: Organisation, by: User | None, today: datetime.date
) -> list[EvidenceVersion]:
    """Two files, a link and a reference: one of them soon to be renewed, one past its date."""
    there = EvidenceVersion.objects.filter(evidence__organisation=organisation).select_related("evidence")
    if found := list(there.order_by("evidence", "number")):
        return found
    approved = today - datetime.timedelta(days=325)
    policy = make_pdf(f"{organisation}: safeguarding policy", "Approved by the board. Reviewed every year.")
    training = f"Role,Last trained\nLead,{approved}\nDeputy,{approved}\n# {organisation}\n".encode()
    renewed, ended = today + datetime.timedelta(days=40), today - datetime.timedelta(days=12)
    keep = Keeper(organisation, by, approved)
    return [
        keep.file("Safeguarding policy.pdf", policy, renewed),
        keep.file("Training record.csv", training, ended),
        keep.words("Complaints procedure", EvidenceKind.LINK, url="https://www.example.org/complaints"),
        keep.words("Single central record", EvidenceKind.REFERENCE, reference="In the personnel office."),
    ]


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who adds to which library, and on which day."""

    organisation: Organisation
    by: User | None
    day: datetime.date

    def file(self, name: str, content: bytes, expires_on: datetime.date) -> EvidenceVersion:
        found = check_file(name, io.BytesIO(content))
        version = self._make_version(found.title, EvidenceKind.FILE, expires_on)
        version.name, version.content_type = found.name, found.type.content_type
        version.size, version.sha256 = found.size, found.sha256
        version.file.save(found.name, ContentFile(content), save=False)
        version.save()
        return version

    def words(self, title: str, kind: EvidenceKind, *, url: str = "", reference: str = "") -> EvidenceVersion:
        version = self._make_version(title, kind)
        version.url, version.reference = url, reference
        version.save()
        return version

    def _make_version(
        self, title: str, kind: EvidenceKind, expires_on: datetime.date | None = None
    ) -> EvidenceVersion:
        """Unsaved; its item is there."""
        evidence = Evidence.objects.create(
            organisation=self.organisation,
            kind=kind,
            title=title,
            effective_on=self.day,
            expires_on=expires_on,
            added_by=self.by,
            added_at=at(self.day, 11),
        )
        return EvidenceVersion(evidence=evidence, number=1, added_by=self.by, added_at=at(self.day, 11))


def make_pdf(*lines: str) -> bytes:
    """One page of plain text, written by hand: a renderer would take a second for each."""
    text = " T* ".join(f"({escape(line)}) Tj" for line in lines)
    stream = f"BT /F1 14 Tf 18 TL 60 760 Td {text} ET".encode("cp1252", "replace")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    document, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(document))
        document += b"%d 0 obj%b endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return document + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(document))
    )


def escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
