"""What backs an answer: items of the library put on it and taken off it, and put back with what was removed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from s11.organisations.models import Removal, User
from s11.organisations.removals import get_lifted, get_marked, remove
from s11.web.dates import datetime as in_words
from s11.web.errors import NotInThisState
from surveys.enums import WRITABLE
from surveys.evidence_past import record_put_on, record_taken_off
from surveys.models import Answer, AnswerEvidence, Audit, Evidence, Indicator
from surveys.permissions.audits import get_roles
from surveys.reach import get_reach
from surveys.workflow import lock_audit


@transaction.atomic
def link_evidence(*, audit: Audit, indicator: Indicator, items: Iterable[int], by: User) -> int:
    """Back the answer with these items, by id, of its organisation's library; returns how many did not back it yet."""
    lock_audit(audit, *WRITABLE)
    own = Evidence.objects.of(audit.organisation).known_to(by).filter(pk__in=items)
    # Evidence may come before the answer. Version 0 is what a page without an answer has seen.
    answer, _ = Answer.objects.get_or_create(
        audit=audit, indicator=indicator, defaults={"version": 0, "updated_by": by}
    )
    links = {link.evidence_id: link for link in answer.evidence_links.all()}
    is_back = [link.pk for item in own if (link := links.get(item.pk)) and link.removed_at is not None]
    AnswerEvidence.objects.filter(pk__in=is_back).update(removed_at=None)
    new = [AnswerEvidence(answer=answer, evidence=item, added_by=by) for item in own if item.pk not in links]
    AnswerEvidence.objects.bulk_create(new)
    put_on = [item for item in own if item.pk not in links or links[item.pk].pk in is_back]
    record_put_on(answer, put_on, by=by)
    return len(new) + len(is_back)


@transaction.atomic
def unlink_evidence(*, audit: Audit, link: AnswerEvidence, by: User) -> Removal:
    """Off the answer. What the last submission pinned is only marked: readers have it until the next one."""
    lock_audit(audit, *WRITABLE)
    record_taken_off([link], by=by, at=timezone.now())
    found = AnswerEvidence.objects.select_related("evidence", "answer__indicator").get(pk=link.pk)
    is_pinned = found.submitted_version_id is not None
    removal = remove(
        "answer_evidence",
        *([] if is_pinned else [found]),
        title=f"‘{found.evidence}’ for {found.answer.indicator.code} of {audit.cycle}",
        partnership=audit.cycle.partnership,
        organisation=audit.organisation,
        marked=[found] if is_pinned else [],
        by=by,
    )
    if is_pinned:
        found.removed_at = timezone.now()
        found.save(update_fields=["removed_at"])
    return removal


@transaction.atomic
def put_evidence_back(removal: Removal, by: User) -> None:
    """Into the library, and on the answers that it backed, where those can still be changed by this person."""
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk__in=get_marked(removal, Evidence))
    if evidence.is_erased:
        raise NotInThisState(
            f"{removal} was deleted everywhere on {in_words(evidence.removed_at)}, so there is nothing to put back."
        )
    evidence.removed_at = evidence.removed_by = None
    evidence.save(update_fields=["removed_at", "removed_by"])
    rows = get_lifted(removal, AnswerEvidence)
    for answer in _get_answers([row["fields"]["answer"] for row in rows]):
        try:
            with transaction.atomic():
                _put_on(answer, evidence, by)
        except NotInThisState:
            continue  # The library has it, and whoever may still answer puts it on.


@transaction.atomic
def put_link_back(removal: Removal, by: User) -> None:
    lifted = get_lifted(removal, AnswerEvidence)
    marked = AnswerEvidence.objects.filter(pk__in=get_marked(removal, AnswerEvidence)).first()
    if marked is None and not lifted:
        raise NotInThisState(
            f"The audit was submitted without {removal}. Add it to the answer from the library."
        )
    answer_pk = marked.answer_id if marked else lifted[0]["fields"]["answer"]
    evidence = Evidence.objects.get(pk=marked.evidence_id if marked else lifted[0]["fields"]["evidence"])
    if evidence.removed_at is not None:
        raise NotInThisState(f"‘{evidence}’ was taken out of the library since. Put that back first.")
    [answer] = _get_answers([answer_pk])
    _put_on(answer, evidence, by)


def _get_answers(pks: Iterable[int]) -> list[Answer]:
    audits = ("audit__invitee__cycle__partnership", "audit__invitee__organisation", "indicator")
    return list(Answer.objects.filter(pk__in=pks).select_related(*audits).order_by("pk"))


def _put_on(answer: Answer, evidence: Evidence, by: User) -> None:
    """By the rules of whoever adds it on the answer's page; nothing where it backs the answer again by now."""
    roles = get_roles(by, answer.audit)
    lock_audit(answer.audit, *WRITABLE)
    if not get_reach(answer.audit, by, roles).holds(answer.indicator):
        raise NotInThisState(
            f"{answer.indicator.code} is not yours to change now, so nothing was put back. Ask your lead."
        )
    link_evidence(audit=answer.audit, indicator=answer.indicator, items=[evidence.pk], by=by)
