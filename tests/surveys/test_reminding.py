"""Which reminder goes on which day, whatever the days of a cycle and however often or late the clock runs."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from surveys.reminding import REMINDERS, get_next, pick_due, plan_reminders
from surveys.working_days import is_working_day

OPENS, CLOSES = date(2027, 1, 11), date(2027, 3, 31)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
LENGTHS = st.integers(0, 150).map(lambda days: timedelta(days=days))


def test_a_cycle_of_eleven_weeks_that_closes_just_after_easter() -> None:
    assert plan_reminders(OPENS, CLOSES) == {
        "opening": date(2027, 1, 11),
        "four_weeks": date(2027, 3, 3),
        "one_week": date(2027, 3, 24),
        "two_days": date(2027, 3, 25),  # the 29th is Easter Monday, the 26th Good Friday
        "overdue": date(2027, 4, 1),
    }


def test_a_short_cycle_leaves_out_what_makes_no_sense() -> None:
    assert plan_reminders(date(2027, 1, 4), date(2027, 1, 15)) == {
        "opening": date(2027, 1, 4),
        "one_week": date(2027, 1, 8),
        "two_days": date(2027, 1, 13),
        "overdue": date(2027, 1, 18),
    }
    assert list(plan_reminders(date(2027, 1, 16), date(2027, 1, 17))) == ["opening"]


def test_an_extension_moves_what_is_still_to_come() -> None:
    extended = plan_reminders(OPENS, date(2027, 4, 30))
    assert extended["opening"] == date(2027, 1, 11)
    assert extended["overdue"] == date(2027, 5, 4)  # the 3rd is a bank holiday
    # The ‘two days’ of before stands as sent; ‘overdue’ has its own time.
    sent = {"opening", "four_weeks", "one_week", "two_days"}
    assert pick_due(extended, sent=sent, today=date(2027, 4, 28)) is None
    assert pick_due(extended, sent=sent, today=date(2027, 5, 4)) == "overdue"


def test_the_next_one_is_said() -> None:
    planned = plan_reminders(OPENS, CLOSES)
    assert get_next(planned, today=OPENS - timedelta(days=1)) == ("opening", OPENS)
    assert get_next(planned, today=OPENS) == ("four_weeks", date(2027, 3, 3))
    assert get_next(planned, today=CLOSES + timedelta(days=1)) is None


@given(DAYS, LENGTHS)
def test_all_go_on_working_days_in_their_order(opens_on: date, length: timedelta) -> None:
    planned = plan_reminders(opens_on, opens_on + length)
    days = list(planned.values())
    assert all(is_working_day(day) for day in days)
    assert days == sorted(set(days))
    assert list(planned) == [kind for kind in REMINDERS if kind in planned]
    assert planned["opening"] >= opens_on


@given(DAYS, LENGTHS, st.sets(st.integers(-10, 200)))
def test_however_the_clock_runs_nobody_is_told_twice_or_late(
    opens_on: date, length: timedelta, runs: set[int]
) -> None:
    planned = plan_reminders(opens_on, opens_on + length)
    sent: list[str] = []
    for day in sorted(runs):
        today = opens_on + timedelta(days=day)
        for _ in range(2):  # twice a day
            if kind := pick_due(planned, sent=sent, today=today):
                # What has gone is never followed by something from before it.
                assert planned[kind] <= today
                assert all(REMINDERS.index(kind) > REMINDERS.index(earlier) for earlier in sent)
                sent.append(kind)
        come = [kind for kind in planned if planned[kind] <= today]
        assert not come or come[-1] in sent


@given(DAYS, LENGTHS)
def test_a_clock_that_runs_daily_sends_each_on_its_day(opens_on: date, length: timedelta) -> None:
    planned = plan_reminders(opens_on, opens_on + length)
    sent: dict[str, date] = {}
    for day in range(-3, length.days + 15):
        today = opens_on + timedelta(days=day)
        if kind := pick_due(planned, sent=sent, today=today):
            sent[kind] = today
    assert sent == planned
