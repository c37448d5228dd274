"""What the command does: read, compare, and where it is no dry run apply, with a record of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.db import transaction
from django.utils import timezone

from s11.organisations.enums import LoadState, Register
from s11.organisations.loading.applying import Order, Tell, apply, compare
from s11.organisations.loading.reading import (
    Progress,
    Source,
    get_remembered_areas,
    read_register,
    tell_nobody,
)
from s11.organisations.loading.summary import make_counts
from s11.organisations.models import Partnership, RegisterLoad
from s11.organisations.registers.plan import ANOTHER, Line
from s11.organisations.registers.refusals import Refused, shown

# What is written to forget the local authorities of the last load.
ALL_AREAS = "all"


@dataclass(frozen=True, slots=True)
class Paths:
    """The files. `links` is optional."""

    file: Path
    links: Path | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    """Identifiers of rows that are the organisation whose name looks the same, and of those that are not."""

    same: tuple[str, ...] = ()
    another: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.same or self.another)


def find_areas(partnership: Partnership, register: Register, given: str | None) -> str:
    """The local authorities: as given, else those of the last load."""
    if given is None:
        return get_remembered_areas(partnership, register)
    return "" if given.strip().lower() == ALL_AREAS else given.strip()


def load_register(
    order: Order,
    paths: Paths,
    *,
    areas: str,
    is_dry_run: bool,
    tell: Tell,
    tell_progress: Progress = tell_nobody,
    decisions: Decisions | None = None,
) -> dict[str, int]:
    """How much of each. Raises Refused, having changed nothing."""
    links_file = open_source(paths.links) if paths.links else nullcontext()
    with tempfile.TemporaryFile() as rows:
        with open_source(paths.file) as source, links_file as links:
            read = read_register(
                source, links, order.columns, order.partnership, areas=areas, into=rows, tell=tell_progress
            )
        chosen = choose(order, rows, decisions) if decisions else {}
        if is_dry_run:
            return make_counts(read, compare(order, rows, tell, chosen))
        with transaction.atomic():
            counts = make_counts(read, apply(order, rows, tell, chosen=chosen))
            _record(order, paths, areas, read.sha256, counts)
        return counts


def choose(order: Order, rows: IO[bytes], decisions: Decisions) -> Mapping[str, int]:
    """By identifier, the organisation that is the same or ANOTHER. Raises Refused where nothing looks like it."""
    alike: dict[str, list[int]] = {}

    def collect(line: Line) -> None:
        if line.choice is not None:
            alike.setdefault(line.code, []).append(line.choice)

    compare(order, rows, collect)
    chosen = dict.fromkeys(decisions.another, ANOTHER)
    for code in (*decisions.same, *decisions.another):
        if code not in alike:
            raise Refused(f"No clash is about {shown(code)}: --dry-run lists those that there are.")
    for code in decisions.same:
        if len(alike[code]) > 1 or alike[code][0] in chosen.values() or code in decisions.another:
            raise Refused(f"{shown(code)} looks like several organisations: decide on the desk’s page.")
        chosen[code] = alike[code][0]
    return chosen


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    name = shown(path.name)
    if not path.is_file():
        what = (
            f"{name} is a folder, not a file: name the CSV file in it."
            if path.is_dir()
            else f"There is no file {shown(str(path))}: check its name and folder."
        )
        raise Refused(what)
    try:
        with path.open("rb") as stream:
            yield Source(stream, path.name)
    except OSError as error:
        raise Refused(
            f"{name} cannot be read ({error.strerror}): check the file and who may read it."
        ) from error


def _record(order: Order, paths: Paths, areas: str, sha256: str, counts: dict[str, int]) -> None:
    """Where anything was changed, or the local authorities are others: a rerun leaves no trace."""
    register = Register(order.columns.register)
    if not counts["writes"] and areas == get_remembered_areas(order.partnership, register):
        return
    now = timezone.now()
    RegisterLoad.objects.create(
        partnership=order.partnership,
        register=register,
        name=paths.file.name[:255],
        sha256=sha256,
        areas=areas,
        variant=order.variant,
        is_statutory=order.is_statutory,
        state=LoadState.DONE,
        progress=100,
        counts=counts,
        applied_at=now,
    )
