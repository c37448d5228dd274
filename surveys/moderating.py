"""Writes of moderation: a score beside the agency's, a question and its reply, and the close that makes figures of it.

All are about one submission of a submitted audit; each locks the audit, so that two moderators do not collide.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from s11.organisations.models import User
from s11.web import errors
from surveys.clarification_emails import tell_asker_of_reply, tell_leads_of_question
from surveys.enums import COUNTED, AuditEventKind, AuditStatus, Score, Series
from surveys.models import Answer, Audit, AuditEvent, Clarification, Moderation, Scorecard, SeriesClose
from surveys.scorecards import make_scorecard_rows
from surveys.series import get_series_items
from surveys.workflow import lock_audit_for_officers


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the audit is no longer what the page showed."""


class Overtaken(NotInThisState):
    """Another moderator has scored the same answer since; `row` is theirs."""

    def __init__(self, row: Moderation) -> None:
        self.row = row
        super().__init__(f"{row.by} has moderated this answer since. Look at theirs, then save yours again.")


@transaction.atomic
def moderate_answer(
    *,
    answer: Answer,
    seen: int,
    score: int | None,
    is_not_applicable: bool = False,
    reason: str,
    by: User,
    series: Series = Series.MODERATED,
) -> Moderation:
    """Write the next row. Neither a score nor not applicable: the agency's answer stands.

    `seen` is the version that the moderator's page showed, 0 for none. Raises Overtaken where there is a newer one, and
    ValueError where a changed score has no reason.
    """
    if score is not None and score not in Score.values:
        raise ValueError(f"{score!r} is not a score: give 0, 1 or 2.")
    if (score is not None or is_not_applicable) and not reason.strip():
        raise ValueError("A score that differs from the agency's needs a reason: enter what you saw.")
    audit = answer.audit
    lock_audit_for_officers(audit, AuditStatus.SUBMITTED)
    _check_open(audit, series)
    if not Answer.objects.submitted().filter(pk=answer.pk).exists():
        raise NotInThisState("This indicator is not part of what was submitted, so nothing was saved.")
    newest = Moderation.objects.filter(answer=answer, submission=audit.submission, series=series).last()
    version = newest.version if newest else 0
    if newest is not None and version != seen:
        raise Overtaken(newest)
    return Moderation.objects.create(
        answer=answer,
        submission=audit.submission,
        series=series,
        version=version + 1,
        score=None if is_not_applicable else score,
        is_not_applicable=is_not_applicable,
        reason=reason.strip(),
        by=by,
    )


def _check_open(audit: Audit, series: Series) -> None:
    if series == Series.MODERATED and is_series_closed(audit, Series.PANEL):
        raise NotInThisState(
            "The panel has judged this audit by now, so its moderated scores stay as they are. Nothing was saved."
        )
    if is_series_closed(audit, series):
        label = series.label.lower()
        raise NotInThisState(f"The {label} scores of this audit are final by now, so nothing was saved.")


def is_series_closed(audit: Audit, series: Series) -> bool:
    return SeriesClose.objects.filter(audit=audit, submission=audit.submission, series=series).exists()


@transaction.atomic
def close_series(*, audit: Audit, by: User, series: Series = Series.MODERATED) -> SeriesClose:
    """The series' scores are final: its scorecards are frozen, and figures read them from now on.

    Raises NotInThisState where a question to the agency is still open: its reply could change a score.
    """
    lock_audit_for_officers(audit, AuditStatus.SUBMITTED)
    _check_open(audit, series)
    waiting = Clarification.objects.filter(answer__audit=audit, closed_at=None).count()
    if series == Series.PANEL:
        _check_moderation_is_settled(audit)
    if series == Series.MODERATED and waiting:
        raise NotInThisState(
            f"{waiting} of the questions to the agency {'is' if waiting == 1 else 'are'} still open. "
            "Accept the reply or withdraw the question, then close the moderation."
        )
    items = get_series_items(audit, series)
    Scorecard.objects.bulk_create(
        make_scorecard_rows(audit, ((answer.indicator, item) for answer, item in items), series=series)
    )
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SERIES_CLOSED, by=by, detail=series.label)
    return SeriesClose.objects.create(audit=audit, submission=audit.submission, series=series, by=by)


def _check_moderation_is_settled(audit: Audit) -> None:
    """The panel's scores lie over the moderated ones, so those must not change any more."""
    begun = Moderation.objects.filter(
        answer__audit=audit, submission=audit.submission, series=Series.MODERATED
    ).exists()
    if begun and not is_series_closed(audit, Series.MODERATED):
        raise NotInThisState(
            f"The moderation of {audit.organisation} is still open. Close it first: the panel’s scores lie over it."
        )


@transaction.atomic
def reopen_moderation(*, audit: Audit, by: User, reason: str) -> None:
    """Moderated scores can be changed again; until the next close the audit is in no moderated figure."""
    lock_audit_for_officers(audit, AuditStatus.SUBMITTED)
    if is_series_closed(audit, Series.PANEL):
        raise NotInThisState(
            "The panel has judged this audit on its moderated scores, so they stay as they are."
        )
    closes = SeriesClose.objects.filter(audit=audit, submission=audit.submission, series=Series.MODERATED)
    if not closes.exists():
        raise NotInThisState("The moderation of this audit is open already. Nothing was changed.")
    closes.delete()
    audit.scorecards.filter(submission=audit.submission, series=Series.MODERATED).delete()
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SERIES_REOPENED, by=by, detail=reason[:500])


@transaction.atomic
def ask_agency(*, answer: Answer, question: str, by: User) -> Clarification:
    """One open question an answer."""
    lock_audit_for_officers(answer.audit, AuditStatus.SUBMITTED)
    _check_open(answer.audit, Series.MODERATED)
    if Clarification.objects.filter(answer=answer, closed_at=None).exists():
        raise NotInThisState("There is an open question on this answer already. Nothing was sent.")
    asked = Clarification.objects.create(
        answer=answer, submission=answer.audit.submission, question=question.strip(), asked_by=by
    )
    tell_leads_of_question(asked)
    return asked


@transaction.atomic
def reply_to_question(*, clarification: Clarification, reply: str, by: User) -> None:
    """The agency's words; nothing of the submitted answer changes."""
    current = _lock_question(clarification)
    if current.replied_at is not None:
        raise NotInThisState(f"{current.replied_by} has replied meanwhile. Nothing was saved.")
    current.reply, current.replied_by, current.replied_at = reply.strip(), by, timezone.now()
    current.save(update_fields=["reply", "replied_by", "replied_at"])
    tell_asker_of_reply(current)


@transaction.atomic
def close_question(*, clarification: Clarification, accepted: bool | None, by: User) -> None:
    """The reply is accepted or not; None withdraws a question, replied to or not."""
    current = _lock_question(clarification)
    if accepted is not None and current.replied_at is None:
        raise NotInThisState("The agency has not replied yet, so there is nothing to accept.")
    current.accepted, current.closed_by, current.closed_at = accepted, by, timezone.now()
    current.save(update_fields=["accepted", "closed_by", "closed_at"])


def _lock_question(clarification: Clarification) -> Clarification:
    """Also while the audit is being corrected: the question is about what was submitted."""
    lock_audit_for_officers(clarification.answer.audit, *COUNTED)
    current = Clarification.objects.select_related("replied_by", "asked_by").get(pk=clarification.pk)
    current.answer = clarification.answer
    if current.closed_at is not None:
        raise NotInThisState("The question is settled by now. Nothing was changed.")
    return current
