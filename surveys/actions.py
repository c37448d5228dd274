"""Writes to the action plan: each verb is atomic and leaves a line in the action's history. `by` is who did it.

Whether somebody may is asked before, in permissions. A save of what somebody else has saved since is not made.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from s11.organisations.models import Participation, User
from surveys.document_requests import request_document
from surveys.enums import (
    ACTION_MOVES,
    WRITABLE,
    ActionOrigin,
    ActionOutcome,
    ActionPriority,
    ActionStatus,
    DocumentFormat,
    DocumentKind,
)
from surveys.models import (
    Action,
    ActionUpdate,
    ActionVerification,
    Answer,
    AnswerChange,
    Audit,
    Document,
    Evidence,
)
from surveys.workflow import NotInThisState, lock_audit

# What the history calls each column.
NAMES = {
    "what": "what will be different",
    "measure": "how you will know",
    "owner": "the owner",
    "owner_user": "the owner’s account",
    "starts_on": "the start",
    "due_on": "the due date",
    "priority": "the priority",
}


@dataclass(frozen=True, slots=True)
class ActionInput:
    """An action's own words, as a person entered them."""

    what: str
    measure: str
    owner: str
    owner_user: User | None
    starts_on: datetime.date | None
    due_on: datetime.date
    priority: ActionPriority


@dataclass(frozen=True, slots=True)
class ProgressInput:
    """What a person reported. `evidence` is all that is to be linked from now on."""

    text: str
    status: ActionStatus
    percent: int
    impact: str
    evidence: Collection[Evidence] = ()


@transaction.atomic
def add_action(
    *, participation: Participation, entered: ActionInput, answer: Answer | None = None, by: User
) -> Action:
    """Born from an answer's score, or freely."""
    assert answer is None or answer.audit.organisation == participation.organisation
    action = Action.objects.create(
        participation=participation,
        origin=ActionOrigin.FREE if answer is None else ActionOrigin.SCORE,
        answer=answer,
        first_due_on=entered.due_on,
        created_by=by,
        **{name: getattr(entered, name) for name in NAMES},
    )
    _write_history(action, action, "Added.", by)
    return action


@transaction.atomic
def add_panel_action(*, participation: Participation, entered: ActionInput, by: User) -> Action:
    """Agreed with the panel: its words and dates stay, whoever works on it."""
    return _add_agreed(participation, entered, ActionOrigin.PANEL, "Agreed with the panel.", by)


@transaction.atomic
def add_multi_agency_action(
    *, participation: Participation, entered: ActionInput, audit: str, by: User
) -> Action:
    """Agreed after the partnership's audit of this title: its words and dates stay, whoever works on it."""
    return _add_agreed(
        participation, entered, ActionOrigin.AUDIT, f"Agreed after the multi-agency audit ‘{audit}’.", by
    )


def _add_agreed(
    participation: Participation, entered: ActionInput, origin: ActionOrigin, said: str, by: User
) -> Action:
    action = Action.objects.create(
        participation=participation,
        origin=origin,
        first_due_on=entered.due_on,
        created_by=by,
        **{name: getattr(entered, name) for name in NAMES},
    )
    _write_history(action, action, said, by)
    return action


@transaction.atomic
def drop_agreed_action(*, action: Action, reason: str, by: User) -> None:
    """What agreed it took it back, or the agency refused after all: it stays in the plan as dropped."""
    current = _lock(action)
    if not current.is_unfinished:
        raise NotInThisState(
            f"The action is {current.get_status_display().lower()} by now, so it stays as it is."
        )
    before = _remember(current)
    current.status = ActionStatus.DROPPED
    current.version += 1
    current.save()
    _write_history(before, current, reason, by)


@transaction.atomic
def verify_action(*, action: Action, outcome: ActionOutcome, text: str, by: User) -> ActionVerification:
    """An officer's word on an action that is done: did it work, and what shows it."""
    if not text.strip():
        raise ValueError("a verification says what shows it: the form asks for it")
    current = _lock(action)
    if current.status != ActionStatus.DONE:
        raise NotInThisState(
            f"Only an action that is done can be verified; this one is {current.get_status_display().lower()} now."
        )
    return ActionVerification.objects.create(action=current, outcome=outcome, text=text.strip(), by=by)


