"""When people can come: asked by link, answered without a login, changed until a timetable relies on it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.enums import AvailabilityAnswer, Half
from accountability.models import Availability, MeetingDay, Panel, PanelMember
from s11.organisations.models import Contact, Officer, User
from s11.web.dates import LONDON
from surveys.enums import MessageStatus
from surveys.models import Cycle, Message
from surveys.models.messages import PERSONAL_LINK
from surveys.outbox import send_due
from tests import factories
from tests.accountability.factories import (
    FIRST_DAY,
    make_contact_member,
    make_day,
    make_interest,
    make_meeting,
    make_officer_member,
    make_panel,
)
from tests.accountability.test_permissions import release
from tests.conftest import Cast

SignIn = Callable[[User], Client]
ROUND = "/p/harbour/desk/meetings/2026/"
ROOM = "/p/harbour/o/anchor/meetings/"


@pytest.fixture(autouse=True)
def _months_before() -> Iterator[None]:
    """The days of these tests are still to come, whenever they run."""
    with time_machine.travel(datetime.datetime(2026, 11, 23, 9, tzinfo=LONDON)):
        yield


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


@pytest.fixture
def panel(cycle: Cycle) -> Panel:
    return make_panel(cycle)


@pytest.fixture
def day(panel: Panel) -> MeetingDay:
    return make_day(panel)


@pytest.fixture
def member(cast: Cast, panel: Panel) -> PanelMember:
    return make_contact_member(panel, cast.other_organisation)


def link(member: PanelMember) -> str:
    return f"/t/{member.get_link_token()}/availability/"


def say(day: MeetingDay, morning: str = "free", afternoon: str = "busy", **more: str) -> dict[str, str]:
    halves = {f"day-{day.pk}-morning": morning, f"day-{day.pk}-afternoon": afternoon}
    return {**halves, "interests": "none", **more}


def read(row: PanelMember) -> dict[str, str]:
    return dict(row.availabilities.values_list("half", "answer"))


def test_asked_by_mail_and_answered_by_link(
    cast: Cast, member: PanelMember, day: MeetingDay, sign_in: SignIn, mailoutbox: list[mail.EmailMessage]
) -> None:
    officer = sign_in(cast.quality_officer)
    officer.post(f"{ROUND}availability/ask/")
    message = Message.objects.get()
    assert (message.email, message.contact, message.by) == (
        member.email,
        member.contact,
        cast.quality_officer,
    )
    assert member.get_link_token() not in message.body
    shown = officer.get(f"/p/harbour/desk/outbox/{message.pk}/").content.decode()
    assert "[personal link]" in shown
    assert member.get_link_token() not in shown
    # Its words can be changed, but not so that the link has no place any more.
    change = f"/p/harbour/desk/outbox/{message.pk}/change/"
    page = officer.post(change, {"subject": "When?", "body": "Say it."}).content.decode()
    assert "Keep [personal link] in the text" in page
    officer.post(change, {"subject": "When?", "body": f"Say it: {PERSONAL_LINK}"})
    message.refresh_from_db()
    assert message.subject == "When?"
    send_due(timezone.now())
    (address,) = [word for word in str(mailoutbox[0].body).split() if "/t/" in word]
    assert address.endswith(link(member))


def test_its_page_is_nobody_elses_to_keep(member: PanelMember, day: MeetingDay) -> None:
    page = Client().get(link(member))
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page.headers["Cache-Control"]
    assert not page.cookies.get("sessionid")


def test_an_answer_is_kept_and_can_be_changed(member: PanelMember, day: MeetingDay) -> None:
    visitor = Client()
    response = visitor.post(link(member), say(day, note="From 10:00 only."))
    assert response.headers["Location"] == f"{link(member)}?saved=1"
    assert "Your answer is saved" in visitor.get(response.headers["Location"]).content.decode()
    member.refresh_from_db()
    assert read(member) == {"morning": "free", "afternoon": "busy"}
    assert member.note == "From 10:00 only."
    assert member.answered_at is not None
    assert member.declared_at is not None
    assert set(Availability.objects.values_list("by", flat=True)) == {None}
    # Changed with the same link; what stays keeps its moment.
    morning = member.availabilities.get(half=Half.MORNING).at
    visitor.post(link(member), say(day, afternoon="preferred"))
    assert read(member) == {"morning": "free", "afternoon": "preferred"}
    assert member.availabilities.get(half=Half.MORNING).at == morning


def test_each_half_and_the_declaration_must_be_said(member: PanelMember, day: MeetingDay) -> None:
    page = Client().post(link(member), {}).content.decode()
    assert "Select whether you can come on Wednesday 3 March 2027 in the morning" in page
    assert "Select whether you have an interest in any agency" in page
    assert not Availability.objects.exists()


def test_nobody_is_asked_about_yesterday(cast: Cast, panel: Panel, member: PanelMember) -> None:
    """On the evening of the first day the second is still to come."""
    first, second = make_day(panel), make_day(panel, FIRST_DAY + datetime.timedelta(days=1))
    visitor = Client()
    visitor.post(link(member), {**say(first), **say(second)})
    with time_machine.travel(datetime.datetime(2027, 3, 4, 8, tzinfo=LONDON), tick=False):
        page = visitor.get(link(member)).content.decode()
        assert "Wednesday 3 March 2027" not in page
        assert "Thursday 4 March 2027" in page
        visitor.post(link(member), say(second, morning="busy"))
    assert {(one.day, one.answer) for one in member.availabilities.filter(half="morning")} == {
        (first, "free"),
        (second, "busy"),
    }


def test_only_halves_with_slots_are_asked(panel: Panel, member: PanelMember) -> None:
    day = make_day(panel)
    MeetingDay.objects.filter(pk=day.pk).update(ends_at=datetime.time(12))
    page = Client().get(link(member)).content.decode()
    assert "Morning, 09:30 to 12:00" in page
    assert "Afternoon" not in page


def test_interests_are_declared_whole(cast: Cast, member: PanelMember, day: MeetingDay) -> None:
    cove = factories.make_organisation("Cove", partnership=cast.partnership)
    make_interest(member, cove)
    visitor, organisation = Client(), str(cast.organisation.pk)
    line = {"interest-0-organisation": organisation, "interest-0-kind": "family", "interest-0-note": ""}
    wrong = [
        ({"interests": "some"}, "Select the agency in which you have an interest"),
        ({**line, "interests": "none"}, "You have chosen agencies below"),
        (
            {**line, "interests": "some", "interest-0-kind": ""},
            "Select what your interest in Anchor Trust is",
        ),
        (
            {
                **line,
                "interests": "some",
                "interest-1-organisation": organisation,
                "interest-1-kind": "other",
            },
            "Anchor Trust stands here twice",
        ),
        (
            {"interests": "some", "interest-1-kind": "other"},
            "Select the agency in which you have the interest",
        ),
    ]
    for data, sentence in wrong:
        assert sentence in visitor.post(link(member), {**say(day), **data}).content.decode()
    visitor.post(link(member), {**say(day), **line, "interests": "some", "shown": str(cove.pk)})
    interest = member.interests.get()
    assert (interest.organisation, interest.kind, interest.declared_by) == (cast.organisation, "family", None)
    # One that an officer entered since the page was opened stays; what the page showed and is not sent again goes.
    make_interest(member, cove)
    visitor.post(link(member), {**say(day), "shown": organisation})
    assert member.interests.get().organisation == cove
    visitor.post(link(member), {**say(day), "shown": f"{organisation},{cove.pk},x"})
    assert not member.interests.exists()
    member.refresh_from_db()
    assert member.declared_at is not None


def test_an_interest_in_one_that_takes_part_no_more_is_kept(
    cast: Cast, member: PanelMember, day: MeetingDay
) -> None:
    make_interest(member, cast.organisation)
    cast.organisation.participations.update(is_active=False)
    page = Client().get(link(member)).content.decode()
    assert f'name="shown" value="{cast.organisation.pk}"' in page
    kept = {"interest-0-organisation": str(cast.organisation.pk), "interest-0-kind": "family"}
    Client().post(link(member), {**say(day), **kept, "interests": "some", "shown": str(cast.organisation.pk)})
    assert member.interests.get().organisation == cast.organisation


def test_a_members_own_organisation_and_those_of_others_are_not_offered(
    cast: Cast, member: PanelMember, day: MeetingDay
) -> None:
    factories.make_organisation("Faraway", partnership=cast.elsewhere)
    page = Client().get(link(member)).content.decode()
    assert "Anchor Trust</option>" in page
    assert "Beacon Homes</option>" not in page
    assert "Faraway" not in page


def test_what_opens_nothing(cast: Cast, member: PanelMember, day: MeetingDay, sign_in: SignIn) -> None:
    visitor = Client()
    token = member.get_link_token()
    for made_up in ("x", f"{member.link_nonce}~x", f"{token}x", member.link_nonce):
        assert visitor.get(f"/t/{made_up}/availability/").status_code == 404
    officer = sign_in(cast.quality_officer)
    own = f"{ROUND}members/{member.pk}/link/"
    officer.post(f"{ROUND}members/{member.pk}/ask/")
    # What comes by the link is the member's own word, so no officer sees it.
    assert token not in officer.get(own).content.decode()
    officer.post(own)
    assert visitor.get(f"/t/{token}/availability/").status_code == 404
    member.refresh_from_db()
    assert visitor.get(link(member)).status_code == 200
    new, old = Message.objects.order_by("-pk")
    assert (old.status, old.personal_link) == (MessageStatus.CANCELLED, "")
    assert (new.status, new.personal_link.endswith(link(member))) == (MessageStatus.WAITING, True)
    PanelMember.objects.update(is_active=False)
    assert visitor.get(link(member)).status_code == 404
    PanelMember.objects.update(is_active=True)
    Contact.objects.update(ended_at=timezone.now())
    assert visitor.get(link(member)).status_code == 404


def test_an_officers_link_ends_with_the_office(cast: Cast, panel: Panel) -> None:
    chair = make_officer_member(panel, cast.panel_chair)
    assert Client().get(link(chair)).status_code == 200
    Officer.objects.filter(user=cast.panel_chair).update(ended_at=timezone.now())
    assert Client().get(link(chair)).status_code == 404


def test_too_many_tries_are_stopped(member: PanelMember, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "personal_link": "2/10m/ip"}
    visitor = Client(REMOTE_ADDR="192.0.2.7")
    statuses = [visitor.get("/t/made-up/availability/").status_code for _ in range(3)]
    assert statuses == [404, 404, 429]


def test_after_a_release_it_is_read_and_says_whom_to_tell(
    cast: Cast, panel: Panel, member: PanelMember, day: MeetingDay
) -> None:
    visitor = Client()
    visitor.post(link(member), say(day))
    release(make_meeting(panel, cast.organisation, day=day), member)
    page = visitor.get(link(member)).content.decode()
    assert "tell Harbour now" in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]
    visitor.post(link(member), say(day, morning="busy"))
    assert read(member)["morning"] == "free"


def test_an_officer_who_sits_answers_signed_in(
    cast: Cast, panel: Panel, day: MeetingDay, sign_in: SignIn
) -> None:
    chair = make_officer_member(panel, cast.panel_chair)
    client = sign_in(cast.panel_chair)
    assert "Your availability and interests" in client.get(ROUND).content.decode()
    client.post(f"{ROUND}own-availability/", say(day))
    assert read(chair) == {"morning": "free", "afternoon": "busy"}
    assert set(chair.availabilities.values_list("by", flat=True)) == {cast.panel_chair.pk}
    release(make_meeting(panel, cast.organisation, day=day), chair)
    assert "tell Harbour now" in client.get(f"{ROUND}own-availability/").content.decode()
    assert client.post(f"{ROUND}own-availability/", say(day, morning="busy")).status_code == 403


def test_an_officer_enters_what_they_were_told(
    cast: Cast, member: PanelMember, day: MeetingDay, sign_in: SignIn
) -> None:
    make_interest(member, cast.organisation)
    client = sign_in(cast.quality_officer)
    address = f"{ROUND}availability/members/{member.pk}/"
    client.post(address, {f"day-{day.pk}-morning": "preferred"})
    assert read(member) == {"morning": "preferred"}
    assert member.availabilities.get().by == cast.quality_officer
    member.refresh_from_db()
    # Their interests stay theirs to declare.
    assert (member.declared_at, member.interests.count()) == (None, 1)
    page = client.get(f"{ROUND}availability/").content.decode()
    assert "1 of 1" in page
    assert "Ask the 1 not asked yet" in page
    client.post(address, {})
    assert read(member) == {}


def test_the_grid_says_who_can_come_and_who_is_silent(
    cast: Cast, panel: Panel, member: PanelMember, day: MeetingDay, sign_in: SignIn
) -> None:
    chair = make_officer_member(panel, cast.panel_chair, may_chair=True)
    Client().post(link(member), say(day))
    client = sign_in(cast.quality_officer)
    page = client.get(f"{ROUND}availability/").content.decode()
    assert "1 of 2" in page
    assert "Ask the 1 not asked yet" in page
    client.post(f"{ROUND}availability/ask/")
    assert [message.user for message in Message.objects.all()] == [cast.panel_chair]
    page = client.get(f"{ROUND}availability/").content.decode()
    assert "Ask these 1 again" in page
    client.post(f"{ROUND}availability/ask/", {"who": "again"})
    assert Message.objects.count() == 2
    chair.refresh_from_db()
    assert chair.asked_at is not None
    page = client.post(f"{ROUND}availability/ask/", follow=True).content.decode()
    assert "Nobody is left to ask" in page


def test_one_more_day_takes_no_answer_back(
    cast: Cast, panel: Panel, member: PanelMember, day: MeetingDay, sign_in: SignIn
) -> None:
    """Only the new day is asked, of who sits in a timetable that went out too; that one's days stay as they are."""
    client = sign_in(cast.quality_officer)
    client.post(f"{ROUND}availability/ask/")
    with time_machine.travel(datetime.datetime(2026, 11, 24, 9, tzinfo=LONDON)):
        Client().post(link(member), say(day))
    release(make_meeting(panel, cast.organisation, day=day), member)
    new = make_day(panel, FIRST_DAY + datetime.timedelta(days=1))
    client = sign_in(cast.quality_officer)
    page = client.get(f"{ROUND}availability/").content.decode()
    assert "1 of 1 have answered; 4 March 2027 is not asked yet." in page
    assert "Asked, and not answered" not in page
    assert "1 member has not said whether they can come on 4 March 2027" in (
        client.get(f"{ROUND}timetable/").content.decode()
    )
    assert "1 of 1 member have answered, 0 of them for each day to come" in client.get(ROUND).content.decode()
    with time_machine.travel(datetime.datetime(2026, 11, 25, 9, tzinfo=LONDON)):
        client = sign_in(cast.quality_officer)
        client.post(f"{ROUND}availability/ask/")
        body = Message.objects.latest("pk").body
        assert ("4 March 2027" in body, "3 March 2027" in body) == (True, False)
        assert "Asked, and not answered" in client.get(f"{ROUND}availability/").content.decode()
    asked = Client().get(link(member)).content.decode()
    assert ("Thursday 4 March 2027" in asked, "Wednesday 3 March 2027" in asked) == (True, False)
    Client().post(link(member), {**say(new), **say(day, morning="busy")})
    assert read(PanelMember.objects.get(pk=member.pk)) == {"morning": "free", "afternoon": "busy"}
    assert member.availabilities.get(day=day, half="morning").answer == "free"
    page = client.get(f"{ROUND}availability/").content.decode()
    assert "not asked yet" not in page
    assert "again</button>" not in page


