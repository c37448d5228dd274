"""`manage.py destroy`: lists of what has come due, the log as a file, and destroying again after a restore."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from s11.organisations.models import Partnership
from s11.retention.again import destroy_again
from s11.retention.listing import make_list
from s11.retention.log_files import LogError, read_log, write_log
from s11.web.errors import NotInThisState


class Command(BaseCommand):
    help = (
        "Nothing is destroyed but what two officers have approved on the desk. --prepare makes a draft list for each "
        "partnership where something has come due; --log writes the log of what was destroyed; --again destroys anew "
        "what such a log says, after a backup from before was restored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--prepare", action="store_true", help="make draft lists; run it each night")
        what.add_argument("--log", type=Path, metavar="FILE", help="write the log to this file")
        what.add_argument("--again", type=Path, metavar="FILE", help="destroy what this log says")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["prepare"]:
                self._prepare()
            elif options["log"]:
                self.stdout.write(f"{options['log']}: {write_log(options['log'])} lines.")
            else:
                self._destroy_again(options["again"])
        except (LogError, OSError) as error:
            raise CommandError(str(error)) from error

    def _prepare(self) -> None:
        for partnership in Partnership.objects.order_by("slug"):
            try:
                made = make_list(partnership=partnership, today=timezone.localdate())
            except NotInThisState as why:
                self.stdout.write(f"{partnership.slug}: {why}")
            else:
                self.stdout.write(f"{partnership.slug}: {made} has {made.items.count()} records.")

    def _destroy_again(self, path: Path) -> None:
        count = 0
        for count, one in enumerate(destroy_again(read_log(path)), start=1):  # noqa: B007  the last is the number
            self.stdout.write(f"{one.reference}: {one.became}")
        self.stdout.write(
            f"{count} lines of the log were not in this database." if count else "Nothing to do."
        )
