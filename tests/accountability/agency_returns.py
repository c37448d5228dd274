"""Returns for the annual report, in whatever state a test needs them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Final

from django.core.files.base import ContentFile
from django.utils import timezone

from accountability.enums import APPROVED_RETURNS, AgencyReturnStatus, ReturnHeading
from accountability.models import (
    AgencyReturn,
    AgencyReturnPart,
    AgencyReturnPicture,
    ReturnRequest,
)
from s11.organisations.models import Organisation, Partnership, User
from surveys.enums import EvidenceKind
from surveys.models import Evidence, EvidenceVersion
from tests.conftest import Cast
from tests.surveys.evidence_samples import PNG

TEXTS: Final = {
    ReturnHeading.ABOUT: "We teach children to swim.",
    ReturnHeading.CELEBRATE: "Children redrew the rules of the changing room.",
    ReturnHeading.PRIORITIES: "- Ask again in spring\n- Tell parents what came of it",
}


def make_request(
    partnership: Partnership, *, begins: int = 2025, due_on: datetime.date | None = None, note: str = ""
) -> ReturnRequest:
    due_on = due_on or timezone.localdate() + datetime.timedelta(days=30)
    return ReturnRequest.objects.create(partnership=partnership, begins=begins, due_on=due_on, note=note)


def make_return(
    request: ReturnRequest,
    organisation: Organisation,
    status: AgencyReturnStatus = AgencyReturnStatus.DRAFT,
    *,
    by: User,
    texts: dict[ReturnHeading, str] | None = None,
) -> AgencyReturn:
    """With words under each heading, unless they are given."""
    found = AgencyReturn(
        request=request,
        participation=organisation.participations.get(partnership=request.partnership),
        status=status,
    )
    if status in APPROVED_RETURNS:
        found.approved_by, found.approved_as, found.approved_at = by, "Director", timezone.now()
    found.save()
    AgencyReturnPart.objects.bulk_create(
        AgencyReturnPart(agency_return=found, heading=heading, text=text, changed_by=by)
        for heading, text in (TEXTS if texts is None else texts).items()
    )
    return found


def make_picture(found: AgencyReturn, alt: str = "A pool", *, content: bytes = PNG) -> AgencyReturnPicture:
    """A picture that the library holds."""
    evidence = Evidence.objects.create(
        organisation=found.participation.organisation, kind=EvidenceKind.FILE, title=alt
    )
    version = EvidenceVersion(
        evidence=evidence, number=1, name="pool.png", content_type="image/png", size=len(content)
    )
    version.file.save("pool.png", ContentFile(content))
    return AgencyReturnPicture.objects.create(agency_return=found, version=version, alt=alt)


def make_return_rows(cast: Cast, states: Iterable[tuple[int, AgencyReturnStatus]] = ()) -> dict[str, int]:
    """For tests/test_every_address.py: Anchor Trust’s, a year a state; that of 2026 is asked of nobody."""
    rows: dict[str, int] = {}
    for begins, status in states or (
        (2025, AgencyReturnStatus.DRAFT),
        (2024, AgencyReturnStatus.TO_APPROVE),
        (2023, AgencyReturnStatus.APPROVED),
        (2022, AgencyReturnStatus.ACCEPTED),
    ):
        found = make_return(
            make_request(cast.partnership, begins=begins), cast.organisation, status, by=cast.signatory
        )
        rows[f"picture_{status}"] = make_picture(found, f"A pool, {status}").pk
    return rows