def test_nobody_gets_an_email_about_a_day_that_is_over(
    cast: Cast, panel: Panel, member: PanelMember, sign_in: SignIn
) -> None:
    make_day(panel, datetime.date(2026, 11, 20))
    make_meeting(panel, cast.organisation)
    client = sign_in(cast.quality_officer)
    for address in ("availability/ask/", f"members/{member.pk}/ask/"):
        client.post(f"{ROUND}{address}")
        assert not Message.objects.exists()
    make_day(panel)
    client.post(f"{ROUND}availability/ask/")
    client.post(f"{ROUND}availability/agencies/ask/")
    assert all("3 March 2027" in one.body and "20 November" not in one.body for one in Message.objects.all())


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_grids(
    cast: Cast, panel: Panel, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for index in range(number):
        organisation = factories.make_organisation(f"Cove {index}", partnership=cast.partnership)
        member = make_contact_member(panel, organisation, email=f"a{index}@cove.example")
        day = make_day(panel, FIRST_DAY.replace(day=1 + index))
        meeting = make_meeting(panel, organisation)
        for whose in ({"member": member}, {"meeting": meeting}):
            Availability.objects.create(day=day, half=Half.MORNING, answer=AvailabilityAnswer.FREE, **whose)
    client = sign_in(cast.scrutineer)
    with django_assert_num_queries(13):
        client.get(f"{ROUND}availability/")
    with django_assert_num_queries(13):
        client.get(f"{ROUND}availability/agencies/")
    with django_assert_num_queries(10):
        Client().get(link(member))


# Agencies -------------------------------------------------------------------------------------------------------------


def test_an_agency_is_told_that_it_is_called_and_says_when_it_can_come(
    cast: Cast, panel: Panel, day: MeetingDay, sign_in: SignIn
) -> None:
    meeting = make_meeting(panel, cast.organisation)
    make_meeting(panel, cast.other_organisation)
    make_meeting(panel, factories.make_organisation("Cove", partnership=cast.partnership))
    # Nobody there knows before it is asked.
    lead = sign_in(cast.lead)
    assert "Accountability meeting:" not in lead.get(ROOM).content.decode()
    assert lead.get(f"{ROOM}2026/availability/").status_code == 404

    officer = sign_in(cast.quality_officer)
    assert "Tell and ask 3 agencies" in officer.get(f"{ROUND}availability/agencies/").content.decode()
    page = officer.post(f"{ROUND}availability/agencies/ask/", follow=True).content.decode()
    assert "2 agencies are asked" in page
    assert "Cove: no lead or signatory is known, so nobody was told." in page
    sent = Message.objects.filter(organisation=cast.organisation)
    assert {message.user for message in sent} == {cast.lead, cast.signatory}
    assert all("/p/harbour/o/anchor/meetings/2026/availability/" in message.body for message in sent)

    lead = sign_in(cast.lead)
    assert "You are told a time later" in lead.get(ROOM).content.decode()
    lead.post(f"{ROOM}2026/availability/", {**say(day), "note": "Not before ten."})
    meeting.refresh_from_db()
    assert dict(meeting.availabilities.values_list("half", "answer")) == {
        "morning": "free",
        "afternoon": "busy",
    }
    assert (meeting.availability_note, meeting.availabilities.first().by) == ("Not before ten.", cast.lead)  # type: ignore[union-attr]
    viewer = sign_in(cast.viewer)
    assert "Only a lead or signatory" in viewer.get(f"{ROOM}2026/availability/").content.decode()
    assert viewer.post(f"{ROOM}2026/availability/", say(day)).status_code == 403
    # Only the other one is asked again.
    sign_in(cast.quality_officer).post(f"{ROUND}availability/agencies/ask/", {"who": "again"})
    assert Message.objects.filter(organisation=cast.organisation).count() == 2
    assert Message.objects.filter(organisation=cast.other_organisation).count() == 2


def test_the_planned_time_is_not_the_agencys_to_see_before_it_is_told(
    cast: Cast, panel: Panel, day: MeetingDay, sign_in: SignIn
) -> None:
    meeting = make_meeting(panel, cast.organisation, day=day, asked_at=timezone.now())
    lead = sign_in(cast.lead)
    assert "09:30" not in lead.get(ROOM).content.decode()
    meeting.told_at = timezone.now()
    meeting.save()
    assert lead.post(f"{ROOM}2026/availability/", say(day)).status_code == 403


def test_another_agency_and_another_partnership_find_nothing(
    cast: Cast, panel: Panel, day: MeetingDay, sign_in: SignIn
) -> None:
    make_meeting(panel, cast.organisation, asked_at=timezone.now())
    stranger = sign_in(cast.stranger)
    assert stranger.get(f"{ROOM}2026/availability/").status_code == 404
    assert stranger.get("/p/harbour/o/beacon/meetings/2026/availability/").status_code == 404
    cast.organisation.participations.create(partnership=cast.elsewhere)
    lead = sign_in(cast.lead)
    assert lead.get("/p/moorland/o/anchor/meetings/2026/availability/").status_code == 404
    assert "Audit 2026" not in lead.get("/p/moorland/o/anchor/meetings/").content.decode()


def test_an_officer_enters_what_an_agency_said(
    cast: Cast, panel: Panel, day: MeetingDay, sign_in: SignIn
) -> None:
    meeting = make_meeting(panel, cast.organisation)
    client = sign_in(cast.quality_officer)
    client.post(f"{ROUND}availability/agencies/anchor/", {f"day-{day.pk}-afternoon": "free"})
    assert meeting.availabilities.get().answer == "free"
    assert client.get(f"{ROUND}availability/agencies/beacon/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_an_agencys_room(
    cast: Cast, cycle: Cycle, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    bank = cycle.cycle_questionnaires.get().questionnaire
    for index in range(number):
        other = factories.make_cycle(cast.partnership, slug=f"{index}", questionnaires=(bank,))
        make_meeting(make_panel(other), cast.organisation, asked_at=timezone.now())
    client = sign_in(cast.lead)
    with django_assert_num_queries(8):
        page = client.get(ROOM).content.decode()
    assert page.count("Accountability meeting:") == number
