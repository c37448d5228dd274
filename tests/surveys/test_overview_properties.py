"""What must hold of any cycle's comparing figures, whatever went in. No database."""

from __future__ import annotations

import datetime
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s11.organisations.enums import Variant
from surveys.enums import ActionOutcome, ActionStatus
from surveys.models import Cycle
from surveys.overview import IndicatorFigures
from surveys.overview_actions import PlannedAction, make_under
from surveys.overview_groups import BANDS, find_band, name_bands
from surveys.overview_indicators import MOST_INDICATORS, MOST_TIED, cut
from surveys.overview_places import InvitedPlace
from surveys.overview_returns import MILESTONES, make_curve

CLOSES = datetime.date(2026, 3, 31)
# A loaded machine is no failure.
patient = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COUNTS = st.integers(0, 3)


def make_indicator(place: int, zeros: int, ones: int, twos: int) -> IndicatorFigures:
    return IndicatorFigures(f"A{place}", f"key-{place}", "Said", False, zeros, ones, twos, 0)


@patient
@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS).filter(any), max_size=25))
def test_a_cut_never_parts_what_is_level_without_saying_so(counts: list[tuple[int, int, int]]) -> None:
    indicators = [make_indicator(place, *found) for place, found in enumerate(counts)]

    def rank(one: IndicatorFigures) -> Fraction:
        return Fraction(one.total, one.n)

    found = cut(indicators, rank)
    shown = [rank(one) for one in found.indicators]
    assert shown == sorted(shown)
    assert len(shown) <= MOST_TIED
    assert len(shown) >= min(len(indicators), MOST_INDICATORS)
    left_out = [rank(one) for one in indicators if one not in found.indicators]
    assert found.more == sum(bool(shown) and one == shown[-1] for one in left_out)
    assert all(one >= shown[-1] for one in left_out)


DAYS = st.lists(st.none() | st.integers(-60, 60), max_size=12)


@patient
@given(DAYS, st.integers(-30, 40))
def test_a_curve_only_rises_and_knows_nothing_of_days_to_come(days: list[int | None], today: int) -> None:
    invited = [
        InvitedPlace(
            organisation=place,
            name=f"{place}",
            slug=f"{place}",
            variant=Variant.STANDARD,
            is_exempt=False,
            is_statutory=False,
            registers=(False, False, False),
            own_tool="",
            returned_at=None
            if day is None
            else datetime.datetime.combine(CLOSES, datetime.time(12), datetime.UTC) + datetime.timedelta(day),
            extended_to=None,
        )
        for place, day in enumerate(days)
    ]
    curve = make_curve(Cycle(closes_on=CLOSES, status="open"), invited, CLOSES + datetime.timedelta(today))
    known = [curve.by(day) for day in MILESTONES]
    shares = [share.count for share in known if share is not None]
    assert shares == sorted(shares)
    assert [share is None for share in known] == [day > today for day in MILESTONES]
    came = sorted(day for day in days if day is not None)
    assert curve.submitted == len(came)
    assert curve.on_time == sum(day <= 0 for day in came)
    assert curve.half == (came[(len(came) - 1) // 2] if came else None)


ACTIONS = st.lists(
    st.builds(
        PlannedAction,
        organisation=st.integers(1, 3),
        answer=st.integers(1, 5),
        indicator=st.just(1),
        status=st.sampled_from(ActionStatus.values),
        due_on=st.dates(datetime.date(2026, 3, 1), datetime.date(2026, 4, 30)),
        outcome=st.just(""),
    ),
    max_size=12,
)


@patient
@given(ACTIONS, st.sampled_from(["", *ActionOutcome.values]), st.sets(st.integers(1, 5)))
def test_the_states_of_actions_add_up(actions: list[PlannedAction], outcome: str, low: set[int]) -> None:
    looked_at = [
        PlannedAction(one.organisation, one.answer, 1, one.status, one.due_on, outcome)
        if one.status == ActionStatus.DONE
        else one
        for one in actions
    ]
    with_reason = {answer for answer in low if answer % 2 == 0}
    under = make_under(("", "", {}), looked_at, low, with_reason, CLOSES)
    counts = under.counts
    assert counts.not_started + counts.in_progress + counts.done == counts.actions
    assert counts.actions + counts.dropped == len(actions)
    assert counts.agencies <= counts.actions
    assert counts.overdue <= counts.not_started + counts.in_progress
    assert counts.verified == (counts.done if outcome else 0)
    assert under.planned.count + under.reasoned.count <= len(low)


@patient
@given(st.sampled_from(sorted(BANDS)), st.integers(0, 5_000))
def test_every_size_has_one_band_with_a_name(unit: str, number: int) -> None:
    names = name_bands()
    assert find_band((unit, number)) in names
    assert find_band(None) in names
    assert name_bands()["staff-10"] == "10 to 49 staff"
    assert (names["pupils-0"], names["pupils-1000"]) == ("Fewer than 100 pupils", "1,000 or more pupils")
