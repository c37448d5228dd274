"""When returns came, over one or several cycles, and who returned an audit of their own instead. Pure.

For drawing: `Returns.curves` are the cycles, the oldest first and this one last. A curve's `days` are (days after the
closing day, first submissions on it, all by then), so that curves of several years lie over each other;
`curve.by(-7)` is how many of the invited had submitted a week before closing. `MILESTONES` are the days a table has.
`.own_tools` lists national audits returned in place of answers; they count as returns and are in no grade.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from s11.organisations.enums import Variant
from surveys.figures import Share
from surveys.models import Cycle
from surveys.overview_places import InvitedPlace, InvitedPlaces

Json = dict[str, Any]
# In days after the closing day.
MILESTONES: Final = (-28, -14, -7, 0, 7, 14, 28)


@dataclass(frozen=True, slots=True)
class ReturnCurve:
    """One cycle. `until` is the last day that it knows of, in days after the closing day: what came later is not yet
    known, or was not accepted."""

    cycle: str
    title: str
    closes_on: datetime.date
    invited: int
    on_time: int
    days: tuple[tuple[int, int, int], ...]
    until: int
    # Submitted of invited, by variant; in the order of every report.
    variants: Mapping[Variant, Share]

    @property
    def submitted(self) -> int:
        return self.days[-1][2] if self.days else 0

    @property
    def submitted_of_invited(self) -> Share:
        return Share(self.submitted, self.invited)

    @property
    def on_time_of_submitted(self) -> Share:
        return Share(self.on_time, self.submitted)

    def by(self, day: int) -> Share | None:
        """Submitted by the end of that day after closing, of the invited; None for a day that is still to come."""
        if day > self.until:
            return None
        return Share(sum(count for one, count, _ in self.days if one <= day), self.invited)

    @property
    def half(self) -> int | None:
        """By which day after closing half of those that submitted had done so."""
        return next((day for day, _, so_far in self.days if 2 * so_far >= self.submitted), None)

    def as_json(self) -> Json:
        by = {day: self.by(day) for day in MILESTONES}
        return {
            "cycle": self.cycle,
            "closes_on": self.closes_on.isoformat(),
            "submitted_of_invited": self.submitted_of_invited.as_json(),
            "on_time_of_submitted": self.on_time_of_submitted.as_json(),
            "variants": {variant.value: share.as_json() for variant, share in self.variants.items()},
            "by_day": {f"{day:+d}": share.as_json() for day, share in by.items() if share is not None},
            "half_by": self.half,
        }


@dataclass(frozen=True, slots=True)
class InvitedInBoth:
    """Organisations that an earlier cycle and this one invited: how many of the same submitted then and now."""

    cycle: str
    before: Share
    now: Share

    def as_json(self) -> Json:
        return {"cycle": self.cycle, "before": self.before.as_json(), "now": self.now.as_json()}


@dataclass(frozen=True, slots=True)
class OwnTool:
    organisation: str
    slug: str
    variant: Variant
    title: str
    was_on_time: bool


@dataclass(frozen=True, slots=True)
class Returns:
    curves: tuple[ReturnCurve, ...]
    both: tuple[InvitedInBoth, ...]
    own_tools: tuple[OwnTool, ...]

    @property
    def own_tools_of_submitted(self) -> Share:
        return Share(len(self.own_tools), self.curves[-1].submitted)

    def count_own_tools(self) -> Mapping[Variant, int]:
        counted = Counter(one.variant for one in self.own_tools)
        return {variant: counted[variant] for variant in Variant if counted[variant]}

    def without_names(self) -> Returns:
        return replace(
            self, own_tools=tuple(replace(one, organisation="", slug="", title="") for one in self.own_tools)
        )

    def as_json(self) -> Json:
        return {
            "all": [curve.as_json() for curve in self.curves],
            "both": [both.as_json() for both in self.both],
            "own_tools": {
                **self.own_tools_of_submitted.as_json(),
                "variants": {variant.value: count for variant, count in self.count_own_tools().items()},
            },
        }


def make_returns(cycles: Sequence[Cycle], places: InvitedPlaces, today: datetime.date) -> Returns:
    """Of cycles given with the oldest first."""
    invited = {cycle.pk: [one for one in places[cycle.pk] if not one.is_exempt] for cycle in cycles}
    *earlier, now = cycles
    return Returns(
        curves=tuple(make_curve(cycle, invited[cycle.pk], today) for cycle in cycles),
        both=tuple(make_both(cycle, invited[cycle.pk], invited[now.pk]) for cycle in earlier),
        own_tools=tuple(
            OwnTool(one.name, one.slug, one.variant, one.own_tool, one.is_on_time(now.closes_on))
            for one in invited[now.pk]
            if one.own_tool
        ),
    )


def make_curve(cycle: Cycle, invited: Sequence[InvitedPlace], today: datetime.date) -> ReturnCurve:
    counts = Counter(
        (one.returned_on - cycle.closes_on).days for one in invited if one.returned_on is not None
    )
    days, so_far = [], 0
    for day in sorted(counts):
        so_far += counts[day]
        days.append((day, counts[day], so_far))
    asked = Counter(one.variant for one in invited)
    came = Counter(one.variant for one in invited if one.is_submitted)
    return ReturnCurve(
        cycle=cycle.slug,
        title=str(cycle),
        closes_on=cycle.closes_on,
        invited=len(invited),
        on_time=sum(one.is_on_time(cycle.closes_on) for one in invited),
        days=tuple(days),
        # Of a closed cycle all is known: nothing came after.
        until=max(MILESTONES) if cycle.is_closed else (today - cycle.closes_on).days,
        variants={variant: Share(came[variant], asked[variant]) for variant in Variant if asked[variant]},
    )


def make_both(cycle: Cycle, before: Sequence[InvitedPlace], now: Sequence[InvitedPlace]) -> InvitedInBoth:
    came_before = {one.organisation: one.is_submitted for one in before}
    came_now = {one.organisation: one.is_submitted for one in now}
    both = came_before.keys() & came_now.keys()
    return InvitedInBoth(
        cycle.slug,
        Share(sum(came_before[one] for one in both), len(both)),
        Share(sum(came_now[one] for one in both), len(both)),
    )
