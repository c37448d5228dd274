"""Bringing a passport into an audit: all that its person chose is written, or nothing.

What comes waits to be confirmed, as what is carried over from the last audit does: nothing of it counts until then.
"""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from s11.organisations.models import Organisation, Participation, User
from s11.web.text import list_words, plural
from s11.web.undone_files import take_back
from surveys.enums import WRITABLE, ActionOrigin, ActionStatus, AuditEventKind, EvidenceKind
from surveys.evidence_files import receive_file
from surveys.evidence_library import LibraryFull, store_file
from surveys.evidence_limits import MOST_ITEMS
from surveys.evidence_past import record_pairs_put_on
from surveys.evidence_scans import queue_scan
from surveys.models import (
    Action,
    ActionUpdate,
    Answer,
    AnswerChange,
    AnswerEvidence,
    Audit,
    AuditEvent,
    Evidence,
    EvidenceVersion,
    PassportUpload,
)
from surveys.passport_archives import open_archive
from surveys.passport_plans import ActionLine, AnswerLine, Mode, Plan, make_plan
from surveys.passport_uploads import get_plan, take_out
from surveys.passports import Passport, PassportEvidence
from surveys.reach import Reach, get_open_indicators
from surveys.workflow import NotInThisState, lock_audit

BATCH = 200
NEARLY = 99


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """How much of each."""

    answers: int
    evidence: int
    actions: int

    @property
    def words(self) -> str:
        """‘12 answers, 3 new items of evidence and 4 actions’; empty where there was nothing new."""
        said = []
        if self.answers:
            said.append(plural(self.answers, "answer"))
        if self.evidence:
            said.append(f"{plural(self.evidence, 'new item')} of evidence")
        if self.actions:
            said.append(plural(self.actions, "action"))
        return list_words(said)


@dataclass(frozen=True, slots=True)
class Order:
    """What a person decided. `seen` is the fingerprint of the comparison that they were shown."""

    upload: PassportUpload
    audit: Audit
    mode: Mode
    seen: str
    reach: Reach
    by: User


@dataclass(slots=True)
class _Files:
    """New files in the storage, by the id of their item, and which of them a row names by now."""

    stored: dict[str, EvidenceVersion] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def discard_unused(self) -> None:
        for key, version in self.stored.items():
            if key not in self.used:
                default_storage.delete(str(version.file.name))


def bring_in(order: Order) -> BroughtIn:
    """All of it or nothing.

    Raises NotInThisState where anything that the comparison speaks of has changed since, or LibraryFull.
    """
    files = _Files()
    plan = get_plan(order.upload, order.audit, order.reach)
    try:
        with (
            order.upload.file.open("rb") as content,
            open_archive(content, order.upload.file.size) as archive,
        ):
            for line in plan.get_evidence(order.mode):
                if line.existing is None and line.item.kind == EvidenceKind.FILE:
                    files.stored[line.item.id] = _store(archive, line.item, order.by)
        done = _write(order, plan.passport, files)
    except BaseException as refusal:
        take_back((str(version.file.name) for version in files.stored.values()), refusal)
        raise
    files.discard_unused()
    default_storage.delete(str(order.upload.file.name))
    return done


def _store(archive: zipfile.ZipFile, item: PassportEvidence, by: User) -> EvidenceVersion:
    """The file in the storage, and its row, unsaved. Looked at again: what is kept is what was checked."""
    with take_out(archive, item) as taken:
        found, kept = receive_file(item.newest.name, taken)
        return store_file(found, File(kept), by)


@transaction.atomic
def _write(order: Order, passport: Passport, files: _Files) -> BroughtIn:
    audit, mode, by = order.audit, order.mode, order.by
    _lock_upload(order.upload)
    lock_audit(audit, *WRITABLE)
    # Nobody adds the same file, or the item above the limit, at the same time.
    Organisation.objects.select_for_update(no_key=True).get(pk=audit.invitee.organisation_id)
    reach = Reach(opened=get_open_indicators(audit), given=order.reach.given)
    plan = make_plan(audit, passport, reach, order.upload.refusals)
    if plan.fingerprint != order.seen:
        raise NotInThisState(
            "Somebody has changed this audit since the page was opened, so nothing was brought in. "
            "Look at the comparison again: this page shows it as it is now."
        )
    # Counted first: once they are written they say the same.
    answers = len(plan.get_written(mode))
    rows = _write_answers(audit, plan, mode, by)
    items, added = _write_evidence(audit, plan, mode, files, by)
    _link_evidence(plan, mode, rows, items, by)
    actions = _write_actions(plan.get_actions(mode), audit, rows, items, by)
    _check_none_is_erased(items)
    done = BroughtIn(answers, added, actions)
    # Without the other audit's name: officers read this, and what another partnership asks is none of theirs.
    detail = f"{done.words or 'nothing new'}, to confirm"
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.BROUGHT_IN, by=by, detail=detail)
    PassportUpload.objects.filter(pk=order.upload.pk).delete()
    return done


