"""`manage.py backup FILE`: the database and all files in one zip with checksums."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s11.backups import write_backup


class Command(BaseCommand):
    help = "Writes the database and all files to one zip with checksums. Safe while the site is in use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to write the zip; an existing file is refused")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.exists():
            raise CommandError(f"{path} exists already: give another name, so that no backup is overwritten.")
        try:
            counts = write_backup(path)
        except OSError as error:
            raise CommandError(
                f"{path} could not be written ({error.strerror}): choose a folder with room."
            ) from error
        self.stdout.write(f"{path}: {counts['rows']} rows and {counts['files']} files.")
