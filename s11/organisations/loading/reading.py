"""From a register's file to the rows that a partnership wants, kept on the disk as a line of JSON each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from s11.organisations.enums import LoadState, Register
from s11.organisations.models import Participation, Partnership, RegisterLoad
from s11.organisations.registers.files import RegisterFile
from s11.organisations.registers.links import read_successors
from s11.organisations.registers.maps import ColumnMap
from s11.organisations.registers.rows import RegisterRow, RowReader, Status, Wanted, read_areas

# How often somebody is told how far it has come.
SECONDS: Final = 1.0

# Told with per cent.
Progress = Callable[[int], None]


def tell_nobody(percent: int) -> None:
    """For whoever does not wait."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file as somebody brought it: a binary stream, and what it is called."""

    stream: IO[bytes]
    name: str


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: all rows, those passed over, and of the wanted ones those that change nothing by themselves."""

    rows: int
    elsewhere: int
    left_out: int
    proposed: int
    sha256: str


def get_followed(partnership: Partnership, columns: ColumnMap) -> frozenset[str]:
    """Identifiers of the organisations that take part here or did: they are looked for in every area. One query."""
    field = f"organisation__{columns.identifier}"
    here = Participation.objects.filter(partnership=partnership).exclude(**{field: ""})
    return frozenset(here.order_by().values_list(field, flat=True))


def read_register(
    source: Source,
    links: Source | None,
    columns: ColumnMap,
    partnership: Partnership,
    *,
    areas: str,
    into: IO[bytes],
    tell: Progress = tell_nobody,
) -> Read:
    """Write the wanted rows `into` a stream. Raises Refused, having changed nothing."""
    file = RegisterFile(source.stream, source.name)
    successors: Mapping[str, Sequence[str]] = {}
    if links is not None:
        successors = read_successors(RegisterFile(links.stream, links.name))
    wanted = Wanted(read_areas(areas), get_followed(partnership, columns))
    reader = RowReader(file, columns, wanted, successors)
    proposed, told = 0, time.monotonic()
    for row in reader.rows():
        proposed += row.status == Status.PROPOSED
        into.write(row.to_json().encode() + b"\n")
        if time.monotonic() - told > SECONDS:
            told = time.monotonic()
            tell(min(99, 100 * reader.line // max(1, file.lines)))
    return Read(reader.read, reader.elsewhere, reader.left_out, proposed, file.sha256)


def iterate_rows(stream: IO[bytes]) -> Iterator[RegisterRow]:
    """The rows that were written, from the beginning."""
    stream.seek(0)
    for line in stream:
        yield RegisterRow.from_json(line.decode())


def get_remembered_areas(partnership: Partnership, register: Register) -> str:
    """The local authorities of the last load, as they were written; empty for all. One query."""
    loads = RegisterLoad.objects.filter(partnership=partnership, register=register, state=LoadState.DONE)
    return str(loads.values_list("areas", flat=True).first() or "")
