"""What has changed in an indicator since an earlier question bank. Pure: two rows in, the differences out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Worded(Protocol):
    """What an indicator says; two with the same `key` are compared, whatever their codes, editions and variants."""

    @property
    def text(self) -> str: ...
    @property
    def guidance(self) -> str: ...
    @property
    def descriptors(self) -> tuple[str, str, str]: ...
    @property
    def is_critical(self) -> bool: ...
    @property
    def may_be_not_applicable(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class WordingChange:
    """One part that reads differently now."""

    what: str
    before: str
    after: str


def compare_wording(before: Worded, after: Worded) -> tuple[WordingChange, ...]:
    """What somebody who confirms an earlier answer should read first, the statement itself on top.

    Spaces and line breaks alone are no change: a bank that was typed anew still asks the same.
    """
    parts = [
        ("The statement", before.text, after.text),
        *(
            (f"What a {score} looks like", old, new)
            for score, (old, new) in enumerate(zip(before.descriptors, after.descriptors, strict=True))
        ),
        ("What to look at", before.guidance, after.guidance),
        ("Critical", _yes_no(before.is_critical), _yes_no(after.is_critical)),
        (
            "May be not applicable",
            _yes_no(before.may_be_not_applicable),
            _yes_no(after.may_be_not_applicable),
        ),
    ]
    return tuple(WordingChange(what, old, new) for what, old, new in parts if old.split() != new.split())


def _yes_no(value: bool) -> str:
    return "Yes" if value else "No"
