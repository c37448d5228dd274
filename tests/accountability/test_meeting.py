"""The screen of a meeting: who gets it, its agenda and notes with and without scripts, its clock."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.at_meeting import AtMeeting, get_at_meeting_or_404
from accountability.enums import EnquiryOrigin, InterestKind, MeetingStatus, MinutesStatus
from accountability.models import (
    Interest,
    LineOfEnquiry,
    Meeting,
    Minutes,
    Note,
    PanelMember,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    ScoreProposal,
)
from accountability.permissions import (
    check_can_agree_scores,
    check_can_note,
    check_can_propose,
    check_can_read_meeting,
    check_can_run_meeting,
    check_can_start_meeting,
    check_can_withdraw_score,
)
from accountability.queries import get_round_or_404
from accountability.recommending import recommend
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, User
from s11.organisations.queries import get_desk_or_404
from s11.web.dates import date as in_words
from s11.web.errors import reason_why_not
from surveys.enums import ActionOrigin
from tests import factories
from tests.accountability.factories import put_in_timetable
from tests.accountability.meetings import make_cycle_panel, make_seated_meeting, to, to_day
from tests.conftest import Cast
from tests.ground import grounded
from tests.trails import lifted

AsPerson = Callable[[User], Client]
OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer")
ANYWAY = {"anyway": "yes"}
RUNNERS = {"administrator", "quality_officer"}
SEATED = {"panel_member", "panel_chair"}
CHECKS = {
    "read": check_can_read_meeting,
    "run": check_can_run_meeting,
    "start": check_can_start_meeting,
    "note": check_can_note,
    "propose": check_can_propose,
    "agree": check_can_agree_scores,
}
# Who may, by state of the meeting and its minutes.
OPEN_TABLE = {
    "read": set(OFFICERS),
    "run": RUNNERS,
    "start": RUNNERS | {"panel_chair"},
    "note": RUNNERS | SEATED,
    "propose": RUNNERS | SEATED,
    "agree": {"panel_chair"},
}
TABLE = {
    "called": OPEN_TABLE,
    "held": OPEN_TABLE,
    "agreed": OPEN_TABLE | {"note": set()},
    "final": OPEN_TABLE | {"note": set(), "propose": set(), "agree": set()},
    "cancelled": OPEN_TABLE | {"note": set(), "propose": set()},
}


@grounded
def meeting(cast: Cast) -> Meeting:
    return make_seated_meeting(cast, make_cycle_panel(cast))


def get_at(person: User, meeting: Meeting) -> AtMeeting:
    desk = get_desk_or_404(person, "harbour")
    here = get_round_or_404(person, desk, meeting.panel.cycle.slug)
    return get_at_meeting_or_404(person, here, meeting.invitee.organisation.slug)


def put_in_state(meeting: Meeting, state: str) -> None:
    now = timezone.now()
    if state == "cancelled":
        Meeting.objects.update(status=MeetingStatus.CANCELLED, cancel_reason="Merged.")
    elif state != "called":
        Meeting.objects.update(status=MeetingStatus.HELD, started_at=now, ended_at=now)
    if state in ("agreed", "final"):
        status = MinutesStatus(state)
        final_at = now if state == "final" else None
        Minutes.objects.create(meeting=meeting, status=status, agreed_at=now, final_at=final_at)


# Who ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(TABLE))
def test_who_may_what_in_each_state(cast: Cast, meeting: Meeting, state: str) -> None:
    put_in_state(meeting, state)
    ats = {name: get_at(cast.people[name], meeting) for name in OFFICERS}
    found = {
        action: {name for name, at in ats.items() if not reason_why_not(check, at)}
        for action, check in CHECKS.items()
    }
    assert found == TABLE[state]


@pytest.mark.parametrize("name", OFFICERS)
def test_a_conflict_of_interest_closes_all_of_it(
    cast: Cast, meeting: Meeting, name: str, sign_in: AsPerson
) -> None:
    person = cast.people[name]
    Membership.objects.create(
        user=person, organisation=cast.organisation, role=MembershipRole.VIEWER, started_at=timezone.now()
    )
    at = get_at(person, meeting)
    for check in CHECKS.values():
        assert "conflict of interest with Anchor Trust" in reason_why_not(check, at)
    client = sign_in(person)
    rooms = ("meeting", "meeting_others", "meeting_attendance", "meeting_scores", "meeting_agreed")
    for response in (client.get(to(room)) for room in rooms):
        assert response.status_code == 403
        assert "conflict of interest" in response.content.decode()
    assert client.post(to("meeting"), {"item-1-text": "x"}).status_code == 403
    day = to_day("2027-03-03")
    page = client.get(day).content.decode()
    assert "Closed to you" in page
    assert to("meeting") not in page


def test_an_interest_declared_since_closes_it_to_who_sits(cast: Cast, meeting: Meeting) -> None:
    member = PanelMember.objects.get(officer__user=cast.panel_member)
    Interest.objects.create(member=member, organisation=cast.organisation, kind=InterestKind.FAMILY)
    assert "declared an interest" in reason_why_not(check_can_note, get_at(cast.panel_member, meeting))


def test_only_its_own_panel_and_only_once_told(cast: Cast, meeting: Meeting) -> None:
    def read() -> str:
        return reason_why_not(check_can_read_meeting, get_at(cast.panel_member, meeting))

    with lifted(Release, ReleasedMeeting, ReleasedSeat):
        Release.objects.all().delete()
    assert "do not sit" in read()
    put_in_timetable(meeting)
    assert not read()
    # Planned anew, they go on sitting until that is told.
    meeting.seats.filter(member__officer__user=cast.panel_member).delete()
    assert not read()
    put_in_timetable(meeting)
    assert "do not sit" in read()
    # In one that was held they sit who sat.
    Meeting.objects.update(status="held")
    assert "do not sit" in read()
    meeting.seats.create(member=PanelMember.objects.get(officer__user=cast.panel_member))
    assert not read()


def test_an_officer_records_the_word_of_a_chair_without_a_login(cast: Cast, meeting: Meeting) -> None:
    meeting.seats.filter(is_chair=True).update(is_chair=False)
    meeting.seats.filter(member__contact__isnull=False).update(is_chair=True)
    for name in OFFICERS:
        reason = reason_why_not(check_can_agree_scores, get_at(cast.people[name], meeting))
        assert bool(reason) is (name not in RUNNERS)


def test_who_takes_a_proposal_back(cast: Cast, meeting: Meeting) -> None:
    answer = meeting.invitee.audit.answers.order_by("pk")[0]
    proposal = ScoreProposal.objects.create(
        meeting=meeting, answer=answer, submission=1, score=1, justification="x", by=cast.panel_member
    )

    def find() -> set[str]:
        ats = {name: get_at(cast.people[name], meeting) for name in OFFICERS}
        return {
            name
            for name, at in ats.items()
            if not reason_why_not(check_can_withdraw_score, at, proposal, cast.people[name])
        }

    assert find() == {"panel_member", "panel_chair"}
    proposal.status = "agreed"
    assert find() == {"panel_chair"}


@pytest.mark.parametrize("name", ["lead", "stranger", "outsider"])
def test_strangers_and_the_agency_find_nothing(
    cast: Cast, meeting: Meeting, name: str, sign_in: AsPerson
) -> None:
    client = sign_in(cast.people[name])
    for room in ("meeting", "meeting_others", "meeting_attendance", "meeting_scores", "meeting_agreed"):
        assert client.get(to(room)).status_code == 404
    # An agency that is not called has no meeting for anybody.
    assert sign_in(cast.administrator).get(to("meeting", organisation="beacon")).status_code == 404


# The agenda and its notes ---------------------------------------------------------------------------------------------


def test_without_scripts_one_button_saves_all_notes(cast: Cast, meeting: Meeting, sign_in: AsPerson) -> None:
    client = sign_in(cast.panel_member)
    page = client.get(to("meeting")).content.decode()
    assert "Presentation: strengths, weaknesses, priorities" in page
    assert "09:30, 9 minutes" in page
    response = client.post(
        to("meeting"),
        {"item-1-text": "One\r\nmore", "item-1-version": "0", "item-2-text": "", "item-2-version": "0"},
    )
    assert response.status_code == 302
    assert [(note.text, note.by) for note in Note.objects.all()] == [("One\nmore", cast.panel_member)]


def test_another_window_is_shown_and_nothing_typed_is_lost(
    cast: Cast, meeting: Meeting, sign_in: AsPerson
) -> None:
    client = sign_in(cast.panel_member)
    client.get(to("meeting"))
    client.post(to("meeting"), {"item-1-text": "Here", "item-1-version": "0"})
    typed = {"item-1-text": "There", "item-1-version": "0", "item-2-text": "Two", "item-2-version": "0"}
    page = client.post(to("meeting"), typed).content.decode()
    assert "You saved this note in another window" in page
    assert "There</textarea>" in page
    assert set(Note.objects.values_list("text", flat=True)) == {"Here", "Two"}
    client.post(to("meeting"), typed | {"item-1-version": "1", "keep": "item-1"})
    assert Note.objects.filter(text="Here").exists()
    client.post(to("meeting"), {"item-1-text": "There", "item-1-version": "1"})
    assert Note.objects.filter(text="There").exists()


def test_a_note_that_is_too_long_keeps_no_other_back(cast: Cast, meeting: Meeting, sign_in: AsPerson) -> None:
    client = sign_in(cast.panel_member)
    client.get(to("meeting"))
    typed = {"item-1-text": "x" * 20_001, "item-1-version": "0", "item-2-text": "Two", "item-2-version": "0"}
    assert "20000" in client.post(to("meeting"), typed).content.decode()
    assert list(Note.objects.values_list("text", flat=True)) == ["Two"]


def post_note(
    client: Client, meeting: Meeting, text: str, version: int, person: User
) -> tuple[int, str, str]:
    item = meeting.agenda.order_by("position")[0]
    data = {"item-1-text": text, "item-1-version": str(version)}
    headers = {"HX-Request": "true", "X-Person": str(person.pk)}
    response = client.post(to("meeting_note", item=item.pk), data, headers=headers)
    return response.status_code, response.headers.get("X-Outcome", ""), response.content.decode()


def test_a_note_saves_itself(cast: Cast, meeting: Meeting, sign_in: AsPerson) -> None:
    client = sign_in(cast.panel_chair)
    client.get(to("meeting"))
    status, outcome, text = post_note(client, meeting, "One", 0, cast.panel_chair)
    assert (status, outcome) == (200, "saved")
    assert 'value="1" id="item-1-version"' in text
    # The same once more, as after a connection that broke.
    assert post_note(client, meeting, "One", 0, cast.panel_chair)[1] == "saved"
    status, outcome, text = post_note(client, meeting, "Other", 0, cast.panel_chair)
    assert (status, outcome) == (409, "conflict")
    assert 'data-version="1"' in text
    assert post_note(client, meeting, "x" * 20_001, 1, cast.panel_chair)[:2] == (422, "wrong")
    assert post_note(client, meeting, "x", 1, cast.panel_member)[:2] == (401, "somebody-else")
    put_in_state(meeting, "agreed")
    status, outcome, text = post_note(client, meeting, "Late", 1, cast.panel_chair)
    assert (status, outcome) == (403, "refused")
    assert "Ask for a correction" in text
    assert Note.objects.get().text == "One"


def test_the_others_notes_come_beside(cast: Cast, meeting: Meeting, sign_in: AsPerson) -> None:
    client = sign_in(cast.panel_chair)
    client.get(to("meeting"))
    post_note(client, meeting, "What the chair heard", 0, cast.panel_chair)
    client = sign_in(cast.quality_officer)
    Meeting.objects.update(started_at=timezone.now() - datetime.timedelta(minutes=2))
    text = client.get(to("meeting_others"), {"items": "4"}).content.decode()
    assert "What the chair heard" in text
    assert "Item 1 of 4" in text
    assert "textarea" not in text
    assert "another item" not in text
    client.post(to("meeting_item_add"), {"title": "The visit", "minutes": "5"})
    assert "another item" in client.get(to("meeting_others"), {"items": "4"}).content.decode()
    assert "The visit" in client.get(to("meeting")).content.decode()
    # To its own author it is their own text, not another's.
    assert "What the chair heard" not in sign_in(cast.panel_chair).get(to("meeting_others")).content.decode()


def test_it_is_started_closed_and_opened_again(cast: Cast, meeting: Meeting, sign_in: AsPerson) -> None:
    client = sign_in(cast.quality_officer)
    assert "Start the meeting" in client.get(to("meeting")).content.decode()
    assert "has not been started" in client.post(to("meeting_close"), follow=True).content.decode()
    assert "Close the meeting" in client.post(to("meeting_start"), ANYWAY, follow=True).content.decode()
    assert "Open the meeting again" in client.post(to("meeting_close"), follow=True).content.decode()
    client.post(to("meeting_reopen"))
    meeting.refresh_from_db()
    assert (meeting.status, meeting.ended_at) == (MeetingStatus.CALLED, None)
    for act in ("meeting_start", "meeting_close", "meeting_reopen"):
        assert sign_in(cast.panel_member).post(to(act)).status_code == 403
    assert "who chairs it" in sign_in(cast.panel_member).get(to("meeting")).content.decode()
    sign_in(cast.panel_chair).post(to("meeting_close"))
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.HELD


def test_on_another_day_it_is_started_only_when_that_is_meant(
    cast: Cast, meeting: Meeting, sign_in: AsPerson
) -> None:
    client = sign_in(cast.panel_chair)
    asked = client.post(to("meeting_start")).content.decode()
    assert f"Today is {in_words(timezone.localdate())}" in asked
    assert "is planned for 3 March 2027" in asked
    meeting.refresh_from_db()
    assert meeting.started_at is None
    client.post(to("meeting_start"), ANYWAY)
    assert "It has not started" in client.get(to("meeting")).content.decode()
    client.post(to("meeting_take_back"))
    meeting.refresh_from_db()
    assert meeting.started_at is None

    client.post(to("meeting_start"), ANYWAY)
    Note.objects.create(item=meeting.agenda.all()[0], by=cast.panel_member, text="They came early.")
    assert "It has not started" not in client.get(to("meeting")).content.decode()
    assert "stays started" in client.post(to("meeting_take_back"), follow=True).content.decode()


def test_on_its_day_one_press_starts_it(cast: Cast, meeting: Meeting, sign_in: AsPerson) -> None:
    meeting.panel.days.update(date=timezone.localdate())
    sign_in(cast.quality_officer).post(to("meeting_start"))
    meeting.refresh_from_db()
    assert meeting.started_at is not None


def test_a_private_question_is_its_authors(cast: Cast, meeting: Meeting, sign_in: AsPerson) -> None:
    LineOfEnquiry.objects.create(
        meeting=meeting,
        origin=EnquiryOrigin.ADDED,
        text="Who told them?",
        is_private=True,
        by=cast.panel_member,
    )
    assert "Who told them?" in sign_in(cast.panel_member).get(to("meeting")).content.decode()
    assert "Who told them?" not in sign_in(cast.panel_chair).get(to("meeting")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_whatever_is_on_it(
    cast: Cast,
    meeting: Meeting,
    sign_in: AsPerson,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = sign_in(cast.quality_officer)
    client.get(to("meeting"))
    items = list(meeting.agenda.all())
    people = [cast.panel_chair, cast.panel_member, cast.administrator]
    answers = list(meeting.invitee.audit.answers.order_by("pk"))
    for number in range(rows):
        Note.objects.create(item=items[number], by=people[number], text="Heard.")
        recommend(meeting=meeting, text="Do it.", by=cast.panel_chair)
        LineOfEnquiry.objects.create(
            meeting=meeting, origin=EnquiryOrigin.ADDED, text="Why?", by=cast.administrator
        )
        factories.make_action(cast.organisation, cast.partnership, origin=ActionOrigin.PANEL)
        ScoreProposal.objects.create(
            meeting=meeting,
            answer=answers[number],
            submission=1,
            score=1,
            justification="x",
            by=people[number],
        )
    with django_assert_num_queries(23):
        client.get(to("meeting"))
    with django_assert_num_queries(11):
        client.get(to("meeting_others"))
    with django_assert_num_queries(14):
        client.get(to("meeting_scores"))
    with django_assert_num_queries(14):
        client.get(to("meeting_agreed"))
