"""The executive's risk list: agencies with their reasons in words, the most concerning first, beside the year before.

The year before is judged by the same rule from what is known today of the cycle before. What is overdue is known of
today alone, so it puts nobody on that list, and by itself it makes nobody new on this one.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import TextChoices
from django.utils import timezone

from accountability.agency_risk import Kind, Reason, get_reasons, get_urgency, is_listed
from accountability.agency_risk_facts import NONE, OTHER_SERVICES_ARE, Known, get_known
from s11.web.text import list_words, plural
from surveys.enums import Series
from surveys.figures import format_mean
from surveys.full_overview import list_offered
from surveys.models import Cycle
from surveys.overview_groups import NOT_KNOWN
from surveys.support import WHOSE

LATE: Final[frozenset[Kind]] = frozenset({"panel_overdue", "overdue"})
NOT_COMPARED_MEANS: Final = (
    "‘Not compared’ is who is on it only because something is overdue: that is known of today alone, not of the "
    "year before."
)


class Standing(TextChoices):
    """Beside the year before; derived."""

    NEW = "new", "New on the list"
    STILL = "still", "Still on the list"
    NOT_ASKED = "not_asked", "Not asked the year before"
    NOT_COMPARED = "not_compared", "Not compared"


class RiskKind(TextChoices):
    """Each reason, in as many words as a filter has; in the order of a line."""

    NOT_SUBMITTED = "not_submitted", "Nothing was returned"
    CRITICAL_ZERO = "critical_zero", "A critical indicator at 0"
    BELOW_1 = "below_1", "A standard with a mean below 1"
    PANEL = "panel", "Rated below grade 2 by the panel"
    PANEL_OVERDUE = "panel_overdue", "Overdue to the panel"
    OVERALL = "overall", "The whole audit below grade 2"
    LOWERED = "lowered", "Scores lowered"
    FELL = "fell", "A lower grade than before"
    NO_FOLLOW_UP = "no_follow_up", "Low scores without an action"
    OVERDUE = "overdue", "Own actions overdue"
    NOT_SUBMITTED_FREELY = "not_submitted_freely", "Nothing returned, and free to decline"


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One agency on the list. `place` counts from 1 on the whole list, whatever is filtered."""

    known: Known
    reasons: tuple[Reason, ...]
    place: int
    standing: Standing
    place_before: int | None = None

    @property
    def name(self) -> str:
        return self.known.name

    @property
    def serious(self) -> int:
        return sum(reason.is_serious for reason in self.reasons)

    @property
    def further(self) -> int:
        return len(self.reasons) - self.serious

    @property
    def whose(self) -> str:
        """Whose scores they are; empty where there are none."""
        return WHOSE[Series(self.known.facts.whose)] if self.known.facts.whole.n else ""

    @property
    def mean(self) -> str | None:
        whole = self.known.facts.whole
        return format_mean(whole.total, whole.n)

    @property
    def before(self) -> str:
        """‘Still on the list, then in place 4’."""
        at = f", then in place {self.place_before}" if self.place_before is not None else ""
        return f"{self.standing.label}{at}"

    @property
    def standards(self) -> frozenset[str]:
        """Codes of what is weak in it, or is spoken of."""
        weak = {one.code for one in self.known.facts.standards if one.is_weak}
        return frozenset(weak.union(*(reason.standards for reason in self.reasons)))


