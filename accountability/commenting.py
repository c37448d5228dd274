"""What colleagues say about a report's sections while it is written and reviewed. The public never sees it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accountability.models import Report, ReportComment, ReportSection
from s11.organisations.models import User
from s11.web import errors


class NotInThisState(errors.NotInThisState):
    """The report went on meanwhile."""


@transaction.atomic
def comment_on_section(*, section: ReportSection, text: str, by: User) -> ReportComment:
    """Raises NotInThisState where the report is public by now: nobody who reads it could act on it."""
    report = Report.objects.select_for_update(of=("self",)).get(pk=section.report_id)
    if report.is_public:
        raise NotInThisState("The report is published by now. Begin a correction instead of a comment.")
    return ReportComment.objects.create(section=section, text=text.strip(), by=by)


def resolve_comment(*, comment: ReportComment, by: User) -> None:
    """Once; whoever comes second changes nothing."""
    ReportComment.objects.filter(pk=comment.pk, resolved_at=None).update(
        resolved_by=by, resolved_at=timezone.now()
    )
