"""The file of links that goes with Get Information about Schools: who follows whom."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final

from s11.organisations.registers.files import RegisterFile
from s11.organisations.registers.maps import fold
from s11.organisations.registers.refusals import Refused

COLUMNS: Final = ("URN", "LinkURN", "LinkType")


def read_successors(file: RegisterFile) -> dict[str, tuple[str, ...]]:
    """By URN, those of its successors, each once; a link may be told from either side.

    Links of other kinds (expansion, sixth form centres) are passed over, and so is a row whose URN is none: such links
    are to establishments that were never in the register.
    """
    found: dict[str, tuple[str, ...]] = {}
    for before, after in _read_links(file):
        known = found.get(before, ())
        if before != after and after not in known:
            found[before] = (*known, after)
    return found


def _read_links(file: RegisterFile) -> Iterator[tuple[str, str]]:
    rows = file.rows()
    _, header = next(rows, (1, []))
    one, other, kind = _find_places(header, file.name)
    for _, cells in rows:
        # Interned, because each URN stands in several links.
        urn, link = (sys.intern(cells[place].strip()) for place in (one, other))
        if not (_is_urn(urn) and _is_urn(link)):
            continue
        word = fold(cells[kind])
        if word.startswith("successor"):
            yield urn, link
        elif word.startswith("predecessor"):
            yield link, urn


def _is_urn(text: str) -> bool:
    return len(text) == 6 and text.isascii() and text.isdigit()


def _find_places(header: Sequence[str], name: str) -> tuple[int, int, int]:
    names = [fold(cell) for cell in header]
    missing = [column for column in COLUMNS if fold(column) not in names]
    if missing:
        raise Refused(
            f"{name} has no column {' or '.join(missing)}, so it is not the file of links "
            "(links_edubasealldata): choose that file, or none."
        )
    urn, link, kind = (names.index(fold(column)) for column in COLUMNS)
    return urn, link, kind