@transaction.atomic
def change_action(
    *, action: Action, entered: ActionInput, reason: str = "", seen_version: int, by: User
) -> Action | None:
    """Returns the action as somebody else has saved it since, and saves nothing; None where all is well.

    The first due date stays what it was.
    """
    current = _lock(action)
    changed = [name for name in NAMES if getattr(current, name) != getattr(entered, name)]
    if not changed:
        return None
    if current.version != seen_version:
        return current
    before = _remember(current)
    for name in changed:
        setattr(current, name, getattr(entered, name))
    current.version += 1
    current.save()
    said = f"Changed {_list_names(changed)}."
    _write_history(before, current, f"{said} {reason}".strip(), by)
    return None


@transaction.atomic
def report_progress(*, action: Action, entered: ProgressInput, seen_version: int, by: User) -> Action | None:
    """Returns the action as somebody else has saved it since, and saves nothing; None where all is well."""
    current = _lock(action)
    if current.version != seen_version:
        return current
    _check_move(current, entered)
    before = _remember(current)
    current.status, current.percent = entered.status, entered.percent
    current.impact = entered.impact
    current.version += 1
    current.save()
    current.evidence.set(entered.evidence)
    _write_history(before, current, entered.text, by)
    return None


def get_next_statuses(status: str) -> list[ActionStatus]:
    """The status itself, and those that a report may move it to, in the order of the enum."""
    return [to for to in ActionStatus if to == status or (status, to) in ACTION_MOVES]


def _check_move(current: Action, entered: ProgressInput) -> None:
    if entered.status not in get_next_statuses(current.status):
        raise NotInThisState(
            f"The action is {current.get_status_display().lower()} now, so it cannot become "
            f"{entered.status.label.lower()}. This page shows it as it is."
        )
    if entered.status == ActionStatus.DONE and not (entered.impact or entered.evidence):
        raise ValueError("an action that is done needs its impact or evidence: the form asks for it")


def _lock(action: Action) -> Action:
    """As it is in the database now; nobody else changes it until this is over."""
    return Action.objects.select_for_update(of=("self",)).select_related("owner_user").get(pk=action.pk)


def _remember(action: Action) -> Action:
    """Only what the history says."""
    return Action(pk=action.pk, status=action.status, percent=action.percent, due_on=action.due_on)


def _write_history(before: Action, after: Action, text: str, by: User) -> None:
    ActionUpdate.objects.create(
        action=after,
        text=text,
        status_before=before.status,
        status_after=after.status,
        percent_before=before.percent,
        percent_after=after.percent,
        due_before=before.due_on,
        due_after=after.due_on,
        by=by,
    )


def _list_names(columns: list[str]) -> str:
    *most, last = [NAMES[name] for name in columns]
    return f"{', '.join(most)} and {last}" if most else last


@transaction.atomic
def give_no_action_reason(*, audit: Audit, answer: Answer, reason: str, by: User) -> None:
    """Why a 0 or 1 needs no action; empty takes it back. Part of the answer, so in its trail."""
    lock_audit(audit, *WRITABLE)
    current = Answer.objects.select_for_update().get(pk=answer.pk)
    if current.no_action_reason == reason:
        return
    now = timezone.now()
    AnswerChange.objects.create(
        answer=current,
        version=current.version + 1,
        score_before=current.score,
        score_after=current.score,
        reason_before=current.not_applicable_reason,
        reason_after=current.not_applicable_reason,
        commentary_before=current.commentary,
        commentary_after=current.commentary,
        no_action_before=current.no_action_reason,
        no_action_after=reason,
        by=by,
        at=now,
    )
    current.no_action_reason = reason
    current.version += 1
    current.updated_by, current.updated_at = by, now
    current.save(update_fields=["no_action_reason", "version", "updated_by", "updated_at"])


def request_action_plan(*, participation: Participation, by: User) -> Document:
    """The plan as a PDF, which a worker builds."""
    return request_document(
        kind=DocumentKind.ACTION_PLAN,
        file_format=DocumentFormat.PDF,
        by=by,
        participation=participation,
    )
