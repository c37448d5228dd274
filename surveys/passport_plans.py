"""What bringing a passport into an audit would do: its answers beside one's own, and what is there already."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from surveys.enums import EvidenceKind, ScanState
from surveys.evidence_files import clean_name
from surveys.models import Action, Answer, Audit, Evidence, EvidenceVersion, Indicator
from surveys.passports import Passport, PassportAction, PassportAnswer, PassportEvidence
from surveys.queries import get_scope, pick_asked
from surveys.reach import Reach


class Mode(StrEnum):
    """What becomes of one's own answers."""

    EMPTY = "empty"
    REPLACE = "replace"


class State(StrEnum):
    """An answer of the passport beside one's own."""

    NEW = "new"
    SAME = "same"
    DIFFERENT = "different"
    # The passport says nothing there; its evidence may still be brought in.
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """`incoming` is as it would be brought in: a reason that is not offered here is left behind."""

    indicator: Indicator
    incoming: PassportAnswer
    mine: Answer | None
    is_open: bool
    left_behind: str = ""

    @property
    def state(self) -> State:
        if self.incoming.is_empty:
            return State.NOTHING
        if self.mine is None or is_empty(self.mine):
            return State.NEW
        return State.SAME if says_the_same(self.incoming, self.mine) else State.DIFFERENT

    def is_taken(self, mode: Mode) -> bool:
        """Whether evidence and actions come to this answer; its words come where they are new or replace one's own."""
        return self.is_open and (self.state != State.DIFFERENT or mode == Mode.REPLACE)

    def is_written(self, mode: Mode) -> bool:
        return self.is_taken(mode) and self.state in (State.NEW, State.DIFFERENT)


def is_empty(answer: Answer) -> bool:
    words = answer.not_applicable_reason or answer.commentary or answer.no_action_reason
    return answer.score is None and not words


