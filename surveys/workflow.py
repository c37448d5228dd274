"""Writes with a consequence: each verb is atomic, writes its event, and sends mail on commit. `by` is who did it.

Whether somebody may is asked before, in permissions.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from s11.organisations.models import User
from s11.web import errors
from s11.web.languages import say
from s11.web.spoken import chosen
from surveys import emails
from surveys.carry_over import carry_over
from surveys.document_requests import request_audit_copy
from surveys.earlier import said_when_carried
from surveys.enums import (
    AUDIT_MOVES,
    CYCLE_MOVES,
    WRITABLE,
    AuditEventKind,
    AuditStatus,
    CycleStatus,
)
from surveys.evidence_pins import pin_evidence, unpin_evidence
from surveys.models import (
    Answer,
    AnswerChange,
    Audit,
    AuditEvent,
    Cycle,
    Indicator,
    Invitee,
    Scorecard,
)
from surveys.moderation_carrying import carry_moderation, has_moderation_begun
from surveys.permissions import check_can_answer_indicator
from surveys.progress import Progress, get_progress
from surveys.queries import AskedIndicator, get_current_sign_off
from surveys.reach import Reach, get_open_indicators
from surveys.saving_queries import ANSWER, CYCLE_NOW, LOCKED_AUDIT, MOVING_COLUMNS, SAID_COLUMNS
from surveys.scorecards import make_item, make_scorecard_rows


class NotInThisState(errors.NotInThisState):
    """A move that the table in enums.py does not allow: somebody else was quicker, or a page was old."""


class AuditIncomplete(Exception):
    """Something that a submission needs is missing; `progress` says what, the sentence names it by code."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        missing = [item.indicator.code for item in progress.missing]
        facts = [asked.question.code for asked in progress.missing_profile]
        notes = [item.indicator.code for item in progress.missing_notes]
        named = (("answers to", missing), ("facts in the profile:", facts), ("notes on", notes))
        listed = "; ".join(f"{what} {', '.join(codes)}" for what, codes in named if codes)
        super().__init__(f"The audit cannot be submitted: it lacks {listed or 'anything to answer'}.")


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """What a person entered for one indicator, and the version of the answer that they saw (0: none yet)."""

    indicator: Indicator
    score: int | None
    not_applicable_reason: str
    commentary: str
    seen_version: int
    # That a carried-over answer still holds: without it, one that was left as it was shown stays to confirm.
    confirms: bool = False
    # The same organisation's answer in another partnership that this one was sent from.
    sent_from: Answer | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A save that was not made: somebody else saved the same answer since. Both texts are at hand."""

    entered: AnswerInput
    current: Answer


# Cycles ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_cycle(*, cycle: Cycle, by: User | None) -> None:
    """From now on agencies can answer, and the pinned questionnaires never change.

    Opened before its planned day, it opens today: which law applies is judged by the opening day.
    """
    _move_cycle(cycle, CycleStatus.OPEN)
    cycle.opened_at = timezone.now()
    cycle.opens_on = min(cycle.opens_on, timezone.localdate())
    cycle.save(update_fields=["status", "opened_at", "opens_on"])


@transaction.atomic
def close_cycle(*, cycle: Cycle, by: User) -> None:
    """Nothing can be entered or submitted any more; who was registered is counted as at this moment."""
    _move_cycle(cycle, CycleStatus.CLOSED)
    cycle.closed_at = timezone.now()
    cycle.closed_by = by
    cycle.save(update_fields=["status", "closed_at", "closed_by"])


def _move_cycle(cycle: Cycle, to: CycleStatus) -> None:
    lock_cycle(cycle, *(before for before, after in CYCLE_MOVES if after == to))
    cycle.status = to


def lock_cycle(cycle: Cycle, *allowed: CycleStatus) -> None:
    """Nobody opens, closes or changes the same cycle at the same time."""
    status = Cycle.objects.select_for_update().values_list("status", flat=True).get(pk=cycle.pk)
    if status not in allowed:
        raise NotInThisState(
            f"{cycle} is {CycleStatus(status).label.lower()} by now, so nothing was changed. "
            "This page shows it as it is."
        )


# Audits ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_audit(*, invitee: Invitee, by: User, elsewhere: Audit | None = None) -> Audit:
    """Made when anybody first opens it; it starts from what was submitted before, and the chosen audit `elsewhere`."""
    audit, is_new = Audit.objects.get_or_create(invitee=invitee)
    if is_new:
        AuditEvent.objects.create(audit=audit, kind=AuditEventKind.OPENED, by=by, at=audit.created_at)
        carry_over(audit, by=by, elsewhere=elsewhere)
    return audit


def _renew_audit(audit: Audit) -> None:
    found = LOCKED_AUDIT.first(audit=audit.pk)
    if found is None:
        raise Audit.DoesNotExist
    for column, value in zip(MOVING_COLUMNS, found, strict=True):
        setattr(audit, column, value)


def _check_status(audit: Audit, allowed: Collection[str]) -> None:
    if audit.status not in allowed:
        raise NotInThisState(
            say(
                "The audit is {state} now, so nothing was saved. Open it again to see it as it is.",
                state=chosen(AuditStatus(audit.status).label.lower()),
            )
        )


def lock_audit_for_officers(audit: Audit, *allowed: str) -> None:
    """Likewise for what the partnership writes beside the answers, which goes on after the cycle is closed."""
    _renew_audit(audit)
    _check_status(audit, allowed)


def lock_audit(audit: Audit, *allowed: str, moves: bool | None = None) -> None:
    """Nobody submits, recalls or saves the same audit at the same time; the caller's copy may be old, so it is renewed.

    Whatever moves the audit locks the cycle's row first, so that nothing is submitted while an officer closes it. Who
    only writes in it does not: all agencies' savers would queue behind one row. They read it once the audit is theirs,
    with whether a lead has returned the organisation's own audit meanwhile (own_tools.py locks this row too).
    """
    if moves is None:
        moves = allowed != WRITABLE
    if moves:
        Cycle.objects.only("pk").select_for_update().get(pk=audit.invitee.cycle_id)
    _renew_audit(audit)
    cycle = CYCLE_NOW.first(cycle=audit.invitee.cycle_id, invitee=audit.invitee_id)
    assert cycle is not None  # its invitee keeps it
    _check_status(audit, allowed)
    if not cycle.is_open:
        raise NotInThisState(
            say(
                "{cycle} is {state} now, so nothing was saved. You can still read and download.",
                cycle=cycle,
                state=chosen(CycleStatus(cycle.status).label.lower()),
            )
        )
    if vars(cycle)["has_own_tool"]:
        raise NotInThisState(
            f"{audit.organisation} has returned its own audit in place of answers by now, so nothing was saved. A lead "
            "can withdraw it first."
        )


def refuse_exempt(invitee: Invitee) -> None:
    """Under the cycle's lock, under which an officer makes it exempt."""
    if not Invitee.objects.not_exempt().filter(pk=invitee.pk).exists():
        raise NotInThisState(
            f"{invitee.organisation} is exempt from {invitee.cycle} by now, so nothing was submitted."
        )


