"""The rooms beside the page: nobody is offered one that they may not enter."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client, RequestFactory

from s11.navigation import DESK_ROOMS, make_place
from s11.organisations.models import User
from s11.organisations.queries import get_agency_or_404, get_desk_or_404
from tests.conftest import Cast

OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
MEMBERS = ("lead", "contributor", "signatory", "viewer")


def rooms_of(where: object) -> dict[str, str]:
    request = RequestFactory().get("/")
    request.place = where  # type: ignore[attr-defined]  # as the views set it
    place = make_place(request)
    assert place is not None
    return {room.label: room.url for room in place.rooms}


def test_every_room_of_the_desk_opens_for_whom_it_is_offered(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    for name in OFFICERS:
        person = cast.people[name]
        for label, url in rooms_of(get_desk_or_404(person, "harbour")).items():
            assert sign_in(person).get(url).status_code == 200, (name, label)


def test_every_room_of_an_agency_opens_for_whom_it_is_offered(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    for name in MEMBERS:
        person = cast.people[name]
        for label, url in rooms_of(get_agency_or_404(person, "harbour", "anchor")).items():
            assert sign_in(person).get(url).status_code == 200, (name, label)


def test_a_room_is_left_out_only_for_whom_it_is_closed(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    assert set(rooms_of(get_desk_or_404(cast.administrator, "harbour"))) == {
        room.label for room in DESK_ROOMS
    }
    assert "Settings" not in rooms_of(get_desk_or_404(cast.quality_officer, "harbour"))
    assert "Reports" in rooms_of(get_desk_or_404(cast.publisher, "harbour"))
    assert "Reports" not in rooms_of(get_desk_or_404(cast.panel_chair, "harbour"))
