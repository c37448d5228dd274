"""Writes with a consequence: each verb is atomic, writes its event, and sends mail on commit. `by` is who did it.

Whether somebody may is asked before, in permissions.py.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from s11.organisations.models import User
from s11.web import errors
from surveys import emails
from surveys.enums import (
    AUDIT_MOVES,
    CYCLE_MOVES,
    AuditEventKind,
    AuditStatus,
    CycleStatus,
    DocumentFormat,
    DocumentKind,
)
from surveys.models import (
    Answer,
    AnswerChange,
    Audit,
    AuditEvent,
    Cycle,
    Document,
    Indicator,
    Invitee,
    ProfileAnswer,
    ProfileQuestion,
    Scorecard,
)
from surveys.progress import get_progress
from surveys.queries import AskedIndicator
from surveys.scorecards import make_item, make_scorecard_rows
from surveys.tasks import build_document


class NotInThisState(errors.NotInThisState):
    """A move that the table in enums.py does not allow: somebody else was quicker, or a page was old."""


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """What a person entered for one indicator, and the version of the answer that they saw (0: none yet)."""

    indicator: Indicator
    score: int | None
    not_applicable_reason: str
    commentary: str
    seen_version: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """A save that was not made: somebody else saved the same answer since. Both texts are at hand."""

    entered: AnswerInput
    current: Answer


# Cycles ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_cycle(*, cycle: Cycle, by: User | None) -> None:
    """From now on agencies can answer, and the pinned questionnaires never change."""
    _move_cycle(cycle, CycleStatus.OPEN)
    cycle.opened_at = timezone.now()
    cycle.save(update_fields=["status", "opened_at"])


@transaction.atomic
def close_cycle(*, cycle: Cycle, by: User) -> None:
    """Nothing can be entered or submitted any more; who was registered is counted as at this moment."""
    _move_cycle(cycle, CycleStatus.CLOSED)
    cycle.closed_at = timezone.now()
    cycle.closed_by = by
    cycle.save(update_fields=["status", "closed_at", "closed_by"])


def _move_cycle(cycle: Cycle, to: CycleStatus) -> None:
    now = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if (CycleStatus(now.status), to) not in CYCLE_MOVES:
        raise NotInThisState(
            f"{cycle} is {now.get_status_display().lower()} already. Reload the page to see it as it is."
        )
    cycle.status = to


# Audits ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_audit(*, invitee: Invitee, by: User) -> Audit:
    """The invitee's audit, made now if this is the first time that anybody opens it."""
    audit, is_new = Audit.objects.get_or_create(invitee=invitee)
    if is_new:
        AuditEvent.objects.create(audit=audit, kind=AuditEventKind.OPENED, by=by)
    return audit


def _lock(audit: Audit, *allowed: AuditStatus) -> None:
    """Nobody submits, recalls or saves the same audit at the same time."""
    status = Audit.objects.select_for_update().values_list("status", flat=True).get(pk=audit.pk)
    if status not in allowed:
        label = AuditStatus(status).label.lower()
        raise NotInThisState(
            f"The audit is {label} now, so nothing was saved. Reload the page to see it as it is."
        )


@transaction.atomic
def save_answers(*, audit: Audit, entered: Iterable[AnswerInput], by: User) -> list[Conflict]:
    """Save what differs from what is there. An answer that somebody else saved since is left as it is and returned."""
    _lock(audit, AuditStatus.DRAFT, AuditStatus.RETURNED)
    entered = list(entered)
    current = {
        answer.indicator_id: answer
        for answer in audit.answers.filter(indicator__in=[one.indicator for one in entered]).select_related(
            "updated_by", "indicator"
        )
    }
    conflicts = []
    for one in entered:
        answer = current.get(one.indicator.pk) or Answer(audit=audit, indicator=one.indicator, version=0)
        if not _differs(answer, one):
            continue
        if answer.version != one.seen_version:
            conflicts.append(Conflict(one, answer))
            continue
        _save_answer(answer, one, by)
    return conflicts


def _differs(answer: Answer, entered: AnswerInput) -> bool:
    return (answer.score, answer.not_applicable_reason, answer.commentary, answer.confirmed) != (
        entered.score,
        entered.not_applicable_reason,
        entered.commentary,
        True,
    )