@transaction.atomic
def save_answers(
    *, audit: Audit, entered: Iterable[AnswerInput], by: User, reach: Reach | None = None
) -> list[Conflict]:
    """Save what differs from what is there. An answer that somebody else saved since is left as it is and returned.

    Unless the person left it as they saw it: then the other's stands, and there is nothing to settle.
    Nothing is saved where one of them is beyond the person's reach: NotAllowed says which.
    """
    asked = list(entered)
    reach = _lock_for_answers(audit, reach)
    found = audit.answers.filter(indicator__in=[one.indicator for one in asked])
    current = {one.indicator_id: one for one in found.select_related("updated_by", "indicator").order_by()}
    return _save(audit, asked, by, reach, current)


@transaction.atomic
def save_answer(*, audit: Audit, entered: AnswerInput, by: User, reach: Reach | None = None) -> Answer | None:
    """One answer, by the same rules; what it says from now on, this person's words or another's. None without a row."""
    reach = _lock_for_answers(audit, reach)
    current = {one.indicator_id: one for one in ANSWER.fetch(audit=audit.pk, indicator=entered.indicator.pk)}
    for one in current.values():
        one.audit, one.indicator = audit, entered.indicator
    _save(audit, [entered], by, reach, current)
    return current.get(entered.indicator.pk)


def _lock_for_answers(audit: Audit, reach: Reach | None) -> Reach:
    lock_audit(audit, *WRITABLE)
    # What a correction opens is known only now: it may have been submitted and returned again meanwhile.
    return Reach(opened=get_open_indicators(audit), given=reach.given if reach else None)


def _save(
    audit: Audit, entered: Iterable[AnswerInput], by: User, reach: Reach, current: dict[int, Answer]
) -> list[Conflict]:
    """`current` are the rows by indicator, and afterwards as they are then."""
    conflicts = []
    for one in entered:
        answer = current.get(one.indicator.pk) or Answer(audit=audit, indicator=one.indicator, version=0)
        if not _differs(answer, one):
            continue
        is_stale = answer.version != one.seen_version
        if is_stale and _is_as_seen(answer, one):
            continue
        check_can_answer_indicator(reach, one.indicator)
        if is_stale:
            conflicts.append(Conflict(one, answer))
            continue
        _save_answer(answer, one, by)
        current[one.indicator.pk] = answer
    return conflicts


