"""Which reminder a cycle's clock sends to an organisation, and on which day.

Pure: dates in, a kind out; no Django, no clock. Reminders go on working days only: one whose day is none goes on the
last working day before it, an overdue one on the next after. An organisation never gets two at once: after a pause only
the newest is sent, since the earlier ones say less.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Final, Literal, get_args

from surveys.working_days import A_DAY, get_working_day_from, get_working_day_until

Reminder = Literal["opening", "four_weeks", "one_week", "two_days", "overdue"]
REMINDERS: Final[tuple[Reminder, ...]] = get_args(Reminder)
# Days before the last day on which a return is on time.
DAYS_BEFORE: Final[Mapping[Reminder, int]] = {"four_weeks": 28, "one_week": 7, "two_days": 2}


def plan_reminders(opens_on: datetime.date, due_on: datetime.date) -> dict[Reminder, datetime.date]:
    """The day of each, in their order. One that would not come after the one before it is left out.

    `due_on` is the organisation's own last day, extension included. In a cycle of three weeks there is no ‘four weeks
    left’, and where everything falls on one day only the first is planned.
    """
    wished: dict[Reminder, datetime.date] = {"opening": get_working_day_from(opens_on)}
    wished |= {kind: get_working_day_until(due_on - days * A_DAY) for kind, days in DAYS_BEFORE.items()}
    wished["overdue"] = get_working_day_from(due_on + A_DAY)
    planned: dict[Reminder, datetime.date] = {}
    for kind, day in wished.items():
        if all(day > earlier for earlier in planned.values()):
            planned[kind] = day
    return planned


def pick_due(
    planned: Mapping[Reminder, datetime.date], *, sent: Collection[str], today: datetime.date
) -> Reminder | None:
    """The reminder that is to go today: the newest whose day has come, unless it or a later one has gone.

    `sent` holds the kinds that this organisation has had in this cycle.
    """
    come = [kind for kind in REMINDERS if kind in planned and planned[kind] <= today]
    if not come:
        return None
    newest = come[-1]
    gone = {kind for kind in REMINDERS if kind in sent}
    return None if gone & set(REMINDERS[REMINDERS.index(newest) :]) else newest


def get_next(
    planned: Mapping[Reminder, datetime.date], *, today: datetime.date
) -> tuple[Reminder, datetime.date] | None:
    """The next one after today, for ‘goes out on 4 March’; None after the last."""
    return next(((kind, day) for kind, day in planned.items() if day > today), None)
