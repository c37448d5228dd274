"""Asking a worker for a file of a meeting, a day or a release; one being made already is not asked for twice."""

from __future__ import annotations

from django.db import transaction

from accountability.models import Meeting, MeetingDay, Panel, Paper, Release
from s11.organisations.models import Participation, User
from surveys.enums import DocumentFormat, DocumentKind
from surveys.models import Document
from surveys.tasks import build_document


@transaction.atomic
def request_paper(
    *,
    kind: DocumentKind,
    by: User | None,
    meeting: Meeting | None = None,
    day: MeetingDay | None = None,
    release: Release | None = None,
    reader: User | None = None,
    participation: Participation | None = None,
    anew: bool = False,
) -> Paper:
    """Exactly one of meeting, day and release; `reader` where the file is made for one person's eyes.

    `participation` where it is made for the agency's eyes. `anew` where what it says has just changed: then one that is
    being made already would say what was.
    """
    panel = _get_panel(meeting, day, release)
    # Two who ask at once queue here.
    Panel.objects.select_for_update().only("pk").get(pk=panel.pk)
    same = Paper.objects.filter(
        document__kind=kind,
        document__participation=participation,
        meeting=meeting,
        day=day,
        release=release,
        reader=reader,
    ).filter(document__in=Document.objects.waiting())
    if not anew and (waiting := same.select_related("document").first()):
        return waiting
    document = Document.objects.create(
        kind=kind,
        format=DocumentFormat.PDF,
        partnership=panel.cycle.partnership,
        cycle=panel.cycle,
        participation=participation,
        requested_by=by,
    )
    paper = Paper.objects.create(document=document, meeting=meeting, day=day, release=release, reader=reader)
    transaction.on_commit(lambda: build_document.enqueue(document.pk))
    return paper


def _get_panel(meeting: Meeting | None, day: MeetingDay | None, release: Release | None) -> Panel:
    for subject in (meeting, day, release):
        if subject is not None:
            return subject.panel
    raise ValueError("A paper is about a meeting, a day or a release.")
