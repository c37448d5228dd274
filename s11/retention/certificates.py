"""The certificate of a finished list: what was destroyed in counts and references, who approved it, its checksum."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.base import ContentFile

from s11.retention.enums import ItemState, Kind
from s11.retention.models import Certificate, DestructionEntry, DestructionItem, DestructionList
from s11.web.dates import date
from s11.web.pdf import Cover, render_pdf

TEMPLATE: Final = "documents/certificate.html"


@dataclass(frozen=True, slots=True)
class KindSum:
    """What went of one kind."""

    label: str
    records: int
    rows: int
    files: int


@dataclass(frozen=True, slots=True)
class Certified:
    """A list as it came to its end. `checksum` is of the last line of its log, which rests on every line before."""

    sums: Sequence[KindSum]
    entries: Sequence[DestructionEntry]
    kept: Sequence[DestructionItem]
    checksum: str

    @property
    def total(self) -> KindSum:
        return KindSum(
            "All",
            sum(one.records for one in self.sums),
            sum(one.rows for one in self.sums),
            sum(one.files for one in self.sums),
        )


def get_certified(found: DestructionList) -> Certified:
    """Two queries."""
    entries = list(DestructionEntry.objects.filter(item__list=found).order_by("number"))
    kept = list(found.items.filter(state=ItemState.KEPT_BACK).order_by("pk"))
    records: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for entry in entries:
        records[entry.kind] += 1
        rows[entry.kind] += sum(entry.counts.values())
        files[entry.kind] += entry.files
    sums = [KindSum(kind.label, records[kind], rows[kind], files[kind]) for kind in Kind if records[kind]]
    return Certified(sums, entries, kept, entries[-1].sha256 if entries else "")


def make_document(found: DestructionList) -> dict[str, Any]:
    """What the document's template shows."""
    return {
        "cover": Cover(
            title="Certificate of destruction",
            partnership=str(found.partnership),
            subtitle=str(found),
            version=f"As of {date(found.as_of)}",
        ),
        "sections": [],
        "found": found,
        "certified": get_certified(found),
    }


def make_certificate(found: DestructionList) -> Certificate:
    """Once: a job that was killed after it finds it made."""
    made = Certificate.objects.filter(list=found).first()
    if made is not None:
        return made
    content = render_pdf(TEMPLATE, make_document(found))
    certificate = Certificate(list=found, sha256=hashlib.sha256(content).hexdigest())
    certificate.file.save("certificate.pdf", ContentFile(content), save=False)
    certificate.save(force_insert=True)
    return certificate
