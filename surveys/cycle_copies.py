"""Planning a cycle from an earlier one: what the copy takes over, what it leaves, and the write that plans it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation, Partnership, User
from surveys.cycle_dates import BIENNIAL, YEARLY, CycleDates, move_dates, move_title
from surveys.cycle_plans import Pin, plan_cycle
from surveys.enums import CycleKind, Duty, Obligation
from surveys.models import Cycle, CycleQuestionnaire, CycleText, Questionnaire
from surveys.planning import get_banks, get_takers, make_invited

TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class CopiedPin:
    """One variant's newest bank; `last` is the one that the earlier cycle asked, `lost` standards that it has not."""

    pin: Pin
    last: Questionnaire
    lost: tuple[str, ...] = ()

    @property
    def bank(self) -> Questionnaire:
        return self.pin.questionnaire

    @property
    def is_newer(self) -> bool:
        return self.bank.pk != self.last.pk

    @property
    def is_biennial(self) -> bool:
        return self.last.duty == Duty.SECTION_175


@dataclass(frozen=True, slots=True)
class Copy:
    """What a cycle that repeats another would hold. `again` and `joined` are invited; the others are not."""

    cycle: Cycle
    dates: CycleDates
    pins: tuple[CopiedPin, ...]
    again: dict[Organisation, Obligation]
    joined: dict[Organisation, Obligation]
    left: int
    texts: int

    @property
    def title(self) -> str:
        """With its years moved on; one without a year says that it is a copy."""
        title = move_title(self.cycle.title, self.dates.years)
        return (title if title != self.cycle.title else f"{title} (again)")[:TITLE_LENGTH]

    @property
    def is_biennial(self) -> bool:
        """All that it asks is asked every other year."""
        return bool(self.pins) and all(pin.is_biennial for pin in self.pins)

    @property
    def asks_both(self) -> bool:
        return any(pin.is_biennial for pin in self.pins) and not self.is_biennial

    @property
    def schools_due(self) -> datetime.date:
        """From when section 175 is due again."""
        return move_dates(
            self.cycle.opens_on, self.cycle.closes_on, every=BIENNIAL, today=self.cycle.closes_on
        ).opens_on

    def get_invited(self, *, asks_schools: bool = True) -> dict[Organisation, Obligation]:
        """Everybody whose variant is asked."""
        asked = {pin.bank.variant for pin in self.get_pins(asks_schools=asks_schools)}
        everybody = self.again | self.joined
        return {one: obligation for one, obligation in everybody.items() if one.variant in asked}

    def get_pins(self, *, asks_schools: bool = True) -> tuple[CopiedPin, ...]:
        return tuple(pin for pin in self.pins if asks_schools or not pin.is_biennial)


def make_copy(cycle: Cycle, today: datetime.date) -> Copy:
    """A fixed number of queries, whatever the number of organisations."""
    pins = tuple(_copy_pins(cycle))
    every = BIENNIAL if pins and all(pin.is_biennial for pin in pins) else YEARLY
    last = dict(cycle.invitees.values_list("organisation", "obligation"))
    takers = [
        taker
        for taker in get_takers(cycle.partnership).select_related("organisation")
        if taker.organisation.variant in {pin.bank.variant for pin in pins}
    ]
    again = {
        taker.organisation: Obligation(last[taker.organisation_id])
        for taker in takers
        if taker.organisation_id in last
    }
    # Who was here when it was planned and was not invited was left out on purpose.
    joined = [
        taker for taker in takers if taker.organisation_id not in last and taker.joined_at >= cycle.created_at
    ]
    return Copy(
        cycle=cycle,
        dates=move_dates(cycle.opens_on, cycle.closes_on, every=every, today=today),
        pins=pins,
        again=again,
        joined=make_invited(joined),
        left=len(last) - len(again),
        texts=cycle.texts.count(),
    )


def _copy_pins(cycle: Cycle) -> list[CopiedPin]:
    """In the order of reports."""
    newest: dict[str, Questionnaire] = {}
    for bank in get_banks(cycle.partnership):
        newest.setdefault(bank.variant, bank)
    rows = cycle.cycle_questionnaires.select_related("questionnaire").prefetch_related("standards")
    ordered = sorted(rows, key=lambda row: Variant.values.index(row.variant))
    return [_copy_pin(cycle, row, newest.get(row.variant, row.questionnaire)) for row in ordered]


def _copy_pin(cycle: Cycle, row: CycleQuestionnaire, bank: Questionnaire) -> CopiedPin:
    """A topic's standards by their codes; one that the newest bank has no more is said."""
    if cycle.kind != CycleKind.TOPIC:
        return CopiedPin(Pin(bank), row.questionnaire)
    codes = [standard.code for standard in row.standards.all()]
    found = {standard.code: standard for standard in bank.standards.filter(code__in=codes)}
    standards = tuple(found[code] for code in codes if code in found)
    lost = tuple(code for code in codes if code not in found)
    return CopiedPin(Pin(bank, standards), row.questionnaire, lost)


@transaction.atomic
def copy_cycle(
    *,
    copy: Copy,
    title: str,
    opens_on: datetime.date,
    closes_on: datetime.date,
    asks_sign_off: bool,
    asks_schools: bool,
    by: User,
) -> Cycle:
    """A planned cycle with all that the copy holds, the earlier one's own words for e-mails included.

    Raises NotInThisState where one of this title is planned already: a second press of the same button.
    """
    partnership = Partnership.objects.get(pk=copy.cycle.partnership_id)
    planned = plan_cycle(
        partnership=partnership,
        title=title,
        kind=CycleKind(copy.cycle.kind),
        asks_sign_off=asks_sign_off,
        opens_on=opens_on,
        closes_on=closes_on,
        pins=[pin.pin for pin in copy.get_pins(asks_schools=asks_schools)],
        invited=copy.get_invited(asks_schools=asks_schools),
        by=by,
    )
    for text in copy.cycle.texts.all():
        CycleText.objects.create(
            cycle=planned, kind=text.kind, subject=text.subject, body=text.body, updated_by=by
        )
    return planned
