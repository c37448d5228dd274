"""What has changed in an indicator since an earlier question bank. Pure: two rows in, the differences out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

# What may read differently; pages say it in their own language.
PARTS: Final = (
    "The statement",
    "What a 0 looks like",
    "What a 1 looks like",
    "What a 2 looks like",
    "What to look at",
    "Critical",
    "May be not applicable",
)
YES, NO = "Yes", "No"


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

    @property
    def is_yes_no(self) -> bool:
        """Whether both sides are our words, and not the bank’s."""
        return {self.before, self.after} == {YES, NO}


def compare_wording(before: Worded, after: Worded) -> tuple[WordingChange, ...]:
    """What somebody who confirms an earlier answer should read first, the statement itself on top.

    Spaces and line breaks alone are no change: a bank that was typed anew still asks the same.
    """
    both = (
        (before.text, after.text),
        *zip(before.descriptors, after.descriptors, strict=True),
        (before.guidance, after.guidance),
        (_yes_no(before.is_critical), _yes_no(after.is_critical)),
        (_yes_no(before.may_be_not_applicable), _yes_no(after.may_be_not_applicable)),
    )
    return tuple(
        WordingChange(what, old, new)
        for what, (old, new) in zip(PARTS, both, strict=True)
        if old.split() != new.split()
    )


def _yes_no(value: bool) -> str:
    return YES if value else NO
