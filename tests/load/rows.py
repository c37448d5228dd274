"""The load generator's log, a line for each request with what the person was told is saved; and what became of that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

NAME: Final = "rows.jsonl"
MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Row:
    """`status` is 0 where no answer came; `is_right` is whether it was the answer that the person had to get."""

    at: float
    kind: str
    status: int
    milliseconds: float
    size: int
    is_right: bool
    who: str
    # Of a save: what was acknowledged. See counting.py for its keys.
    kept: Mapping[str, Any] = field(default_factory=dict)
    said: str = ""


def write_row(file: TextIO, row: Row) -> None:
    file.write(json.dumps(asdict(row), separators=(",", ":")) + "\n")


def read_rows(folder: Path) -> Iterator[Row]:
    with (folder / NAME).open(encoding="utf-8") as file:
        for line in file:
            yield Row(**json.loads(line))


@dataclass(slots=True)
class Counted:
    """How many of each were acknowledged, and a sentence for each that is not there."""

    saves: int = 0
    answers: int = 0
    files: int = 0
    submissions: int = 0
    lost: int = 0
    sentences: list[str] = field(default_factory=list)

    def tell(self, sentence: str) -> None:
        self.lost += 1
        if len(self.sentences) < MOST_TOLD:
            self.sentences.append(sentence)