def _lock_upload(upload: PassportUpload) -> None:
    if PassportUpload.objects.select_for_update().filter(pk=upload.pk).first() is None:
        raise NotInThisState(
            "This passport has been brought in or discarded already, so nothing was changed."
        )


# Answers


def _write_answers(audit: Audit, plan: Plan, mode: Mode, by: User) -> dict[int, Answer]:
    """By indicator, the rows of all answers that anything comes to."""
    now = timezone.now()
    written = {line.indicator.pk: line for line in plan.get_written(mode)}
    touched = written | {line.indicator.pk: line for line, _ in plan.get_links(mode)}
    touched |= {one.line.indicator.pk: one.line for one in plan.get_actions(mode) if one.line is not None}
    rows = {pk: line.mine or _make_row(audit, line, by) for pk, line in touched.items()}
    changes = [change for pk, line in written.items() for change in _change(rows[pk], line, by, now)]
    new = [row for row in rows.values() if row._state.adding]
    old = [rows[pk] for pk in written if not rows[pk]._state.adding]
    Answer.objects.bulk_create(new, BATCH)
    columns = ("score", "not_applicable_reason", "commentary", "no_action_reason")
    Answer.objects.bulk_update(
        old,
        [*columns, "confirmed", "is_from_elsewhere", "version", "updated_by", "updated_at", "group"],
        BATCH,
    )
    AnswerChange.objects.bulk_create(changes, BATCH)
    return rows


def _make_row(audit: Audit, line: AnswerLine, by: User) -> Answer:
    """Evidence and actions may come before the answer. Version 0 is what a page without an answer has seen."""
    return Answer(audit=audit, indicator=line.indicator, version=0, updated_by=by)


def _change(answer: Answer, line: AnswerLine, by: User, now: datetime.datetime) -> Iterator[AnswerChange]:
    """The words, and then why there is no action, which the trail tells apart."""
    incoming = line.incoming
    same_words = (answer.score, answer.not_applicable_reason, answer.commentary) == (
        incoming.score,
        incoming.not_applicable_reason,
        incoming.commentary,
    )
    if not same_words:
        change = answer.change_to(
            score=incoming.score,
            reason=incoming.not_applicable_reason,
            commentary=incoming.commentary,
            by=by,
            at=now,
        )
        change.is_brought_in = True
        yield change
    if answer.no_action_reason != incoming.no_action_reason:
        change = answer.change_to(
            score=answer.score,
            reason=answer.not_applicable_reason,
            commentary=answer.commentary,
            by=by,
            at=now,
        )
        change.is_brought_in = True
        change.no_action_before, change.no_action_after = answer.no_action_reason, incoming.no_action_reason
        answer.no_action_reason = incoming.no_action_reason
        yield change
    answer.confirmed = False
    # What stands there now is in the trail, so whatever follows it there begins with it.
    answer.is_from_elsewhere = False


# Evidence


def _write_evidence(
    audit: Audit, plan: Plan, mode: Mode, files: _Files, by: User
) -> tuple[dict[str, Evidence], int]:
    """By its id in the passport, the item of the library; and how many are new."""
    room = MOST_ITEMS - Evidence.objects.of(audit.organisation).count()
    items: dict[str, Evidence] = {}
    by_checksum: dict[str, Evidence] = {}
    new: list[EvidenceVersion] = []
    for line in plan.get_evidence(mode):
        checksum = line.item.newest.sha256 if line.item.kind == EvidenceKind.FILE else ""
        existing = line.existing or by_checksum.get(checksum)
        if existing is None and checksum and line.item.id not in files.stored:
            raise NotInThisState(
                f"‘{line.item.title}’ has left your library meanwhile, so nothing was brought in. Try again."
            )
        if existing is None:
            version = files.stored.get(line.item.id) or _make_words(line.item, by)
            version.evidence = existing = _make_item(audit, line.item, by)
            new.append(version)
            files.used.add(line.item.id)
        items[line.item.id] = existing
        if checksum:
            by_checksum[checksum] = existing
    if len(new) > room:
        raise LibraryFull
    Evidence.objects.bulk_create([version.evidence for version in new], BATCH)
    EvidenceVersion.objects.bulk_create(new, BATCH)
    for version in new:
        queue_scan(version)
    # What had been taken out and is used again is in the library again.
    back = [item.pk for item in items.values() if item.removed_at is not None]
    Evidence.objects.filter(pk__in=back).update(removed_at=None, removed_by=None)
    return items, len(new)


