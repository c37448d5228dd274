"""An audit's trail: who changed which answer from what to what, and what else happened, newest first.

For its agency always; for officers what led to the last submission, once there is one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Q, QuerySet, Value

from s11.organisations.models import User
from s11.web.dates import as_london
from surveys.enums import AuditEventKind, Scope, Series
from surveys.models import (
    Action,
    ActionUpdate,
    AnswerChange,
    AnswerEvidence,
    Audit,
    AuditEvent,
    Indicator,
    Standard,
)
from surveys.past import is_about_actions

ROWS_A_PAGE = 50
Row = tuple[datetime.datetime, int, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants to see of the trail: one standard or indicator, one person; empty is everything."""

    standard: Standard | None = None
    indicator: Indicator | None = None
    person: User | None = None

    @property
    def is_about_answers(self) -> bool:
        """An event is about the audit as a whole, so it has no place beside one answer's changes."""
        return self.standard is not None or self.indicator is not None

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
    """One thing that happened. Exactly one of the last four is given."""

    at: datetime.datetime
    by: User | None
    indicator: Indicator | None = None
    change: AnswerChange | None = None
    event: AuditEvent | None = None
    evidence: AnswerEvidence | None = None
    action: Action | ActionUpdate | None = None
    # ‘Audit 2026, Fellside Partnership’: where a change was sent from. For the agency's own members alone.
    sent_from: str = ""

    @property
    def is_confirmation(self) -> bool:
        """Nothing changed but that somebody said it still holds."""
        change = self.change
        return change is not None and not (
            self.is_new_value or self.is_new_commentary or is_about_actions(change)
        )

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


def get_limits(audit: Audit) -> Limits:
    """Up to the last submission; what is being corrected since is not for officers yet."""
    frozen = audit.scorecards.filter(scope=Scope.WHOLE, series=Series.SELF, submission=audit.submission)
    submitted = audit.events.filter(kind__in=(AuditEventKind.SUBMITTED, AuditEventKind.IMPORTED)).last()
    return Limits(frozen.get().frozen_at, submitted.pk if submitted else 0)


def get_trail(
    audit: Audit, wanted: Wanted, limits: Limits | None, number: str | None, *, is_own: bool = False
) -> Trail:
    """A fixed number of queries, whatever the length.

    To the agency's own members it says what came from an audit elsewhere; nobody else learns that there is one.
    """
    sources = list_sources(audit, wanted, limits, is_own=is_own)
    rows = [_pick(found, kind, at) for kind, (found, at) in sources.items()]
    together = rows[0].union(*rows[1:], all=True).order_by("-moment", "source", "-pk")
    page = Paginator(together, ROWS_A_PAGE).get_page(number)
    return Trail(page, tuple(_make_entries(list(page.object_list), sources, is_own=is_own)))


Sources = dict[str, tuple[QuerySet[Any], str]]


def list_sources(
    audit: Audit, wanted: Wanted, limits: Limits | None, *, is_own: bool = False
) -> Sources:
    """By kind: its rows of this audit, and the name of the column that says when."""
    changes = AnswerChange.objects.filter(wanted.narrow("answer", "by"), answer__audit=audit)
    events = audit.events.all() if not wanted.is_about_answers else AuditEvent.objects.none()
    if wanted.person is not None:
        events = events.filter(by=wanted.person)
    if is_own:
        # Where it is not selected, no page can show it but by asking for it row by row.
        changes = changes.select_related("sent_from__audit__invitee__cycle__partnership")
    else:
        events = events.exclude(kind=AuditEventKind.STARTED_FROM_ELSEWHERE)
    # What came along with a carried-over answer was added in an earlier audit's time.
    links = AnswerEvidence.objects.filter(
        wanted.narrow("answer", "added_by"), answer__audit=audit, added_at__gte=audit.created_at
    )
    actions = Action.objects.filter(wanted.narrow("answer", "created_by"), answer__audit=audit)
    updates = ActionUpdate.objects.filter(wanted.narrow("action__answer", "by"), action__answer__audit=audit)
    if limits is not None:
        was_submitted = Q(answer__in=audit.answers.submitted())
        changes = changes.filter(was_submitted, at__lte=limits.until)
        events = events.filter(Q(pk__lte=limits.event) | Q(kind=AuditEventKind.RETURNED))
        links = links.filter(was_submitted, added_at__lte=limits.until).exclude(submitted_version=None)
        actions = actions.filter(was_submitted, created_at__lte=limits.until)
        updates = updates.filter(action__answer__in=audit.answers.submitted(), at__lte=limits.until)
    return {
        "change": (changes.select_related("by", "group", "answer__indicator"), "at"),
        "event": (events.select_related("by"), "at"),
        "link": (links.select_related("added_by", "answer__indicator", "evidence"), "added_at"),
        "action": (actions.select_related("created_by", "answer__indicator"), "created_at"),
        "update": (updates.select_related("by", "action__answer__indicator"), "at"),
    }


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
        thing = things[kind][pk]
        match thing:
            case AnswerChange():
                sent_from = _name_source(thing) if is_own else ""
                yield Entry(at, thing.by, thing.answer.indicator, change=thing, sent_from=sent_from)
            case AuditEvent():
                yield Entry(at, thing.by, event=thing)
            case AnswerEvidence():
                yield Entry(at, thing.added_by, thing.answer.indicator, evidence=thing)
            case Action():
                yield Entry(at, thing.created_by, _get_indicator(thing), action=thing)
            case ActionUpdate():
                yield Entry(at, thing.by, _get_indicator(thing.action), action=thing)


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
    columns = {"change": "by", "event": "by", "link": "added_by", "action": "created_by", "update": "by"}
    named = Q()
    for kind, (found, _) in sources.items():
        named |= Q(pk__in=found.select_related(None).order_by().values(columns[kind]))
    return list(User.objects.filter(named).order_by("name", "email"))
