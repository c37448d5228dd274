"""A new audit starts from the last submitted one: its answers are brought forward, and nothing counts until confirmed.

Matched by the indicators' `key`, across editions, revisions and variants. Called by workflow.open_audit, inside its
transaction; a fixed number of queries, whatever the size.
"""

from __future__ import annotations

from collections.abc import Iterable

from s11.organisations.models import User
from surveys.enums import AuditEventKind
from surveys.models import Answer, AnswerEvidence, Audit, AuditEvent, Indicator, Invitee
from surveys.queries import get_profile, get_scope, get_submitted_standards, pick_asked


def find_last_submitted(invitee: Invitee) -> Audit | None:
    """The organisation's last submitted audit in this partnership, by its cycle's closing day.

    One that was returned for correction counts as last submitted.
    """
    return (
        Audit.objects.counted()
        .filter(
            invitee__organisation=invitee.organisation_id,
            invitee__cycle__partnership=invitee.cycle.partnership_id,
        )
        .exclude(invitee=invitee)
        .select_related("invitee__cycle__partnership", "invitee__cycle_questionnaire__questionnaire")
        .order_by("-invitee__cycle__closes_on", "-invitee__cycle__pk")
        .first()
    )


def carry_over(audit: Audit, *, by: User | None) -> None:
    """Bring the last submitted answers forward into this audit, which has just been made and holds none."""
    last = find_last_submitted(audit.invitee)
    if last is None:
        return
    audit.carried_from = last
    audit.save(update_fields=["carried_from"])
    standards = get_submitted_standards(last, last.submission, get_profile(last))
    earlier = {
        item.indicator.key: item.answer
        for standard in standards
        for item in standard.items
        if item.answer is not None
    }
    answers = make_carried_answers(audit, earlier)
    Answer.objects.bulk_create(answers)
    _carry_evidence(answers)
    if answers:
        detail = f"{len(answers)} of {len(earlier)} answers from {last.cycle}, to confirm"
        AuditEvent.objects.create(
            audit=audit, kind=AuditEventKind.CARRIED_OVER, by=by, at=audit.created_at, detail=detail
        )


def make_carried_answers(audit: Audit, earlier: dict[str, Answer]) -> list[Answer]:
    """Unsaved answers, none confirmed, for each indicator in the cycle's scope whose key was answered before."""
    asked = pick_asked(
        indicators := list(audit.questionnaire.indicators.all()),
        cycle=audit.cycle,
        scope=get_scope(audit.cycle, audit.invitee.cycle_questionnaire),
        profile=None,  # of which nothing is known yet: what only some profiles ask waits there until one says so
        with_rows=frozenset(indicator.pk for indicator in indicators),
    )
    reasons = audit.questionnaire.not_applicable_reasons
    return [
        _make_carried(audit, indicator, earlier[indicator.key], reasons)
        for indicator in asked
        if indicator.key in earlier
    ]


def _make_carried(audit: Audit, indicator: Indicator, before: Answer, reasons: Iterable[str]) -> Answer:
    """A reason that this bank does not offer, or not here, is left behind: then only the words come along."""
    reason = before.not_applicable_reason
    keeps_reason = indicator.may_be_not_applicable and reason in reasons
    return Answer(
        audit=audit,
        indicator=indicator,
        score=before.score,
        not_applicable_reason=reason if keeps_reason else "",
        commentary=before.commentary,
        confirmed=False,
        carried_from_id=before.pk,
        updated_at=audit.created_at,
    )


def _carry_evidence(answers: Iterable[Answer]) -> None:
    """What backed the earlier answers backs these, with who added it and when; not what has left the library."""
    by_earlier = {answer.carried_from_id: answer for answer in answers}
    links = AnswerEvidence.objects.current().filter(answer__in=list(by_earlier))
    AnswerEvidence.objects.bulk_create(
        AnswerEvidence(
            answer=by_earlier[link.answer_id],
            evidence_id=link.evidence_id,
            added_by_id=link.added_by_id,
            added_at=link.added_at,
        )
        for link in links.order_by("pk")
    )
