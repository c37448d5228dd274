"""Findings of a version that a correction carries on, each with where it comes from; and those that go with a draft."""

from __future__ import annotations

from django.db.models import QuerySet

from accountability.enums import FindingStatus
from accountability.models import Finding, FindingFigure, Report


def get_not_carried(report: Report) -> QuerySet[Finding]:
    """Of the version that the report corrects: those that it has not, such as one written after it was begun."""
    if report.corrects is None:
        return Finding.objects.none()
    return report.corrects.findings.exclude(status=FindingStatus.WITHDRAWN).exclude(carried_to__report=report)


def carry_findings(report: Report) -> int:
    """With words, themes and numbers, behind those that are there; whose words they are they stay. How many it were.

    The text of a number stays as it was, so that the page says which ones the correction changes.
    """
    place = report.findings.count()
    missing = list(get_not_carried(report).prefetch_related("themes", "figures"))
    for position, before in enumerate(missing, start=place):
        carried = Finding.objects.create(
            partnership=report.partnership,
            report=report,
            carried_from=before,
            title=before.title,
            found=before.found,
            why_it_matters=before.why_it_matters,
            next_steps=before.next_steps,
            position=position,
            created_by_id=before.created_by_id,
            changed_by_id=before.changed_by_id,
            changed_at=before.changed_at,
        )
        carried.themes.set(before.themes.all())
        carried.writers.set(before.writers.all())
        FindingFigure.objects.bulk_create(
            FindingFigure(
                finding=carried, path=one.path, label=one.label, text=one.text, position=one.position
            )
            for one in before.figures.all()
        )
    return len(missing)
