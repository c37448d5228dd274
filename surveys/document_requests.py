"""Asking a worker for a file, which is kept: one that would say the same as one that is there is not built again."""

from __future__ import annotations

import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from s11.organisations.models import User
from surveys.draft_state import get_draft_state
from surveys.enums import DocumentFormat, DocumentKind
from surveys.models import Audit, Cycle, Document, Questionnaire
from surveys.tasks import build_document

# A bank whose blank cannot be built is tried again now and then, not whenever somebody asks.
TRY_AGAIN_AFTER: Final = datetime.timedelta(minutes=10)

# What has waited for longer is not waited for by whoever asks again: the worker that had it may have died.
WAITED_FOR_AT_MOST: Final = datetime.timedelta(hours=1)


def _is_lost() -> Q:
    """In the queue or being built for too long; one that waits to be tried again is not."""
    return Q(file="", error="", next_try=None, queued_at__lte=timezone.now() - WAITED_FOR_AT_MOST)


@transaction.atomic
def request_document(
    *,
    kind: DocumentKind,
    file_format: DocumentFormat,
    by: User | None,
    draft_state: str = "",
    **subject: object,
) -> Document:
    """Ask for a file. One that is being built for the same person and would say the same is returned instead."""
    hopeful = Document.objects.exclude(_is_lost())
    waiting = hopeful.filter(
        kind=kind,
        format=file_format,
        requested_by=by,
        draft_state=draft_state,
        file="",
        error="",
        **subject,
    ).first()
    if waiting is not None:
        return waiting
    document = Document.objects.create(
        kind=kind, format=file_format, requested_by=by, draft_state=draft_state, **subject
    )
    transaction.on_commit(lambda: build_document.enqueue(document.pk))
    return document


@transaction.atomic
def request_audit_copy(
    *,
    audit: Audit,
    submission: int | None,
    file_format: DocumentFormat = DocumentFormat.PDF,
    by: User | None,
) -> Document:
    """Of the audit as it stands (None) or as this submission said it. One that says the same is made once a format.

    A zip is made anew each time, for it holds the action plan as it stands, and is not kept for long.
    """
    # Two who ask at once queue here, behind who saves: what they saved is in the state.
    Audit.objects.select_for_update().only("pk").get(pk=audit.pk)
    state = get_draft_state(audit) if submission is None else ""
    if file_format != DocumentFormat.ZIP:
        copies = Document.objects.filter(kind=DocumentKind.AUDIT_COPY, audit=audit, submission=submission)
        same = copies.filter(format=file_format, draft_state=state, error="")
        if made := same.exclude(_is_lost()).first():
            return made
    return request_document(
        kind=DocumentKind.AUDIT_COPY,
        file_format=file_format,
        audit=audit,
        submission=submission,
        draft_state=state,
        by=by,
    )


def find_blank(bank: Questionnaire, cycle: Cycle | None) -> Document | None:
    """A built one, else one that is being built or has failed a moment ago.

    One that was asked for before the bank was last loaded shows what is no longer asked.
    """
    has_failed = ~Q(error="") & Q(requested_at__lte=timezone.now() - TRY_AGAIN_AFTER)
    blanks = Document.objects.filter(
        kind=DocumentKind.BLANK, questionnaire=bank, cycle=cycle, requested_at__gte=bank.loaded_at
    )
    return (
        blanks.exclude(has_failed | _is_lost())
        .order_by(F("built_at").desc(nulls_last=True), "-requested_at")
        .first()
    )


@transaction.atomic
def request_blank(*, bank: Questionnaire, cycle: Cycle | None) -> Document:
    """Of the bank, or of what a cycle asks of it: one for everybody, whoever asks for it, and how often."""
    Questionnaire.objects.select_for_update().only("pk").get(pk=bank.pk)
    return find_blank(bank, cycle) or request_document(
        kind=DocumentKind.BLANK, file_format=DocumentFormat.PDF, questionnaire=bank, cycle=cycle, by=None
    )