def says_the_same(incoming: PassportAnswer, mine: Answer) -> bool:
    same_texts = all(
        # Another program may have other line ends; that is no difference.
        one.splitlines() == other.splitlines()
        for one, other in (
            (incoming.commentary, mine.commentary),
            (incoming.no_action_reason, mine.no_action_reason),
        )
    )
    same_value = (incoming.score, incoming.not_applicable_reason) == (mine.score, mine.not_applicable_reason)
    return same_texts and same_value


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """`existing` is the item of the library that holds the same already; `refusal` says why it cannot come."""

    item: PassportEvidence
    existing: Evidence | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class ActionLine:
    """`line` is the answer that it belongs to; none where this audit does not ask for it, or it belongs to none."""

    action: PassportAction
    line: AnswerLine | None
    is_there: bool

    def is_taken(self, mode: Mode) -> bool:
        return not self.is_there and (self.line is None or self.line.is_taken(mode))


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole comparison. `fingerprint` changes once anybody changes an answer that it speaks of."""

    passport: Passport
    answers: tuple[AnswerLine, ...]
    unknown: tuple[PassportAnswer, ...]
    evidence: tuple[EvidenceLine, ...]
    actions: tuple[ActionLine, ...]
    fingerprint: str
    # The name of the organisation that it is of, where that is not the audit's own.
    of_another: str = ""

    def with_state(self, *states: State, is_open: bool = True) -> list[AnswerLine]:
        return [line for line in self.answers if line.state in states and line.is_open == is_open]

    @property
    def new(self) -> list[AnswerLine]:
        return self.with_state(State.NEW)

    @property
    def same(self) -> list[AnswerLine]:
        return self.with_state(State.SAME)

    @property
    def different(self) -> list[AnswerLine]:
        return self.with_state(State.DIFFERENT)

    @property
    def locked(self) -> list[AnswerLine]:
        """What would change, but stays as it was submitted."""
        return self.with_state(State.NEW, State.DIFFERENT, is_open=False)

    def get_written(self, mode: Mode) -> list[AnswerLine]:
        return [line for line in self.answers if line.is_written(mode)]

    def get_links(self, mode: Mode) -> list[tuple[AnswerLine, tuple[str, ...]]]:
        """By answer, the ids of the items that back it afterwards."""
        usable = {line.item.id for line in self.evidence if not line.refusal}
        found = []
        for line in self.answers:
            ids = tuple(one for one in dict.fromkeys(line.incoming.evidence) if one in usable)
            if ids and line.is_taken(mode):
                found.append((line, ids))
        return found

    def get_actions(self, mode: Mode) -> list[ActionLine]:
        return [line for line in self.actions if line.is_taken(mode)]

    def get_evidence(self, mode: Mode) -> list[EvidenceLine]:
        """What is used by anything that is brought in."""
        used = {one for _, ids in self.get_links(mode) for one in ids}
        used |= {one for line in self.get_actions(mode) for one in line.action.evidence}
        return [line for line in self.evidence if line.item.id in used and not line.refusal]

    def count(self, mode: Mode) -> tuple[int, int, int]:
        """Answers, new items of evidence, actions."""
        new = [line for line in self.get_evidence(mode) if line.existing is None]
        return len(self.get_written(mode)), len(new), len(self.get_actions(mode))


def make_plan(audit: Audit, passport: Passport, reach: Reach, refusals: Mapping[str, str]) -> Plan:
    """A fixed number of queries. `refusals` say by id which files cannot be evidence here."""
    asked = {one.key: one for one in _get_asked(audit)}
    mine = {one.indicator_id: one for one in audit.answers.select_related("updated_by")}
    reasons = audit.questionnaire.not_applicable_reasons
    lines = {
        one.key: _make_line(asked[one.key], one, mine, reach, reasons)
        for one in passport.answers
        if one.key in asked
    }
    asked_lines = {
        key: AnswerLine(one, PassportAnswer(key), mine.get(one.pk), reach.holds(one))
        for key, one in asked.items()
        if key not in lines
    }
    # In the order of this audit's bank.
    ordered = sorted(lines.values(), key=lambda line: line.indicator.position)
    return Plan(
        passport=passport,
        answers=tuple(ordered),
        unknown=tuple(one for one in passport.answers if one.key not in asked and not one.is_empty),
        evidence=tuple(_compare_evidence(audit, passport.evidence, refusals)),
        actions=tuple(_compare_actions(audit, passport.actions, lines, asked_lines)),
        fingerprint=_make_fingerprint(audit, ordered),
        of_another=_name_another(audit, passport.source.organisation),
    )


def _name_another(audit: Audit, named: str) -> str:
    is_own = named.casefold().split() == audit.organisation.name.casefold().split()
    return "" if is_own else named or "an organisation that it does not name"


def _get_asked(audit: Audit) -> list[Indicator]:
    """All that the cycle asks of this bank, whatever the profile says: as what was carried over, it waits there."""
    indicators = list(audit.questionnaire.indicators.select_related("standard"))
    return pick_asked(
        indicators,
        cycle=audit.cycle,
        scope=get_scope(audit.cycle, audit.invitee.cycle_questionnaire),
        profile=None,
        with_rows=frozenset(one.pk for one in indicators),
    )


def _make_line(
    indicator: Indicator,
    said: PassportAnswer,
    mine: Mapping[int, Answer],
    reach: Reach,
    reasons: Iterable[str],
) -> AnswerLine:
    reason = said.not_applicable_reason
    keeps_reason = indicator.may_be_not_applicable and reason in reasons
    incoming = said if keeps_reason or not reason else replace(said, not_applicable_reason="")
    return AnswerLine(
        indicator,
        incoming,
        mine.get(indicator.pk),
        reach.holds(indicator),
        left_behind="" if keeps_reason else reason,
    )


def _make_fingerprint(audit: Audit, lines: Iterable[AnswerLine]) -> str:
    seen = [f"{audit.pk} {audit.status} {audit.submission}"]
    seen += [f"{one.indicator.pk} {one.mine.version if one.mine else 0} {one.is_open}" for one in lines]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


# Evidence -------------------------------------------------------------------------------------------------------------


def _compare_evidence(
    audit: Audit, items: Iterable[PassportEvidence], refusals: Mapping[str, str]
) -> Iterable[EvidenceLine]:
    items = list(items)
    by_checksum = get_same_files(audit, [item.newest.sha256 for item in items])
    by_words = _get_same_words(audit)
    for item in items:
        if item.kind == EvidenceKind.FILE:
            same = by_checksum.get(item.newest.sha256)
            yield EvidenceLine(
                item, same.evidence if same else None, _refuse(item, same) or refusals.get(item.id, "")
            )
        else:
            gone = f"‘{item.title}’ was removed for good." if item.removal_reason else ""
            yield EvidenceLine(item, by_words.get(_get_words(item)), gone)


def get_same_files(audit: Audit, checksums: Iterable[str]) -> dict[str, EvidenceVersion]:
    """By checksum: what the library holds of it, before what was taken out, the newest first."""
    found = EvidenceVersion.objects.filter(
        evidence__organisation=audit.invitee.organisation_id,
        sha256__in={checksum for checksum in checksums if checksum},
    ).select_related("evidence")
    best = sorted(found, key=lambda one: (one.evidence.removed_at is None, one.number, -one.pk))
    return {version.sha256: version for version in best}


def _refuse(item: PassportEvidence, same: EvidenceVersion | None) -> str:
    if item.removal_reason or not item.newest.file:
        return f"‘{item.title}’ has no file in the passport any more."
    if same is not None and same.evidence.is_erased:
        name = clean_name(item.newest.name)
        return f"‘{name}’ was removed from your library for good ({same.evidence.removal_reason})."
    if same is not None and same.scan_state == ScanState.INFECTED:
        name = clean_name(item.newest.name)
        return f"‘{name}’ was added before, and the virus scanner found {same.scan_finding} in it."
    return ""


Words = tuple[str, str, str, str]


def _get_words(item: PassportEvidence) -> Words:
    return item.kind, item.title, item.newest.url, item.newest.reference


def _get_same_words(audit: Audit) -> dict[Words, Evidence]:
    """Links and references of the library, by what they say now."""
    rows = EvidenceVersion.objects.filter(
        evidence__organisation=audit.invitee.organisation_id,
        evidence__removed_at=None,
        evidence__kind__in=(EvidenceKind.LINK, EvidenceKind.REFERENCE),
    )
    newest = {one.evidence_id: one for one in rows.select_related("evidence").order_by("number")}
    return {
        (one.evidence.kind, one.evidence.title, one.url, one.reference): one.evidence
        for one in newest.values()
    }


# Actions --------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Own:
    """An action of one's plan; each is the same as one of the passport at most."""

    key: str
    days: frozenset[datetime.date]
    is_met: bool = False

    def is_same(self, action: PassportAction) -> bool:
        """By indicator; where one of the two names none, by a day on which it is or was due."""
        if self.key == action.answer:
            return True
        return not (self.key and action.answer) and bool(self.days & {action.due_on, action.first_due_on})


