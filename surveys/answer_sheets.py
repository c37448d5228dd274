"""Answer sheets that come back: taken in, shown as what they would change, and saved.

What each verb writes is atomic. An answer that somebody else has changed since the sheet was downloaded is never
replaced unless the person has seen it and says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from s11.organisations.models import User
from s11.web.errors import NotAllowed
from surveys.answer_sheet_files import LARGEST_SHEET, Sheet, read_sheet
from surveys.answer_sheet_rows import (
    Bank,
    Entry,
    Problem,
    Question,
    load_entries,
    load_problems,
    read_entries,
)
from surveys.answer_sheet_workbooks import list_answerable, list_reasons
from surveys.enums import WRITABLE
from surveys.evidence_containers import Unfit
from surveys.evidence_files import Misnamed, Refused, check_file
from surveys.evidence_limits import MEGABYTE
from surveys.models import Answer, AnswerChange, AnswerSheet, Audit, Indicator
from surveys.models.answers import COMMENTARY_LENGTH
from surveys.permissions import check_can_answer_indicator
from surveys.queries import AskedStandard, get_asked_standards
from surveys.reach import Reach
from surveys.workflow import (
    AnswerInput,
    NotInThisState,
    is_as_before,
    lock_audit,
    save_answers,
    says_the_same,
)


class SheetRefused(Exception):
    """A file that is no answer sheet of this audit; the sentence says what to do."""


# Taking in ------------------------------------------------------------------------------------------------------------


def keep_sheet(*, audit: Audit, file: UploadedFile[bytes], by: User) -> AnswerSheet:
    """What the file says, for a day, until its person decides; an earlier one of theirs is replaced.

    Raises SheetRefused. What is wrong with single cells is kept beside what is right.
    """
    name, content = _check(file)
    try:
        sheet = read_sheet(content)
    except Unfit as unfit:
        raise SheetRefused(f"‘{name}’ {unfit}.") from None
    _check_is_of(audit, name, sheet)
    entries, problems = read_entries(sheet, make_bank(audit))
    if not entries and not problems:
        raise SheetRefused(f"‘{name}’ holds no rows of indicators: download the answer sheet again.")
    # Only now: while a file is read, nobody waits for a lock.
    with transaction.atomic():
        AnswerSheet.objects.expired(timezone.now()).delete()
        AnswerSheet.objects.filter(audit=audit, uploaded_by=by).delete()
        return AnswerSheet.objects.create(
            audit=audit,
            name=name,
            entries=[entry.as_json() for entry in entries],
            problems=[problem.as_json() for problem in problems],
            uploaded_by=by,
        )


def _check(file: UploadedFile[bytes]) -> tuple[str, IO[bytes]]:
    """Its name made safe, and its content, which is a workbook and not too large."""
    assert file.file is not None  # an upload has one
    try:
        found = check_file(file.name or "", file.file)
    except Misnamed as misnamed:
        # Another name would make no answer sheet of it.
        raise _refuse_other(misnamed.name) from None
    except Refused as refused:
        is_workbook = refused.name.lower().endswith(".xlsx")
        raise SheetRefused(str(refused)) if is_workbook else _refuse_other(refused.name) from None
    if ".xlsx" not in found.type.endings:
        raise _refuse_other(found.name)
    if found.size > LARGEST_SHEET:
        raise SheetRefused(
            f"‘{found.name}’ is larger than {LARGEST_SHEET // MEGABYTE} MB: take out what was added, such as pictures."
        )
    return found.name, file.file


def _refuse_other(name: str) -> SheetRefused:
    return SheetRefused(
        f"‘{name}’ is not an Excel workbook. Upload the answer sheet that you downloaded here, an .xlsx file."
    )


def _check_is_of(audit: Audit, name: str, sheet: Sheet) -> None:
    if sheet.about.get("audit") == str(audit.pk) and sheet.about.get("bank") == str(audit.questionnaire.pk):
        return
    title = " ".join(sheet.about.get("title", "").split())[:200]
    whose = f" ({title})" if title else ""
    raise SheetRefused(
        f"‘{name}’ is the answer sheet of another audit{whose}: download this audit’s own, and copy the answers."
    )


def make_bank(audit: Audit) -> Bank:
    """What rows are held against: all of the bank, for what is asked may have changed since."""
    standards = get_asked_standards(audit)
    return Bank(
        questions=tuple(
            Question(one.key, one.code, one.may_be_not_applicable)
            for one in audit.questionnaire.indicators.all()
        ),
        labels={step["score"]: step["label"] for step in audit.questionnaire.scale},
        reasons=tuple(list_reasons(audit, standards)),
        longest=COMMENTARY_LENGTH,
    )


# What it would change -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One answer: as it stands, and as the file has it. A conflict is one that somebody changed since the download."""

    indicator: Indicator
    now: Answer | None
    file: Answer
    confirms: bool
    is_conflict: bool

    @property
    def version(self) -> int:
        return self.now.version if self.now is not None else 0

    @property
    def is_emptied(self) -> bool:
        return self.file.score is None and not self.file.is_not_applicable

    @property
    def says_the_same(self) -> bool:
        """Nothing changes but that it is confirmed."""
        return self.now is not None and _is_said(self.now, self.file)

    def make_input(self) -> AnswerInput:
        return AnswerInput(
            indicator=self.indicator,
            score=self.file.score,
            not_applicable_reason=self.file.not_applicable_reason,
            commentary=self.file.commentary,
            seen_version=self.version,
            confirms=self.confirms,
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that would change something that the person may not change, or that is not asked any more."""

    indicator: Indicator
    why: str


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What the sheet would change now. `same` and `absent` count the answers that it leaves as they are."""

    changes: tuple[Change, ...]
    conflicts: tuple[Change, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    same: int
    absent: int

    @property
    def fingerprint(self) -> str:
        """Of what a person has seen: what is saved must be that."""
        seen = [
            (one.indicator.pk, one.version, one.is_conflict, one.confirms)
            for one in (*self.changes, *self.conflicts)
        ]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def get_sheet_plan(audit: Audit, sheet: AnswerSheet, reach: Reach) -> SheetPlan:
    """A fixed number of queries."""
    standards = get_asked_standards(audit)
    indicators = {one.key: one for one in audit.questionnaire.indicators.select_related("standard")}
    answers = {answer.indicator_id: answer for answer in audit.answers.select_related("updated_by")}
    asked = {item.indicator.pk for one in standards for item in one.items}
    entries = [entry for entry in load_entries(sheet.entries) if entry.key in indicators]
    found: dict[bool, list[Change]] = {True: [], False: []}
    left_out: list[LeftOut] = []
    differing: list[tuple[Entry, Change]] = []
    for entry in entries:
        change = _make_change(audit, entry, indicators[entry.key], answers)
        if change is None:
            continue
        if why := _find_obstacle(change.indicator, asked, reach):
            left_out.append(LeftOut(change.indicator, why))
        else:
            differing.append((entry, change))
    downloaded = _get_downloaded(differing)
    for _, change in differing:
        seen = downloaded.get(change.now.pk) if change.now is not None else None
        if seen is None or not change.is_conflict or not _is_as_downloaded(change, seen):
            found[change.is_conflict].append(change)
    changed = len(found[True]) + len(found[False]) + len(left_out)
    return SheetPlan(
        changes=_in_order(found[False]),
        conflicts=_in_order(found[True]),
        left_out=tuple(left_out),
        problems=tuple(load_problems(sheet.problems)),
        same=len(entries) - changed,
        absent=_count_absent(standards, reach, {entry.key for entry in entries}, len(sheet.problems)),
    )


def _make_change(
    audit: Audit, entry: Entry, indicator: Indicator, answers: Mapping[int, Answer]
) -> Change | None:
    """None where the file says what is there."""
    now = answers.get(indicator.pk)
    file = Answer(
        audit=audit,
        indicator=indicator,
        score=entry.score,
        not_applicable_reason=entry.reason,
        commentary=(now.commentary if now else "") if entry.commentary is None else entry.commentary,
    )
    confirms = entry.confirms and now is not None and now.is_to_confirm
    if _is_said(now or Answer(audit=audit, indicator=indicator), file) and not confirms:
        return None
    is_conflict = (now.version if now else 0) != (entry.version or 0)
    return Change(indicator, now, file, confirms, is_conflict)


def _is_said(answer: Answer, file: Answer) -> bool:
    entered = AnswerInput(file.indicator, file.score, file.not_applicable_reason, file.commentary, 0)
    return says_the_same(entered, answer.score, answer.not_applicable_reason, answer.commentary)


def _find_obstacle(indicator: Indicator, asked: Collection[int], reach: Reach) -> str:
    if indicator.pk not in asked:
        return f"{indicator.code} is not asked of you: see ‘The organisation’."
    try:
        check_can_answer_indicator(reach, indicator)
    except NotAllowed as why:
        return str(why)
    return ""


def _get_downloaded(differing: Iterable[tuple[Entry, Change]]) -> dict[int, AnswerChange]:
    """By answer, the change that ended the version that the file was made from. One query."""
    stale = {
        change.now.pk: entry.version
        for entry, change in differing
        if change.is_conflict and change.now is not None and entry.version is not None
    }
    changes = AnswerChange.objects.filter(answer__in=stale)
    return {one.answer_id: one for one in changes if one.version - 1 == stale[one.answer_id]}


def _is_as_downloaded(change: Change, since: AnswerChange) -> bool:
    """Whether the person left the answer as the file had it: then what a colleague has written since stands."""
    file = change.file
    entered = AnswerInput(change.indicator, file.score, file.not_applicable_reason, file.commentary, 0)
    return change.now is not None and is_as_before(entered, change.now, since)


def _in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: change.indicator.position))


