"""`schedule_meetings`: a timetable of accountability meetings, of a cycle or of a problem in a file.

`--partnership SLUG --cycle SLUG [--dry-run]` plans a cycle's meetings, and nobody is told before an officer releases
the timetable; `--problem FILE --output FILE` needs no database. Both take `--seconds 60`.
"""

from __future__ import annotations

import json
import math
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accountability.enums import RunStatus
from accountability.models import Panel, TimetableRun
from accountability.problems import build_problem, say_plainly
from accountability.scheduling import ProblemError, Status, Timetable, make_answer, read_problem, schedule
from accountability.scheduling.words import say_slot
from accountability.timetables import say_run
from accountability.timetabling import work_out_now
from s11.web.errors import NotInThisState
from surveys.management.commands.overview import check_output, get_cycle, write_whole

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
        parser.add_argument("--partnership", metavar="SLUG", help="whose meetings to plan")
        parser.add_argument("--cycle", metavar="SLUG", help="of which cycle")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be planned, and write nothing"
        )
        parser.add_argument(
            "--seconds", default=SECONDS, metavar="60", help="the time that all of it may take"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic() - get_spent()
        seconds = check_seconds(options["seconds"])
        ends = begun + seconds - min(seconds * KEPT_BACK, MOST_KEPT_BACK)
        files = options["problem"], options["output"]
        if options["partnership"] is not None or options["cycle"] is not None:
            if any(files):
                raise CommandError("Give --partnership and --cycle, or --problem and --output, not both.")
            self.schedule_cycle(options["partnership"], options["cycle"], ends, options["dry_run"])
            return
        if None in files:
            raise CommandError("Give --problem FILE and --output FILE, the one to read and the one to write.")
        if options["dry_run"]:
            raise CommandError("--dry-run is for a cycle: a file's timetable is written to --output alone.")
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

    def schedule_cycle(self, partnership: str | None, cycle: str | None, ends: float, is_dry: bool) -> None:
        panel = get_panel(partnership, cycle)
        left = max(ends - time.monotonic(), 0)
        if is_dry:
            self.say_plan(panel, left)
            return
        try:
            run = work_out_now(panel=panel, seconds=left, by=None)
        except NotInThisState as why:
            raise CommandError(str(why)) from None
        if run.status != RunStatus.DONE:
            raise CommandError(run.problems)
        self.say_run(panel, run)

    def say_run(self, panel: Panel, run: TimetableRun) -> None:
        self.stdout.write(say_run(run))
        for line in run.problems.splitlines():
            self.stdout.write(f"- {line}")
        unplaced = panel.meetings.called().filter(day=None).select_related("invitee__organisation")
        for meeting in unplaced.order_by("-priority", "pk"):
            self.stdout.write(f"- {meeting.organisation}: {' '.join(meeting.why_unplaced.splitlines())}")
        if run.proof != Status.INFEASIBLE:
            self.stdout.write("Nobody is told before you release it on the desk.")

    def say_plan(self, panel: Panel, seconds: float) -> None:
        """What would be planned; nothing is written."""
        try:
            built = build_problem(panel)
            timetable = schedule(built.problem, seconds=seconds)
        except ProblemError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(say_plainly(describe(timetable), built))
        for one in timetable.placed:
            when = say_slot(built.problem.slots, one.slot)
            self.stdout.write(
                f"- {one.organisation}: {when}, panel {one.track + 1}, {', '.join(one.members)}"
            )
        for missed in timetable.unplaced:
            self.stdout.write(f"- {missed.organisation}: {' '.join(missed.reasons)}")
        self.stdout.write("Nothing was written.")


def get_panel(partnership: str | None, cycle: str | None) -> Panel:
    if partnership is None or cycle is None:
        raise CommandError("Give both --partnership SLUG and --cycle SLUG.")
    found = get_cycle(partnership, cycle)
    panel = Panel.objects.filter(cycle=found).select_related("cycle__partnership").first()
    if panel is None:
        raise CommandError(f"{found} has no meetings: set them up on the desk, under Meetings, first.")
    return panel


def get_spent() -> float:
    """What starting took, where the command is a process of its own: that is time too to whoever waits for it."""
    return time.process_time() if sys.argv[1:2] == ["schedule_meetings"] else 0


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
