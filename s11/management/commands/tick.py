"""`manage.py tick`: do what is due now. From cron or a systemd timer, or in a loop of its own by `--every MINUTES`."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from accountability.tick import JOBS
from s11.privacy.tick import JOBS as PRIVACY_JOBS
from s11.readiness import ask_worker
from s11.retention.tick import JOBS as RETENTION_JOBS
from surveys.tick import Job, run_due

# The last is the sign that the clock ran.
ALL_JOBS: tuple[Job, ...] = (
    *JOBS,
    *PRIVACY_JOBS,
    *RETENTION_JOBS,
    ("asking for a sign of a worker", ask_worker),
)


class Command(BaseCommand):
    help = "Sends the reminders that are due. Run it often: nothing is done twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=int, metavar="MINUTES", help="go on for ever, once in so many minutes"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        minutes: int | None = options["every"]
        if minutes is None:
            done = run_due(timezone.now(), ALL_JOBS)
            if done.broken:
                raise CommandError(f"{done}.")
            self.stdout.write(f"{done}.")
            return
        if minutes < 1:
            raise CommandError(f"--every takes whole minutes, 1 or more, but it is {minutes}.")
        while True:
            if done := run_due(timezone.now(), ALL_JOBS):
                self.stdout.write(f"{done}.")
            # Between two runs a database server may have closed the connection.
            close_old_connections()
            time.sleep(minutes * 60)
