"""Writing the register of multi-agency audits: planned, changed, what one found, cancelled, and what was agreed.

Atomic, with versions. What was agreed is an action in the plan of the agency that does it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, fields

from django.db import transaction
from django.utils import timezone

from accountability.models import MultiAgencyAudit
from accountability.multi_agency_enums import AuditMethod
from s11.organisations.models import Participation, Partnership, User
from s11.web import errors
from surveys.actions import ActionInput, add_multi_agency_action, drop_agreed_action
from surveys.models import Action, Theme


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the audit is no longer what the page showed."""


@dataclass(frozen=True, slots=True)
class PlanInput:
    """What an audit is to be, as it was entered. `month` is the first day of one."""

    title: str
    theme: Theme | None
    month: datetime.date
    begins_on: datetime.date | None
    ends_on: datetime.date | None
    committee: str
    method: AuditMethod
    about: str
    repeats: MultiAgencyAudit | None
    taking_part: Collection[Participation] = ()


@dataclass(frozen=True, slots=True)
class FindingsInput:
    """What an audit found, and when it is to be repeated."""

    reported_on: datetime.date | None
    key_messages: str
    strengths: str
    weaknesses: str
    again_on: datetime.date | None


@transaction.atomic
def add_audit(*, partnership: Partnership, entered: PlanInput, by: User) -> MultiAgencyAudit:
    return _write(MultiAgencyAudit(partnership=partnership, version=0), entered, by)


@transaction.atomic
def change_audit(
    *, audit: MultiAgencyAudit, entered: PlanInput | FindingsInput, seen_version: int, by: User
) -> MultiAgencyAudit | None:
    """None once it is saved; the audit as it stands where somebody saved another version meanwhile."""
    now = _lock(audit)
    if now.version != seen_version:
        return now
    if now.cancelled:
        raise NotInThisState(f"‘{now}’ was cancelled meanwhile.")
    _write(now, entered, by)
    return None


@transaction.atomic
def cancel_audit(*, audit: MultiAgencyAudit, reason: str, by: User) -> None:
    """It stays in the register and in its year's plan, with the reason. Raises ValueError without one."""
    if not reason.strip():
        raise ValueError("An audit is cancelled with a reason: the form asks for it.")
    now = _lock(audit)
    if now.cancelled or now.is_reported:
        raise NotInThisState(f"‘{now}’ is {now.state.lower()} by now, so it stays as it is.")
    now.cancelled = reason.strip()
    _save(now, by)


@transaction.atomic
def plan_audit_again(*, audit: MultiAgencyAudit, by: User) -> None:
    """One that was cancelled is to be held after all."""
    now = _lock(audit)
    if not now.cancelled:
        raise NotInThisState(f"‘{now}’ is not cancelled any more.")
    now.cancelled = ""
    _save(now, by)


@transaction.atomic
def agree_action(
    *, audit: MultiAgencyAudit, participation: Participation, entered: ActionInput, by: User
) -> Action:
    """In the agency's plan from now on; it reports on it there. Sent twice it is one."""
    now = _lock(audit)
    same = now.actions.filter(
        participation=participation, what=entered.what, due_on=entered.due_on, created_by=by
    ).first()
    if same is not None:
        return same
    if not now.taking_part.filter(pk=participation.pk).exists():
        raise NotInThisState(f"{participation.name} does not take part in ‘{now}’ any more.")
    action = add_multi_agency_action(participation=participation, entered=entered, audit=now.title, by=by)
    now.actions.add(action)
    return action


@transaction.atomic
def take_back_action(*, audit: MultiAgencyAudit, action: Action, reason: str, by: User) -> None:
    """It stays in the agency's plan as dropped."""
    _lock(audit)
    drop_agreed_action(action=action, reason=reason, by=by)


def _write(audit: MultiAgencyAudit, entered: PlanInput | FindingsInput, by: User) -> MultiAgencyAudit:
    for one in fields(entered):
        if one.name != "taking_part":
            setattr(audit, one.name, getattr(entered, one.name))
    _save(audit, by)
    if isinstance(entered, PlanInput):
        audit.taking_part.set(entered.taking_part)
    return audit


def _save(audit: MultiAgencyAudit, by: User) -> None:
    audit.version += 1
    audit.changed_by, audit.changed_at = by, timezone.now()
    audit.save()


def _lock(audit: MultiAgencyAudit) -> MultiAgencyAudit:
    """As it is now; nobody else changes it until this is over."""
    rows = MultiAgencyAudit.objects.select_for_update(of=("self",))
    return rows.select_related("changed_by", "partnership").get(pk=audit.pk)
