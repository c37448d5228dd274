"""`schedule_meetings --problem FILE --output FILE [--seconds 60]`: a timetable of accountability meetings."""

from __future__ import annotations

import json
import math
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accountability.scheduling import ProblemError, Timetable, make_answer, read_problem, schedule
from surveys.management.commands.overview import check_output, write_whole

SECONDS = 60.0
# Kept back for starting and for writing: --seconds bounds the whole command, and the solver stops a little late.
KEPT_BACK = 0.05
MOST_KEPT_BACK = 2.0


class Command(BaseCommand):
    help = "Plan the accountability days: who is heard when, on which track and by which panel, and why some are not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--problem", type=Path, metavar="FILE", help="the problem as JSON (docs/scheduling.md)"
        )
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="where to write the timetable as JSON"
        )
        parser.add_argument(
            "--seconds", default=SECONDS, metavar="60", help="the time that all of it may take"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        seconds = check_seconds(options["seconds"])
        ends = begun + seconds - min(seconds * KEPT_BACK, MOST_KEPT_BACK)
        if options["problem"] is None or options["output"] is None:
            raise CommandError("Give --problem FILE and --output FILE, the one to read and the one to write.")
        # call_command passes them as they were given
        self.schedule_file(Path(options["problem"]), check_output(Path(options["output"])), ends)

    def schedule_file(self, path: Path, output: Path, ends: float) -> None:
        try:
            problem = read_problem(path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}. Name a file that can.") from error
        except ProblemError as error:
            raise CommandError(f"{path}: {error}") from error
        timetable = schedule(problem, seconds=max(ends - time.monotonic(), 0))
        text = json.dumps(make_answer(timetable), ensure_ascii=False, indent=1)
        write_whole(output, f"{text}\n".encode())
        self.stdout.write(f"{describe(timetable)} The timetable is in {output}.")


def check_seconds(given: str | float) -> float:
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise CommandError(
            f"--seconds: ‘{given}’ is not a time; give a number of seconds above 0, such as 60."
        )
    return seconds


def describe(timetable: Timetable) -> str:
    if timetable.problems:
        return f"{timetable.status.value.capitalize()}: locked meetings break a rule. {' '.join(timetable.problems)}"
    placed, of = len(timetable.placed), len(timetable.placed) + len(timetable.unplaced)
    return f"{timetable.status.value.capitalize()}: placed {placed} of {of} meetings."
