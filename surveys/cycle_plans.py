"""Writes that plan a cycle: its dates, its question banks, who is invited, and what is agreed with each of them.

Opening and closing are in workflow.py.

Each verb is atomic and refuses, with NotInThisState, what the cycle's status no longer allows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditlog.models import LogEntry
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.text import slugify

from s11.organisations.models import Organisation, Partnership, Removal, User
from s11.organisations.removals import remove
from surveys.enums import CycleKind, CycleStatus, Obligation
from surveys.models import (
    Audit,
    Cycle,
    CycleQuestionnaire,
    Invitee,
    OwnToolReturn,
    PractitionerSurvey,
    Questionnaire,
    Standard,
)
from surveys.permissions import has_submitted
from surveys.workflow import NotInThisState, lock_cycle


@dataclass(frozen=True, slots=True)
class Pin:
    """The bank that a cycle uses for the bank's variant; for a topic, the standards that it asks."""

    questionnaire: Questionnaire
    standards: tuple[Standard, ...] = ()


@transaction.atomic
def plan_cycle(
    *,
    partnership: Partnership,
    title: str,
    kind: CycleKind,
    asks_sign_off: bool,
    opens_on: datetime.date,
    closes_on: datetime.date,
    pins: Iterable[Pin],
    invited: Mapping[Organisation, Obligation],
    by: User | None,
) -> Cycle:
    """A planned cycle with its question banks and its invitees; agencies see nothing of it until it is opened.

    Raises NotInThisState where a cycle of this title has been planned meanwhile: a second press of the same button.
    """
    # Two plans at once queue here: of one title only one is made, and no two have one address.
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    if title.casefold() in (one.casefold() for one in partnership.cycles.values_list("title", flat=True)):
        raise NotInThisState(f"{title} is planned already, so no second cycle of this title was made.")
    cycle = Cycle.objects.create(
        partnership=partnership,
        slug=_make_cycle_slug(partnership, title),
        title=title,
        kind=kind,
        asks_sign_off=asks_sign_off,
        opens_on=opens_on,
        closes_on=closes_on,
    )
    for pin in pins:
        row = CycleQuestionnaire.objects.create(
            cycle=cycle, variant=pin.questionnaire.variant, questionnaire=pin.questionnaire
        )
        row.standards.set(pin.standards)
    invite_to_cycle(cycle=cycle, invited=invited, by=by)
    return cycle


def _make_cycle_slug(partnership: Partnership, title: str) -> str:
    """From the title; `new` is the address of the page that plans one."""
    stem = slugify(title)[:50].strip("-") or "cycle"
    taken = {"new", *partnership.cycles.filter(slug__startswith=stem).values_list("slug", flat=True)}
    return next(
        slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken
    )


@transaction.atomic
def invite_to_cycle(
    *, cycle: Cycle, invited: Mapping[Organisation, Obligation], by: User | None
) -> list[Invitee]:
    """Invite those who are not invited yet and whose variant the cycle has; the others stay as they are."""
    lock_cycle(cycle, CycleStatus.PLANNED, CycleStatus.OPEN)
    pins = {pin.variant: pin for pin in cycle.cycle_questionnaires.all()}
    already = set(cycle.invitees.values_list("organisation", flat=True))
    invitees = Invitee.objects.bulk_create(
        Invitee(
            cycle=cycle,
            cycle_questionnaire=pins[organisation.variant],
            organisation=organisation,
            obligation=obligation,
        )
        for organisation, obligation in invited.items()
        if organisation.pk not in already and organisation.variant in pins
    )
    # The trail does not see what is created in bulk.
    LogEntry.objects.log_m2m_changes(
        [one.organisation for one in invitees], cycle, "add", "invitees", actor=by
    )
    return invitees


