"""The rows of packs that addresses name: see tests/test_every_address.py."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.utils import timezone

from accountability.models import LineOfEnquiry, Meeting, Paper
from surveys.enums import DocumentKind
from surveys.models import Cycle, Document
from tests.accountability.factories import make_meeting, make_panel
from tests.conftest import Cast


def make_pack_rows(cast: Cast) -> dict[str, int]:
    """Of Dune House: a line, a member's own question, an administrator's file. Anchor Trust has its own pack."""
    meeting = Meeting.objects.get(invitee__organisation__slug="dune")
    line = LineOfEnquiry.objects.create(meeting=meeting, origin="added", text="Who?", by=cast.administrator)
    own = LineOfEnquiry.objects.create(
        meeting=meeting, origin="added", text="Why?", is_private=True, by=cast.panel_member
    )
    paper = Paper.objects.create(
        document=make_file(meeting.cycle), meeting=meeting, reader=cast.administrator
    )
    cycle = Cycle.objects.get(slug="sent", partnership=cast.partnership)
    told = make_meeting(make_panel(cycle), cast.organisation, told_at=timezone.now())
    document = make_file(cycle)
    document.participation = cast.organisation.participations.get(partnership=cast.partnership)
    document.save()
    Paper.objects.create(document=document, meeting=told)
    return {"pack_line": line.pk, "own_question": own.pk, "pack_document": paper.document_id}


def make_file(cycle: Cycle) -> Document:
    document = Document(kind=DocumentKind.PACK, format="pdf", partnership=cycle.partnership, cycle=cycle)
    document.built_at = timezone.now()
    document.file.save("pack.pdf", ContentFile(b"%PDF-1.7"))
    return document