def _make_item(audit: Audit, item: PassportEvidence, by: User) -> Evidence:
    return Evidence(
        organisation=audit.organisation,
        kind=item.kind,
        title=item.title,
        effective_on=item.effective_on,
        expires_on=item.expires_on,
        added_by=by,
    )


def _make_words(item: PassportEvidence, by: User) -> EvidenceVersion:
    return EvidenceVersion(number=1, url=item.newest.url, reference=item.newest.reference, added_by=by)


def _link_evidence(
    plan: Plan, mode: Mode, rows: dict[int, Answer], items: dict[str, Evidence], by: User
) -> None:
    """Added to what backs the answers; nothing is taken off."""
    wanted = {
        (rows[line.indicator.pk].pk, items[one].pk) for line, ids in plan.get_links(mode) for one in ids
    }
    answers = {answer for answer, _ in wanted}
    links = {
        (one.answer_id, one.evidence_id): one for one in AnswerEvidence.objects.filter(answer__in=answers)
    }
    back = {pair for pair in wanted if pair in links and links[pair].removed_at is not None}
    AnswerEvidence.objects.filter(pk__in=[links[pair].pk for pair in back]).update(removed_at=None)
    new = sorted(wanted - links.keys())
    AnswerEvidence.objects.bulk_create(
        [AnswerEvidence(answer_id=answer, evidence_id=item, added_by=by) for answer, item in new], BATCH
    )
    record_pairs_put_on({*new, *back}, by=by)


def _check_none_is_erased(items: dict[str, Evidence]) -> None:
    """Waits for whoever is erasing one of them; from here on nobody can."""
    used = Evidence.objects.filter(pk__in=[item.pk for item in items.values()]).order_by("pk")
    if any(item.is_erased for item in used.select_for_update(no_key=True)):
        raise NotInThisState(
            "Evidence in this passport was removed from your library for good meanwhile, so nothing was "
            "brought in. Look at the comparison again."
        )


# Actions


def _write_actions(
    lines: list[ActionLine], audit: Audit, rows: dict[int, Answer], items: dict[str, Evidence], by: User
) -> int:
    participation = Participation.objects.get(organisation=audit.organisation, partnership=audit.partnership)
    shown = [sorted({items[one].pk for one in line.action.evidence if one in items}) for line in lines]
    actions = [
        _make_action(participation, line, rows, by, bool(evidence))
        for line, evidence in zip(lines, shown, strict=True)
    ]
    Action.objects.bulk_create(actions, BATCH)
    ActionUpdate.objects.bulk_create([_make_update(action, by) for action in actions], BATCH)
    through = Action.evidence.through
    through.objects.bulk_create(
        [
            through(action_id=action.pk, evidence_id=evidence)
            for action, evidence_ids in zip(actions, shown, strict=True)
            for evidence in evidence_ids
        ],
        BATCH,
    )
    return len(actions)


def _make_action(
    participation: Participation, line: ActionLine, rows: dict[int, Answer], by: User, has_evidence: bool
) -> Action:
    given = line.action
    # As here: nothing is done without its impact or evidence, and what shows it may have stayed behind.
    is_unshown = given.status == ActionStatus.DONE and not (given.impact or has_evidence)
    answer = rows[line.line.indicator.pk] if line.line is not None else None
    return Action(
        participation=participation,
        # What a panel agreed elsewhere is here the agency's own.
        origin=ActionOrigin.FREE if answer is None else ActionOrigin.SCORE,
        answer=answer,
        what=given.what,
        measure=given.measure,
        owner=given.owner,
        starts_on=given.starts_on,
        due_on=given.due_on,
        first_due_on=given.first_due_on,
        priority=given.priority,
        status=ActionStatus.IN_PROGRESS if is_unshown else given.status,
        percent=min(given.percent, NEARLY) if is_unshown else given.percent,
        impact=given.impact,
        created_by=by,
    )


def _make_update(action: Action, by: User) -> ActionUpdate:
    return ActionUpdate(
        action=action,
        text="Brought in from a passport.",
        status_before=action.status,
        status_after=action.status,
        percent_before=action.percent,
        percent_after=action.percent,
        due_before=action.due_on,
        due_after=action.due_on,
        by=by,
    )
