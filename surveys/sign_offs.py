"""Writes around a submission: asking the signatory, their decision, and an officer's return for correction.

Each verb is atomic, writes its event, and sends its mail on commit. Submitting itself is in workflow.py.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from s11.organisations.models import User
from surveys import emails
from surveys.enums import AuditEventKind, AuditStatus, SignOffDecision
from surveys.models import Audit, AuditEvent, Correction, Indicator, SignOff
from surveys.progress import get_progress
from surveys.queries import get_current_sign_off
from surveys.workflow import AuditIncomplete, NotInThisState, allowing, lock_audit


@transaction.atomic
def ask_sign_off(*, audit: Audit, by: User) -> SignOff:
    """Nothing can change until the signatory has decided. Raises AuditIncomplete where anything is missing."""
    lock_audit(audit, *allowing("ask_sign_off"))
    progress = get_progress(audit)
    if not progress.is_complete:
        raise AuditIncomplete(progress)
    sign_off = SignOff.objects.create(audit=audit, asked_by=by)
    _move(audit, AuditStatus.AWAITING_SIGN_OFF)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SIGN_OFF_ASKED, by=by)
    transaction.on_commit(lambda: emails.send_sign_off_asked(audit, sign_off), robust=True)
    return sign_off


@transaction.atomic
def withdraw_sign_off(*, audit: Audit, by: User) -> None:
    """The lead takes it back, to change it; a signature that was given is void, for it was for what stood there."""
    lock_audit(audit, *allowing("withdraw_sign_off"))
    sign_off = get_current_sign_off(audit)
    if sign_off is not None:
        sign_off.decision = SignOffDecision.WITHDRAWN
        if sign_off.decided_at is None:
            sign_off.decided_by, sign_off.decided_at = by, timezone.now()
        sign_off.save()
    _move(audit, AuditStatus.DRAFT)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SIGN_OFF_WITHDRAWN, by=by)


@transaction.atomic
def sign_off(*, audit: Audit, statement: str, by: User) -> None:
    """Signed: the answers stay locked, and a lead submits them."""
    lock_audit(audit, AuditStatus.AWAITING_SIGN_OFF)
    found = get_current_sign_off(audit)
    if found is None or found.decision:
        who = found.decided_by if found and found.decided_by else "Somebody else"
        raise NotInThisState(f"{who} has signed off the audit by now, so nothing was changed.")
    _decide(found, SignOffDecision.SIGNED, statement, by)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SIGNED_OFF, by=by)
    transaction.on_commit(lambda: emails.send_signed_off(audit, found), robust=True)


@transaction.atomic
def send_back(*, audit: Audit, note: str, by: User) -> None:
    """A draft again, with what is to be done first."""
    lock_audit(audit, *allowing("send_back"))
    found = get_current_sign_off(audit) or SignOff(audit=audit)
    _decide(found, SignOffDecision.SENT_BACK, note, by)
    _move(audit, AuditStatus.DRAFT)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SENT_BACK, by=by)
    transaction.on_commit(lambda: emails.send_sent_back(audit, found), robust=True)


def _decide(found: SignOff, decision: SignOffDecision, statement: str, by: User) -> None:
    found.decision = decision
    found.statement = statement
    found.decided_by = by
    found.decided_at = timezone.now()
    found.save()


def _move(audit: Audit, to: AuditStatus) -> None:
    audit.status = to
    audit.save(update_fields=["status"])


@transaction.atomic
def return_audit(*, audit: Audit, indicators: Iterable[Indicator], reason: str, by: User) -> Correction:
    """The chosen answers are open again, the rest stays locked; the audit counts as it was submitted meanwhile."""
    lock_audit(audit, *allowing("return_audit"))
    correction = Correction.objects.create(audit=audit, submission=audit.submission, reason=reason, by=by)
    correction.indicators.set(indicators)
    _move(audit, AuditStatus.RETURNED)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.RETURNED, by=by)
    transaction.on_commit(lambda: emails.send_returned(audit, correction), robust=True)
    return correction
