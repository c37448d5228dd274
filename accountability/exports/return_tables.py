"""What agencies wrote for the annual report: who was asked, each return with its history, and its pictures."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from accountability.agency_return_standing import TOLD
from accountability.enums import APPROVED_RETURNS
from accountability.exports.columns import keep, name_people
from accountability.models import (
    AgencyReturn,
    AgencyReturnEvent,
    AgencyReturnPart,
    AgencyReturnPicture,
    ReturnRequest,
)
from s11.organisations.models import Partnership
from surveys.enums import HELD
from surveys.exports.files import write_file
from surveys.exports.tables import BATCH, Row, Table, make_table
from surveys.passport_archives import ArchiveWriter

ABOUT = {
    "year": "agency_return__request__begins",
    "organisation": "agency_return__participation__organisation__slug",
}
PICTURES = ("year", "organisation", "alt", "added_by", "added_at", "file")


def write_return_files(writer: ArchiveWriter, partnership: Partnership) -> None:
    kept = _list_pictures(partnership).exclude(version__file="").exclude(version__scan_state__in=HELD)
    for picture in kept.iterator(BATCH):
        write_file(writer, _name_file(picture), picture.version.file)


def list_return_tables(writer: ArchiveWriter, partnership: Partnership) -> Iterator[Table]:
    """After `write_return_files`: a row names a file only where it is in the zip."""

    def list_pictures() -> Iterator[Row]:
        for picture in _list_pictures(partnership).iterator(BATCH):
            name, adder, found = _name_file(picture), picture.added_by, picture.agency_return
            yield {
                "year": found.request.begins,
                "organisation": found.participation.organisation.slug,
                "alt": picture.alt,
                "added_by": adder.email if adder is not None else None,
                "added_at": picture.added_at,
                "file": name if name in writer.written else "",
            }

    yield make_table(
        "return-requests",
        "years for which agencies were asked for a return; year is the calendar year of its 1 April",
        ReturnRequest.objects.filter(partnership=partnership),
        {"year": "begins"} | keep("due_on", "note") | name_people("asked_by") | keep("asked_at"),
    )
    yield make_table(
        "agency-returns",
        "each agency’s return for a year, how far it is, and who approved it for the public",
        AgencyReturn.objects.filter(request__partnership=partnership),
        {"year": "request__begins", "organisation": "participation__organisation__slug"}
        | keep("status", "begun_at")
        | name_people("approved_by")
        | keep("approved_as", "approved_at"),
    )
    yield make_table(
        "agency-return-texts",
        "what stands under each heading of a return",
        AgencyReturnPart.objects.filter(
            agency_return__request__partnership=partnership, agency_return__status__in=APPROVED_RETURNS
        ),
        ABOUT | keep("heading", "text", "version") | name_people("changed_by") | keep("changed_at"),
    )
    yield make_table(
        "agency-return-events",
        "what happened with a return, with the reason where it was sent back or returned",
        AgencyReturnEvent.objects.filter(agency_return__request__partnership=partnership, kind__in=TOLD),
        ABOUT | keep("kind", "text") | name_people("by") | keep("at"),
    )
    yield Table(
        "agency-return-pictures", "pictures of a return, and what each shows", PICTURES, list_pictures
    )


def _list_pictures(partnership: Partnership) -> QuerySet[AgencyReturnPicture]:
    here = AgencyReturnPicture.objects.filter(
        agency_return__request__partnership=partnership, agency_return__status__in=APPROVED_RETURNS
    )
    return here.select_related(
        "version", "added_by", "agency_return__request", "agency_return__participation__organisation"
    ).order_by("pk")


def _name_file(picture: AgencyReturnPicture) -> str:
    ending = "png" if picture.version.content_type == "image/png" else "jpg"
    return f"returns/{picture.pk:06}.{ending}"
