"""Who reads a pack: a table of people and conflicts over the page, the list, one PDF, a day's, and what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.enums import MeetingStatus
from accountability.models import (
    LineOfEnquiry,
    Meeting,
    PanelMember,
    Paper,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
)
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, Organisation, User
from surveys.models import Document
from tests import factories
from tests.accountability.factories import make_interest, make_meeting, make_officer_member, seat, unseat
from tests.accountability.pack_world import PackWorld, ask_privately, make_pack_world
from tests.conftest import Cast
from tests.ground import grounded
from tests.trails import lifted

SignIn = Callable[[User], Client]
ROUND = "/p/harbour/desk/meetings/2026/"
PACK = f"{ROUND}anchor/pack/"
OWN = "/p/harbour/o/anchor/meetings/2026/pack/"
SAID = "which is a conflict of interest"

READING = ("administrator", "quality_officer", "scrutineer", "panel_member", "panel_chair")


@grounded
def world(cast: Cast) -> PackWorld:
    return make_pack_world(cast)


@pytest.fixture(autouse=True)
def rendered() -> Iterator[list[dict[str, Any]]]:
    """What would be on paper: rendering takes seconds, and is tested once."""
    found: list[dict[str, Any]] = []

    def render(template: str, context: dict[str, Any]) -> bytes:
        found.append(context)
        return b"%PDF-1.7"

    with (
        patch("accountability.pack_files.render_pdf", render),
        patch("accountability.paper_requests.transaction.on_commit", lambda run: run()),
    ):
        yield found


def get_statuses(client: Client, world: PackWorld) -> tuple[int, ...]:
    """The page, the request of its PDF, that PDF, and whether a day's PDF holds it."""
    page = client.get(PACK)
    asked = client.post(f"{PACK}pdf/")
    paper = Paper.objects.filter(meeting=world.meeting, reader__isnull=False).first()
    file = get_status(client, f"{ROUND}packs/files/{paper.document_id}/file/") if paper else 0
    return page.status_code, asked.status_code, file


def get_status(client: Client, address: str) -> int:
    """Of a page or a file, which is closed once it is read."""
    response = client.get(address)
    assert list(response)
    return int(response.status_code)


# Without a conflict ---------------------------------------------------------------------------------------------------


def test_who_reads(cast: Cast, world: PackWorld, sign_in: SignIn) -> None:
    for name, person in cast.people.items():
        Paper.objects.all().delete()
        statuses = get_statuses(sign_in(person), world)
        if name in READING:
            expected = (200, 302, 200)
        elif name == "publisher":
            expected = (403, 403, 0)
        else:
            expected = (404, 404, 0)
        assert statuses == expected, name


def test_who_sits_reads_their_own_once_it_is_out(cast: Cast, world: PackWorld, sign_in: SignIn) -> None:
    client = sign_in(cast.panel_member)
    unseat(world.meeting, world.member)
    refused = client.get(PACK)
    assert refused.status_code == 403
    assert "You read the packs of the meetings in which you sit" in refused.content.decode()
    # That there is no such meeting is nothing a panel member learns.
    assert client.get(f"{ROUND}beacon/pack/").status_code == 403
    assert client.get(f"{ROUND}cove/pack/").status_code == 200
    listed = client.get(f"{ROUND}packs/").content.decode()
    assert "Cove House" in listed
    assert "Anchor Trust" not in listed
    with lifted(Release, ReleasedMeeting, ReleasedSeat):
        Release.objects.all().delete()
    assert client.get(f"{ROUND}cove/pack/").status_code == 403
    assert "Cove House" not in client.get(f"{ROUND}packs/").content.decode()
    assert sign_in(cast.scrutineer).get(f"{ROUND}beacon/pack/").status_code == 404


def test_a_meeting_that_is_off_has_no_pack(cast: Cast, world: PackWorld, sign_in: SignIn) -> None:
    Meeting.objects.filter(pk=world.meeting.pk).update(
        status=MeetingStatus.CANCELLED, cancel_reason="Closed."
    )
    assert sign_in(cast.administrator).get(PACK).status_code == 404
    assert sign_in(cast.lead).get(OWN).status_code == 404


# With a conflict ------------------------------------------------------------------------------------------------------


def join(person: User, organisation: Organisation) -> None:
    Membership.objects.create(
        user=person, organisation=organisation, role=MembershipRole.VIEWER, started_at=timezone.now()
    )


