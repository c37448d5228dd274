"""What an import of a table would do, or has done: a line for each row of the file, kept as plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

# Of each kind, so that the preview of a very large file is still a page; the counts are of all.
LISTED: Final = 2_000
FAULTS_LISTED: Final = 100


class Kind(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    HELD = "held"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Change:
    """One cell: what is here now, and what the file says. `held` says why it stays as it is all the same."""

    heading: str
    old: str
    new: str
    held: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file by the line (or the row of the sheet) on which it starts."""

    number: int
    kind: Kind
    name: str
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Preview:
    """All rows of a file. `faults` are sentences; where there are any, nothing can be confirmed."""

    lines: list[Line] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((kind.value for kind in Kind), 0))
    fingerprint: str = ""

    @property
    def can_be_confirmed(self) -> bool:
        return not self.faults and bool(self.counts[Kind.ADDED.value] or self.counts[Kind.CHANGED.value])

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def list(self, kind: Kind) -> Sequence[Line]:
        return [line for line in self.lines if line.kind == kind]

    def as_json(self) -> dict[str, Any]:
        return {
            "lines": [asdict(line) | {"kind": line.kind.value} for line in self.lines],
            "faults": self.faults,
            "counts": self.counts,
            "fingerprint": self.fingerprint,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Preview:
        return cls(
            [_load(line) for line in kept["lines"]], kept["faults"], kept["counts"], kept["fingerprint"]
        )


def _load(line: Mapping[str, Any]) -> Line:
    changes = tuple(Change(**change) for change in line["changes"])
    return Line(line["number"], Kind(line["kind"]), line["name"], changes, tuple(line["notes"]))


class PreviewMaker:
    """Gathers the lines in their order. The fingerprint is of every line; listed are only so many of each kind."""

    def __init__(self) -> None:
        self.preview = Preview()
        self._digest = hashlib.sha256()
        self._bad_lines = 0

    def add(self, line: Line) -> None:
        counts = self.preview.counts
        counts[line.kind.value] += 1
        self._digest.update(json.dumps(asdict(line), sort_keys=True).encode())
        if line.kind != Kind.UNCHANGED and counts[line.kind.value] <= LISTED:
            self.preview.lines.append(line)

    def add_faults(self, number: int, texts: Sequence[str]) -> None:
        """The sentences about one row."""
        self._bad_lines += 1
        self.preview.counts[Kind.WRONG.value] += 1
        if self._bad_lines <= FAULTS_LISTED:
            self.preview.faults += [f"line {number}, {text}" for text in texts]

    def finish(self) -> Preview:
        self.preview.fingerprint = self._digest.hexdigest()
        return self.preview
