"""What retention adds to the export of all that a partnership owns: its schedule, its holds, and the log."""

from __future__ import annotations

from collections.abc import Iterator

from s11.organisations.models import Partnership
from s11.retention.models import DestructionEntry, DestructionItem, DestructionList, Hold, Period
from surveys.exports.partnership import Part
from surveys.exports.tables import Table, make_table
from surveys.passport_archives import ArchiveWriter

OFFICERS = ("prepared_by", "approved_by")


def write_no_files(writer: ArchiveWriter, partnership: Partnership) -> int:
    return 0


def list_retention_tables(writer: ArchiveWriter, partnership: Partnership) -> Iterator[Table]:
    here = {"partnership": partnership}
    yield make_table(
        "retention-periods",
        "how long each kind of record was to be kept, by version",
        Period.objects.filter(**here),
        {one: one for one in ("kind", "version", "months", "why", "set_at")} | {"set_by": "set_by__email"},
    )
    yield make_table(
        "holds",
        "records that were not to be destroyed, and why",
        Hold.objects.filter(**here),
        {one: one for one in ("kind", "record", "reference", "reason", "at", "released_at")}
        | {"by": "by__email", "released_by": "released_by__email"},
    )
    yield make_table(
        "destruction-lists",
        "what had come due, and who prepared and approved it",
        DestructionList.objects.filter(**here),
        {one: one for one in ("number", "status", "as_of", "prepared_at", "approved_at", "finished_at")}
        | {one: f"{one}__email" for one in OFFICERS},
    )
    yield make_table(
        "destruction-items",
        "what stood on each list, and what became of it",
        DestructionItem.objects.filter(list__partnership=partnership),
        {one: one for one in ("kind", "record", "reference", "counts_from", "state", "note", "destroyed_at")}
        | {"list": "list__number"},
    )
    yield make_table(
        "destruction-log",
        "what was destroyed; each line has the checksum of the one before",
        DestructionEntry.objects.filter(**here),
        {
            one: one
            for one in (
                "number",
                "list_number",
                "kind",
                "record",
                "reference",
                "began_at",
                "counts",
                "files",
                *OFFICERS,
            )
        }
        | {one: one for one in ("approved_at", "at", "previous", "sha256")},
    )


PART = Part(write_no_files, list_retention_tables)
