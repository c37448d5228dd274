"""`manage.py verify`: whether all that is stored holds together. Run it each week, and after each restore."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from s11.verifying import verify


class Command(BaseCommand):
    help = (
        "Looks for missing and changed files, files that no row names, scorecards that do not match their answers, and "
        "rules of the database that are gone. "
        "Changes nothing; safe while the site is in use. Fails where anything is found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say only what is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        found: Counter[str] = Counter()
        for fault in verify(self._tell if not options["quiet"] else lambda _: None):
            found[fault.kind.value] += 1
            self.stdout.write(f"{fault.kind.value.capitalize()}: {fault.what}")
        if found:
            listed = ", ".join(f"{kind}: {count}" for kind, count in found.items())
            raise CommandError(
                f"Not everything holds together ({listed}). Each is listed above, with what to do."
            )
        if not options["quiet"]:
            self.stdout.write("Everything holds together.")

    def _tell(self, line: str) -> None:
        self.stderr.write(line)
