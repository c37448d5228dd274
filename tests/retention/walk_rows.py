"""The rows of retention that addresses name: see tests/test_every_address.py."""

from __future__ import annotations

import datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from s11.retention.enums import Kind, ListStatus
from s11.retention.models import Certificate, DestructionItem, DestructionList, Hold
from tests.conftest import Cast

DAY = datetime.date(2026, 11, 2)


def make_retention_rows(cast: Cast) -> dict[str, int]:
    """A list that is done, with its certificate; one that waits for approval; and a hold."""
    now = timezone.now()
    prepared = {"prepared_by": cast.quality_officer, "prepared_at": now}
    done = DestructionList.objects.create(
        partnership=cast.partnership,
        number=1,
        status=ListStatus.DONE,
        as_of=DAY,
        approved_by=cast.administrator,
        approved_at=now,
        approved_items=0,
        finished_at=now,
        **prepared,
    )
    certificate = Certificate(list=done, sha256="0" * 64)
    certificate.file.save("certificate.pdf", ContentFile(b"%PDF-1.7"))
    waiting = DestructionList.objects.create(
        partnership=cast.partnership, number=2, status=ListStatus.PROPOSED, as_of=DAY, **prepared
    )
    item = DestructionItem.objects.create(
        list=waiting, kind=Kind.MAIL, record=201903, reference="E-mails of 2019-03", counts_from=DAY
    )
    hold = Hold.objects.create(
        partnership=cast.partnership,
        kind=Kind.AUDIT,
        record=1,
        reference="Audit 1",
        reason="A review asked for it.",
        by=cast.administrator,
    )
    return {
        "list_done": done.number,
        "list_waiting": waiting.number,
        "destruction_item": item.pk,
        "hold": hold.pk,
    }