def _save_answer(answer: Answer, entered: AnswerInput, by: User) -> None:
    now = timezone.now()
    change = AnswerChange(
        answer=answer,
        version=answer.version + 1,
        score_before=answer.score,
        score_after=entered.score,
        reason_before=answer.not_applicable_reason,
        reason_after=entered.not_applicable_reason,
        commentary_before=answer.commentary,
        commentary_after=entered.commentary,
        by=by,
        at=now,
    )
    answer.score = entered.score
    answer.not_applicable_reason = entered.not_applicable_reason
    answer.commentary = entered.commentary
    answer.confirmed = True
    answer.version += 1
    answer.updated_by = by
    answer.updated_at = now
    answer.save()
    change.answer = answer
    change.save()


@transaction.atomic
def save_profile(*, audit: Audit, values: dict[ProfileQuestion, str], by: User) -> None:
    """Facts about the organisation, as text; only those that changed are written."""
    _lock(audit, AuditStatus.DRAFT, AuditStatus.RETURNED)
    current = {answer.question_id: answer for answer in audit.profile_answers.all()}
    for question, value in values.items():
        answer = current.get(question.pk) or ProfileAnswer(audit=audit, question=question, version=0)
        if answer.value == value and answer.version:
            continue
        answer.value = value
        answer.version += 1
        answer.updated_by = by
        answer.updated_at = timezone.now()
        answer.save()


@transaction.atomic
def submit_audit(*, audit: Audit, by: User) -> None:
    """Lock the audit, freeze its scorecard, send the receipt and have the copy built.

    Raises MissingAnswers where an answer is missing: the check page says so first.
    """
    _lock(audit, *(before for before, after in AUDIT_MOVES if after == AuditStatus.SUBMITTED))
    items = [item for standard in get_progress(audit).standards for item in standard.items]
    mark_submitted(audit, at=timezone.now(), by=by)
    freeze_answers(audit, items)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SUBMITTED, by=by)
    request_document(kind=DocumentKind.AUDIT_COPY, file_format=DocumentFormat.PDF, audit=audit, by=by)
    transaction.on_commit(lambda: emails.send_receipt(audit))


def mark_submitted(audit: Audit, *, at: datetime.datetime, by: User | None) -> None:
    """The audit's own columns; a return for correction keeps the first submission's moment."""
    audit.status = AuditStatus.SUBMITTED
    audit.submission += 1
    audit.submitted_at = at
    audit.first_submitted_at = audit.first_submitted_at or at
    audit.submitted_by = by
    audit.save()


def freeze_answers(audit: Audit, items: Iterable[AskedIndicator]) -> None:
    """What was submitted stands beside each answer from now on, and the scorecard is kept."""
    items = list(items)
    Scorecard.objects.bulk_create(
        make_scorecard_rows(audit, ((item.indicator, make_item(item.answer)) for item in items))
    )
    asked = Q(indicator__in=[item.indicator for item in items])
    audit.answers.filter(asked).update(
        submitted_score=F("score"), submitted_not_applicable=~Q(not_applicable_reason="")
    )
    # An answer that the profile no longer asks for stays in the audit and out of every figure.
    audit.answers.exclude(asked).update(submitted_score=None, submitted_not_applicable=False)


@transaction.atomic
def recall_audit(*, audit: Audit, by: User) -> None:
    """A draft again: officers no longer read it, and on time is judged on the next submission."""
    _lock(audit, *(before for (before, after), verb in AUDIT_MOVES.items() if verb == "recall_audit"))
    audit.status = AuditStatus.DRAFT
    audit.submitted_at = audit.first_submitted_at = audit.submitted_by = None
    audit.save()
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.RECALLED, by=by)


# Documents ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def request_document(
    *, kind: DocumentKind, file_format: DocumentFormat, by: User | None, **subject: object
) -> Document:
    """Ask a worker for a file. One that is being built for the same person and subject already is returned instead."""
    audit = subject.get("audit")
    if isinstance(audit, Audit) and audit.is_counted:
        subject["submission"] = audit.submission
    waiting = Document.objects.filter(
        kind=kind, format=file_format, requested_by=by, file="", error="", **subject
    ).first()
    if waiting is not None:
        return waiting
    document = Document.objects.create(kind=kind, format=file_format, requested_by=by, **subject)
    transaction.on_commit(lambda: build_document.enqueue(document.pk))
    return document
