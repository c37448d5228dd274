"""Everything that one partnership owns, as one zip of open formats. Nothing of another partnership, and no secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from django.utils import timezone

from s11.organisations.models import Partnership
from s11.web.one_moment import one_moment
from surveys.exports.audit_tables import list_audit_tables
from surveys.exports.files import list_file_tables, write_files
from surveys.exports.place_tables import list_place_tables
from surveys.exports.support_tables import list_support_tables
from surveys.exports.tables import Table, write_table
from surveys.passport_archives import ArchiveWriter

README: Final = """Everything of {partnership}, made on {made_at}

Each table comes twice, as CSV (UTF-8, for spreadsheets) and as JSON (a list of objects). In the CSV an apostrophe
stands in front of text that a spreadsheet would run as a formula. Moments are in UTC. An empty cell is a value that
is not known.

{tables}

documents/         the files that documents.csv names
evidence/          the files that evidence.csv and own-audits.csv name
question-banks/    the question banks that your cycles use, and those of your own, as JSON
{folders}SHA256SUMS         a checksum of each file: ‘sha256sum -c SHA256SUMS’ says whether all are as they were made

What is not here
- Answers, actions and evidence of audits that are not submitted, and corrections since a submission: until it is
  submitted you see an agency’s progress and not its answers, and so it is here.
- Actions that agencies added of their own accord, and evidence that no submitted answer names: they are the agencies’.
- Anything of another partnership, also where an organisation takes part in both.
- Passwords, sign-in links and other secrets; files in which a virus was found; files that were removed for good.
- What staff said in a practitioner survey that is not over, or that fewer than five answered, and single answers,
  which are kept nowhere.
- Zips of single audits: they can be made again, and hold what is here.
{left_out}
This holds personal data of many people: keep it as safe as the platform itself.
"""


@dataclass(frozen=True, slots=True)
class Exported:
    rows: int
    files: int


@dataclass(frozen=True, slots=True)
class Part:
    """What an app above this one adds: files first, how many; then tables, which name only files that are there.

    For README.txt: each folder with what is in it, and a sentence for each thing that is not here.
    """

    write_files: Callable[[ArchiveWriter, Partnership], int]
    list_tables: Callable[[ArchiveWriter, Partnership], Iterator[Table]]
    folders: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()


_PARTS: list[Part] = []


def register_part(part: Part) -> None:
    """Called once, as the app above starts."""
    _PARTS.append(part)


def export_partnership(partnership: Partnership, path: Path) -> Exported:
    """Write the zip, as everything is at one moment. Nothing is left behind if it fails."""
    partial = path.with_name(path.name + ".partial")
    try:
        # It holds personal data: nobody else on the machine may read it.
        partial.touch(mode=0o600)
        with partial.open("wb") as target, one_moment():
            writer = ArchiveWriter(target, has_large_members=True)
            # Closed in any case, and before its file is: else it complains when it is thrown away.
            with writer.archive:
                exported = _write(writer, partnership)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return exported


def _write(writer: ArchiveWriter, partnership: Partnership) -> Exported:
    files, rows, lines = write_files(writer, partnership), 0, []
    files += sum(part.write_files(writer, partnership) for part in _PARTS)
    tables = (
        list_place_tables(partnership),
        list_audit_tables(partnership),
        list_support_tables(partnership),
        list_file_tables(writer, partnership),
        *(part.list_tables(writer, partnership) for part in _PARTS),
    )
    for table in chain(*tables):
        rows += write_table(writer, table)
        lines.append(f"{table.name:<32}{table.about}")
    writer.add("README.txt", _make_readme(partnership, lines).encode())
    writer.finish()
    return Exported(rows, files)


def _make_readme(partnership: Partnership, lines: list[str]) -> str:
    return README.format(
        partnership=partnership,
        made_at=timezone.now().isoformat(timespec="seconds"),
        tables="\n".join(lines),
        folders="".join(f"{name:<19}{about}\n" for part in _PARTS for name, about in part.folders),
        left_out="".join(f"- {sentence}\n" for part in _PARTS for sentence in part.left_out),
    )
