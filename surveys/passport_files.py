"""The zip of everything of an audit, which is its passport: built from the database, piece by piece, onto the disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import IO

from django.utils import timezone
from django.utils.text import slugify

from surveys.audit_workbooks import make_audit_workbook
from surveys.copies import make_facts, render_audit_copy
from surveys.enums import SignOffDecision
from surveys.evidence_types import TYPES
from surveys.models import Action, ActionUpdate, AnswerEvidence, Audit, EvidenceVersion
from surveys.passport_archives import ArchiveWriter
from surveys.passport_tables import Row, say, write_tables, write_trail
from surveys.passports import (
    Passport,
    PassportAction,
    PassportAnswer,
    PassportEvidence,
    PassportVersion,
    Source,
    make_json,
)
from surveys.queries import AskedIndicator
from surveys.reading import Reading, get_reading
from surveys.trail import Limits, get_limits

ENDINGS = {one.content_type: one.endings[0] for one in TYPES.values()}

README = """{about}

audit.pdf                    the whole audit, to read and to print
audit.xlsx                   the same as a workbook
answers.csv, profile.csv     the answers and the facts about the organisation, as tables
evidence/ and evidence.csv   the files that back the answers, and what they are
actions.csv                  the actions that go with the answers
sign-offs.csv                who signed the audit off
trail.csv, trail.json        who changed what, and when
passport.json                answers, evidence and actions, to bring into an audit elsewhere
SHA256SUMS                   a checksum of each file: ‘sha256sum -c SHA256SUMS’ says whether all are as they were made

To bring it into another audit, choose this zip as it is under ‘Bring in a passport’ on that audit’s page.
passport.json is an open format, s11-passport version 1; the platform’s docs/passport.md describes it.
Nothing here may be passed on to anybody who may not read the audit.
"""


def write_zip(audit: Audit, submission: int | None, target: IO[bytes]) -> None:
    """What this submission said, or as the audit stands now (None), with everything that belongs to it."""
    reading = get_reading(audit, submission)
    limits = get_limits(audit, submission) if submission else None
    writer = ArchiveWriter(target)
    evidence = _write_evidence(writer, audit, reading)
    passport = make_passport(audit, reading, evidence, limits)
    sections: dict[str, list[Row]] = {
        "profile": list(_list_facts(reading)),
        "sign_offs": list(_list_sign_offs(audit, submission)),
    }
    about = dict(make_facts(audit, submission))
    writer.add(
        "passport.json", make_json(passport, about={name: say(it) for name, it in about.items()}, **sections)
    )
    write_tables(writer, reading, passport, sections)
    write_trail(writer, audit, limits)
    writer.add("audit.pdf", render_audit_copy(audit, submission))
    writer.add("audit.xlsx", make_audit_workbook(audit, submission))
    what = f"submission {submission}" if submission else "the draft"
    title = f"{audit.organisation}, {audit.cycle}: everything of {what}"
    writer.add("README.txt", README.format(about=f"{title}, made on {passport.source.made_at}").encode())
    writer.finish()


# Evidence -------------------------------------------------------------------------------------------------------------


def _write_evidence(writer: ArchiveWriter, audit: Audit, reading: Reading) -> dict[int, PassportEvidence]:
    """By the item's row id: each item with its versions, whose files are in the zip from now on."""
    versions = {one.version.pk: one.version for found in reading.evidence.values() for one in found}
    if reading.submission is None:
        versions |= _get_pinned(audit)
    items: dict[int, PassportEvidence] = {}
    # By id, so that a zip made again calls them the same.
    for version in sorted(versions.values(), key=lambda one: (one.evidence_id, one.number)):
        item = items.get(version.evidence_id) or _make_item(version, len(items) + 1)
        held = _write_version(writer, version, item)
        items[version.evidence_id] = replace(item, versions=(*item.versions, held))
    return items


def _get_pinned(audit: Audit) -> dict[int, EvidenceVersion]:
    """What the last submission pinned of items that back the audit still, where that is not the newest version."""
    links = AnswerEvidence.objects.current().pinned().filter(answer__audit=audit)
    found = EvidenceVersion.objects.filter(pk__in=links.values("submitted_version"))
    return {version.pk: version for version in found.select_related("evidence")}


def _make_item(version: EvidenceVersion, number: int) -> PassportEvidence:
    evidence = version.evidence
    return PassportEvidence(
        id=f"e{number}",
        kind=evidence.kind,
        title=evidence.title,
        effective_on=evidence.effective_on,
        expires_on=evidence.expires_on,
        removal_reason=evidence.removal_reason,
    )


def _write_version(
    writer: ArchiveWriter, version: EvidenceVersion, item: PassportEvidence
) -> PassportVersion:
    """A file that the storage has lost is left out: it must not keep everything else from its owner."""
    held = PassportVersion(
        number=version.number,
        name=version.name,
        content_type=version.content_type,
        url=version.url,
        reference=version.reference,
        added_at=version.added_at.isoformat(timespec="seconds"),
    )
    if not version.file:
        return held
    name = make_evidence_name(item, version)
    try:
        with version.file.open("rb") as source:
            written = writer.add_file(name, source)
    except FileNotFoundError:
        return held
    return replace(held, file=name, size=written.size, sha256=written.sha256)


