"""Pictures of an agency's return: received by its evidence library, described, taken out and put back."""

from __future__ import annotations

from typing import Final

from django.core.files.base import File
from django.db import transaction

from accountability.agency_return_standing import MOST_PICTURES
from accountability.agency_return_writing import NotInThisState, lock_open
from accountability.models import AgencyReturn, AgencyReturnPicture, ReturnRequest
from s11.organisations.models import Participation, Removal, User
from s11.organisations.removals import get_lifted, put_rows_back, remove
from surveys.evidence_files import Refused, check_file
from surveys.evidence_library import add_files
from surveys.evidence_types import TYPES
from surveys.models import EvidenceVersion

PRINTED: Final = (TYPES["jpeg"], TYPES["png"])
NO_PICTURE: Final = "is no picture that every browser shows: save it as a JPEG or PNG, and choose that"


class FileRefused(Exception):
    """The file cannot be taken; the sentence says why and what to do."""


def add_picture(
    *, request: ReturnRequest, participation: Participation, file: File[bytes], alt: str, by: User
) -> AgencyReturnPicture:
    """Raises FileRefused, and NotInThisState where the return is no draft any more or has enough pictures."""
    version = _keep(participation, file, by)
    return _add(request, participation, version, alt, by)


def _keep(participation: Participation, file: File[bytes], by: User) -> EvidenceVersion:
    """In the library, once: without what the camera wrote into it, and on its way to the virus scanner."""
    assert file.file is not None  # an upload is open
    try:
        found = check_file(file.name or "", file.file)
        if found.type not in PRINTED:
            raise Refused(found.name, NO_PICTURE)
    except Refused as refusal:
        raise FileRefused(str(refusal)) from None
    outcome = add_files(organisation=participation.organisation, files=[file], by=by)[0]
    if outcome.held is None:
        raise FileRefused(outcome.sentence)
    return outcome.held


@transaction.atomic
def _add(
    request: ReturnRequest, participation: Participation, version: EvidenceVersion, alt: str, by: User
) -> AgencyReturnPicture:
    found, _ = AgencyReturn.objects.get_or_create(request=request, participation=participation)
    lock_open(found)
    _check_place(found, version.pk)
    return AgencyReturnPicture.objects.create(agency_return=found, version=version, alt=alt, added_by=by)


def _check_place(found: AgencyReturn, version: int) -> None:
    there = list(found.pictures.values_list("version", flat=True))
    if version in there:
        raise NotInThisState("This picture is in your return already.")
    if len(there) >= MOST_PICTURES:
        raise NotInThisState(f"{MOST_PICTURES} pictures are the most. Take one out first.")


@transaction.atomic
def describe_picture(*, picture: AgencyReturnPicture, alt: str) -> None:
    lock_open(picture.agency_return)
    AgencyReturnPicture.objects.filter(pk=picture.pk).update(alt=alt)


@transaction.atomic
def take_picture_out(*, picture: AgencyReturnPicture, by: User) -> Removal:
    """Its file stays in the library."""
    lock_open(picture.agency_return)
    found = AgencyReturnPicture.objects.filter(pk=picture.pk).first()
    if found is None:
        raise NotInThisState("Somebody has taken the picture out already. Nothing was changed.")
    place = picture.agency_return.participation
    return remove(
        "return_picture",
        found,
        title=f"The picture ‘{found}’ of your return",
        partnership=place.partnership,
        organisation=place.organisation,
        by=by,
    )


@transaction.atomic
def put_picture_back(removal: Removal, by: User) -> None:
    """Where there is still a place for it, and its file is still there."""
    [row] = get_lifted(removal, AgencyReturnPicture)
    found = AgencyReturn.objects.get(pk=row["fields"]["agency_return"])
    lock_open(found)
    _check_place(found, row["fields"]["version"])
    if not EvidenceVersion.objects.get(pk=row["fields"]["version"]).file:
        raise NotInThisState(f"{removal} cannot be put back: its file was deleted everywhere since.")
    put_rows_back(removal)