def _compare_actions(
    audit: Audit,
    actions: Iterable[PassportAction],
    lines: Mapping[str, AnswerLine],
    others: Mapping[str, AnswerLine],
) -> Iterable[ActionLine]:
    """The same words about the same indicator are the same action, whatever this audit asks: the plan is one for all.

    `others` are lines of what the audit asks and the passport has no answer to.
    """
    actions = list(actions)
    plan = _get_own_plan(audit)
    # Those of the same indicator before those that name none.
    by_key = {number for number, one in enumerate(actions) if _meet(plan, one, is_by_key=True)}
    for number, action in enumerate(actions):
        is_there = number in by_key or _meet(plan, action, is_by_key=False)
        yield ActionLine(action, lines.get(action.answer) or others.get(action.answer), is_there)


def _get_own_plan(audit: Audit) -> dict[str, list[_Own]]:
    """By words, all actions of the organisation in this partnership, of whichever cycle."""
    rows = Action.objects.filter(
        participation__organisation=audit.invitee.organisation_id,
        participation__partnership=audit.invitee.cycle.partnership_id,
    ).values_list("what", "answer__indicator__key", "due_on", "first_due_on")
    found: dict[str, list[_Own]] = {}
    for what, key, *days in rows:
        found.setdefault(_join_words(what), []).append(_Own(key or "", frozenset(days)))
    return found


def _join_words(what: str) -> str:
    """Another program may have other line ends and spaces; that is no other action."""
    return " ".join(what.split())


def _meet(plan: Mapping[str, list[_Own]], action: PassportAction, *, is_by_key: bool) -> bool:
    for own in plan.get(_join_words(action.what), ()):
        if not own.is_met and own.is_same(action) and (own.key == action.answer or not is_by_key):
            own.is_met = True
            return True
    return False
