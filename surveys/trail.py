"""An audit's trail: who changed which answer or fact from what to what, and what else happened, newest first.

For its agency always; for officers what led to the last submission, once there is one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value

from s11.organisations.models import User
from s11.web.dates import as_london
from surveys.enums import COUNTED, AuditEventKind, Scope, Series
from surveys.models import (
    Action,
    ActionUpdate,
    AnswerChange,
    AnswerEvidence,
    Audit,
    AuditEvent,
    EvidenceChange,
    EvidenceVersion,
    Indicator,
    ProfileChange,
    Standard,
)
from surveys.past import is_about_actions
from surveys.progress import say_fact
from surveys.trail_groups import TELLS_SENT, Sitting, get_sittings, keep_ends

ROWS_A_PAGE = 50
Row = tuple[datetime.datetime, int, str]
Source = tuple[QuerySet[Any], str]
Sources = dict[str, Source]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants to see: one standard or indicator, or the facts; one person; empty is everything.

    `each`: every save on a line of its own, as it is kept.
    """

    standard: Standard | None = None
    indicator: Indicator | None = None
    person: User | None = None
    is_about_facts: bool = False
    each: bool = False

    @property
    def is_about_answers(self) -> bool:
        """An event is about the audit as a whole, so it has no place beside one answer's changes."""
        return self.standard is not None or self.indicator is not None

    @property
    def keys(self) -> Q:
        """For rows of an earlier audit's answers: indicators of other editions with the same key."""
        found = Q()
        if self.indicator is not None:
            found &= Q(action__answer__indicator__key=self.indicator.key)
        elif self.standard is not None:
            found &= Q(action__answer__indicator__key__in=self.standard.indicators.values("key"))
        return found & Q(by=self.person) if self.person is not None else found

    def narrow(self, answer: str, by: str) -> Q:
        """For rows whose answer and person are reached by these names."""
        found = Q()
        if self.indicator is not None:
            found &= Q(**{f"{answer}__indicator": self.indicator})
        elif self.standard is not None:
            found &= Q(**{f"{answer}__indicator__standard": self.standard})
        return found & Q(**{by: self.person}) if self.person is not None else found


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: exactly one of change, fact, event, evidence and action is given.

    `change` and `fact` may be several saves of one sitting put together, the first of them at `since`: copies, never to
    be saved.
    """

    at: datetime.datetime
    by: User | None
    indicator: Indicator | None = None
    change: AnswerChange | None = None
    event: AuditEvent | None = None
    evidence: AnswerEvidence | EvidenceChange | None = None
    action: Action | ActionUpdate | None = None
    fact: ProfileChange | None = None
    saves: int = 1
    since: datetime.datetime | None = None
    # ‘Audit 2026, Fellside Partnership’: where a change was sent from. For the agency's own members alone.
    sent_from: str = ""

    @property
    def is_confirmation(self) -> bool:
        """Nothing changed but that somebody said it still holds."""
        return self.saves == 1 and self._is_without_change

    @property
    def is_undone(self) -> bool:
        """Changed, and changed back in the same sitting."""
        return self.saves > 1 and self._is_without_change

    @property
    def _is_without_change(self) -> bool:
        if self.fact is not None:
            return self.fact.value_before == self.fact.value_after
        change = self.change
        return change is not None and not (
            self.is_new_value or self.is_new_commentary or is_about_actions(change)
        )

    @property
    def fact_words(self) -> tuple[str, str]:
        """A fact before and after."""
        if self.fact is None:
            return "", ""
        question = self.fact.answer.question
        return say_fact(question, self.fact.value_before), say_fact(question, self.fact.value_after)

    @property
    def is_removal(self) -> bool:
        """Evidence was taken off an answer."""
        return isinstance(self.evidence, EvidenceChange) and not self.evidence.is_put_on

    @property
    def earlier(self) -> str:
        """The earlier audit whose action was reported on; empty for one of this audit's own."""
        return getattr(self.action, "earlier_audit", "")

    @property
    def is_new_value(self) -> bool:
        change = self.change
        return change is not None and (change.score_before, change.reason_before) != (
            change.score_after,
            change.reason_after,
        )

    @property
    def is_new_commentary(self) -> bool:
        return self.change is not None and self.change.commentary_before != self.change.commentary_after


@dataclass(frozen=True, slots=True)
class Trail:
    """One page of entries; `page` is for the links between pages."""

    page: Page[Any]
    entries: tuple[Entry, ...]

    @property
    def days(self) -> list[tuple[datetime.date, list[Entry]]]:
        """The entries of each day in England; a day may go on over the page."""
        grouped = groupby(self.entries, key=lambda entry: as_london(entry.at).date())
        return [(day, list(entries)) for day, entries in grouped]


@dataclass(frozen=True, slots=True)
class Limits:
    """What officers see of it: up to when answers were changed, and up to which event."""

    until: datetime.datetime
    event: int


