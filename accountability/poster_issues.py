"""How a poster stands to its report: whether that was corrected or withdrawn since, and whether it has a new issue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from accountability.enums import FindingStatus, ReportStatus
from accountability.models import Finding, Poster, Report
from accountability.number_list import list_numbers
from accountability.report_content import get_documents


@dataclass(frozen=True, slots=True)
class Standing:
    """`holds` is the version of its report that holds now, if any does; `issue` is what takes the poster's place."""

    is_corrected: bool
    is_withdrawn: bool
    holds: Report | None
    issue: Poster | None

    @property
    def published_issue(self) -> Poster | None:
        return self.issue if self.issue and self.issue.status == FindingStatus.PUBLISHED else None


def get_standing(poster: Poster) -> Standing:
    report = poster.report
    status = report.status if report else ""
    is_corrected, is_withdrawn = status == ReportStatus.CORRECTED, status == ReportStatus.WITHDRAWN
    return Standing(
        is_corrected=is_corrected,
        is_withdrawn=is_withdrawn,
        holds=find_holding(poster) if is_corrected or is_withdrawn else report,
        issue=_get_new_issues(poster).first() if poster.status != FindingStatus.DRAFT else None,
    )


def find_holding(poster: Poster) -> Report | None:
    """The version of its report that the public reads now."""
    if poster.report is None or poster.report.number is None:
        return None
    return Report.objects.filter(
        partnership=poster.partnership_id, number=poster.report.number, status=ReportStatus.PUBLISHED
    ).first()


def has_new_issue(poster: Poster) -> bool:
    return _get_new_issues(poster).exists()


def _get_new_issues(poster: Poster) -> QuerySet[Poster]:
    return Poster.objects.filter(replaces=poster).exclude(status=FindingStatus.WITHDRAWN)


def trace_findings(poster: Poster, holding: Report) -> Mapping[int, int]:
    """By each finding of the poster's own version, what it was carried to in the version that holds."""
    of_all = Finding.objects.filter(report__partnership=poster.partnership_id, report__number=holding.number)
    before = dict(of_all.values_list("pk", "carried_from"))
    found = {}
    for pk in of_all.filter(report=holding).values_list("pk", flat=True):
        earlier = before[pk]
        while earlier is not None:
            found[earlier] = pk
            earlier = before.get(earlier)
    return found


@dataclass(frozen=True, slots=True)
class ChangedNumber:
    about: str
    then: str
    now: str


def list_changed_numbers(poster: Poster, words: Iterable[str]) -> list[ChangedNumber]:
    """Of a new issue: what the earlier version said, still stands in the words, and reads otherwise now."""
    if poster.replaces is None or poster.replaces.report is None or poster.report is None:
        return []
    then, now = get_documents(poster.replaces.report), get_documents(poster.report)
    text = " ".join(" ".join(words).split())
    found = []
    for place in range(min(len(then), len(now))):
        values = {one.token: one.value for one in list_numbers(now, place)}
        for one in list_numbers(then, place):
            value = values.get(one.token, "not shown any more")
            if value != one.value and _stands_in(one.value, text):
                found.append(ChangedNumber(one.about, one.value, value))
    return found


def _stands_in(value: str, text: str) -> bool:
    """‘10 of 11 (91%)’ also without its percentage."""
    return re.search(rf"(?<![\w,.]){re.escape(value.split(' (', maxsplit=1)[0])}(?![\w%])", text) is not None
