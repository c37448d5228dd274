"""Confirming a standard's carried-over answers at once, with an honest reason why that is right."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from s11.organisations.models import User
from s11.web.languages import say
from s11.web.text import plural
from surveys.enums import WRITABLE, AuditEventKind
from surveys.models import Answer, AnswerChange, Audit, AuditEvent
from surveys.queries import AskedIndicator, AskedStandard, get_asked_standards
from surveys.reach import Reach, get_open_indicators
from surveys.workflow import NotInThisState, lock_audit


def list_to_confirm(asked: AskedStandard, reach: Reach) -> list[AskedIndicator]:
    """The standard's carried-over answers that this person may confirm."""
    return [item for item in asked.items if item.is_to_confirm and reach.holds(item.indicator)]


@transaction.atomic
def confirm_standard(*, audit: Audit, code: str, reason: str, reach: Reach, by: User) -> int:
    """All that is still to confirm of this standard; how many there were. The trail keeps the reason."""
    lock_audit(audit, *WRITABLE)
    reach = Reach(opened=get_open_indicators(audit), given=reach.given)
    standards = [asked for asked in get_asked_standards(audit) if asked.standard.code == code]
    items = [item for asked in standards for item in list_to_confirm(asked, reach)]
    answers = [item.answer for item in items if item.answer is not None]
    if not answers:
        raise NotInThisState(
            say(
                "Nothing of {code} is left to confirm, so nothing was changed. This page shows it as it is.",
                code=code,
            )
        )
    _confirm(answers, by)
    AuditEvent.objects.create(
        audit=audit,
        kind=AuditEventKind.CONFIRMED_IN_BULK,
        by=by,
        detail=f"{code}, {plural(len(answers), 'answer')}: {reason}",
    )
    return len(answers)


def _confirm(answers: list[Answer], by: User) -> None:
    now = timezone.now()
    changes = [
        answer.change_to(
            score=answer.score,
            reason=answer.not_applicable_reason,
            commentary=answer.commentary,
            by=by,
            at=now,
        )
        for answer in answers
    ]
    Answer.objects.bulk_update(answers, ["confirmed", "version", "updated_by", "updated_at", "group"])
    AnswerChange.objects.bulk_create(changes)
