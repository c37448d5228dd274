"""Problems of a real size, the same each time: half-days at which each can come, conflicts, a third chairs."""

from __future__ import annotations

from random import Random
from typing import Any

SECTORS = ("health", "police", "council", "school", "charity")


def make_large(meetings: int, *, days: int, a_day: int, tracks: int, members: int) -> dict[str, Any]:
    chance = Random(meetings)
    slots = [
        {"start": f"2027-03-{day + 1:02}T{9 + index // 2:02}:{index % 2 * 30:02}", "minutes": 30}
        for day in range(days)
        for index in range(a_day)
    ]
    halves = [list(range(start, start + a_day // 2)) for start in range(0, days * a_day, a_day // 2)]

    def draw_slots(share: float) -> list[int]:
        return [slot for half in halves if chance.random() < share for slot in half]

    called = [f"o{number}" for number in range(meetings)]
    return {
        "slots": slots,
        "tracks": tracks,
        "panel_size": 3,
        "sectors": 2,
        "members": [
            {
                "id": f"m{number}",
                "organisation": chance.choice(called),
                "group": f"g{chance.randrange(10)}" if chance.random() < 0.3 else None,
                "sector": SECTORS[number % len(SECTORS)],
                "chair": number % 3 == 0,
                "slots": draw_slots(0.6),
                "conflicts": chance.sample(called, 3),
            }
            for number in range(members)
        ],
        "meetings": [
            {
                "organisation": name,
                "group": f"g{chance.randrange(10)}" if chance.random() < 0.3 else None,
                "priority": chance.randint(1, 5),
                "slots": draw_slots(0.8),
                "locked": None,
                "preferred": draw_slots(0.3),
            }
            for name in called
        ],
    }
