"""What the drafts of board papers are written from, and what their tokens are filled with: published figures alone."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from accountability.board_words import NO_TRAINING, Board
from accountability.chapter_parts import ChapterPart
from accountability.enums import FindingStatus, ReportStatus
from accountability.finding_drafts import Told
from accountability.meetings_overview import make_meetings_part
from accountability.models import BoardPaper, Finding, Report
from accountability.report_content import read_snapshot
from accountability.sentences import Shown
from accountability.tokens import fill_tokens, find_unknown
from surveys.models import Cycle

Json = Any


def get_cycles(report: Report) -> list[Cycle]:
    return [one.cycle for one in report.report_cycles.select_related("cycle__partnership")]


def find_earlier(report: Report) -> Report | None:
    """The published report of the year before, about another and earlier cycle and with the same scores.

    None where the report compares cycles itself.
    """
    cycles = get_cycles(report)
    if len(cycles) != 1:
        return None
    others = Report.objects.of(report.partnership).filter(status=ReportStatus.PUBLISHED, series=report.series)
    others = others.filter(
        report_cycles__position=1,
        report_cycles__cycle__closes_on__lt=cycles[0].closes_on,
        report_cycles__cycle__kind=cycles[0].kind,
    )
    return others.order_by("-report_cycles__cycle__closes_on", "-published_at").first()


def get_documents(report: Report, earlier: Report | None) -> list[Json]:
    """Frozen, each as the public reads it: the report's own, then of the earlier one the cycle that it is about."""
    found: list[Json] = list(read_snapshot(report.snapshot)["figures"])
    return [*found, read_snapshot(earlier.snapshot)["figures"][0]] if earlier else found


def make_board(
    report: Report, earlier: Report | None, meetings: Json, parts: Sequence[ChapterPart] = ()
) -> Board:
    cycles = [*get_cycles(report), *(get_cycles(earlier)[:1] if earlier else ())]
    documents = get_documents(report, earlier)
    place = report.partnership
    return Board(
        partnership=str(place),
        reference=f"{report.reference[:1].lower()}{report.reference[1:]}, ‘{report.title}’",
        cycles=[
            Shown(number, str(cycle), document, cycle.closes_on, is_closed=cycle.is_closed)
            for number, (cycle, document) in enumerate(zip(cycles, documents, strict=True), start=1)
        ],
        findings=[make_told(one) for one in get_findings(report)],
        meetings=meetings,
        contact=f"{place}: {place.contact_email}" if place.contact_email else str(place),
        parts=parts,
    )


def get_findings(report: Report) -> Sequence[Finding]:
    return list(report.findings.exclude(status=FindingStatus.WITHDRAWN))


def make_told(finding: Finding) -> Told:
    return Told(finding.pk, finding.title, finding.found, finding.why_it_matters, finding.next_steps)


def count_meetings(cycle: Cycle, today: datetime.date) -> Json:
    """What meetings came to by today; empty where nobody was called."""
    part = make_meetings_part(cycle, today)
    return part.figures if part else {}


def fill(paper: BoardPaper) -> str:
    """Its words with every number filled in, and those about training in their place."""
    return fill_tokens(paper.words, list_sources(paper))


def list_unknown(paper: BoardPaper) -> list[str]:
    """Numbers that its words name and that do not exist: they would stand there as brackets."""
    return list(find_unknown(paper.words, list_sources(paper)))


def list_sources(paper: BoardPaper) -> list[Json]:
    """The frozen figures; beside those of the first cycle what meetings came to, and what an officer entered."""
    first, *others = get_documents(paper.report, paper.compared_with)
    more = {"meetings": paper.meetings, "training": paper.training.strip() or NO_TRAINING}
    return [first | more, *others]
