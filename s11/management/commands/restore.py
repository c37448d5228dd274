"""`manage.py restore FILE`: a backup into an empty, migrated place."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s11.backups import BackupError, restore_backup


class Command(BaseCommand):
    help = "Restores a backup into an empty database (after migrate) and an empty DATA_DIR. Checks it first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a zip written by `manage.py backup`")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = restore_backup(options["file"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored {counts['rows']} rows and {counts['files']} files. People sign in again."
        )