def belong(cast: Cast, world: PackWorld, person: User) -> None:
    join(person, cast.organisation)


def belong_to_its_parent(cast: Cast, world: PackWorld, person: User) -> None:
    trust = factories.make_organisation("Anchor Group", slug="group", partnership=cast.partnership)
    Organisation.objects.filter(pk=cast.organisation.pk).update(parent=trust)
    join(person, trust)


def belong_to_its_group(cast: Cast, world: PackWorld, person: User) -> None:
    group = factories.make_organisation("Anchor Group", slug="group", partnership=cast.partnership)
    factories.make_access(cast.organisation, group, by=cast.lead)
    join(person, group)


def work_for_it(cast: Cast, world: PackWorld, person: User) -> None:
    own = get_member(world, person)
    own.organisation = cast.organisation
    own.save()


def declare(cast: Cast, world: PackWorld, person: User) -> None:
    make_interest(get_member(world, person), cast.organisation)


def declare_and_leave(cast: Cast, world: PackWorld, person: User) -> None:
    own = get_member(world, person)
    make_interest(own, cast.organisation)
    own.is_active = False
    own.save()


def get_member(world: PackWorld, person: User) -> PanelMember:
    found = PanelMember.objects.filter(panel=world.panel, officer__user=person).first()
    return found or make_officer_member(world.panel, person)


CONFLICTS = (belong, belong_to_its_parent, belong_to_its_group, work_for_it, declare, declare_and_leave)


Conflict = Callable[[Cast, PackWorld, User], None]


