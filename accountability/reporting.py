"""Writes of a report on its way: begun, written, sent to review, returned, approved, corrected, withdrawn.

`by` is who did it; whether they may is asked before. `seen` is the step that the page showed (reports.get_step): where
somebody has gone on since, nothing is done. Publishing itself is in publishing.py.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from textwrap import shorten

from django.db import transaction
from django.utils import timezone

from accountability.drafting import draft_sections
from accountability.enums import READABLE, REPORT_MOVES, Licence, ReportEventKind, ReportStatus
from accountability.finding_copies import carry_findings
from accountability.models import Erratum, Publication, Report, ReportCycle, ReportEvent, ReportSection
from accountability.report_content import Composed, compose
from accountability.report_cycles import find_obstacle, find_wrong_choice
from accountability.report_emails import tell_approvers, tell_authors, tell_publishers
from accountability.reports import get_step, get_versions
from s11.organisations.models import Partnership, Removal, User
from s11.organisations.removals import remove
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
    if why := find_wrong_choice(cycles, series):
        raise NotInThisState(why)
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
def change_report(*, report: Report, title: str, licence: Licence, seen: int | None = None, by: User) -> None:
    """What stands on its cover."""
    current = lock(report, ReportStatus.DRAFT, seen=seen)
    if (current.title, current.licence) == (title.strip(), licence):
        return
    current.title, current.licence = title.strip(), licence
    current.save()
    write_event(current, ReportEventKind.CHANGED, by, "Title or licence")


@transaction.atomic
def change_section(*, section: ReportSection, text: str, seen_version: int, by: User) -> ReportSection | None:
    """Returns the section as somebody else has saved it since, and saves nothing; None where all is well."""
    report = lock(section.report, ReportStatus.DRAFT)
    locked = ReportSection.objects.select_for_update(of=("self",)).select_related("edited_by")
    current = locked.filter(pk=section.pk).first()
    if current is None:
        raise NotInThisState(
            "The draft was made anew meanwhile, and its figures no longer show this group. Copy your text from here."
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
def send_to_review(*, report: Report, note: str = "", seen: int | None = None, by: User) -> list[User]:
    """With drafts that are true today: tokens follow the figures, and the sentences around them do not.

    Returns who was told because they may approve it: nobody, where all who could wrote some of it.
    """
    current = lock(report, ReportStatus.DRAFT, seen=seen)
    check_cycles(current)
    draft_sections(current)
    check_tokens(compose(current))
    move(current, ReportStatus.IN_REVIEW, "send_to_review")
    write_event(current, ReportEventKind.SENT, by, note)
    return tell_approvers(current, note, by)


@transaction.atomic
def return_report(*, report: Report, reason: str, seen: int | None = None, by: User) -> None:
    """To a draft, with what is to be done; without a reason it raises ValueError.

    With `seen`, a page that was opened in review does not undo the approval that came after it.
    """
    if not reason.strip():
        raise ValueError("Whoever returns a report says what is to be done.")
    current = lock(report, ReportStatus.IN_REVIEW, ReportStatus.APPROVED, seen=seen)
    refuse_while_publishing(current)
    current.approved_by, current.approved_at, current.approved_digest = None, None, ""
    move(current, ReportStatus.DRAFT, "return_report")
    write_event(current, ReportEventKind.RETURNED, by, reason.strip())
    tell_authors(current, reason.strip(), by)


@transaction.atomic
def approve_report(*, report: Report, seen_digest: str, by: User) -> list[User]:
    """What the page showed, and nothing else, is approved: text and figures alike. Returns the publishers told."""
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
    return tell_publishers(current, by)


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
    carry_findings(draft)
    draft_sections(draft)
    write_event(draft, ReportEventKind.CORRECTED, by, erratum.strip())
    return draft


@transaction.atomic
def write_erratum(
    *, report: Report, text: str, erratum: Erratum | None = None, seen: int | None = None, by: User
) -> Removal | None:
    """One more of a correction that is being written, or this one in other words; empty, it is taken out again.

    The last one stays: the public is told what a correction corrects.
    """
    removal = None
    current = lock(report, ReportStatus.DRAFT, seen=seen)
    if current.corrects_id is None:
        raise NotInThisState("Only a correction says what was wrong.")
    may_go = erratum is not None and current.errata.exclude(pk=erratum.pk).exists()
    if not text.strip() and not may_go:
        raise NotInThisState(
            "Say what is wrong and what is right: the public is told what a correction corrects."
        )
    if erratum is None:
        Erratum.objects.create(report=current, text=text.strip(), by=by)
    elif text.strip():
        erratum.text = text.strip()
        erratum.save(update_fields=["text"])
    else:
        title = f"What ‘{current}’ was to correct, ‘{shorten(erratum.text, 120, placeholder='…')}’,"
        removal = remove("erratum", erratum, title=title, partnership=current.partnership, by=by)
    write_event(current, ReportEventKind.CHANGED, by, "What was corrected")
    return removal


@transaction.atomic
def discard_draft(*, report: Report, seen: int | None = None, by: User) -> Removal:
    """Thrown away with its text, findings and comments."""
    current = lock(report, ReportStatus.DRAFT, seen=seen)
    return remove(
        "report",
        *current.findings.all(),
        current,
        title=f"The draft report ‘{current}’",
        partnership=current.partnership,
        by=by,
    )


@transaction.atomic
def withdraw_report(
    *, report: Report, reason: str, is_whole: bool = False, seen: int | None = None, by: User
) -> list[Report]:
    """This version, or with `is_whole` every one that the public still reads; returns which.

    Nobody reads them any more; their addresses say why. Their files stay in the store, for whoever has to answer for
    them. `seen` is the step of all versions together: none is withdrawn or left that the page did not name.
    """
    if not reason.strip():
        raise ValueError("The public is told why a report is gone.")
    # The newest first, as a publication locks them: it takes the correction, then what it corrects.
    versions = list(get_versions(report).select_for_update(of=("self",)).order_by("-version"))
    current = next(one for one in versions if one.pk == report.pk)
    check_state(current, READABLE)
    check_seen(seen, *(one for one in versions if one.is_public))
    refuse_while_publishing(*versions)
    withdrawn = [one for one in versions if one.is_readable] if is_whole else [current]
    for one in withdrawn:
        one.withdrawn_by, one.withdrawn_at, one.why_withdrawn = by, timezone.now(), reason.strip()
        move(one, ReportStatus.WITHDRAWN, "withdraw_report")
        write_event(one, ReportEventKind.WITHDRAWN, by, reason.strip())
    return withdrawn


# Under each verb ------------------------------------------------------------------------------------------------------


def lock(report: Report, *statuses: ReportStatus, seen: int | None = None) -> Report:
    """The row as it is now, for this transaction alone."""
    found = Report.objects.select_for_update(of=("self",)).select_related("partnership")
    current = found.filter(pk=report.pk).first()
    if current is None:
        raise NotInThisState("Somebody has thrown this draft away meanwhile.")
    check_state(current, statuses)
    check_seen(seen, current)
    return current


def check_state(report: Report, statuses: Collection[str]) -> None:
    if report.status not in statuses:
        raise NotInThisState(
            f"The report is {ReportStatus(report.status).label.lower()} by now. Nothing was changed."
        )


def check_seen(seen: int | None, *versions: Report) -> None:
    """A page that is older than the newest line of the history did not show what would be undone."""
    if seen is None or seen == get_step(*versions):
        return
    newest = ReportEvent.objects.filter(report__in=versions).select_related("by").latest("pk")
    what = newest.get_kind_display().lower() + (f" by {newest.by}" if newest.by else "")
    raise NotInThisState(
        f"The report has gone on since you opened the page: {what}. Nothing was changed. Look at it again, then decide."
    )


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


def refuse_while_publishing(*reports: Report) -> None:
    if Publication.objects.filter(report__in=reports, finished_at=None).exists():
        raise NotInThisState("The report is being published at this moment. Look again in a minute.")


def check_cycles(report: Report) -> None:
    """A cycle may have been opened again, or its moderation, since the report was begun."""
    cycles = [one.cycle for one in report.report_cycles.select_related("cycle")]
    if obstacle := find_obstacle(cycles, Series(report.series)):
        raise NotInThisState(obstacle)


def check_tokens(composed: Composed) -> None:
    """A number that nobody can fill would stand in the report as brackets."""
    if composed.unknown:
        raise NotInThisState(
            f"The text names a figure that does not exist: {composed.unknown[0]}. Put it right, then go on."
        )
