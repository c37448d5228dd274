"""From last year's risk list to this one: the sum closes, and says so, whatever happened in between."""

from __future__ import annotations

import datetime
import re

from hypothesis import given
from hypothesis import strategies as st

from accountability.agency_risk import Facts, Late
from accountability.agency_risk_facts import Known
from accountability.executive_files import say_rest
from accountability.risk_list import Standing, make_risk_list, rank, say_change, say_list
from s11.organisations.enums import Variant
from surveys.enums import CycleStatus
from surveys.models import Cycle

TODAY = datetime.date(2027, 3, 4)
FACTS = st.builds(
    Facts,
    st.just(TODAY),
    st.sampled_from([TODAY, TODAY - datetime.timedelta(days=9)]),
    st.booleans(),
    st.booleans(),
    critical_zeros=st.sampled_from([(), (("A1.1", "A1"),)]),
    lowered=st.integers(0, 1),
    panel_late=st.sampled_from([Late(), Late(1, TODAY)]),
    own_late=st.sampled_from([Late(), Late(2, TODAY)]),
)
ASKED = st.dictionaries(st.integers(1, 9), FACTS, max_size=9).map(
    lambda found: [
        Known(pk, f"Agency {pk}", f"agency-{pk}", Variant.STANDARD, "not_known", facts)
        for pk, facts in found.items()
    ]
)


@given(ASKED, ASKED, st.sampled_from([CycleStatus.OPEN, CycleStatus.CLOSED]))
def test_the_sum_closes(now: list[Known], then: list[Known], status: CycleStatus) -> None:
    found = make_risk_list(Cycle(title="Now", status=status), now, Cycle(title="Then"), then)
    still = found.count(Standing.STILL)
    assert found.then + found.late_then == len(rank(then))
    assert still + len(found.gone) + len(found.waiting) + len(found.not_asked) == found.then
    came = [found.count(one) for one in (Standing.NEW, Standing.NOT_ASKED, Standing.NOT_COMPARED)]
    assert still + sum(came) == len(found.rows)
    # Who has not returned is never said to have left
    returned = {one.name for one in now if one.facts.has_returned}
    assert returned.issuperset(found.gone)
    assert returned.isdisjoint(found.waiting)
    # As a reader adds it up
    left, _, rest = say_change(found).partition(
        "on the list of Then, " if not found.late_then else "Of the other "
    )
    first, *parts = [int(one) for one in re.findall(r"\d+", f"{left}{rest}" if not found.late_then else rest)]
    if sum(came):
        assert parts.pop() == len(found.rows)
        assert sum(parts) == first + sum(came)
    else:
        assert sum(parts) == first


@given(ASKED)
def test_everybody_who_was_asked_is_in_one_part(now: list[Known]) -> None:
    found = make_risk_list(Cycle(title="Now"), now, None, [])
    listed, asked, *parts = [int(one) for one in re.findall(r"\b\d+", say_list(found))]
    assert (listed, asked) == (len(found.rows), len(now))
    assert sum(parts) == asked
    assert say_change(found) == ""


def test_who_gives_further_reasons_alone_is_counted_in_the_paper() -> None:
    facts = Facts(TODAY, TODAY, has_returned=True, lowered=1, own_late=Late(1, TODAY))
    variants = (Variant.SCHOOL, Variant.HEALTH, Variant.SCHOOL)
    now = [Known(pk, f"Agency {pk}", "x", variant, "x", facts) for pk, variant in enumerate(variants)]
    found = make_risk_list(Cycle(title="Now"), now, None, [])
    assert (len(found.serious), len(found.further)) == (0, 3)
    assert say_rest(found.further) == (
        "3 more agencies are on the list, for further reasons alone: 2 School and 1 Health."
    )