@dataclass(frozen=True, slots=True)
class RiskList:
    """Of one cycle. `asked` are all that were invited and not exempt; `gone` are names of agencies that were on the
    list of `earlier`, have returned again and are not on this one; `waiting` were on it and have not returned yet, so
    nobody can say of them that anything is better; `not_asked` were on it and were not asked again."""

    cycle: Cycle
    rows: tuple[RiskRow, ...]
    asked: int
    # How many give one further reason, which is not enough.
    not_enough: int
    earlier: Cycle | None
    gone: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    # How many were on the list of `earlier`: those still on it, gone, waiting and not asked.
    then: int = 0
    # How many more its own page shows today, only for what is overdue.
    late_then: int = 0

    @property
    def serious(self) -> tuple[RiskRow, ...]:
        return tuple(row for row in self.rows if row.serious)

    @property
    def further(self) -> tuple[RiskRow, ...]:
        """Those on it for further reasons alone."""
        return tuple(row for row in self.rows if not row.serious)

    @property
    def other_services(self) -> str:
        """Who stands under this sector, where somebody does."""
        return OTHER_SERVICES_ARE if any(row.known.sector == NOT_KNOWN for row in self.rows) else ""

    def count(self, standing: Standing) -> int:
        return sum(row.standing == standing for row in self.rows)

    @property
    def new(self) -> int:
        return self.count(Standing.NEW)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows; what is empty narrows nothing. `standard` is a variant and a code: ‘school:A4’."""

    search: str = ""
    variant: str = ""
    sector: str = ""
    standard: str = ""
    reason: str = ""
    standing: str = ""

    def fits(self, row: RiskRow) -> bool:
        variant, _, code = self.standard.partition(":")
        return (
            all(word in row.name.casefold() for word in self.search.casefold().split())
            and self.variant in ("", row.known.variant)
            and self.sector in ("", row.known.sector)
            and (not self.standard or (row.known.variant == variant and code in row.standards))
            and (not self.reason or any(one.kind == self.reason for one in row.reasons))
            and self.standing in ("", row.standing)
        )


Judged = tuple[Known, tuple[Reason, ...]]


def get_risk_list(cycle: Cycle, today: datetime.date | None = None) -> RiskList:
    """A fixed number of queries."""
    today = today or timezone.localdate()
    known = get_known(cycle, today)
    earlier = find_earlier(cycle)
    then = get_known(earlier, today) if earlier is not None else []
    return make_risk_list(cycle, known, earlier, then)


def find_earlier(cycle: Cycle) -> Cycle | None:
    """The newest one before it of the same kind that asked a variant of this one's. One query."""
    found = next((one for one in list_offered(cycle) if one.kind == cycle.kind), None)
    if found is not None:
        found.partnership = cycle.partnership
    return found


def make_risk_list(
    cycle: Cycle, known: Collection[Known], earlier: Cycle | None, then: Collection[Known]
) -> RiskList:
    """Asks the database nothing. `then` are judged without what is overdue now; how many that leaves out is said."""
    now, compared = rank(known), rank(map(_forget_late, then))
    before = {one.organisation: place for place, (one, _) in enumerate(compared, start=1)}
    asked_then = {one.organisation for one in then} if earlier is not None else None
    asked_now = {one.organisation for one in known}
    on_it = {one.organisation for one, _ in now}
    returned = {one.organisation for one in known if one.facts.has_returned}
    off = [one for one, _ in compared if one.organisation not in on_it]
    asked_again = [one for one in off if one.organisation in asked_now]
    return RiskList(
        cycle=cycle,
        rows=tuple(
            RiskRow(
                one,
                reasons,
                place,
                find_standing(one, reasons, before, asked_then),
                before.get(one.organisation),
            )
            for place, (one, reasons) in enumerate(now, start=1)
        ),
        asked=len(known),
        not_enough=sum(bool(get_reasons(one.facts)) for one in known) - len(now),
        earlier=earlier,
        gone=tuple(one.name for one in asked_again if one.organisation in returned),
        waiting=tuple(one.name for one in asked_again if one.organisation not in returned),
        not_asked=tuple(one.name for one in off if one.organisation not in asked_now),
        then=len(before),
        late_then=len(rank(then)) - len(before),
    )