def get_limits(audit: Audit, submission: int | None = None) -> Limits:
    """Up to this submission, or the last; what is being corrected since is not for officers yet."""
    submission = submission or audit.submission
    cards = audit.scorecards.filter(scope=Scope.WHOLE, series=Series.SELF)
    events = audit.events.filter(kind__in=(AuditEventKind.SUBMITTED, AuditEventKind.IMPORTED))
    if following := cards.filter(submission=submission + 1).first():
        events = events.filter(at__lt=following.frozen_at)
    last = events.last()
    return Limits(cards.get(submission=submission).frozen_at, last.pk if last else 0)


def get_trail(
    audit: Audit, wanted: Wanted, limits: Limits | None, number: str | None, *, is_own: bool = False
) -> Trail:
    """A fixed number of queries, whatever the length.

    To the agency's own members it says what came from an audit elsewhere; nobody else learns that there is one.
    """
    every = list_sources(audit, wanted, limits, is_own=is_own)
    sources = every if wanted.each else {kind: _gather(kind, source) for kind, source in every.items()}
    rows = [_pick(found, kind, at) for kind, (found, at) in sources.items()]
    together = rows[0].union(*rows[1:], all=True).order_by("-moment", "source", "-pk")
    page = Paginator(together, ROWS_A_PAGE).get_page(number)
    entries = list(_make_entries(list(page.object_list), every, is_own=is_own))
    return Trail(page, tuple(entries if wanted.each else _put_together(entries, every)))


def _gather(kind: str, source: Source) -> Source:
    found, at = source
    return (keep_ends(found), at) if kind in GATHERED else source


def _put_together(entries: Iterable[Entry], sources: Sources) -> Iterable[Entry]:
    """Each entry that ends a sitting, from what stood before it. Two queries more, whatever the number."""
    entries = list(entries)
    sittings: dict[str, dict[int, Sitting]] = {}
    firsts: dict[str, dict[int, Any]] = {}
    for kind in GATHERED:
        rows = sources[kind][0]
        ends = [found for entry in entries if (found := getattr(entry, kind)) is not None]
        sittings[kind] = get_sittings(rows, ends)
        several = {one.pk: sittings[kind][one.pk].first for one in ends if sittings[kind][one.pk].saves > 1}
        firsts[kind] = rows.in_bulk(list(several.values()))
    for entry in entries:
        kind = "fact" if entry.fact is not None else "change"
        last = entry.fact or entry.change
        if last is None or sittings[kind][last.pk].saves == 1:
            yield entry
            continue
        sitting = sittings[kind][last.pk]
        first = firsts[kind][sitting.first]
        whole = copy(last)
        for name in BEFORE[kind]:
            setattr(whole, name, getattr(first, name))
        put_together: dict[str, Any] = {kind: whole, "saves": sitting.saves, "since": first.at}
        yield replace(entry, **put_together)


# What a page saves by itself, with what each of its rows says of before.
BEFORE = {"change": ("score_before", "reason_before", "commentary_before"), "fact": ("value_before",)}
GATHERED = tuple(BEFORE)


def list_sources(audit: Audit, wanted: Wanted, limits: Limits | None, *, is_own: bool = False) -> Sources:
    """By kind: its rows of this audit, and the name of the column that says when."""
    changes = AnswerChange.objects.filter(wanted.narrow("answer", "by"), answer__audit=audit)
    facts = ProfileChange.objects.filter(answer__audit=audit)
    events = audit.events.all()
    if wanted.is_about_answers:
        facts, events = facts.none(), events.none()
    if wanted.person is not None:
        facts, events = facts.filter(by=wanted.person), events.filter(by=wanted.person)
    if is_own:
        # Where it is not selected, no page can show it but by asking for it row by row.
        changes = changes.select_related("sent_from__audit__invitee__cycle__partnership")
        changes = changes.annotate(**{TELLS_SENT: Value(True)})
    else:
        events = events.exclude(kind=AuditEventKind.STARTED_FROM_ELSEWHERE)
    actions = Action.objects.filter(wanted.narrow("answer", "created_by"), answer__audit=audit)
    updates = ActionUpdate.objects.filter(wanted.narrow("action__answer", "by"), action__answer__audit=audit)
    earlier = list_earlier_reports(audit).filter(wanted.keys)
    if limits is not None:
        was_submitted = Q(answer__in=audit.answers.submitted())
        changes = changes.filter(was_submitted, at__lte=limits.until)
        events = events.filter(Q(pk__lte=limits.event) | Q(kind=AuditEventKind.RETURNED))
        facts = facts.filter(at__lte=limits.until)
        earlier = earlier.filter(action__answer__audit__status__in=COUNTED, at__lte=limits.until)
        actions = actions.filter(was_submitted, created_at__lte=limits.until)
        updates = updates.filter(action__answer__in=audit.answers.submitted(), at__lte=limits.until)
    found = {
        "fact": (facts.select_related("by", "answer__question"), "at"),
        "change": (changes.select_related("by", "group", "answer__indicator"), "at"),
        "event": (events.select_related("by"), "at"),
        "action": (actions.select_related("created_by", "answer__indicator"), "created_at"),
        "update": (updates.select_related("by", "action__answer__indicator"), "at"),
        **_list_evidence(audit, wanted, limits),
        "earlier": (earlier.select_related("by", "action__answer__indicator"), "at"),
    }
    if wanted.is_about_facts:
        return {kind: (rows if kind == "fact" else rows.none(), at) for kind, (rows, at) in found.items()}
    return found


