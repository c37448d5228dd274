"""Writes of a report on its way: begun, written, sent to review, returned, approved, corrected, withdrawn.

`by` is who did it; whether they may is asked before. Publishing itself is in publishing.py.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accountability.drafting import draft_sections
from accountability.enums import REPORT_MOVES, Licence, ReportEventKind, ReportStatus
from accountability.models import Erratum, Publication, Report, ReportCycle, ReportEvent, ReportSection
from accountability.report_content import Composed, compose
from accountability.report_cycles import find_obstacle
from accountability.report_emails import tell_approvers, tell_authors, tell_publishers
from s11.organisations.models import Partnership, User
from s11.web import errors
from surveys.enums import Series
from surveys.models import Cycle


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the report is no longer what the page showed."""


@transaction.atomic
def begin_report(
    *,
    partnership: Partnership,
    title: str,
    cycles: Sequence[Cycle],
    series: Series = Series.SELF,
    licence: Licence = Licence.OGL,
    by: User,
) -> Report:
    """A draft whose sections are written from the figures as they stand; the first cycle is what it is about."""
    if not cycles or any(cycle.partnership_id != partnership.pk for cycle in cycles):
        raise ValueError("A report is about at least one cycle, all of its own partnership.")
    report = Report.objects.create(
        partnership=partnership, title=title.strip(), series=series, licence=licence, created_by=by
    )
    ReportCycle.objects.bulk_create(
        ReportCycle(report=report, cycle=cycle, position=position) for position, cycle in enumerate(cycles, 1)
    )
    write_event(report, ReportEventKind.BEGUN, by)
    draft_sections(report)
    return report


@transaction.atomic
def change_report(*, report: Report, title: str, licence: Licence, by: User) -> None:
    """What stands on its cover."""
    current = lock(report, ReportStatus.DRAFT)
    if (current.title, current.licence) == (title.strip(), licence):
        return
    current.title, current.licence = title.strip(), licence
    current.save()
    write_event(current, ReportEventKind.CHANGED, by, "Title or licence")


@transaction.atomic
def change_section(*, section: ReportSection, text: str, seen_version: int, by: User) -> ReportSection | None:
    """Returns the section as somebody else has saved it since, and saves nothing; None where all is well."""
    report = lock(section.report, ReportStatus.DRAFT)
    current = (
        ReportSection.objects.select_for_update(of=("self",)).select_related("edited_by").get(pk=section.pk)
    )
    if current.words == text:
        return None
    if current.version != seen_version:
        return current
    if not current.is_edited:
        current.edited_from = current.drafted
    current.text, current.version = text, current.version + 1
    current.edited_by, current.edited_at = by, timezone.now()
    current.save()
    write_event(report, ReportEventKind.CHANGED, by, current.title)
    return None


@transaction.atomic
def redraft_report(*, report: Report, by: User) -> list[ReportSection]:
    """The drafts anew from the figures as they stand; what officers wrote stays. Returns the sections that changed."""
    current = lock(report, ReportStatus.DRAFT)
    changed = draft_sections(current)
    if changed:
        write_event(current, ReportEventKind.DRAFTED, by, ", ".join(one.title for one in changed))
    return changed


@transaction.atomic
def send_to_review(*, report: Report, note: str = "", by: User) -> None:
    current = lock(report, ReportStatus.DRAFT)
    check_cycles(current)
    check_tokens(compose(current))
    move(current, ReportStatus.IN_REVIEW, "send_to_review")
    write_event(current, ReportEventKind.SENT, by, note)
    tell_approvers(current, note, by)


@transaction.atomic
def return_report(*, report: Report, reason: str, by: User) -> None:
    """To a draft, with what is to be done; without a reason it raises ValueError."""
    if not reason.strip():
        raise ValueError("Whoever returns a report says what is to be done.")
    current = lock(report, ReportStatus.IN_REVIEW, ReportStatus.APPROVED)
    refuse_while_publishing(current)
    current.approved_by, current.approved_at, current.approved_digest = None, None, ""
    move(current, ReportStatus.DRAFT, "return_report")
    write_event(current, ReportEventKind.RETURNED, by, reason.strip())
    tell_authors(current, reason.strip(), by)


