"""What an indicator says differently than an earlier bank did."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from surveys.wording import WordingChange, compare_wording


@dataclass(frozen=True)
class Said:
    text: str = "A lead is named."
    guidance: str = "Look at the minutes.\n\nAsk three people."
    descriptors: tuple[str, str, str] = ("Nobody.", "Somebody.", "Somebody known.")
    is_critical: bool = False
    may_be_not_applicable: bool = True


BEFORE = Said()


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        (BEFORE, []),
        (replace(BEFORE, guidance="Look at the minutes. Ask  three people."), []),
        (replace(BEFORE, text="A lead is known."), [("The statement", BEFORE.text, "A lead is known.")]),
        (replace(BEFORE, text="a lead is named."), [("The statement", BEFORE.text, "a lead is named.")]),
        (
            replace(BEFORE, descriptors=("None.", "Somebody.", "All know them.")),
            [
                ("What a 0 looks like", "Nobody.", "None."),
                ("What a 2 looks like", "Somebody known.", "All know them."),
            ],
        ),
        (replace(BEFORE, guidance="Ask."), [("What to look at", BEFORE.guidance, "Ask.")]),
        (
            replace(BEFORE, is_critical=True, may_be_not_applicable=False),
            [("Critical", "No", "Yes"), ("May be not applicable", "Yes", "No")],
        ),
    ],
)
def test_what_changed(after: Said, changes: list[tuple[str, str, str]]) -> None:
    found = compare_wording(BEFORE, after)
    assert found == tuple(WordingChange(*one) for one in changes)
    assert {one.what for one in found if one.is_yes_no} <= {"Critical", "May be not applicable"}
