"""Sending chosen answers to the organisation's audit in another partnership, in one step.

Who sends an answer says it there, as if they had typed it: it is confirmed, under their name. That it was sent, and
from where, stands in the trail for members alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from s11.organisations.models import User
from surveys.comparison import Row, get_comparison, get_version
from surveys.enums import WRITABLE
from surveys.evidence_past import record_pairs_put_on
from surveys.models import Answer, AnswerEvidence, Audit
from surveys.reach import Reach, get_open_indicators
from surveys.workflow import AnswerInput, lock_audit, save_answers


@dataclass(frozen=True, slots=True)
class Chosen:
    """An answer to send, by its code here, and the versions of both answers that the person saw (0: none yet)."""

    code: str
    seen_here: int
    seen_there: int


@dataclass(frozen=True, slots=True)
class Sent:
    """By code: what was sent; and what was not, because somebody has changed one of the two since, or may not."""

    sent: tuple[str, ...]
    kept: tuple[str, ...]


@transaction.atomic
def send_answers(*, here: Audit, there: Audit, chosen: Iterable[Chosen], by: User, reach: Reach) -> Sent:
    """What was seen is what is sent, and only over what was seen. `reach` is the person's in the audit there."""
    lock_audit(there, *WRITABLE)
    reach = Reach(opened=get_open_indicators(there), given=reach.given)
    rows = {row.code: row for row in get_comparison(here, there, reach).all_rows}
    chosen = list(chosen)
    wanted = {
        one.code: rows[one.code] for one in chosen if one.code in rows and _is_as_seen(one, rows[one.code])
    }
    entered = [_make_input(row) for row in wanted.values()]
    late = {
        conflict.entered.indicator.pk
        for conflict in save_answers(audit=there, entered=entered, by=by, reach=reach)
    }
    sent = [row for row in wanted.values() if row.there.indicator.pk not in late]
    _send_evidence(sent, there, by)
    codes = tuple(row.code for row in sent)
    return Sent(codes, tuple(one.code for one in chosen if one.code not in codes))


def _is_as_seen(chosen: Chosen, row: Row) -> bool:
    seen = (chosen.seen_here, chosen.seen_there)
    return row.is_sendable and seen == (get_version(row.here), get_version(row.there))


def _make_input(row: Row) -> AnswerInput:
    answer = row.here.answer
    assert answer is not None  # an answer that can be sent is there
    return AnswerInput(
        indicator=row.there.indicator,
        score=answer.score,
        not_applicable_reason=answer.not_applicable_reason,
        commentary=answer.commentary,
        seen_version=get_version(row.there),
        confirms=True,
        sent_from=answer,
    )


def _send_evidence(sent: Sequence[Row], there: Audit, by: User) -> None:
    """What backs the answer here backs it there too: the library is the organisation's. What is there already stays."""
    answers = {
        one.indicator_id: one
        for one in there.answers.filter(indicator__in=[row.there.indicator for row in sent])
    }
    targets: dict[int, Answer] = {
        row.here.answer.pk: answers[row.there.indicator.pk] for row in sent if row.here.answer is not None
    }
    links = AnswerEvidence.objects.current().filter(answer__in=list(targets))
    wanted = {(targets[link.answer_id].pk, link.evidence_id) for link in links.order_by("pk")}
    held = AnswerEvidence.objects.filter(answer__in=list(targets.values()))
    old = {(link.answer_id, link.evidence_id): link for link in held}
    back = {key: link.pk for key, link in old.items() if key in wanted and link.removed_at is not None}
    AnswerEvidence.objects.filter(pk__in=back.values()).update(removed_at=None)
    new = sorted(wanted - old.keys())
    AnswerEvidence.objects.bulk_create(
        AnswerEvidence(answer_id=answer, evidence_id=evidence, added_by=by) for answer, evidence in new
    )
    record_pairs_put_on({*new, *back}, by=by)
