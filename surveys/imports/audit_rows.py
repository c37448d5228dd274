"""The audits that an answers file can name: who is invited, what each is asked, and what it holds by now.

What is kept of each audit that the file names is its scores, a byte an indicator, and the lines they stand on, four:
2,000 audits of 90 indicators take about a megabyte. Commentary is never kept.
"""

from __future__ import annotations

import datetime
import hashlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, TypeVar

from django.db.models import Exists, OuterRef, Q

from s11.organisations.enums import Variant
from surveys.enums import AuditEventKind, AuditStatus
from surveys.imports.csv_files import Wrong
from surveys.models import (
    Action,
    Answer,
    AnswerEvidence,
    Audit,
    AuditEvent,
    Cycle,
    CycleQuestionnaire,
    Indicator,
    ProfileAnswer,
)
from surveys.queries import get_scope, pick_asked
from surveys.scoring import NOT_APPLICABLE, Item
from surveys.yaml_nodes import shown

# An audit in these is still its organisation's alone.
OWN: Final = (AuditStatus.DRAFT, AuditStatus.AWAITING_SIGN_OFF)
Row = TypeVar("Row", bound=tuple[object, ...])


class Mark(IntEnum):
    """What an audit holds for one indicator, in one byte. 0, 1 and 2 are scores."""

    NOT_APPLICABLE = 3
    BLANK = 4  # a row without a score
    WRONG = 5  # a row whose fault has been named already
    NO_ROW = 6


ITEMS: Final[dict[int, Item]] = {0: 0, 1: 1, 2: 2, Mark.NOT_APPLICABLE: NOT_APPLICABLE}


def make_mark(score: int | None, reason: str) -> int:
    if score is not None:
        return score
    return Mark.NOT_APPLICABLE if reason else Mark.BLANK


class Bank:
    """One variant's question bank as the cycle pins it."""

    def __init__(self, cycle: Cycle, pinned: CycleQuestionnaire) -> None:
        self.variant = Variant(pinned.variant)
        # Without the long texts: of a hundred indicators only their rules are needed.
        self.indicators = tuple(
            pinned.questionnaire.indicators.only(
                "code",
                "standard",
                "theme",
                "is_core",
                "applies_if",
                "in_force",
                "is_prepare",
                "may_be_not_applicable",
                "questionnaire",
            )
        )
        self.places = {indicator.code: place for place, indicator in enumerate(self.indicators)}
        self.places_by_id = {indicator.pk: place for place, indicator in enumerate(self.indicators)}
        self.reasons: list[str] = pinned.questionnaire.not_applicable_reasons
        self._cycle = cycle
        self._scope = get_scope(cycle, pinned)
        self._conditional = frozenset(one.pk for one in self.indicators if one.applies_if)
        self._asked: dict[frozenset[int], list[int]] = {}

    def get_asked(self, with_rows: Iterable[int], profile: Mapping[str, str] | None) -> list[int]:
        """The places that an audit asks which has rows for these indicators."""
        rows = self._conditional.intersection(with_rows)
        if profile is not None:
            return self._pick(rows, profile)
        if rows not in self._asked:
            self._asked[rows] = self._pick(rows, None)
        return self._asked[rows]

    def _pick(self, rows: frozenset[int], profile: Mapping[str, str] | None) -> list[int]:
        asked = pick_asked(
            self.indicators, cycle=self._cycle, scope=self._scope, profile=profile, with_rows=rows
        )
        return [self.places_by_id[indicator.pk] for indicator in asked]


@dataclass(slots=True, eq=False)
class AuditRows:
    """One organisation's place in the cycle, and what the file and the database hold of its audit."""

    invitee: int
    name: str
    bank: Bank
    exempt_reason: str = ""
    audit: Audit | None = None
    profile: dict[str, str] | None = None
    # Of the file's rows: the first, the first whose submitted_at could be read, and the moment that this one gives.
    first_line: int = 0
    dated_line: int = 0
    submitted_at: datetime.datetime | None = None
    # By place in the bank: what is held, and the line of the file that says so (0: none).
    marks: bytearray = field(default_factory=bytearray)
    lines: array[int] = field(default_factory=lambda: array("I"))

    def begin(self, line: int) -> None:
        """The file's first row of this audit: from now on every indicator has its place."""
        size = len(self.bank.indicators)
        self.first_line = line
        self.marks = self.marks or bytearray([Mark.NO_ROW]) * size
        self.lines = array("I", bytes(array("I").itemsize * size))

    def get_asked(self) -> list[int]:
        indicators = self.bank.indicators
        rows = (one.pk for one, mark in zip(indicators, self.marks, strict=True) if mark != Mark.NO_ROW)
        return self.bank.get_asked(rows, self.profile)

    def get_items(self) -> list[tuple[Indicator, Item]]:
        """All that the audit asks, and what is answered."""
        return [(self.bank.indicators[place], ITEMS.get(self.marks[place])) for place in self.get_asked()]