def _list_evidence(audit: Audit, wanted: Wanted, limits: Limits | None) -> Sources:
    """What was put on answers and taken off; and links from before each change was kept.

    What came along with a carried-over answer was added in an earlier audit's time.
    """
    # What lies in quarantine is named to nobody but who added it.
    known = Exists(EvidenceVersion.objects.released().filter(evidence=OuterRef("evidence")))
    changes = EvidenceChange.objects.filter(known, wanted.narrow("answer", "by"), answer__audit=audit)
    same = {"answer": OuterRef("answer"), "evidence": OuterRef("evidence")}
    links = AnswerEvidence.objects.filter(
        known,
        ~Exists(EvidenceChange.objects.filter(**same, is_put_on=True)),
        wanted.narrow("answer", "added_by"),
        answer__audit=audit,
        added_at__gte=audit.created_at,
    )
    if limits is not None:
        was_submitted = Q(answer__in=audit.answers.submitted())
        # What was never part of a submission is not named to officers.
        pinned = AnswerEvidence.objects.pinned().filter(**same)
        changes = changes.filter(was_submitted, Exists(pinned), at__lte=limits.until)
        links = links.filter(was_submitted, added_at__lte=limits.until).exclude(submitted_version=None)
    return {
        "link": (links.select_related("added_by", "answer__indicator", "evidence"), "added_at"),
        "evidence": (changes.select_related("by", "answer__indicator", "evidence"), "at"),
    }


def list_earlier_reports(audit: Audit) -> QuerySet[ActionUpdate]:
    """What was reported on actions of earlier years' answers while this was the organisation's newest audit here."""
    own = Audit.objects.filter(
        invitee__organisation=audit.invitee.organisation_id,
        invitee__cycle__partnership=audit.invitee.cycle.partnership_id,
    )
    newer = own.filter(created_at__gt=audit.created_at, created_at__lte=OuterRef("at"))
    return ActionUpdate.objects.filter(
        ~Exists(newer),
        action__answer__audit__in=own.filter(created_at__lt=audit.created_at),
        at__gte=audit.created_at,
    ).annotate(earlier_audit=F("action__answer__audit__invitee__cycle__title"))


def _pick(found: QuerySet[Any], kind: str, at: str) -> QuerySet[Any, Row]:
    labelled = (
        found.select_related(None)
        .order_by()
        .annotate(source=Value(kind, output_field=CharField()), moment=F(at))
    )
    rows: QuerySet[Any, Row] = labelled.values_list("moment", "pk", "source")
    return rows


def _make_entries(rows: Sequence[Row], sources: Sources, *, is_own: bool) -> Iterable[Entry]:
    """The rows of one page, looked up kind by kind."""
    things = {
        kind: found.in_bulk([pk for _, pk, its_kind in rows if its_kind == kind])
        for kind, (found, _) in sources.items()
    }
    for at, pk, kind in rows:
        yield _make_entry(at, things[kind][pk], is_own=is_own)


def _make_entry(at: datetime.datetime, thing: Any, *, is_own: bool) -> Entry:
    match thing:
        case AnswerChange():
            sent_from = _name_source(thing) if is_own else ""
            return Entry(at, thing.by, thing.answer.indicator, change=thing, sent_from=sent_from)
        case AnswerEvidence():
            return Entry(at, thing.added_by, thing.answer.indicator, evidence=thing)
        case EvidenceChange():
            return Entry(at, thing.by, thing.answer.indicator, evidence=thing)
        case Action():
            return Entry(at, thing.created_by, _get_indicator(thing), action=thing)
        case ActionUpdate():
            return Entry(at, thing.by, _get_indicator(thing.action), action=thing)
        case ProfileChange():
            return Entry(at, thing.by, fact=thing)
        case _:
            return Entry(at, thing.by, event=thing)


def _name_source(change: AnswerChange) -> str:
    if change.sent_from is None:
        return ""
    audit = change.sent_from.audit
    return f"{audit.cycle}, {audit.partnership}"


def _get_indicator(action: Action) -> Indicator | None:
    return action.answer.indicator if action.answer is not None else None


def get_people(audit: Audit, limits: Limits | None) -> list[User]:
    """Whoever the trail names, by name. One query."""
    sources = list_sources(audit, Wanted(), limits)
    columns = {"link": "added_by", "action": "created_by"}
    named = Q()
    for kind, (found, _) in sources.items():
        named |= Q(pk__in=found.select_related(None).order_by().values(columns.get(kind, "by")))
    return list(User.objects.filter(named).order_by("name", "email"))