@transaction.atomic
def remove_invitee(*, invitee: Invitee, by: User) -> Removal:
    """As if never invited; only while it has no audit."""
    lock_cycle(invitee.cycle, CycleStatus.PLANNED, CycleStatus.OPEN)
    if Audit.objects.filter(invitee=invitee).exists():
        raise NotInThisState(f"{invitee.organisation} has opened its audit by now, so it was not removed.")
    if OwnToolReturn.objects.filter(invitee=invitee).exists():
        raise NotInThisState(
            f"{invitee.organisation} has returned its own audit by now, so it was not removed."
        )
    if invitee.escalations.exists():
        raise NotInThisState(
            f"{invitee.organisation} has been chased on record by now, so it was not removed."
        )
    if PractitionerSurvey.objects.filter(invitee=invitee).exists():
        raise NotInThisState(f"{invitee.organisation} has asked its staff by now, so it was not removed.")
    title = f"The invitation of {invitee.organisation} to {invitee.cycle}"
    partnership = invitee.cycle.partnership
    try:
        return remove("invitee", invitee, title=title, partnership=partnership, by=by)
    except ProtectedError:
        # Another app's rows, of which this one knows nothing: that it is called before a panel.
        raise NotInThisState(
            f"{invitee.organisation} stands in what stays on record, such as a meeting, so it was not removed. Make "
            "it exempt instead."
        ) from None


@transaction.atomic
def change_obligation(*, invitee: Invitee, obligation: str, by: User) -> None:
    """Whether it must or may take part."""
    current = _lock_invitee(invitee)
    current.obligation = obligation
    current.save(update_fields=["obligation"])


@transaction.atomic
def change_extension(
    *, invitee: Invitee, extended_to: datetime.date | None, extension_reason: str, by: User
) -> None:
    """More time, or (None) no longer more than the others have."""
    current = _lock_invitee(invitee)
    if has_submitted(current):
        raise NotInThisState(f"{current.organisation} has submitted by now, so its last day was not changed.")
    current.extended_to, current.extension_reason = extended_to, extension_reason
    current.save(update_fields=["extended_to", "extension_reason"])


@transaction.atomic
def change_exemption(*, invitee: Invitee, exempt_reason: str, by: User) -> None:
    """Exempt with a reason, or (empty) no longer exempt."""
    current = _lock_invitee(invitee)
    if has_submitted(current) and not current.is_exempt:
        raise NotInThisState(f"{current.organisation} has submitted by now, so it was not made exempt.")
    current.exempt_reason = exempt_reason
    current.save(update_fields=["exempt_reason"])


def _lock_invitee(invitee: Invitee) -> Invitee:
    """As it is now: whoever submits, exempts, extends or closes waits for the cycle's lock."""
    lock_cycle(invitee.cycle, CycleStatus.PLANNED, CycleStatus.OPEN)
    found = Invitee.objects.select_related("organisation", "audit", "own_tool_return").filter(pk=invitee.pk)
    current = found.first()
    if current is None:
        raise NotInThisState(f"{invitee.organisation} is no longer invited, so nothing was changed.")
    return current


@transaction.atomic
def change_plan(
    *,
    cycle: Cycle,
    title: str,
    opens_on: datetime.date,
    closes_on: datetime.date,
    asks_sign_off: bool,
    by: User,
) -> None:
    """Title, dates and sign-off, while the cycle is planned; its address stays."""
    lock_cycle(cycle, CycleStatus.PLANNED)
    cycle.title, cycle.opens_on, cycle.closes_on = title, opens_on, closes_on
    cycle.asks_sign_off = asks_sign_off
    cycle.save(update_fields=["title", "opens_on", "closes_on", "asks_sign_off"])


@transaction.atomic
def delete_plan(*, cycle: Cycle, by: User) -> Removal:
    """As if never planned; only while it is. Whom it invited goes with it, and comes back with it."""
    lock_cycle(cycle, CycleStatus.PLANNED)
    if Audit.objects.filter(invitee__cycle=cycle).exists():
        raise NotInThisState(f"{cycle} holds audits that were imported, so it was not deleted.")
    title = f"The plan of {cycle}"
    return remove("cycle", *cycle.invitees.all(), cycle, title=title, partnership=cycle.partnership, by=by)


@transaction.atomic
def change_pin(*, row: CycleQuestionnaire, pin: Pin, by: User) -> None:
    """Another bank for the same variant, or other standards of a topic, while the cycle is planned."""
    lock_cycle(row.cycle, CycleStatus.PLANNED)
    row.questionnaire = pin.questionnaire
    row.save(update_fields=["questionnaire"])
    row.standards.set(pin.standards)


@transaction.atomic
def move_closing_day(*, cycle: Cycle, closes_on: datetime.date, by: User) -> None:
    """Of an open cycle; from now on every return is judged by it, those submitted already too."""
    lock_cycle(cycle, CycleStatus.OPEN)
    cycle.closes_on = closes_on
    cycle.save(update_fields=["closes_on"])