class Roll:
    """The organisations that a row can name, by URN or else by their exact name in this partnership.

    Two that were called while nothing changed have the same `state`. Officers import nothing into an audit that its
    organisation has begun: until it is submitted they see no answers, and by submitting it they would.
    """

    def __init__(self, cycle: Cycle, *, for_officers: bool = False, locks: bool = True) -> None:
        """Without `locks` for who only looks, outside any transaction: the state tells whether it still holds."""
        self.cycle = cycle
        # What an opened cycle pins never changes, so of that nothing is noted.
        self._digest = hashlib.sha256(f"{cycle.status} {cycle.opens_on}".encode())
        self.banks = {
            pinned.pk: Bank(cycle, pinned)
            for pinned in cycle.cycle_questionnaires.select_related("questionnaire")
        }
        self._places: dict[int, AuditRows] = {}
        for invitee, organisation, name, pinned, reason in self._noted(
            cycle.invitees.values_list(
                "pk", "organisation", "organisation__name", "cycle_questionnaire", "exempt_reason"
            ).order_by("pk")
        ):
            self._places[organisation] = AuditRows(invitee, name, self.banks[pinned], reason)
        self._by_urn: dict[str, int] = {}
        self._by_name: dict[str, set[int]] = {}
        for organisation, urn, name, local_name in self._noted(
            cycle.partnership.participations.values_list(
                "organisation", "organisation__urn", "organisation__name", "local_name"
            ).order_by("pk")
        ):
            self._by_urn[urn] = organisation
            self._by_name.setdefault(name, set()).add(organisation)
            self._by_name.setdefault(local_name, set()).add(organisation)
        self._load_audits(locks=locks)
        # Once the audits are locked: whoever begins at the same moment has begun, or waits.
        self._begun = _get_begun(cycle) if for_officers else frozenset()

    def _noted(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self._digest.update(repr(row).encode())
            yield row

    @property
    def state(self) -> str:
        return self._digest.hexdigest()

    def _load_audits(self, *, locks: bool) -> None:
        """Audits that are there, locked until the import has ended, and what drafts hold."""
        audits = Audit.objects.select_for_update() if locks else Audit.objects.all()
        by_invitee = {place.invitee: place for place in self._places.values()}
        drafts: dict[int, AuditRows] = {}
        for audit in audits.filter(invitee__cycle=self.cycle).order_by("pk"):
            self._digest.update(f"{audit.pk} {audit.status} {audit.submission}".encode())
            place = by_invitee[audit.invitee_id]
            place.audit = audit
            if audit.status == AuditStatus.DRAFT:
                drafts[audit.pk] = place
                place.marks = bytearray([Mark.NO_ROW]) * len(place.bank.indicators)
        of_drafts = {"audit__invitee__cycle": self.cycle, "audit__status": AuditStatus.DRAFT}
        for audit_id, indicator, score, reason, confirmed in self._noted(
            Answer.objects.filter(**of_drafts)
            .values_list("audit", "indicator", "score", "not_applicable_reason", "confirmed")
            .order_by("pk")
            .iterator()
        ):
            place = drafts[audit_id]
            mark = make_mark(score, reason) if confirmed else Mark.BLANK
            place.marks[place.bank.places_by_id[indicator]] = mark
        for audit_id, code, value in self._noted(
            ProfileAnswer.objects.filter(**of_drafts)
            .values_list("audit", "question__code", "value")
            .order_by("pk")
        ):
            profile = drafts[audit_id].profile = drafts[audit_id].profile or {}
            if value:
                profile[code] = value

    @property
    def named(self) -> list[AuditRows]:
        """Those of which the file has rows."""
        return [place for place in self._places.values() if place.first_line]

    def find_open(self, text: str) -> AuditRows:
        """Raises Wrong where the file names nobody, or somebody for whom nothing may be imported."""
        place = self.find(text)
        if place.exempt_reason:
            right = "end the exemption, or remove its rows"
            raise Wrong(f"{shown(place.name)} is exempt from {self.cycle.slug}", right)
        if place.audit and place.audit.status in OWN and place.audit.pk in self._begun:
            what = (
                f"{shown(place.name)} has begun its audit itself, so only its own people change or submit it"
            )
            raise Wrong(what, "remove its rows")
        if place.audit and place.audit.status == AuditStatus.AWAITING_SIGN_OFF:
            raise Wrong(f"the audit of {shown(place.name)} waits for its sign-off", "remove its rows")
        if place.audit and place.audit.status != AuditStatus.DRAFT:
            raise Wrong(f"the audit of {shown(place.name)} has been submitted already", "remove its rows")
        return place

    def find(self, text: str) -> AuditRows:
        if not text:
            raise Wrong("it is empty", "write the organisation's URN, or its exact name")
        named = {self._by_urn[text]} if text in self._by_urn else self._by_name.get(text, set())
        if len(named) > 1:
            raise Wrong(
                f"several organisations are called {shown(text)}", "write the URN of the one you mean"
            )
        if not named:
            what = f"{shown(text)} is no organisation of {self.cycle.partnership.slug}"
            right = "write its URN or its exact name, or add it first: under Organisations, or by import_organisations"
            raise Wrong(what, right)
        place = self._places.get(next(iter(named)))
        if place is None:
            what = f"{shown(text)} is not invited to {self.cycle.slug}"
            raise Wrong(what, "invite it first: on the cycle’s page, or by import_organisations with --cycle")
        return place


def _get_begun(cycle: Cycle) -> frozenset[int]:
    """Audits that somebody has opened, answered, given facts, evidence or an action in; others hold what was imported
    alone.
    """
    own = (
        Q(Exists(AuditEvent.objects.filter(audit=OuterRef("pk")).exclude(kind=AuditEventKind.IMPORTED)))
        | Q(Exists(Answer.objects.filter(audit=OuterRef("pk"), updated_by__isnull=False)))
        | Q(Exists(ProfileAnswer.objects.filter(audit=OuterRef("pk"))))
        | Q(Exists(AnswerEvidence.objects.filter(answer__audit=OuterRef("pk"))))
        | Q(Exists(Action.objects.filter(answer__audit=OuterRef("pk"))))
    )
    begun = Audit.objects.filter(own, invitee__cycle=cycle, status__in=OWN)
    return frozenset(begun.order_by().values_list("pk", flat=True))
