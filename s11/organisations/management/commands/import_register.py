"""`import_register gias FILE [--links FILE] --partnership SLUG [--dry-run]`, and what it tells while it works."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from s11.organisations.enums import Register, RegisterLineKind
from s11.organisations.loading.applying import Order
from s11.organisations.loading.commanding import Decisions, Paths, find_areas, load_register
from s11.organisations.loading.summary import say_counts, say_passed_over, say_questions
from s11.organisations.models import Partnership
from s11.organisations.registers.maps import ColumnMap, parse_map, read_map
from s11.organisations.registers.plan import Line
from s11.organisations.registers.refusals import Refused, shown

# Without --dry-run only what a person has to look at is listed.
ALWAYS_LISTED = {RegisterLineKind.CLASH, RegisterLineKind.RENAMED, RegisterLineKind.MISSING}


class Command(BaseCommand):
    help = (
        "Load organisations from a national register's own file: Get Information about Schools (gias), the NHS "
        "Organisation Data Service (ods) or Ofsted (ofsted). A second run with the same file changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("register", choices=Register.values)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--links", type=Path, metavar="FILE", help="links_edubasealldata, for successors")
        parser.add_argument("--partnership", required=True, metavar="SLUG")
        parser.add_argument(
            "--local-authority",
            metavar="CODE or NAME",
            help="several with semicolons between them; as last time where it is left out; all for all",
        )
        parser.add_argument("--columns", type=Path, metavar="FILE", help="a column map of your own, in TOML")
        parser.add_argument(
            "--same", action="append", default=[], metavar="CODE", help="of a clash: it is that one"
        )
        parser.add_argument(
            "--another",
            action="append",
            default=[],
            metavar="CODE",
            help="of a clash: it is another one, and new",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="list what would change, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._load(options)
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _load(self, options: dict[str, Any]) -> None:
        register, is_dry_run = Register(options["register"]), options["dry_run"]
        partnership = find_partnership(options["partnership"])
        columns = find_columns(register, options["columns"])
        areas = find_areas(partnership, register, options["local_authority"])
        if areas and options["local_authority"] is None:
            self.stdout.write(f"Of {areas}, as last time (--local-authority all for all).")

        def tell(line: Line) -> None:
            kind = RegisterLineKind(line.kind.value)
            if is_dry_run or kind in ALWAYS_LISTED:
                self.stdout.write(f"{kind.label}: {line.name} ({line.code}): {line.text}")

        counts = load_register(
            Order(partnership, columns, columns.variant, columns.is_statutory, is_operator=True),
            Paths(options["file"], options["links"]),
            areas=areas,
            is_dry_run=is_dry_run,
            tell=tell,
            tell_progress=lambda percent: self.stderr.write(f"{percent}% read"),
            decisions=Decisions(tuple(options["same"]), tuple(options["another"])),
        )
        for said in (say_counts(counts), say_questions(counts), say_passed_over(counts)):
            if said:
                self.stdout.write(said)
        if is_dry_run:
            self.stdout.write("A dry run: nothing was changed.")
        elif not counts["writes"]:
            self.stdout.write("Nothing changed.")


def find_partnership(slug: str) -> Partnership:
    partnership = Partnership.objects.filter(slug=slug).first()
    if partnership is None:
        raise Refused(f"There is no partnership {shown(slug)}: make it with create_partnership first.")
    return partnership


def find_columns(register: Register, path: Path | None) -> ColumnMap:
    """Our map, or the one that somebody wrote."""
    if path is None:
        return read_map(register.value)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            f"The column map {shown(str(path))} cannot be read: check its name and that it is UTF-8."
        ) from error
    return parse_map(register.value, text)
