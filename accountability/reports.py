"""Reports as lists and pages read them: on the desk with who did what, for the public what holds now."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accountability.enums import FindingStatus, ReportStatus
from accountability.models import (
    Erratum,
    FeedbackIssue,
    Poster,
    Publication,
    PublishedFile,
    Report,
    ReportComment,
    ReportCycle,
    ReportEvent,
)
from s11.organisations.models import Partnership, User
from s11.organisations.queries import Desk
from s11.web.dates import as_london
from s11.web.text import list_words
from surveys.enums import CycleStatus
from surveys.models import Cycle

WITH_CYCLES = Prefetch("report_cycles", ReportCycle.objects.select_related("cycle"))
NEWEST_ON_FRONT = 5

# The desk -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One version of a report on the desk, with all that happened to it."""

    report: Report
    cycles: tuple[Cycle, ...]
    events: tuple[ReportEvent, ...]
    files: tuple[PublishedFile, ...]
    publication: Publication | None
    versions: tuple[Report, ...]
    errata: tuple[Erratum, ...]

    @property
    def is_being_published(self) -> bool:
        return self.publication is not None and self.publication.is_unfinished

    @property
    def correction(self) -> Report | None:
        """The next version, while it is on its way."""
        return next((one for one in self.versions if one.corrects_id and not one.is_public), None)

    @property
    def failure(self) -> str:
        """Of the last attempt, while it is still the last word."""
        if self.publication is None or self.report.status != ReportStatus.APPROVED:
            return ""
        return self.publication.error


def get_reports(user: User, desk: Desk) -> QuerySet[Report]:
    """The newest first; drafts and what was published alike."""
    mine = Report.objects.visible_to(user).of(desk.partnership)
    return mine.select_related("created_by", "partnership", "corrects").prefetch_related(WITH_CYCLES)


def get_report_or_404(user: User, desk: Desk, report: int) -> Report:
    found = Report.objects.visible_to(user).of(desk.partnership)
    return get_object_or_404(
        found.select_related("partnership", "corrects", "created_by", "approved_by", "published_by"),
        pk=report,
    )


def get_versions(report: Report) -> QuerySet[Report]:
    """Those that have its number, and a correction of one of them that is on its way."""
    number = report.number
    if number is None and report.corrects is not None:
        number = report.corrects.number
    if number is None:
        return Report.objects.filter(pk=report.pk)
    return Report.objects.filter(
        Q(number=number) | Q(corrects__number=number), partnership=report.partnership_id
    )


def name_versions(versions: Iterable[Report]) -> str:
    """‘Version 1’, ‘Versions 1 and 2’: ‘Report 1’ would be its first version and the report as well."""
    numbers = [str(number) for number in sorted(one.version for one in versions)]
    return f"Version{'s' if len(numbers) > 1 else ''} {list_words(numbers)}"


def get_step(*versions: Report) -> int:
    """How far they have come: the newest line of their history. What a page showed goes back with its form."""
    newest: int | None = ReportEvent.objects.filter(report__in=versions).aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def count_open_comments(report: Report) -> int:
    """What colleagues have said about its sections, and nobody has settled."""
    return ReportComment.objects.filter(section__report=report, resolved_at=None).count()


def get_correction(report: Report) -> Report | None:
    """The next version, once it is begun: on its way, or public."""
    return Report.objects.filter(corrects=report).select_related("created_by", "partnership").first()


def get_others_about(cycles: Iterable[int], report: Report | None = None) -> list[Report]:
    """Published ones about one of these cycles, by their ids; not what `report` is or corrects."""
    about = ReportCycle.objects.filter(report=OuterRef("pk"), position=1, cycle__in=list(cycles))
    others = Report.objects.current().filter(Exists(about)).order_by("-published_at", "-pk")
    if report is not None:
        others = others.exclude(pk__in=[report.pk, report.corrects_id or 0])
    return list(others.prefetch_related(WITH_CYCLES))


