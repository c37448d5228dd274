"""`overview --partnership SLUG --cycle SLUG --format json|html|pdf|xlsx|csv --output FILE [--series SERIES]`.

`--compare SLUG` once for each earlier cycle to stand beside it; `--alone` for the cycle's own figures, of any size.
"""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from s11.organisations.models import Partnership
from surveys.enums import OVERVIEW_FORMATS, DocumentFormat, Series
from surveys.full_overview import list_offered
from surveys.models import Cycle
from surveys.reports import HTML, export_alone, export_overview, export_overview_page

FORMATS = (*(one.value for one in OVERVIEW_FORMATS), HTML)


class Command(BaseCommand):
    help = "Write the overview report of a cycle, for officers: organisations are named and no small group is hidden."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partnership", required=True, metavar="SLUG")
        parser.add_argument("--cycle", required=True, metavar="SLUG")
        # Not argparse's choices: it answers with usage where one sentence will do.
        parser.add_argument("--format", required=True, metavar="FORMAT", help=f"one of {', '.join(FORMATS)}")
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")
        parser.add_argument(
            "--series", default=Series.SELF.value, metavar="SERIES", help=f"one of {', '.join(Series.values)}"
        )
        parser.add_argument(
            "--compare",
            action="append",
            metavar="SLUG",
            help="an earlier cycle to stand beside it, once for each; the last few of its kind where none is given",
        )

        parser.add_argument(
            "--alone",
            action="store_true",
            help="json alone: the cycle's own figures and nothing beside them, counted by the database, so that "
            "a cycle may be as large as a country",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file_format = choose(options["format"], FORMATS, "format")
        series = Series(choose(options["series"], Series.values, "series"))
        cycle = get_cycle(options["partnership"], options["cycle"])
        compared = check_compared(cycle, options["compare"])
        if options["alone"] and (file_format != DocumentFormat.JSON or compared):
            raise CommandError(
                "Figures of a cycle alone are given as json, without --compare. Ask for both apart."
            )
        output = check_output(Path(options["output"]))  # call_command passes it as it was given
        if options["alone"]:
            content = export_alone(cycle, series)
        elif file_format == HTML:
            content = export_overview_page(cycle, series, compared)
        else:
            content = export_overview(cycle, series, DocumentFormat(file_format), compared)
        write_whole(output, content)
        self.stdout.write(f"Wrote the overview of {cycle}, {series.label.lower()} scores, to {output}.")


def choose(given: str, known: Iterable[str], what: str) -> str:
    if given not in known:
        raise CommandError(f"‘{given}’ is not a {what}: choose one of {', '.join(known)}.")
    return given


def get_cycle(partnership: str, slug: str) -> Cycle:
    found = Partnership.objects.filter(slug=partnership).first()
    if found is None:
        raise CommandError(
            f"There is no partnership ‘{partnership}’: give the slug that follows /p/ in its address."
        )
    cycle = Cycle.objects.of(found).filter(slug=slug).select_related("partnership").first()
    if cycle is None:
        slugs = ", ".join(Cycle.objects.of(found).order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"{found} has no cycle ‘{slug}’: it has {slugs or 'none yet'}.")
    return cycle


def check_compared(cycle: Cycle, slugs: list[str] | None) -> list[str] | None:
    """Only what can be compared, or a report would leave out without a word what was asked for."""
    known = [one.slug for one in list_offered(cycle)] if slugs else []
    for slug in slugs or ():
        if slug not in known:
            raise CommandError(
                f"{cycle} cannot be compared with ‘{slug}’: there is {', '.join(known) or 'no earlier cycle'}."
            )
    return slugs


def check_output(path: Path) -> Path:
    """Before the work is done. A device or a pipe is refused: it could not be replaced in one step."""
    with told(path):
        if path.exists() and not path.is_file():
            raise CommandError(f"{path} is not a file that can be written: name a file.")
        folder = path.resolve().parent
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}: make it, or name a file elsewhere.")
        return path.resolve()


def write_whole(path: Path, content: bytes) -> None:
    """Beside it first and then renamed, so that a report that was there stays whole until the new one is."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with told(path):
        try:
            beside.write_bytes(content)
            beside.replace(path)
        finally:
            # After the renaming nothing stands there any more.
            with suppress(OSError):
                beside.unlink()


@contextmanager
def told(path: Path) -> Iterator[None]:
    """What the operating system refuses, in one sentence."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}. Name a file elsewhere.") from error
