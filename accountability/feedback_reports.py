"""What a feedback report says: an agency's own results beside last year and its sector, and what others said of them.

Its own figures are as they stand; the sector's are those that were frozen with the issue. Other agencies appear in
nothing but quartiles. A fixed number of queries, whatever the number of answers and agencies.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accountability.enums import LetterStatus
from accountability.following import Followed, get_agreed, get_followed
from accountability.models import FeedbackIssue, FeedbackReport, GoodPractice, Meeting, SectorFigure
from accountability.pack_answers import (
    AnswerRow,
    StandardRow,
    get_answer_rows,
    get_last_audit,
    get_outcomes,
    is_final,
    make_standard_rows,
)
from surveys.enums import COUNTED, Scope, Series
from surveys.models import Audit, Cycle, Scorecard
from surveys.reading import Figures
from surveys.scoring import Tally

LOWEST, MIDDLE, HIGHEST = "In the lowest quarter", "In the middle half", "In the highest quarter"


@dataclass(frozen=True, slots=True)
class Line:
    """A standard, or all of them (no code): the agency's own figures, and where its sector stands."""

    own: StandardRow
    sector: SectorFigure | None
    # What the panel agreed, once its minutes are final.
    panel: Figures | None = None

    @property
    def name(self) -> str:
        return self.own.name or "All standards"

    @property
    def is_whole(self) -> bool:
        return not self.own.code

    @property
    def place(self) -> str:
        """Where its mean lies in its sector, in words; empty where the sector is not told."""
        if self.sector is None or self.own.own.mean is None:
            return ""
        # Compared as rounded, as the reader sees both.
        mean = Decimal(self.own.own.mean)
        if mean < self.sector.lower:
            return LOWEST
        return HIGHEST if mean > self.sector.upper else MIDDLE


@dataclass(frozen=True, slots=True)
class AgencyReport:
    """One agency's, ready for its page and its file."""

    report: FeedbackReport
    lines: tuple[Line, ...]
    rows: tuple[AnswerRow, ...]
    last_cycle: Cycle | None
    is_moderated: bool
    followed: tuple[Followed, ...]
    practices: tuple[GoodPractice, ...]
    made_at: datetime.datetime

    @property
    def audit(self) -> Audit:
        return self.report.audit

    @property
    def issue(self) -> FeedbackIssue:
        return self.report.issue

    @property
    def whole(self) -> Line | None:
        return self.lines[-1] if self.lines else None

    @property
    def standards(self) -> tuple[Line, ...]:
        return self.lines[:-1]

    @property
    def has_sector(self) -> bool:
        return any(line.sector is not None for line in self.lines)

    @property
    def has_panel(self) -> bool:
        return any(line.panel is not None for line in self.lines)

    @property
    def looked_at(self) -> list[AnswerRow]:
        """Answers that a moderator looked at; empty until moderation is closed."""
        return [row for row in self.rows if row.moderation is not None]

    @property
    def notes(self) -> list[AnswerRow]:
        """Of those, the ones that were changed or that something was written about."""
        return [
            row
            for row in self.looked_at
            if row.is_moderated_otherwise or (row.moderation and row.moderation.reason)
        ]

    @property
    def strongest(self) -> list[Line]:
        """Standards in the highest quarter of the sector."""
        return [line for line in self.standards if line.place == HIGHEST]

    @property
    def weakest(self) -> list[Line]:
        return [line for line in self.standards if line.place == LOWEST]

    @property
    def zeros(self) -> list[AnswerRow]:
        """What is at 0 in the end, critical indicators first."""
        found = [row for row in self.rows if row.moderated == 0]
        return sorted(found, key=lambda row: not row.indicator.is_critical)

    @property
    def changes(self) -> tuple[int, int]:
        """How many answers went up and how many down since last year, of those asked then too."""
        pairs = [(row.own, row.before) for row in self.rows]
        scored = [(own, before) for own, before in pairs if isinstance(own, int) and isinstance(before, int)]
        return sum(own > before for own, before in scored), sum(own < before for own, before in scored)


def list_audits(cycle: Cycle) -> QuerySet[Audit]:
    """Those that are given a report: submitted, of agencies that are not exempt."""
    return Audit.objects.filter(invitee__cycle=cycle, invitee__exempt_reason="", status__in=COUNTED).order_by(
        "invitee__organisation__name", "pk"
    )


def get_agency_report(report: FeedbackReport) -> AgencyReport:
    """Of a row fetched by `fetch_reports`."""
    audit = report.audit
    final = is_final(audit)
    last = get_last_audit(audit)
    before = get_outcomes(last)
    now = timezone.now()
    rows = get_answer_rows(audit, before, [], timezone.localdate(now), with_moderation=final)
    standards = make_standard_rows(rows, before, {}, is_moderated=final, shows_small=False)
    meetings = list(Meeting.objects.filter(invitee=audit.invitee_id).values_list("pk", flat=True))
    return AgencyReport(
        report=report,
        lines=tuple(make_lines(report, standards)),
        rows=tuple(rows),
        last_cycle=last.cycle if last else None,
        is_moderated=final,
        followed=tuple(get_followed(get_agreed(meetings).order_by("number"))),
        practices=tuple(get_practices(meetings)),
        made_at=now,
    )


def make_lines(report: FeedbackReport, standards: Sequence[StandardRow]) -> list[Line]:
    """Each standard, then all of them. Two queries."""
    bank = report.audit.invitee.cycle_questionnaire_id
    figures = report.issue.sector_figures.filter(cycle_questionnaire=bank).select_related("standard")
    sectors = {figure.standard.code if figure.standard else "": figure for figure in figures}
    panel = get_panel_figures(report.audit)
    return [Line(row, sectors.get(row.code), panel.get(row.code)) for row in standards]


def get_panel_figures(audit: Audit) -> dict[str, Figures]:
    """By standard's code, "" for all: what the panel agreed, frozen with final minutes. One query."""
    cards = Scorecard.objects.of_last_submission().filter(
        audit=audit, series=Series.PANEL, scope__in=(Scope.WHOLE, Scope.STANDARD)
    )
    return {
        card.standard.code if card.standard else "": Figures(
            Tally(n=card.n, total=card.sum, zeros=card.zeros)
        )
        for card in cards.select_related("standard")
    }


def get_practices(meetings: Sequence[int]) -> list[GoodPractice]:
    """What the panel would have others learn from, once the letter has gone. One query."""
    return list(
        GoodPractice.objects.filter(meeting__in=meetings, meeting__letter__status=LetterStatus.SENT)
        .select_related("indicator")
        .order_by("pk")
    )


# Rows of an issue -----------------------------------------------------------------------------------------------------


def fetch_reports() -> QuerySet[FeedbackReport]:
    """With what a report's page says around it."""
    return FeedbackReport.objects.select_related(
        "issue",
        "document",
        "audit__invitee__organisation",
        "audit__invitee__cycle__partnership",
        "audit__invitee__cycle_questionnaire__questionnaire",
    )


def get_told_reports() -> QuerySet[FeedbackReport]:
    """What agencies may read, the newest issue first."""
    return fetch_reports().filter(issue__told_at__isnull=False).order_by("-issue__told_at", "-pk")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the files of an issue are."""

    total: int
    made: int
    failed: int

    @property
    def waiting(self) -> int:
        return self.total - self.made - self.failed


def get_progress(issue: FeedbackIssue) -> Progress:
    """One query."""
    return Progress(
        **issue.reports.aggregate(
            total=Count("pk"),
            made=Count("pk", filter=~Q(document__file="")),
            failed=Count("pk", filter=Q(document__file="") & ~Q(document__error="")),
        )
    )