def _differs(answer: Answer, entered: AnswerInput) -> bool:
    is_confirmed_now = entered.confirms and answer.is_to_confirm
    return is_confirmed_now or not says_the_same(
        entered, answer.score, answer.not_applicable_reason, answer.commentary
    )


def _is_as_seen(answer: Answer, entered: AnswerInput) -> bool:
    """Whether what was entered is what the answer said when its page was opened."""
    since = answer.changes.filter(version=entered.seen_version + 1).first()
    return since is not None and is_as_before(entered, answer, since)


def is_as_before(entered: AnswerInput, answer: Answer, since: AnswerChange) -> bool:
    """Whether what was entered is what the answer said before this change, though its trail may leave that out."""
    before = (since.score_before, since.reason_before, since.commentary_before)
    if answer.carried_from_id is not None and since.version == 2 and before == (None, "", ""):
        return says_the_same(entered, *said_when_carried(answer))
    return says_the_same(entered, *before)


def says_the_same(entered: AnswerInput, score: int | None, reason: str, commentary: str) -> bool:
    # An imported text may have other line ends than a browser sends; that is no change.
    same_text = entered.commentary.splitlines() == commentary.splitlines()
    return same_text and (entered.score, entered.not_applicable_reason) == (score, reason)


def _save_answer(answer: Answer, entered: AnswerInput, by: User) -> None:
    change = answer.change_to(
        score=entered.score,
        reason=entered.not_applicable_reason,
        commentary=entered.commentary,
        by=by,
        at=timezone.now(),
    )
    answer.save(update_fields=None if answer._state.adding else SAID_COLUMNS)
    change.answer = answer
    change.sent_from = entered.sent_from
    change.save()


@transaction.atomic
def submit_audit(*, audit: Audit, by: User) -> None:
    """Lock the audit, freeze its scorecard, send the receipt and have the copy built.

    Raises AuditIncomplete where anything is missing; then nothing has changed.
    """
    lock_audit(audit, *allowing("submit_audit"))
    refuse_exempt(audit.invitee)
    signature = get_current_sign_off(audit)
    if audit.needs_signature and (signature is None or not signature.decision):
        raise NotInThisState("The audit is not signed off, so it was not submitted. Ask the signatory first.")
    was_returned = audit.status == AuditStatus.RETURNED
    progress = get_progress(audit)
    if not progress.is_complete:
        raise AuditIncomplete(progress)
    mark_submitted(audit, at=timezone.now(), by=by)
    if signature is not None:
        # Used: a recall asks for another one.
        signature.submission = audit.submission
        signature.save(update_fields=["submission"])
    freeze_answers(audit, [item for standard in progress.standards for item in standard.items])
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SUBMITTED, by=by)
    request_audit_copy(audit=audit, submission=audit.submission, by=by)
    # Robust: the audit is submitted, whatever the mail server says.
    transaction.on_commit(lambda: emails.send_receipt(audit), robust=True)
    if was_returned:
        carry_moderation(audit)
        transaction.on_commit(lambda: emails.send_corrected(audit), robust=True)


def allowing(verb: str) -> list[AuditStatus]:
    """The states from which the table of moves lets this verb go."""
    return [before for (before, _), allowed in AUDIT_MOVES.items() if verb in allowed]


def mark_submitted(audit: Audit, *, at: datetime.datetime, by: User | None) -> None:
    set_submitted(audit, at=at, by=by)
    audit.save()


def set_submitted(audit: Audit, *, at: datetime.datetime, by: User | None) -> None:
    """The audit's own columns, unsaved; a return for correction keeps the first submission's moment."""
    audit.status = AuditStatus.SUBMITTED
    audit.submission += 1
    audit.submitted_at = at
    audit.first_submitted_at = audit.first_submitted_at or at
    audit.submitted_by = by


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
    pin_evidence([audit])


@transaction.atomic
def recall_audit(*, audit: Audit, by: User) -> None:
    """A draft again: officers no longer read it, and on time is judged on the next submission."""
    lock_audit(audit, *allowing("recall_audit"))
    if has_moderation_begun(audit):
        raise NotInThisState(
            "The partnership has begun to moderate this audit by now, so it was not recalled. Ask the partnership to "
            "return it for correction."
        )
    audit.status = AuditStatus.DRAFT
    audit.submitted_at = audit.first_submitted_at = audit.submitted_by = None
    audit.save()
    # Nobody may count a recalled answer by mistake. The frozen scorecards stay, under their submission's number.
    audit.answers.update(submitted_score=None, submitted_not_applicable=False)
    unpin_evidence(audit)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.RECALLED, by=by)
