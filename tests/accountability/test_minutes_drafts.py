"""A draft of minutes on its way to whoever chaired the meeting, with a login or without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accountability.enums import MinutesStatus
from accountability.models import Meeting, Minutes, Panel, PanelMember, Seat
from s11.organisations.models import User
from surveys.models import Message
from tests.accountability.factories import make_interest
from tests.accountability.outcomes import get_members, hold_meeting, make_held_round, write_minutes
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
MINUTES = "/p/harbour/desk/meetings/2026/anchor/minutes/"
SEND = f"{MINUTES}to-chair/"


@grounded
def panel(cast: Cast) -> Panel:
    return make_held_round(cast)


@grounded
def meeting(cast: Cast, panel: Panel) -> Meeting:
    return hold_meeting(panel, cast.organisation, cast.quality_officer)


@grounded
def minutes(cast: Cast, meeting: Meeting) -> Minutes:
    return write_minutes(meeting, cast.quality_officer)


def let_chair(meeting: Meeting, member: PanelMember) -> None:
    meeting.seats.update(is_chair=False)
    meeting.seats.filter(member=member).update(is_chair=True)


def test_the_chair_is_led_to_the_draft(cast: Cast, minutes: Minutes, sign_in: SignIn) -> None:
    officer = sign_in(cast.quality_officer)
    assert "has not been sent the draft yet" in officer.get(MINUTES).content.decode()
    page = officer.post(SEND, follow=True).content.decode()
    assert "The draft was sent to" in page
    assert "Send the draft again" in page
    mail = Message.objects.get(email="panel_chair@harbour.example")
    assert MINUTES in mail.body
    assert "agree them on that page" in mail.body
    assert mail.personal_link == ""


def test_a_chair_without_a_login_reads_it_by_their_link(
    cast: Cast, minutes: Minutes, sign_in: SignIn, client: Client
) -> None:
    holly = get_members(minutes.meeting.panel)[2]
    let_chair(minutes.meeting, holly)
    base = f"/t/{holly.get_link_token()}/minutes/"
    # Before it is sent the draft is nobody's but the desk's.
    assert client.get(f"{base}anchor/").status_code == 404
    sign_in(cast.quality_officer).post(SEND)
    mail = Message.objects.get(email="holly@dock.example")
    assert base in mail.personal_link
    assert "Reply to this e-mail" in mail.body
    assert "You chaired this meeting" in client.get(base).content.decode()
    page = client.get(f"{base}anchor/").content.decode()
    assert "A good start." in page
    assert "you read the draft before anybody else" in page
    make_interest(holly, cast.organisation)
    assert client.get(f"{base}anchor/").status_code == 403


def test_who_chairs_instead_reads_the_draft_once_it_was_sent_to_them(
    cast: Cast, minutes: Minutes, sign_in: SignIn, client: Client
) -> None:
    officer = sign_in(cast.quality_officer)
    officer.post(SEND)
    holly = get_members(minutes.meeting.panel)[2]
    let_chair(minutes.meeting, holly)
    assert client.get(f"/t/{holly.get_link_token()}/minutes/anchor/").status_code == 404
    assert "has not been sent the draft yet" in officer.get(MINUTES).content.decode()


def test_only_the_chair_reads_a_draft_that_was_sent(
    cast: Cast, minutes: Minutes, sign_in: SignIn, client: Client
) -> None:
    sign_in(cast.quality_officer).post(SEND)
    holly = get_members(minutes.meeting.panel)[2]
    assert client.get(f"/t/{holly.get_link_token()}/minutes/anchor/").status_code == 404


@pytest.mark.parametrize("why", ["nobody", "elsewhere", "interest"])
def test_a_chair_who_may_not_read_it_is_not_sent_it(
    cast: Cast, minutes: Minutes, sign_in: SignIn, why: str
) -> None:
    if why == "nobody":
        Seat.objects.update(is_chair=False)
    elif why == "elsewhere":
        Seat.objects.filter(is_chair=True).update(attended=False)
    else:
        make_interest(get_members(minutes.meeting.panel)[0], cast.organisation)
    answer = sign_in(cast.quality_officer).post(SEND, follow=True)
    said = (
        "Nobody is recorded as the chair"
        if why == "nobody"
        else "Nobody who chaired this meeting can be sent"
    )
    assert said in answer.content.decode()
    assert not Message.objects.exists()
    minutes.refresh_from_db()
    assert minutes.draft_sent_at is None


def test_agreed_minutes_are_not_sent_as_a_draft(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    write_minutes(meeting, cast.quality_officer, MinutesStatus.AGREED)
    assert sign_in(cast.quality_officer).post(SEND).status_code == 403
