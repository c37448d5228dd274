"""Returns on the desk: agencies are asked and reminded, seen in their state, decided on, and told in the chapter."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.agency_return_asking import ask_for_returns, remind_of_returns
from accountability.agency_return_permissions import (
    check_can_accept_return,
    check_can_ask_for_returns,
    check_can_read_return,
    check_can_return_to_agency,
    check_can_see_annual_report,
)
from accountability.agency_return_standing import get_standing
from accountability.agency_return_steps import accept_return
from accountability.agency_return_writing import NotInThisState
from accountability.agency_returns_chapter import get_chapter_part
from accountability.annual_rooms import ANNUAL_ROOMS
from accountability.enums import AgencyReturnEventKind, AgencyReturnStatus, ReportStatus, ReturnHeading
from accountability.models import AgencyReturn, AgencyReturnEvent, ReturnRequest
from accountability.reporting_years import ReportingYear
from s11.organisations.models import User
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import reason_why_not
from surveys.models import Message
from tests import factories
from tests.accountability.agency_returns import make_picture, make_request, make_return
from tests.accountability.reports import make_report
from tests.conftest import Cast

SignIn = Callable[[User], Client]
DRAFT, TO_APPROVE, APPROVED, ACCEPTED, RETURNED = AgencyReturnStatus
YEAR = ReportingYear(2025)
OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
READERS = {"administrator", "quality_officer", "scrutineer", "publisher"}
ORGANISERS = {"administrator", "quality_officer"}


def url(name: str = "desk_returns", **more: Any) -> str:
    return reverse(f"accountability:{name}", kwargs={"partnership": "harbour", "year": "2025-26"} | more)


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def date_parts(day: datetime.date) -> dict[str, int]:
    return {"due_on_day": day.day, "due_on_month": day.month, "due_on_year": day.year}


# Asking ---------------------------------------------------------------------------------------------------------------


def test_an_officer_asks_all_agencies_once(cast: Cast, sign_in: SignIn) -> None:
    client, due_on = sign_in(cast.quality_officer), in_days(40)
    gone = factories.make_organisation("Gone House", slug="gone", partnership=cast.partnership)
    factories.make_member("lead@gone.example", organisation=gone)
    gone.participations.update(is_active=False)
    assert "Ask agencies for their returns" in client.get(url()).text
    client.post(url("desk_returns_ask"), {**date_parts(due_on), "note": "What did children tell you?"})
    asked = ReturnRequest.objects.get()
    assert (asked.partnership, asked.begins, asked.due_on) == (cast.partnership, 2025, due_on)
    told = Message.objects.order_by("email")
    assert [one.email for one in told] == [cast.lead.email, cast.stranger.email]
    assert {one.partnership for one in told} == {cast.partnership}
    assert [one.organisation for one in told] == [cast.organisation, cast.other_organisation]
    assert "What did children tell you?" in told[0].body
    assert "/p/harbour/o/anchor/returns/2025-26/" in told[0].body
    with pytest.raises(NotInThisState, match="Somebody was quicker"):
        ask_for_returns(partnership=cast.partnership, year=YEAR, due_on=due_on, by=cast.administrator)
    client.post(url("desk_returns_ask"), {**date_parts(in_days(50)), "note": ""})
    asked.refresh_from_db()
    assert (asked.due_on, asked.note) == (in_days(50), "")
    assert Message.objects.count() == 2, "no e-mail goes for another day"


def test_a_day_that_is_over_is_refused(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.quality_officer).post(url("desk_returns_ask"), date_parts(in_days(-1)))
    assert response.status_code == 422
    assert "must be today or later" in response.text
    assert not ReturnRequest.objects.exists()


def test_who_has_not_approved_is_reminded_once_a_day(cast: Cast, sign_in: SignIn) -> None:
    asked = make_request(cast.partnership)
    make_return(asked, cast.organisation, APPROVED, by=cast.signatory)
    client = sign_in(cast.administrator)
    page = client.post(url("desk_returns_remind"), follow=True).text
    assert "1 reminder is in the outbox." in page
    [message] = Message.objects.all()
    assert message.email == cast.stranger.email
    assert message.subject.startswith("Still to come")
    page = client.post(url("desk_returns_remind"), follow=True).text
    assert "No reminder was written" in page
    assert remind_of_returns(request=asked, today=in_days(1), by=cast.administrator) == 1


# The list -------------------------------------------------------------------------------------------------------------


def test_every_agency_stands_there_with_its_state(cast: Cast, sign_in: SignIn) -> None:
    asked = make_request(cast.partnership)
    make_return(asked, cast.organisation, APPROVED, by=cast.signatory)
    elsewhere = factories.make_organisation("Puffin House", slug="puffin", partnership=cast.elsewhere)
    make_return(make_request(cast.elsewhere), elsewhere, APPROVED, by=cast.outsider)
    factories.make_organisation("Cove House", slug="cove", partnership=cast.partnership)
    client = sign_in(cast.scrutineer)
    page = client.get(url()).text
    for words in ("3 agencies", "Anchor Trust", "Beacon Homes", "No lead: nobody was told", "Not started"):
        assert words in page, words
    assert "Puffin" not in page
    assert "Remind them" not in page, "a scrutineer reads"
    assert url("desk_return", organisation="anchor") in page
    assert url("desk_return", organisation="beacon") not in page
    page = client.get(f"{url()}?state=none&words=cove").text
    assert "1 agency" in page
    assert "Beacon" not in page
    assert "No agency is like that" in client.get(f"{url()}?words=zzz").text
    assert "3 agencies" in client.get(f"{url()}?state=nonsense&page=99").text


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    asked = make_request(cast.partnership)
    for number in range(rows):
        agency = factories.make_organisation(
            f"House {number}", slug=f"house-{number}", partnership=cast.partnership
        )
        factories.make_member(f"lead@house-{number}.example", organisation=agency)
        found = make_return(asked, agency, ACCEPTED, by=cast.lead)
        make_picture(found)
    client = sign_in(cast.administrator)
    with django_assert_num_queries(9):
        client.get(url())
    with django_assert_num_queries(10):
        client.get(url("desk_return", organisation="house-0"))
    with django_assert_num_queries(7):
        client.get(f"{reverse('accountability:annual_report', args=['harbour'])}?year=2025-26")
    with django_assert_num_queries(2):
        get_chapter_part(cast.partnership, YEAR)


# Deciding -------------------------------------------------------------------------------------------------------------


def test_accepted_its_leads_are_told(cast: Cast, sign_in: SignIn) -> None:
    found = make_return(make_request(cast.partnership), cast.organisation, APPROVED, by=cast.signatory)
    AgencyReturnEvent.objects.create(
        agency_return=found, kind=AgencyReturnEventKind.SENT_BACK, text="Between us.", by=cast.signatory
    )
    client = sign_in(cast.quality_officer)
    page = client.get(url("desk_return", organisation="anchor")).text
    assert "Children redrew the rules" in page
    assert "Between us." not in page, "what its people ask of each other is theirs"
    assert "Last changed by" not in page
    seen = get_standing(found.request, found.participation).seen
    client.post(url("desk_return_accept", organisation="anchor"), {"seen": seen})
    found.refresh_from_db()
    assert (found.status, found.approved_by) == (ACCEPTED, cast.signatory)
    assert [one.email for one in Message.objects.all()] == [cast.lead.email]


def test_returned_with_a_reason_also_once_it_is_accepted(cast: Cast, sign_in: SignIn) -> None:
    found = make_return(make_request(cast.partnership), cast.organisation, ACCEPTED, by=cast.signatory)
    client, address = sign_in(cast.quality_officer), url("desk_return_back", organisation="anchor")
    assert "Enter what is to change" in client.post(address, {"reason": ""}).text
    client.post(address, {"reason": "Its neighbours would know the family."})
    found.refresh_from_db()
    assert (found.status, found.approved_by) == (RETURNED, None)
    assert "Its neighbours would know the family." in Message.objects.get().body
    assert client.get(url("desk_return", organisation="anchor")).status_code == 403
    own = reverse("accountability:agency_return", args=["harbour", "anchor", "2025-26"])
    assert "Its neighbours would know the family." in sign_in(cast.lead).get(own).text


def test_nobody_accepts_what_they_have_not_read(cast: Cast) -> None:
    found = make_return(make_request(cast.partnership), cast.organisation, APPROVED, by=cast.signatory)
    seen = get_standing(found.request, found.participation).seen
    make_picture(found)
    with pytest.raises(NotInThisState, match="Read it again"):
        accept_return(found=found, seen=seen, by=cast.quality_officer)


@pytest.mark.parametrize("person", OFFICERS)
def test_who_may_on_the_desk(cast: Cast, person: str) -> None:
    desk = get_desk_or_404(cast.people[person], "harbour")
    asked = make_request(cast.partnership)
    returns = {
        status: make_return(asked, organisation, status, by=cast.lead)
        for status, organisation in (
            (APPROVED, cast.organisation),
            (DRAFT, cast.other_organisation),
        )
    }
    accepted = make_return(
        make_request(cast.partnership, begins=2024), cast.organisation, ACCEPTED, by=cast.lead
    )

    def may(check: Any, *found: AgencyReturn) -> bool:
        return not reason_why_not(check, desk, *found)

    assert may(check_can_see_annual_report) == (person in READERS)
    assert may(check_can_ask_for_returns) == (person in ORGANISERS)
    assert may(check_can_read_return, returns[APPROVED]) == (person in READERS)
    assert not may(check_can_read_return, returns[DRAFT])
    assert may(check_can_accept_return, returns[APPROVED]) == (person in ORGANISERS)
    assert not may(check_can_accept_return, accepted)
    assert may(check_can_return_to_agency, returns[APPROVED]) == (person in ORGANISERS)
    assert may(check_can_return_to_agency, accepted) == (person in ORGANISERS)
    assert not may(check_can_return_to_agency, returns[DRAFT])


# The annual report ----------------------------------------------------------------------------------------------------


def test_the_room_lists_its_parts_for_a_year(cast: Cast, sign_in: SignIn) -> None:
    address = reverse("accountability:annual_report", args=["harbour"])
    client = sign_in(cast.publisher)
    page = client.get(f"{address}?year=2025-26").text
    # What an agency recorded, and what was found where, is for fewer.
    assert [room.title for room in ANNUAL_ROOMS if room.title in page] == ["Agencies’ returns"]
    all_of_it = sign_in(cast.quality_officer).get(f"{address}?year=2025-26").text
    assert all(room.title in all_of_it for room in ANNUAL_ROOMS)
    client = sign_in(cast.publisher)
    assert "Agencies have not been asked yet" in page
    asked = make_request(cast.partnership)
    make_return(asked, cast.organisation, ACCEPTED, by=cast.lead)
    make_return(asked, cast.other_organisation, APPROVED, by=cast.lead)
    assert "1 of 2 agencies accepted, 1 to decide" in client.get(f"{address}?year=2025-26").text
    last = ReportingYear.of(timezone.localdate()).before
    assert str(last) in client.get(address).text
    assert str(last) in client.get(f"{address}?year=nonsense").text


def test_the_room_leads_to_the_chapter_of_the_newest_published_report(cast: Cast, sign_in: SignIn) -> None:
    cycle = factories.make_cycle(partnership=cast.partnership)
    client, address = sign_in(cast.publisher), reverse("accountability:annual_report", args=["harbour"])
    make_report(cycle, by=cast.quality_officer)
    assert "none is published yet" in client.get(address).text
    reports = [
        make_report(
            cycle,
            by=cast.quality_officer,
            status=ReportStatus.PUBLISHED,
            approver=cast.publisher,
            number=number,
        )
        for number in (1, 2)
    ]
    papers = [reverse("accountability:board_papers", args=["harbour", one.pk]) for one in reports]
    assert [one in client.get(address).text for one in papers] == [False, True]


def test_the_desk_says_how_many_wait_and_the_list_has_them(cast: Cast, sign_in: SignIn) -> None:
    asked = make_request(cast.partnership)
    make_return(asked, cast.organisation, APPROVED, by=cast.lead)
    make_return(asked, cast.other_organisation, TO_APPROVE, by=cast.lead)
    page = sign_in(cast.quality_officer).get(reverse("desk", args=["harbour"])).text
    assert "1 return for the annual report 2025 to 2026 to decide on" in page
    assert f"{url()}?state=approved" in page
    assert "to decide on" not in sign_in(cast.publisher).get(reverse("desk", args=["harbour"])).text


def test_the_chapter_has_what_is_accepted_and_nothing_else(cast: Cast) -> None:
    assert get_chapter_part(cast.partnership, YEAR) is None
    asked = make_request(cast.partnership)
    words = {
        ReturnHeading.ABOUT: "Who we are.",
        ReturnHeading.CELEBRATE: "# Ours\n[[all/at_grade_2]]",
        ReturnHeading.PRIORITIES: "- Listen",
    }
    found = make_return(asked, cast.organisation, APPROVED, by=cast.signatory, texts=words)
    make_return(asked, cast.other_organisation, ACCEPTED, by=cast.stranger)
    elsewhere = factories.make_organisation("Puffin House", slug="puffin", partnership=cast.elsewhere)
    make_return(make_request(cast.elsewhere), elsewhere, ACCEPTED, by=cast.outsider)
    make_return(make_request(cast.partnership, begins=2024), cast.organisation, ACCEPTED, by=cast.lead)
    part = get_chapter_part(cast.partnership, YEAR)
    assert part is not None
    assert part.title == "What agencies did"
    assert "Anchor" not in part.text
    assert "Puffin" not in part.text
    assert part.text.endswith(
        "### Beacon Homes\n\nChildren redrew the rules of the changing room.\n\n**Priorities for 2026 to 2027**\n\n"
        "- Ask again in spring\n- Tell parents what came of it"
    )
    AgencyReturn.objects.filter(pk=found.pk).update(status=ACCEPTED)
    part = get_chapter_part(cast.partnership, YEAR)
    assert part is not None
    assert "### Anchor Trust\n\nOurs\n\n[ [all/at_grade_2] ]\n\n**Priorities" in part.text
    assert "Who we are." not in part.text
