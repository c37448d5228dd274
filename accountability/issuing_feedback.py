"""Giving feedback reports out: an issue for all agencies of a closed cycle, then a word to each.

An issue freezes the sector's figures and asks a worker for one file an agency. The agencies are told apart from that,
once an officer has looked at some; a later issue, such as after the panel has met, takes its place.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accountability.feedback_emails import make_feedback_mail
from accountability.feedback_reports import get_progress, list_audits
from accountability.models import FeedbackIssue, FeedbackReport, Publication, SectorFigure
from accountability.publishing import lock_partnership
from accountability.sector_figures import SectorFigures, make_sector_figures
from s11.organisations.models import User
from s11.web import errors
from s11.web.text import plural
from surveys.enums import CycleStatus, DocumentFormat, DocumentKind, MessageKind
from surveys.models import Audit, Cycle, Document, Message
from surveys.outbox import put_in_outbox
from surveys.recipients import get_leads
from surveys.tasks import build_document


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the files are not there yet."""


@transaction.atomic
def issue_feedback(*, cycle: Cycle, by: User) -> FeedbackIssue:
    """One report for every audit that counts. Raises NotInThisState where there is none, or the cycle is open again."""
    # Two who press at once queue here, and nobody else waits for them.
    current = (
        Cycle.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partnership")
        .get(pk=cycle.pk)
    )
    if current.status != CycleStatus.CLOSED:
        raise NotInThisState(f"{current} is open again. Close it, then have the feedback reports made.")
    audits = list(list_audits(current))
    if not audits:
        raise NotInThisState(
            f"No agency has submitted an audit for {current}, so there is nothing to give back."
        )
    newest = current.feedback_issues.first()
    if newest is not None and not newest.is_told and get_progress(newest).waiting:
        raise NotInThisState("The feedback reports are being made already. Nothing was changed.")
    issue = FeedbackIssue(cycle=current, number=newest.number + 1 if newest else 1, asked_by=by)
    sector = make_sector_figures(issue)
    issue.ledger = sector.ledger
    issue.save()
    SectorFigure.objects.bulk_create(sector.rows)
    documents = _make_documents(current, audits, by)
    FeedbackReport.objects.bulk_create(
        FeedbackReport(issue=issue, audit=audit, document=document)
        for audit, document in zip(audits, documents, strict=True)
    )
    keys = [document.pk for document in documents]
    transaction.on_commit(lambda: _queue(keys))
    return issue


def _make_documents(cycle: Cycle, audits: list[Audit], by: User) -> list[Document]:
    return Document.objects.bulk_create(
        Document(
            kind=DocumentKind.FEEDBACK,
            format=DocumentFormat.PDF,
            partnership=cycle.partnership,
            cycle=cycle,
            audit=audit,
            submission=audit.submission,
            requested_by=by,
        )
        for audit in audits
    )


def _queue(keys: list[int]) -> None:
    for key in keys:
        build_document.enqueue(key)


@transaction.atomic
def tell_agencies(*, issue: FeedbackIssue, by: User) -> list[Message]:
    """From now on they read it; one mail to each lead. Raises NotInThisState while files are being made."""
    lock_partnership(issue.cycle.partnership)
    locked = FeedbackIssue.objects.select_for_update(of=("self",))
    current = locked.select_related("cycle__partnership").get(pk=issue.pk)
    if current.is_told:
        raise NotInThisState("The agencies have been told already. Nothing was changed.")
    if current.cycle.feedback_issues.filter(number__gt=current.number).exists():
        raise NotInThisState("Somebody has had a newer issue made. Look at that one. Nothing was changed.")
    progress = get_progress(current)
    if progress.waiting:
        raise NotInThisState(
            f"{plural(progress.waiting, 'report is', 'reports are')} still being made. Tell the agencies once all "
            "are there."
        )
    _check_sector(current)
    current.told_by, current.told_at = by, timezone.now()
    current.save()
    return _put_mails(current, by)


def _check_sector(issue: FeedbackIssue) -> None:
    """What was safe to tell when the reports were made may not be so beside what was published or submitted since."""
    if Publication.objects.filter(report__partnership=issue.cycle.partnership, finished_at=None).exists():
        raise NotInThisState("A report is being published at this moment. Look again in a minute.")
    frozen = SectorFigures(list(issue.sector_figures.all()), issue.ledger)
    now = make_sector_figures(issue)
    if (frozen.told, frozen.ledger) != (now.told, now.ledger):
        raise NotInThisState(
            "What may be told of other agencies has changed since these reports were made: somebody submitted again, "
            "or a report was published. Have them made again, then tell the agencies."
        )


def _put_mails(issue: FeedbackIssue, by: User) -> list[Message]:
    invitees = [audit.invitee for audit in list_audits_of(issue)]
    leads = get_leads(invitees)
    people = User.objects.in_bulk([lead.user for found in leads.values() for lead in found])
    made = []
    for invitee in invitees:
        for lead in leads.get(invitee.organisation_id, ()):
            assert lead.user is not None  # a lead has a login
            mail = make_feedback_mail(issue, invitee, lead.email)
            message = put_in_outbox(
                kind=MessageKind.NOTICE,
                invitee=invitee,
                email=lead.email,
                user=people[lead.user],
                subject=str(mail.subject),
                body=str(mail.body),
                by=by,
            )
            assert message is not None  # without `once` there is always one
            made.append(message)
    return made


def list_audits_of(issue: FeedbackIssue) -> list[Audit]:
    """With what their mails say."""
    audits = Audit.objects.filter(feedback_reports__issue=issue).select_related(
        "invitee__organisation", "invitee__cycle__partnership"
    )
    return list(audits.order_by("invitee__organisation__name", "pk"))