def _count_absent(
    standards: Iterable[AskedStandard], reach: Reach, present: Collection[str], problems: int
) -> int:
    """How many of the person's indicators no row of the file speaks of."""
    own = [item.indicator.key for one in list_answerable(standards, reach) for item in one.items]
    return max(0, sum(key not in present for key in own) - problems)


# Saving ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_sheet(
    *, audit: Audit, sheet: AnswerSheet, reach: Reach, seen: str, replacing: Collection[int], by: User
) -> int:
    """All that the person saw, and of the conflicts those that they replace, by the indicator's id. How many it was.

    Raises NotInThisState where anything has changed since they looked: then nothing is saved.
    """
    lock_audit(audit, *WRITABLE)
    if not AnswerSheet.objects.of(by, audit).filter(pk=sheet.pk).exists():
        raise NotInThisState(
            "This answer sheet has been saved already, or is no longer kept. Upload it again."
        )
    plan = get_sheet_plan(audit, sheet, reach)
    if plan.fingerprint != seen:
        raise NotInThisState(
            "Somebody has changed the audit since you opened this page, so nothing was saved. "
            "It now shows what would change; look again."
        )
    chosen = [*plan.changes, *(one for one in plan.conflicts if one.indicator.pk in replacing)]
    conflicts = save_answers(
        audit=audit, entered=[change.make_input() for change in chosen], by=by, reach=reach
    )
    assert not conflicts, "the audit is locked, and these versions were read under the lock"
    sheet.delete()
    return len(chosen)