def rank(known: Iterable[Known]) -> list[Judged]:
    """Those whose reasons are enough, in order; by name and id where two are alike, so that the order is one."""
    judged = [(one, get_reasons(one.facts)) for one in known]
    return sorted(
        ((one, reasons) for one, reasons in judged if is_listed(reasons)),
        key=lambda pair: (
            get_urgency(pair[0].facts, pair[1]),
            pair[0].name.casefold(),
            pair[0].organisation,
        ),
    )


def _forget_late(known: Known) -> Known:
    return replace(known, facts=replace(known.facts, panel_late=NONE, own_late=NONE))


def find_standing(
    known: Known, reasons: Iterable[Reason], before: Mapping[int, int], asked_then: Collection[int] | None
) -> Standing:
    """`asked_then` is None where there is no cycle before."""
    if asked_then is None:
        return Standing.NOT_COMPARED
    if known.organisation not in asked_then:
        return Standing.NOT_ASKED
    if known.organisation in before:
        return Standing.STILL
    is_listed_without = is_listed([reason for reason in reasons if reason.kind not in LATE])
    return Standing.NEW if is_listed_without else Standing.NOT_COMPARED


def pick(rows: Iterable[RiskRow], wanted: Wanted) -> list[RiskRow]:
    return [row for row in rows if wanted.fits(row)]


# In words -------------------------------------------------------------------------------------------------------------


def say_list(risks: RiskList) -> str:
    """Everybody who was asked, each in one part: ‘34 of 43 agencies are on the list: 25 for … and 9 for …’."""
    serious, further = len(risks.serious), len(risks.further)
    parts = [f"{serious} with a serious reason"] if serious else []
    parts += [f"{further} with two or more further ones alone"] if further else []
    said = f"{len(risks.rows)} of {plural(risks.asked, 'agency', 'agencies')} {_are(len(risks.rows))} on the list"
    said += f": {list_words(parts)}." if parts else "."
    if risks.not_enough:
        gives = "gives" if risks.not_enough == 1 else "give"
        said += f" {risks.not_enough} not on it {gives} one further reason, which is for the desk."
    none = risks.asked - len(risks.rows) - risks.not_enough
    return f"{said} {none} {'gives' if none == 1 else 'give'} none." if none else said


def say_change(risks: RiskList) -> str:
    """From last year's list to this one, so that the sum closes; empty where there is none to compare with."""
    if risks.earlier is None:
        return ""
    still = risks.count(Standing.STILL)
    left = [f"{still} {_are(still)} still listed"]
    left += (
        [f"{plural(len(risks.gone), 'left the list with its return', 'left the list with their returns')}"]
        if risks.gone
        else []
    )
    left += [f"{len(risks.waiting)} {say_waiting(risks)}"] if risks.waiting else []
    not_asked = len(risks.not_asked)
    left += [f"{not_asked} {'was' if not_asked == 1 else 'were'} not asked this time"] if not_asked else []
    came = [
        f"{count} {words}"
        for standing, words in (
            (Standing.NEW, "newly listed"),
            (Standing.NOT_ASKED, "not asked the year before"),
            (Standing.NOT_COMPARED, "not compared"),
        )
        if (count := risks.count(standing))
    ]
    said = f"Of {risks.then} on the list of {risks.earlier}, {list_words(left)}."
    if risks.late_then:
        shown = f"The list of {risks.earlier} has {risks.then + risks.late_then} today, {risks.late_then} only for what"
        said = (
            f"{shown} is overdue now, which is not compared. Of the other {risks.then}, {list_words(left)}."
        )
    said += f" With {list_words(came)}, that makes {len(risks.rows)}." if came else ""
    if risks.count(Standing.NOT_COMPARED):
        said += f" {NOT_COMPARED_MEANS}"
    return said


def say_waiting(risks: RiskList) -> str:
    """Of those that returned nothing so far; once the cycle is closed nothing more is waited for."""
    if risks.cycle.is_closed:
        return "returned nothing"
    return "has not returned yet" if len(risks.waiting) == 1 else "have not returned yet"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