def make_evidence_name(item: PassportEvidence, version: EvidenceVersion) -> str:
    """‘evidence/003-safer-recruitment-policy-v2.pdf’: readable, unique, and nothing of the name that was uploaded."""
    title = slugify(item.title)[:60].strip("-_").replace("_", "-") or "evidence"
    number = f"-v{version.number}" if version.number > 1 else ""
    return f"evidence/{int(item.id[1:]):03}-{title}{number}{ENDINGS.get(version.content_type, '.bin')}"


# The passport ---------------------------------------------------------------------------------------------------------


def make_passport(
    audit: Audit, reading: Reading, evidence: Mapping[int, PassportEvidence], limits: Limits | None
) -> Passport:
    source = Source(
        partnership=audit.partnership.name,
        organisation=audit.organisation.name,
        cycle=audit.cycle.title,
        bank=str(audit.questionnaire),
        made_at=timezone.now().isoformat(timespec="seconds"),
    )
    items = [item for standard in reading.standards for item in standard.asked.items]
    actions = list_actions(reading)
    updates = _get_updates(actions, limits)
    backed = _get_backed(actions, evidence)
    answers = [_make_answer(item, reading, evidence) for item in items if item.answer is not None]
    return Passport(
        source=source,
        # A row may say nothing: its answer was cleared, or only an action hangs on it.
        answers=tuple(one for one in answers if one.evidence or not one.is_empty),
        evidence=tuple(evidence.values()),
        actions=tuple(
            _make_action(action, number, backed.get(action.pk, ()), updates.get(action.pk, ()))
            for number, action in enumerate(actions, start=1)
        ),
    )


def _make_answer(
    item: AskedIndicator, reading: Reading, evidence: Mapping[int, PassportEvidence]
) -> PassportAnswer:
    answer, indicator = item.answer, item.indicator
    assert answer is not None  # filtered by the caller
    return PassportAnswer(
        key=indicator.key,
        code=indicator.code,
        statement=indicator.text,
        score=answer.score,
        not_applicable_reason=answer.not_applicable_reason,
        commentary=answer.commentary,
        no_action_reason=answer.no_action_reason,
        confirmed=answer.confirmed,
        changed_at=answer.updated_at.isoformat(timespec="seconds"),
        changed_by=say(answer.updated_by),
        evidence=tuple(evidence[one.evidence.pk].id for one in reading.evidence_of(answer)),
    )


def list_actions(reading: Reading) -> list[Action]:
    """Born from the audit's answers, and unfinished ones from before for the same indicators, as its PDF shows them."""
    plans = reading.plans.values()
    found = {action.pk: action for plan in plans for action in (*plan.actions, *plan.earlier)}
    return [found[pk] for pk in sorted(found)]


def _get_updates(actions: Sequence[Action], limits: Limits | None) -> dict[int, list[Row]]:
    """By action. Officers read what was reported until the submission."""
    found = ActionUpdate.objects.filter(action__in=[one.pk for one in actions]).select_related("by")
    if limits is not None:
        found = found.filter(at__lte=limits.until)
    updates: dict[int, list[Row]] = {}
    for one in found.order_by("at", "pk"):
        updates.setdefault(one.action_id, []).append(
            {
                "at": one.at.isoformat(timespec="seconds"),
                "by": say(one.by),
                "text": one.text,
                "status": one.status_after,
                "percent": one.percent_after,
                "due_on": one.due_after,
            }
        )
    return updates


def _get_backed(
    actions: Sequence[Action], evidence: Mapping[int, PassportEvidence]
) -> dict[int, tuple[str, ...]]:
    """By action, the ids of its evidence that the passport holds."""
    rows = Action.evidence.through.objects.filter(action__in=[one.pk for one in actions]).order_by("evidence")
    backed: dict[int, tuple[str, ...]] = {}
    for action, item in rows.values_list("action", "evidence"):
        if item in evidence:
            backed[action] = (*backed.get(action, ()), evidence[item].id)
    return backed


def _make_action(
    action: Action, number: int, evidence: tuple[str, ...], updates: Sequence[Row]
) -> PassportAction:
    return PassportAction(
        id=f"a{number}",
        answer=action.answer.indicator.key if action.answer is not None else "",
        what=action.what,
        measure=action.measure,
        owner=action.owner,
        starts_on=action.starts_on,
        due_on=action.due_on,
        first_due_on=action.first_due_on,
        priority=action.priority,
        status=action.status,
        percent=action.percent,
        impact=action.impact,
        created_at=action.created_at.isoformat(timespec="seconds"),
        evidence=evidence,
        updates=tuple(updates),
    )


def _list_facts(reading: Reading) -> Iterator[Row]:
    for asked in reading.profile:
        question = asked.question
        yield {"code": question.code, "text": question.text, "kind": question.kind, "value": asked.value}


def _list_sign_offs(audit: Audit, submission: int | None) -> Iterator[Row]:
    found = audit.sign_offs.select_related("asked_by", "decided_by")
    if submission is not None:
        found = found.filter(submission=submission, decision=SignOffDecision.SIGNED)
    for one in found:
        yield {
            "asked_at": one.asked_at,
            "asked_by": say(one.asked_by),
            "decision": one.decision,
            "statement": one.statement,
            "decided_at": one.decided_at,
            "decided_by": say(one.decided_by),
            "submission": one.submission,
        }