def get_report_page(report: Report) -> ReportPage:
    listed = list(get_versions(report).order_by("version"))
    return ReportPage(
        report=report,
        cycles=tuple(one.cycle for one in report.report_cycles.select_related("cycle")),
        events=tuple(report.events.select_related("by")),
        files=tuple(report.files.all()),
        publication=report.publications.first(),
        versions=tuple(listed),
        errata=tuple(Erratum.objects.filter(report__in=listed).select_related("report")),
    )


# Back to the agencies -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A closed cycle's feedback reports: the issue that its agencies read, and a later one that they do not know of."""

    cycle: Cycle
    told: FeedbackIssue | None
    made: FeedbackIssue | None


def get_given_back(partnership: Partnership) -> list[GivenBack]:
    """The latest cycle first; each issue with `count`, how many reports it has. Two queries."""
    issues = FeedbackIssue.objects.annotate(count=Count("reports")).order_by("-number")
    closed = Cycle.objects.of(partnership).filter(status=CycleStatus.CLOSED)
    found = []
    for cycle in closed.prefetch_related(Prefetch("feedback_issues", issues)):
        newest = list(cycle.feedback_issues.all())
        told = next((issue for issue in newest if issue.is_told), None)
        made = newest[0] if newest and newest[0] != told else None
        found.append(GivenBack(cycle, told, made))
    return found


# The public -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Year:
    """What was published in one year."""

    year: int
    reports: tuple[Report, ...]


def get_published(partnership: Partnership) -> QuerySet[Report]:
    """Of each report the version that holds, the newest first."""
    current = Report.objects.of(partnership).current().order_by("-published_at", "-pk")
    return current.prefetch_related(WITH_CYCLES)


def get_published_posters(partnership: Partnership) -> QuerySet[Poster]:
    """Posters and briefings that the public reads, the newest first: of each its newest issue.

    None of a report that nobody may read.
    """
    public = Poster.objects.filter(partnership=partnership, status=FindingStatus.PUBLISHED).exclude(
        report__status=ReportStatus.WITHDRAWN
    )
    newer = Poster.objects.filter(replaces=OuterRef("pk"), status=FindingStatus.PUBLISHED)
    public = public.filter(~Exists(newer))
    return public.order_by("-published_at", "-pk")


def group_by_year(reports: Iterable[Report]) -> list[Year]:
    """By the year of publication; the reports come newest first."""
    groups = itertools.groupby(reports, key=get_year)
    return [Year(year, tuple(found)) for year, found in groups]


def get_year(report: Report) -> int:
    assert report.published_at is not None  # the check constraint promises it
    return as_london(report.published_at).year


def get_newest_published() -> list[Report]:
    """Of all partnerships, for the front page."""
    current = Report.objects.current().select_related("partnership").order_by("-published_at", "-pk")
    return list(current[:NEWEST_ON_FRONT])


def get_public_report_or_404(partnership: Partnership, number: int, version: int | None = None) -> Report:
    """The version that holds; where all were withdrawn, or one is asked for by its number, that one."""
    public = Report.objects.of(partnership).public().filter(number=number).select_related("snapshot")
    if version is not None:
        return get_object_or_404(public, version=version)
    found = public.filter(status=ReportStatus.PUBLISHED).first() or public.order_by("-version").first()
    if found is None:
        raise Http404
    return found


def get_public_errata(report: Report) -> list[Erratum]:
    """Of every version of the report that is public, the newest first: what was put right, and in which version."""
    public = Report.objects.public().filter(partnership=report.partnership_id, number=report.number)
    errata = Erratum.objects.filter(report__in=public).select_related("report")
    return list(errata.order_by("-report__version", "pk"))


def get_public_versions(report: Report) -> list[Report]:
    public = Report.objects.public().filter(partnership=report.partnership_id, number=report.number)
    return list(public.order_by("-version"))
