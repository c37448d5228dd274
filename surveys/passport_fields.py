"""Fields of a passport's JSON, held against its format one by one: what is wrong is said in a sentence.

Pure.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

LONGEST_LINE: Final = 1_000
MOST_ROWS: Final = 5_000


class Unreadable(Exception):
    """Why a passport is not taken, and what to do: one sentence."""


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of the JSON, and where it stands, for the sentence about what is wrong with it."""

    data: Mapping[str, Any]
    where: str

    def refuse(self, name: str, must: str) -> Unreadable:
        return Unreadable(
            f"The passport is not as its format says: in {self.where}, ‘{name}’ must be {must}. "
            "Download it again, or tell whoever made it."
        )

    def text(self, name: str, longest: int = LONGEST_LINE, *, is_required: bool = False) -> str:
        value = self.data.get(name, "")
        if not isinstance(value, str) or len(value) > longest or not _is_clean(value):
            raise self.refuse(name, f"a text of at most {longest:,} characters")
        if is_required and not value.strip():
            raise self.refuse(name, "a text that is not empty")
        return value

    def whole(self, name: str, low: int, high: int) -> int:
        value = self.data.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.refuse(name, f"a whole number from {low} to {high:,}")
        return value

    def choice(self, name: str, known: Iterable[str]) -> str:
        value = self.data.get(name)
        if not isinstance(value, str) or value not in (known := tuple(known)):
            raise self.refuse(name, f"one of {', '.join(known)}")
        return value

    def flag(self, name: str) -> bool:
        value = self.data.get(name, True)
        if not isinstance(value, bool):
            raise self.refuse(name, "true or false")
        return value

    def score(self) -> int | None:
        value = self.data.get("score")
        if value is not None and (
            isinstance(value, bool) or value not in (0, 1, 2) or not isinstance(value, int)
        ):
            raise self.refuse("score", "0, 1, 2 or null")
        return value

    def day(self, name: str) -> datetime.date | None:
        value = self.data.get(name)
        if value is None:
            return None
        try:
            return datetime.date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.refuse(name, "a day such as 2027-03-04, or null") from None

    def known_day(self, name: str) -> datetime.date:
        found = self.day(name)
        if found is None:
            raise self.refuse(name, "a day such as 2027-03-04")
        return found

    def values(self, name: str) -> list[Any]:
        value = self.data.get(name, [])
        if not isinstance(value, list) or len(value) > MOST_ROWS:
            raise self.refuse(name, f"a list of at most {MOST_ROWS:,}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.values(name)
        if not all(isinstance(one, str) and len(one) <= LONGEST_LINE for one in values):
            raise self.refuse(name, "a list of ids")
        return tuple(values)

    def inside(self, name: str) -> Fields:
        value = self.data.get(name)
        if not isinstance(value, dict):
            raise self.refuse(name, "an object")
        return Fields(value, name)

    def rows(self, name: str) -> list[Fields]:
        values = self.values(name)
        if not all(isinstance(one, dict) for one in values):
            raise self.refuse(name, "a list of objects")
        return [Fields(one, f"{name}, number {number}") for number, one in enumerate(values, start=1)]


def _is_clean(text: str) -> bool:
    """Whether a database can hold it."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
