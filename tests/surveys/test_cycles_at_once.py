"""A cycle is planned twice in the very same moment: one cycle is made.

Needs a server that serves both at once; SQLite's tests hold one connection in memory, and its writers queue anyway.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from surveys.cycle_plans import plan_cycle
from surveys.enums import CycleKind
from surveys.models import Cycle
from tests.conftest import Cast
from tests.surveys.at_once import meanwhile
from tests.surveys.test_cycle_planning import (
    IN_MARCH,
    STEPS,
    TOMORROW,
    administrator,
    bank,
    health,
    post,
    walk,
)

__all__ = ["administrator", "bank", "health"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


def test_the_last_step_pressed_twice(cast: Cast, administrator: Client) -> None:
    *before, last = STEPS
    walk(administrator, *before)
    seen: list[Any] = []

    def press() -> object:
        return plan_cycle(
            partnership=cast.partnership,
            title=STEPS["title"]["title"],
            kind=CycleKind.FULL,
            asks_sign_off=False,
            opens_on=TOMORROW,
            closes_on=IN_MARCH,
            pins=(),
            invited={},
            by=cast.administrator,
        )

    meanwhile(press, lambda: seen.append(post(administrator, last)))
    assert Cycle.objects.count() == 1
    assert seen[0].headers["Location"] == "/p/harbour/desk/cycles/"
    listed = administrator.get("/p/harbour/desk/cycles/").text
    assert "Section 11 audit is planned already, so no second cycle of this title was made." in listed
