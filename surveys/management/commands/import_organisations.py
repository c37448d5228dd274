"""`import_organisations FILE --partnership SLUG [--cycle SLUG] [--closes DATE] [--title TEXT]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.imports.csv_files import Refused
from surveys.imports.cycles import CycleOptions
from surveys.imports.organisations import import_organisations


class Command(BaseCommand):
    help = (
        "Import organisations and their people from a CSV file with the columns "
        "name,variant,statutory,urn,emails, and invite them to a cycle. No mail is sent."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--partnership", required=True, metavar="SLUG", help="made where it does not exist"
        )
        parser.add_argument("--cycle", default="", metavar="SLUG", help="made, and open, where it is new")
        parser.add_argument("--closes", default="", metavar="DATE", help="of a new cycle, such as 2027-03-31")
        parser.add_argument("--title", default="", metavar="TEXT", help="of a new cycle")

    def handle(self, *args: Any, **options: Any) -> None:
        cycle = CycleOptions(options["cycle"], options["closes"], options["title"])
        if not cycle.slug and (cycle.closes or cycle.title):
            raise CommandError("--closes and --title are a cycle's: give its --cycle SLUG as well.")
        try:
            done = import_organisations(
                options["file"], partnership=options["partnership"], cycle=cycle if cycle.slug else None
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(str(done))