@transaction.atomic
def approve_report(*, report: Report, seen_digest: str, by: User) -> None:
    """What the page showed, and nothing else, is approved: text and figures alike."""
    current = lock(report, ReportStatus.IN_REVIEW)
    check_cycles(current)
    composed = compose(current)
    if composed.digest != seen_digest:
        raise NotInThisState(
            "The figures have changed since you opened the page. Read it again, then approve it."
        )
    check_tokens(composed)
    current.approved_by, current.approved_at, current.approved_digest = by, timezone.now(), composed.digest
    move(current, ReportStatus.APPROVED, "approve_report")
    write_event(current, ReportEventKind.APPROVED, by)
    tell_publishers(current, by)


@transaction.atomic
def correct_report(*, report: Report, erratum: str, by: User) -> Report:
    """A draft of the next version, with the words of this one; the public reads the erratum once it is published."""
    current = lock(report, ReportStatus.PUBLISHED)
    if Report.objects.filter(corrects=current).exists():
        raise NotInThisState("Somebody has begun a correction meanwhile. Go on with that one.")
    draft = Report.objects.create(
        partnership=current.partnership,
        title=current.title,
        series=current.series,
        licence=current.licence,
        version=current.version + 1,
        corrects=current,
        created_by=by,
    )
    for one in current.report_cycles.all():
        ReportCycle.objects.create(report=draft, cycle_id=one.cycle_id, position=one.position)
    for section in current.sections.all():
        section.pk, section.report = None, draft
        section.save()
    Erratum.objects.create(report=draft, text=erratum.strip(), by=by)
    draft_sections(draft)
    write_event(draft, ReportEventKind.CORRECTED, by, erratum.strip())
    return draft


@transaction.atomic
def discard_draft(*, report: Report, by: User) -> None:
    """Gone for good, with its text and comments; the trail keeps that there was one."""
    lock(report, ReportStatus.DRAFT).delete()


@transaction.atomic
def withdraw_report(*, report: Report, reason: str, by: User) -> None:
    """Nobody reads it any more; its address says why. Its files stay in the store, for whoever has to answer for it."""
    if not reason.strip():
        raise ValueError("The public is told why a report is gone.")
    current = lock(report, ReportStatus.PUBLISHED, ReportStatus.CORRECTED)
    current.withdrawn_by, current.withdrawn_at, current.why_withdrawn = by, timezone.now(), reason.strip()
    move(current, ReportStatus.WITHDRAWN, "withdraw_report")
    write_event(current, ReportEventKind.WITHDRAWN, by, reason.strip())


# Under each verb ------------------------------------------------------------------------------------------------------


def lock(report: Report, *statuses: ReportStatus) -> Report:
    """The row as it is now, for this transaction alone."""
    current = Report.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=report.pk)
    if current.status not in statuses:
        raise NotInThisState(
            f"The report is {ReportStatus(current.status).label.lower()} by now. Nothing was changed."
        )
    return current


def move(report: Report, status: ReportStatus, verb: str) -> None:
    """As the table of moves has it."""
    assert verb in REPORT_MOVES[ReportStatus(report.status), status]  # a verb that the diagram does not know
    report.status = status
    report.save()


def write_event(
    report: Report,
    kind: ReportEventKind,
    by: User | None,
    detail: str = "",
    at: datetime.datetime | None = None,
) -> None:
    ReportEvent.objects.create(report=report, kind=kind, by=by, detail=detail, at=at or timezone.now())


def refuse_while_publishing(report: Report) -> None:
    if Publication.objects.filter(report=report, finished_at=None).exists():
        raise NotInThisState("The report is being published at this moment. Look again in a minute.")


def check_cycles(report: Report) -> None:
    """A cycle may have been opened again since the report was begun."""
    if obstacle := find_obstacle([one.cycle for one in report.report_cycles.select_related("cycle")]):
        raise NotInThisState(obstacle)


def check_tokens(composed: Composed) -> None:
    """A number that nobody can fill would stand in the report as brackets."""
    if composed.unknown:
        raise NotInThisState(
            f"The text names a figure that does not exist: {composed.unknown[0]}. Put it right, then go on."
        )
