"""What a feedback report says to do next."""

from __future__ import annotations

from types import SimpleNamespace as Made
from typing import Any

import pytest

from accountability.enums import Standing
from accountability.feedback_steps import list_next_steps

LAST = "Read this with whoever signed the audit, and keep it for the next one."


def zero(code: str, *, is_critical: bool = False) -> Any:
    return Made(indicator=Made(code=code, is_critical=is_critical))


def followed(number: int, standing: Standing) -> Any:
    waits = standing in (Standing.NOT_ANSWERED, Standing.FAILED)
    return Made(recommendation=Made(number=number), standing=standing, waits_for_answer=waits)


def weak(code: str) -> Any:
    return Made(own=Made(code=code))


AGREED = "what you agreed to do about recommendations 3 and 4"
NEEDS = " Each needs an action with a person and a date in your action plan."


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({}, []),
        ({"zeros": [zero("A1.1")]}, ["Begin with what is at 0: A1.1." + NEEDS]),
        (
            {"zeros": [zero("A2.1", is_critical=True), zero("A1.1"), zero("A1.2")]},
            ["Begin with what is at 0: A2.1, which is critical, then A1.1 and A1.2." + NEEDS],
        ),
        (
            {"zeros": [zero(f"A1.{n}", is_critical=n < 3) for n in range(1, 10)]},
            ["Begin with what is at 0: A1.1 and A1.2, which are critical, then 7 others." + NEEDS],
        ),
        (
            {
                "followed": [
                    followed(1, Standing.VERIFIED),
                    followed(2, Standing.NOT_ANSWERED),
                    followed(3, Standing.IN_PROGRESS),
                    followed(4, Standing.IN_PROGRESS),
                    followed(5, Standing.TO_VERIFY),
                ]
            },
            [f"For the panel: answer recommendation 2, and see through {AGREED}."],
        ),
        ({"followed": [followed(1, Standing.VERIFIED)]}, []),
        (
            {"weakest": [weak("A1"), weak("A3")]},
            ["Look again at A1 and A3: three in four agencies like yours stand higher there."],
        ),
    ],
    ids=["nothing", "one", "critical first", "many", "panel", "settled", "weakest"],
)
def test_what_comes_next(parts: dict[str, Any], said: list[str]) -> None:
    report: Any = Made(**{"zeros": [], "followed": [], "weakest": []} | parts)
    assert list_next_steps(report) == [*said, LAST]
