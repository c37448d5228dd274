"""`manage.py restore FILE`: a backup into an empty, migrated place; `--rehearse` tries it in a scratch place."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from s11.backups import BackupError, restore_backup
from s11.rehearsing import rehearse_restore


class Command(BaseCommand):
    help = "Restores a backup into an empty database (after migrate) and an empty DATA_DIR. Checks it first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a zip written by `manage.py backup`")
        parser.add_argument(
            "--rehearse",
            action="store_true",
            help="restore it into a scratch place and verify it there; nothing of this site is touched",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["rehearse"]:
                rehearse_restore(options["file"], self.stderr.write)
                self.stdout.write("The backup came back whole. Nothing of this site was touched.")
                return
            counts = restore_backup(options["file"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored {counts['rows']} rows and {counts['files']} files. People sign in again."
        )
