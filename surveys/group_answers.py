"""A group's lead answers for a site that has accepted the group: each site at once or not at all, with its trail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from s11.organisations.models import GroupAccess, Organisation, User
from s11.web.errors import NotAllowed, NotInThisState
from surveys.enums import AuditEventKind, AuditStatus
from surveys.group_targets import Pair, get_targets
from surveys.many_sites import Effect, Words
from surveys.models import Answer, Audit, AuditEvent, Indicator, Invitee
from surveys.permissions import check_can_answer_for_site
from surveys.workflow import lock_audit, open_audit

# By invitee and the chosen indicator: the version of the site's answer that the person saw (0: none).
Chosen = Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one site: the codes that were answered, those that changed meanwhile; or why nothing was."""

    invitee: Invitee
    answered: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    refusal: str = ""


def answer_for_sites(
    *,
    group: Organisation,
    invitees: Sequence[Invitee],
    entered: Mapping[Indicator, Words],
    chosen: Chosen,
    by: User,
) -> list[Outcome]:
    """Site by site, each in a transaction of its own: what one refuses does not hold up the others."""
    outcomes = []
    for invitee in invitees:
        seen = {indicator: seen for (site, indicator), seen in chosen.items() if site == invitee.pk}
        if not seen:
            continue
        try:
            outcomes.append(answer_for_site(group=group, invitee=invitee, entered=entered, seen=seen, by=by))
        except (NotAllowed, NotInThisState) as refusal:
            outcomes.append(Outcome(invitee, refusal=str(refusal)))
    return outcomes


@transaction.atomic
def answer_for_site(
    *,
    group: Organisation,
    invitee: Invitee,
    entered: Mapping[Indicator, Words],
    seen: Mapping[int, int],
    by: User,
) -> Outcome:
    """Write what was chosen for this site. An answer that was saved since it was seen stays, and is named."""
    _lock_access(group, invitee, by)
    invitee = Invitee.objects.select_related(
        "cycle__partnership",
        "organisation",
        "audit",
        "own_tool_return",
        "cycle_questionnaire__questionnaire",
    ).get(pk=invitee.pk)
    check_can_answer_for_site(invitee)
    was_opened = not hasattr(invitee, "audit")
    audit = open_audit(invitee=invitee, by=by) if was_opened else invitee.audit
    audit.invitee = invitee
    lock_audit(audit, AuditStatus.DRAFT, moves=False)
    (target,) = get_targets(group, [_with_audit(invitee, audit)], entered)
    written, changed = _sort(target.pairs, seen, was_opened)
    for pair in written:
        _write(audit, pair, entered[pair.asked], group, by)
    answered = _name(written)
    if answered:
        detail = f"{group}: {', '.join(answered)}"[:500]
        AuditEvent.objects.create(audit=audit, kind=AuditEventKind.ANSWERED_BY_GROUP, by=by, detail=detail)
    else:
        # An audit that was opened for this alone is as if it never had been.
        transaction.set_rollback(was_opened)
    return Outcome(invitee, answered, _name(changed))


def _sort(pairs: Iterable[Pair], seen: Mapping[int, int], was_opened: bool) -> tuple[list[Pair], list[Pair]]:
    """Of what was chosen: what can be written over what was seen, and what has changed since."""
    written: list[Pair] = []
    changed: list[Pair] = []
    for pair in pairs:
        if pair.asked.pk in seen:
            # What has just been brought forward from last year could not be seen before the audit was there.
            was_brought = was_opened and pair.effect == Effect.CARRIED
            is_fresh = pair.can_write and (was_brought or pair.version == seen[pair.asked.pk])
            (written if is_fresh else changed).append(pair)
    return written, changed


def _lock_access(group: Organisation, invitee: Invitee, by: User) -> None:
    """The site may end it, and the person may cease to lead the group, while the page is being filled in."""
    active = GroupAccess.objects.of_leader(by).filter(group=group, site=invitee.organisation_id)
    # By row id: in the usual order, by name, the organisations' rows would be locked too.
    if active.select_for_update().order_by("pk").first() is None:
        raise NotInThisState(f"{invitee.organisation} no longer lets {group} answer for it.")


def _with_audit(invitee: Invitee, audit: Audit) -> Invitee:
    invitee.audit = audit
    return invitee


def _name(pairs: Collection[Pair]) -> tuple[str, ...]:
    """By the site's own codes."""
    return tuple(pair.indicator.code if pair.indicator else pair.asked.code for pair in pairs)


def _write(audit: Audit, pair: Pair, words: Words, group: Organisation, by: User) -> None:
    assert pair.indicator is not None  # only what is asked can be written
    answer = pair.answer or Answer(audit=audit, indicator=pair.indicator, version=0)
    change = answer.change_to(
        score=words.score,
        reason=words.reason,
        commentary=words.commentary,
        by=by,
        at=timezone.now(),
        group=group,
    )
    answer.save()
    change.answer = answer
    change.save()
