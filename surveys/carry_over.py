"""A new audit starts from what was submitted before: answers are brought forward, and nothing counts until confirmed.

Each indicator starts from the newest submitted answer to its `key`, across editions, revisions and variants, and across
full, core and topic audits. Where the person starts from the organisation's audit in another partnership, that one goes
first. Called by workflow.open_audit, inside its transaction; a fixed number of queries, whatever the size.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from s11.organisations.models import User
from s11.web.text import list_words, plural
from surveys.bringing import Brought, Said, Value, Wanted, bring, choose, pick
from surveys.earlier import (
    get_answered_said,
    get_last_moments,
    get_submitted_audits,
    get_submitted_said,
    wind_back,
)
from surveys.enums import AuditEventKind
from surveys.models import Answer, AnswerEvidence, Audit, AuditEvent
from surveys.queries import get_scope, pick_asked

# So many audits are named in the trail, more are counted.
NAMED = 2


def carry_over(audit: Audit, *, by: User | None, elsewhere: Audit | None = None) -> None:
    """Bring earlier answers forward into this audit, which has just been made and holds none.

    `elsewhere` is the same organisation's audit in another partnership, which the person chose to start from.
    """
    earlier = get_submitted_audits(audit.invitee)
    if earlier:
        audit.carried_from = earlier[0]
        audit.save(update_fields=["carried_from"])
    said_here = get_submitted_said(earlier) if earlier else []
    said_there = get_answered_said(elsewhere) if elsewhere is not None else []
    if not (said_here or said_there):
        return
    order = [one.pk for one in ([elsewhere] if elsewhere is not None else []) + earlier]
    chosen = choose(_list_wanted(audit), pick([*said_there, *said_here], order))
    values = _get_values([one.answer for _, one in chosen], elsewhere)
    reasons = audit.questionnaire.not_applicable_reasons
    there = {one.answer for one in said_there}
    answers = [
        _make_carried(
            audit, bring(one, said, values[said.answer], reasons), is_from_elsewhere=said.answer in there
        )
        for one, said in chosen
    ]
    Answer.objects.bulk_create(answers)
    _carry_evidence(answers, by)
    here = [one for _, one in chosen if elsewhere is None or one.audit != elsewhere.pk]
    _tell_from_here(audit, by, here, said_here, earlier)
    _tell_from_elsewhere(audit, by, len(chosen) - len(here))


def _list_wanted(audit: Audit) -> list[Wanted]:
    """Each indicator in the cycle's scope."""
    asked = pick_asked(
        indicators := list(audit.questionnaire.indicators.all()),
        cycle=audit.cycle,
        scope=get_scope(audit.cycle, audit.invitee.cycle_questionnaire),
        profile=None,  # of which nothing is known yet: what only some profiles ask waits there until one says so
        with_rows=frozenset(indicator.pk for indicator in indicators),
    )
    return [Wanted(one.pk, one.key, one.may_be_not_applicable) for one in asked]


def _get_values(answers: Collection[int], elsewhere: Audit | None) -> dict[int, Value]:
    """By answer: what a submission held, whatever has been corrected since; elsewhere, what stands there now."""
    found = list(Answer.objects.filter(pk__in=answers))
    audits = {one.audit_id for one in found}
    moments = get_last_moments(audits)
    if elsewhere is not None:
        moments.pop(elsewhere.pk, None)
    submitted = [one for one in found if one.audit_id in moments]
    standing = [one for one in found if one.audit_id not in moments]
    return {
        one.pk: Value(one.score, one.not_applicable_reason, one.commentary)
        for one in (*wind_back(submitted, moments), *standing)
    }


def _make_carried(audit: Audit, brought: Brought, *, is_from_elsewhere: bool) -> Answer:
    return Answer(
        audit=audit,
        indicator_id=brought.indicator,
        score=brought.value.score,
        not_applicable_reason=brought.value.reason,
        commentary=brought.value.commentary,
        confirmed=False,
        carried_from_id=brought.answer,
        is_from_elsewhere=is_from_elsewhere,
        updated_at=audit.created_at,
    )


def _carry_evidence(answers: Iterable[Answer], by: User | None) -> None:
    """What backed the earlier answers backs these, with who added it and when; not what has left the library.

    Here it is what was submitted, whatever a correction has taken off or put on since. From elsewhere it is added here
    and now: when it was added there is none of this partnership's.
    """
    by_earlier = {answer.carried_from_id: answer for answer in answers}
    elsewhere = [earlier for earlier, answer in by_earlier.items() if answer.is_from_elsewhere]
    submitted = ~Q(submitted_version=None) & ~Q(answer__in=elsewhere)
    links = AnswerEvidence.objects.filter(
        submitted | Q(answer__in=elsewhere, removed_at=None),
        answer__in=list(by_earlier),
        evidence__removed_at=None,
    )
    AnswerEvidence.objects.bulk_create(
        _make_link(by_earlier[link.answer_id], link, by) for link in links.order_by("pk")
    )


def _make_link(answer: Answer, link: AnswerEvidence, by: User | None) -> AnswerEvidence:
    new = AnswerEvidence(answer=answer, evidence_id=link.evidence_id)
    if answer.is_from_elsewhere:
        new.added_by, new.added_at = by, answer.updated_at
    else:
        new.added_by_id, new.added_at = link.added_by_id, link.added_at
    return new


def _tell_from_here(
    audit: Audit, by: User | None, brought: Collection[Said], said: Iterable[Said], earlier: Iterable[Audit]
) -> None:
    if brought:
        counts = f"{len(brought)} of {plural(len({one.key for one in said}), 'answer')}"
        detail = f"{counts} from {_name(brought, earlier)}, to confirm"
        _add_event(audit, AuditEventKind.CARRIED_OVER, by, detail)


def _tell_from_elsewhere(audit: Audit, by: User | None, count: int) -> None:
    """It names nothing, and officers never see it: what another partnership asks is none of theirs."""
    if count:
        detail = f"{plural(count, 'answer')}, to confirm"
        _add_event(audit, AuditEventKind.STARTED_FROM_ELSEWHERE, by, detail)


def _add_event(audit: Audit, kind: AuditEventKind, by: User | None, detail: str) -> None:
    AuditEvent.objects.create(audit=audit, kind=kind, by=by, at=audit.created_at, detail=detail)


def _name(brought: Iterable[Said], earlier: Iterable[Audit]) -> str:
    """‘Audit 2025’, ‘Audit 2025 and Online safety 2026’, ‘Audit 2025, Audit 2024 and 2 earlier audits’."""
    used = {one.audit for one in brought}
    names = [str(one.cycle) for one in earlier if one.pk in used]
    more = [plural(len(names) - NAMED, "earlier audit")] if len(names) > NAMED else []
    return list_words([*names[:NAMED], *more])
