"""Where the person is, for the header, the breadcrumbs and the rooms beside the page.

Each app lists its rooms; this assembles them. A view sets `request.place` to the Desk or Agency that it looked up,
so that the context processor asks the database nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse

from accountability.navigation import AGENCY_ROOMS as MEETING_AGENCY_ROOMS
from accountability.navigation import DESK_ROOMS as MEETING_DESK_ROOMS
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.groups import Group, Site
from s11.organisations.navigation import AGENCY_ROOMS as ORGANISATION_AGENCY_ROOMS
from s11.organisations.navigation import DESK_ROOMS as ORGANISATION_DESK_ROOMS
from s11.organisations.navigation import GROUP_ROOMS as ORGANISATION_GROUP_ROOMS
from s11.organisations.navigation import RoomOf
from s11.organisations.queries import Agency, Desk
from s11.privacy.navigation import DESK_ROOMS as PRIVACY_DESK_ROOMS
from s11.retention.navigation import DESK_ROOMS as RETENTION_DESK_ROOMS
from s11.web.errors import reason_why_not
from s11.web.languages import say
from s11.web.spoken import chosen
from surveys.navigation import AGENCY_ROOMS as SURVEY_AGENCY_ROOMS
from surveys.navigation import DESK_ROOMS as SURVEY_DESK_ROOMS
from surveys.navigation import GROUP_ROOMS as SURVEY_GROUP_ROOMS

if TYPE_CHECKING:
    from s11.organisations.models import Partnership

DESK_ROOMS = sorted(
    (
        *SURVEY_DESK_ROOMS,
        *ORGANISATION_DESK_ROOMS,
        *MEETING_DESK_ROOMS,
        *RETENTION_DESK_ROOMS,
        *PRIVACY_DESK_ROOMS,
    ),
    key=lambda room: room.position,
)
AGENCY_ROOMS = sorted(
    (*SURVEY_AGENCY_ROOMS, *ORGANISATION_AGENCY_ROOMS, *MEETING_AGENCY_ROOMS), key=lambda room: room.position
)
GROUP_ROOMS = sorted((*SURVEY_GROUP_ROOMS, *ORGANISATION_GROUP_ROOMS), key=lambda room: room.position)


@dataclass(frozen=True, slots=True)
class Room:
    """A link in the navigation."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What every page of a desk, an agency or a public partnership page shows around its content."""

    title: str
    home_url: str
    acting_for: str
    rooms: tuple[Room, ...]
    # None where the place is in no partnership, or in several.
    partnership: Partnership | None


def make_rooms(
    rooms: list[RoomOf], where: Desk | Agency | Group, path: str, *arguments: str
) -> tuple[Room, ...]:
    """Those open to this person. The one whose address begins the page's own is the current one; the longest wins."""
    rooms = [room for room in rooms if room.check is None or not reason_why_not(room.check, where)]
    addresses = [reverse(room.url_name, args=arguments) for room in rooms]
    current = max((address for address in addresses if path.startswith(address)), key=len, default="")
    return tuple(
        Room(room.label, address, address == current) for room, address in zip(rooms, addresses, strict=True)
    )


def make_place(request: HttpRequest) -> Place | None:
    match getattr(request, "place", None):
        case Desk() as desk:
            return make_desk_place(desk, request.path)
        case Agency() as agency:
            return make_agency_place(agency, request.path)
        case Group() as group:
            return make_group_place(group, request.path)
        case Site() as site:
            return make_site_place(site)
        case None:
            return None
        case partnership:
            return Place(
                title=str(partnership),
                home_url=reverse("partnership", args=[partnership.slug]),
                acting_for="",
                rooms=(),
                partnership=partnership,
            )


def make_desk_place(desk: Desk, path: str) -> Place:
    partnership = desk.partnership
    roles = ", ".join(chosen(role.label.lower()) for role in OfficerRole if role in desk.roles)
    return Place(
        title="Desk",
        home_url=reverse("desk", args=[partnership.slug]),
        acting_for=say("Acting for {place} as {roles}", place=partnership, roles=roles),
        rooms=make_rooms(DESK_ROOMS, desk, path, partnership.slug),
        partnership=partnership,
    )


def make_agency_place(agency: Agency, path: str) -> Place:
    roles = ", ".join(chosen(role.label.lower()) for role in MembershipRole if role in agency.roles)
    slugs = (agency.partnership.slug, agency.organisation.slug)
    return Place(
        title=agency.organisation.name,
        home_url=reverse("agency", args=slugs),
        acting_for=say("Acting for {place} as {roles}", place=agency.organisation, roles=roles),
        rooms=make_rooms(AGENCY_ROOMS, agency, path, *slugs),
        partnership=agency.partnership,
    )


def make_group_place(where: Group, path: str) -> Place:
    group = where.organisation
    return Place(
        title=group.name,
        home_url=reverse("surveys:group", args=[group.slug]),
        acting_for=say("Acting for {group} and the sites that have accepted it", group=group),
        rooms=make_rooms(GROUP_ROOMS, where, path, group.slug),
        partnership=None,
    )


def make_site_place(site: Site) -> Place:
    sites = reverse("surveys:group", args=[site.group.slug])
    return Place(
        title=site.organisation.name,
        home_url=sites,
        acting_for=say("Reading the audits of {site} for {group}", site=site.organisation, group=site.group),
        rooms=(Room("All your sites", sites, current=False),),
        partnership=site.partnership,
    )


def place(request: HttpRequest) -> dict[str, Place | None]:
    """The context processor."""
    return {"place": make_place(request)}
