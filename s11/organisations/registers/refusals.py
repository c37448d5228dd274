"""Why a register's file was not taken, in sentences for the person who brought it."""

from __future__ import annotations

from typing import Final

LISTED: Final = 100


class Refused(Exception):
    """Nothing was changed. The text says what is wrong and what to do."""


class Wrong(Exception):
    """What is wrong with one cell, and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(f"{wrong}; {right}")


class Faults:
    """What is wrong by line. The texts of the first hundred are kept, and the number of all."""

    def __init__(self) -> None:
        self.count = 0
        self._texts: list[str] = []

    def add(self, line: int, column: str, fault: Wrong) -> None:
        self.count += 1
        if len(self._texts) < LISTED:
            self._texts.append(f"line {line}, {column}: {fault}")

    def refuse_if_any(self, name: str) -> None:
        if not self.count:
            return
        total = f"{self.count:,} in all" + (
            f" (the first {LISTED} are listed)" if self.count > LISTED else ""
        )
        raise Refused("\n".join([f"{name} was not loaded.", *self._texts, f"{total}."]))


def shown(value: str) -> str:
    """A file's own words in a sentence: on one line, printable and short."""
    line = " ".join(value.split())
    short = line if len(line) <= 60 else line[:59] + "…"
    return "‘" + "".join(character if character.isprintable() else "?" for character in short) + "’"