@pytest.mark.parametrize("conflict", CONFLICTS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", READING)
def test_nobody_reads_what_they_have_a_conflict_in(
    cast: Cast, world: PackWorld, sign_in: SignIn, name: str, conflict: Conflict
) -> None:
    client = sign_in(cast.people[name])
    own_file, day_file = ask(client, world)
    conflict(cast, world, cast.people[name])
    refused = client.get(PACK)
    assert refused.status_code == 403
    assert "A1.1" not in refused.content.decode()
    for address in (own_file, f"{own_file}file/", f"{day_file}file/"):
        assert get_status(client, address) == 403, address
    assert client.post(f"{PACK}pdf/").status_code == 403
    listed = client.get(f"{ROUND}packs/").content.decode()
    assert PACK not in listed
    # A member who has left sits no more, and hears of nothing at all.
    has_left = conflict is declare_and_leave and name.startswith("panel")
    for said in (refused.content.decode(), listed):
        assert (SAID in said) is not has_left


@pytest.mark.parametrize("name", READING)
def test_the_day_s_goes_on_without_what_is_closed_and_says_so(
    cast: Cast, world: PackWorld, sign_in: SignIn, rendered: list[dict[str, Any]], name: str
) -> None:
    client = sign_in(cast.people[name])
    _, before = ask(client, world, alone=False)
    assert get_status(client, f"{before}file/") == 200
    declare(cast, world, cast.people[name])
    assert get_status(client, f"{before}file/") == 403
    _, after = ask(client, world, alone=False)
    assert get_status(client, f"{after}file/") == 200
    assert [pack.name for pack, _ in rendered[0]["packs"]] == ["Anchor Trust", "Cove House"]
    assert [pack.name for pack, _ in rendered[1]["packs"]] == ["Cove House"]
    ((left_out, why),) = rendered[1]["closed"]
    assert left_out == "Anchor Trust"
    assert SAID in why


def test_nobody_works_on_what_they_have_a_conflict_in(cast: Cast, world: PackWorld, sign_in: SignIn) -> None:
    own = ask_privately(world.meeting, world.member)
    for name in ("administrator", "panel_member"):
        client = sign_in(cast.people[name])
        declare(cast, world, cast.people[name])
        for address in ("lines/add/", "questions/add/", f"lines/{own.pk}/"):
            assert client.get(f"{PACK}{address}").status_code == 403, address
        for address in ("lines/suggest/", f"lines/{own.pk}/drop/", f"lines/{own.pk}/move/"):
            assert client.post(f"{PACK}{address}").status_code == 403, address


def ask(client: Client, world: PackWorld, *, alone: bool = True) -> tuple[str, str]:
    """One's own PDF and the day's: their pages."""
    own = client.post(f"{PACK}pdf/").headers["Location"] if alone else ""
    return own, client.post(f"{ROUND}packs/days/{world.day.pk}/").headers["Location"]


def test_a_file_is_its_reader_s(cast: Cast, world: PackWorld, sign_in: SignIn) -> None:
    own, day = ask(sign_in(cast.panel_member), world)
    for person in (cast.administrator, cast.panel_chair):
        client = sign_in(person)
        assert [get_status(client, one) for one in (own, f"{own}file/", day)] == [404, 404, 404]


def test_a_day_of_which_one_may_read_nothing(cast: Cast, world: PackWorld, sign_in: SignIn) -> None:
    unseat(world.meeting, world.member)
    unseat(world.other, world.member)
    client = sign_in(cast.panel_member)
    refused = client.post(f"{ROUND}packs/days/{world.day.pk}/")
    assert refused.status_code == 403
    assert not Document.objects.exists()


def test_a_seat_that_was_given_away_closes_the_day_s_file(
    cast: Cast, world: PackWorld, sign_in: SignIn
) -> None:
    client = sign_in(cast.panel_member)
    _, day = ask(client, world, alone=False)
    unseat(world.meeting, world.member)
    page = client.get(day).content.decode()
    assert "The day has changed since this file was made" in page
    assert "Download" not in page
    assert get_status(client, f"{day}file/") == 403


# Private questions ----------------------------------------------------------------------------------------------------


def test_a_private_question_is_in_no_other_page_or_file(
    cast: Cast, world: PackWorld, sign_in: SignIn, rendered: list[dict[str, Any]]
) -> None:
    client = sign_in(cast.panel_member)
    client.post(f"{PACK}questions/add/", {"text": "Who told the board?"})
    line = LineOfEnquiry.objects.get()
    assert (line.is_private, line.by) == (True, cast.panel_member)
    for name in READING:
        person = cast.people[name]
        client = sign_in(person)
        is_author = person == cast.panel_member
        assert ("Who told the board?" in client.get(PACK).content.decode()) is is_author, name
        assert (client.get(f"{PACK}lines/{line.pk}/").status_code == 200) is is_author, name
        rendered.clear()
        ask(client, world)
        alone, day = rendered
        packs = [alone["pack"], *(pack for pack, _ in day["packs"])]
        found = [one.text for pack in packs for one in pack.enquiries if one.is_private]
        assert found == (["Who told the board?"] * 2 if is_author else []), name
    assert "Who told the board?" not in sign_in(cast.lead).get(OWN).content.decode()


def test_only_who_sits_asks_privately(cast: Cast, world: PackWorld, sign_in: SignIn) -> None:
    for name in READING:
        client = sign_in(cast.people[name])
        expected = 200 if name.startswith("panel") else 403
        assert client.get(f"{PACK}questions/add/").status_code == expected, name


def test_only_who_plans_works_on_the_lines(cast: Cast, world: PackWorld, sign_in: SignIn) -> None:
    sign_in(cast.administrator).post(
        f"{PACK}lines/add/", {"text": "And the boats?", "reason": "They are old."}
    )
    line = LineOfEnquiry.objects.get()
    for name in READING:
        client = sign_in(cast.people[name])
        expected = 200 if name in ("administrator", "quality_officer") else 403
        assert client.get(f"{PACK}lines/add/").status_code == expected, name
        assert client.get(f"{PACK}lines/{line.pk}/").status_code == expected, name
        assert "And the boats?" in client.get(PACK).content.decode()


# The agency's own -----------------------------------------------------------------------------------------------------


def test_every_member_reads_the_agency_s_own_once_it_was_told(
    cast: Cast, world: PackWorld, sign_in: SignIn, rendered: list[dict[str, Any]]
) -> None:
    ask_privately(world.meeting, world.member)
    people = ("lead", "signatory", "contributor", "viewer")
    for name, person in cast.people.items():
        client = sign_in(person)
        expected = 200 if name in people else 404
        assert client.get(OWN).status_code == expected, name
        assert client.post(f"{OWN}pdf/").status_code == (302 if name in people else 404), name
        assert get_status(client, f"{OWN}file/") == expected, name
    assert all(context["pack"].view.for_agency for context in rendered)
    # One for all of them, and no officer's.
    assert not Paper.objects.filter(document__participation=None).exists()
    Meeting.objects.update(told_at=None)
    client = sign_in(cast.lead)
    assert [get_status(client, f"{OWN}{one}") for one in ("", "file/", "document/")] == [404, 404, 404]


def test_an_officer_of_the_agency_reads_its_own_and_not_the_panel_s(
    cast: Cast, world: PackWorld, sign_in: SignIn
) -> None:
    belong(cast, world, cast.administrator)
    client = sign_in(cast.administrator)
    assert [get_status(client, one) for one in (OWN, PACK)] == [200, 403]


# By a personal link ---------------------------------------------------------------------------------------------------


def test_a_member_without_a_login_has_packs_by_link(
    world: PackWorld, client: Client, rendered: list[dict[str, Any]]
) -> None:
    link = f"/t/{world.contact.get_link_token()}/packs/"
    page = client.get(link)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page.headers["Cache-Control"]
    assert "Make the PDF" in page.content.decode()
    ask_privately(world.meeting, world.member)
    assert client.post(f"{link}anchor/").headers["Location"] == link
    assert rendered[0]["pack"].enquiries  # suggested as it was asked for
    assert not [one for one in rendered[0]["pack"].enquiries if one.is_private]
    assert "Pack of Anchor Trust (PDF" in client.get(link).content.decode()
    file = client.get(f"{link}anchor/file/")
    assert (file.status_code, b"".join(file)) == (200, b"%PDF-1.7")
    assert "no-store" in file.headers["Cache-Control"]
    # Nothing else of the desk.
    assert client.get(PACK).status_code == 302


def test_a_link_is_no_way_round_an_officer_s_second_factor(
    world: PackWorld, client: Client, settings: LazySettings
) -> None:
    """They may still say by it when they can come."""
    link = f"/t/{world.member.get_link_token()}/"
    assert client.get(f"{link}packs/").status_code == 200
    settings.SECOND_FACTOR_FOR_OFFICERS = True
    found = {
        page: client.get(f"{link}{page}")
        for page in ("packs/", "packs/anchor/file/", "minutes/", "availability/")
    }
    assert [answer.status_code for answer in found.values()] == [403, 403, 403, 200]
    assert "officers sign in to read this" in found["packs/"].text
    assert client.get(f"/t/{world.contact.get_link_token()}/packs/").status_code == 200


def test_a_link_opens_no_pack_that_is_closed_or_not_theirs(
    cast: Cast, world: PackWorld, client: Client
) -> None:
    link = f"/t/{world.contact.get_link_token()}/packs/"
    client.post(f"{link}anchor/")
    make_interest(world.contact, cast.organisation)
    page = client.get(link).content.decode()
    assert SAID in page
    assert "Pack of Anchor Trust" not in page
    assert get_status(client, f"{link}anchor/file/") == 403
    assert client.post(f"{link}anchor/").status_code == 403
    assert get_status(client, f"{link}cove/file/") == 404  # nobody has asked for it
    unseat(world.other, world.contact)
    assert client.post(f"{link}cove/").status_code == 404
    with lifted(Release, ReleasedMeeting, ReleasedSeat):
        Release.objects.all().delete()
    assert "Anchor Trust" not in client.get(link).content.decode()
    world.contact.revoke_link()
    assert client.get(link).status_code == 404
    assert client.get("/t/made-up/packs/").status_code == 404


def test_a_link_shows_neither_the_agency_s_nor_another_reader_s_file(
    cast: Cast, world: PackWorld, client: Client, sign_in: SignIn
) -> None:
    sign_in(cast.lead).post(f"{OWN}pdf/")
    ask(sign_in(cast.panel_member), world)
    client.logout()
    link = f"/t/{world.contact.get_link_token()}/packs/"
    assert get_status(client, f"{link}anchor/file/") == 404


# Queries --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list(
    cast: Cast,
    world: PackWorld,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for index in range(number):
        place = factories.make_organisation(f"More {index}", partnership=cast.partnership)
        seat(make_meeting(world.panel, place, told_at=timezone.now()), world.member)
    for person, queries in ((cast.administrator, 12), (cast.panel_member, 13)):
        client = sign_in(person)
        with django_assert_num_queries(queries):
            page = client.get(f"{ROUND}packs/").content.decode()
        assert page.count("/pack/") == number + 2


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_link(
    cast: Cast,
    world: PackWorld,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for index in range(number):
        place = factories.make_organisation(f"More {index}", partnership=cast.partnership)
        seat(make_meeting(world.panel, place, told_at=timezone.now()), world.contact)
    with django_assert_num_queries(8):
        page = client.get(f"/t/{world.contact.get_link_token()}/packs/").content.decode()
    assert page.count("Make the PDF") == number + 2
