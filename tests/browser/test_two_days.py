"""Two days and 25 agencies, planned, held and followed up by the five people concerned, until next year shows it.

An officer at a desk; a panel member without a login, on a phone without scripts; the chair on a tablet; the lead of one
of the agencies on a phone; and the officer again.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize

from accountability.models import Meeting, Panel, Recommendation, Seat
from s11.organisations.emails import make_link
from s11.web.dates import date, time
from surveys.enums import MessageKind
from surveys.models import Message
from tests import factories
from tests.accountability.two_days import (
    TwoDays,
    add_second_day,
    call_next_year,
    fill_two_days,
    get_wednesday,
    make_year,
)
from tests.browser import days_called, days_followed, days_held, days_minuted, days_planned
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.conftest import Cast

TABLET = ViewportSize(width=768, height=1024)


@pytest.fixture(autouse=True)
def _packs_are_made_at_once() -> Iterator[None]:
    """What is on their paper is held in tests/accountability/test_pack_files.py; minutes and letter are real ones."""
    with patch("accountability.pack_files.render_pdf", return_value=b"%PDF-1.7"):
        yield


def test_planned_held_and_followed_up(new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    make_year(cast)
    officer, chair, lead = new_page(DESKTOP), new_page(TABLET, script=False), new_page(PHONE, script=False)
    scripted, moving = new_page(TABLET), new_page(PHONE, script=False)
    for page, person in (
        (officer, cast.quality_officer),
        (chair, cast.panel_chair),
        (scripted, cast.panel_chair),
        (lead, cast.lead),
        (moving, cast.quality_officer),
    ):
        sign_in(page, person)
    noor = new_page(PHONE, script=False)
    world = set_up(cast, officer, noor)
    call(officer, lead)
    plan(world, officer, moving, noor)
    prepare(world, officer, chair, lead)
    hold(cast, officer, chair, scripted)
    write_up(world, officer, chair, lead, new_page(PHONE, script=False))
    follow(cast, officer, lead)
    call_next_year(world)
    days_followed.read_next_year(chair)
    days_followed.read_own_next_year(lead)


def set_up(cast: Cast, officer: Page, noor: Page) -> TwoDays:
    days_called.set_up(officer)
    panel = Panel.objects.get()
    days_called.add_members(officer, cast)
    days_called.plan_a_day(officer, get_wednesday())
    add_second_day(panel)
    days_called.ask(officer)
    days_called.say_when_by_link(noor, days_called.read_link(panel.members.get(contact__isnull=False)))
    days_called.read_grid(officer)
    return fill_two_days(cast, panel)


def call(officer: Page, lead: Page) -> None:
    days_planned.call(officer)
    Meeting.objects.filter(invitee__organisation__slug="anchor").update(asked_at=timezone.now())
    days_called.say_half_days(lead)
    days_called.read_agencies_grid(officer)


def plan(world: TwoDays, officer: Page, moving: Page, member: Page) -> None:
    days_planned.work_out(officer)
    days_planned.release_first(officer)
    days_planned.move(moving)
    days_planned.release_again(moving)
    days_planned.read_by_link(member, make_link("accountability:member_page", world.noor.get_link_token()))
    assert not Seat.objects.filter(meeting=world.meeting, member=world.noor).exists()
    told = Message.objects.filter(kind=MessageKind.MEETING)
    assert told.filter(email="lead@cove.example").count() == 2
    assert told.filter(email="lead@anchor.example").count() == 1


def prepare(world: TwoDays, officer: Page, chair: Page, lead: Page) -> None:
    days_planned.work_on_lines(officer)
    days_planned.ask_privately(chair)
    meeting = world.meeting
    assert meeting.day is not None
    days_planned.read_slot_and_pack(lead, f"{date(meeting.day.date)} at {time(meeting.starts_at)}")


def hold(cast: Cast, officer: Page, chair: Page, scripted: Page) -> None:
    days_held.start(officer)
    days_held.note_through_a_cut(officer, chair, cast)
    days_held.judge(scripted)
    days_held.recommend(scripted)
    days_held.say_who_came(officer)
    days_held.close(officer)


def write_up(world: TwoDays, officer: Page, chair: Page, lead: Page, member: Page) -> None:
    days_minuted.write_out(officer)
    days_minuted.agree(chair)
    came = world.meeting.seats.filter(member__contact__isnull=False)[0].member
    days_minuted.ask_by_link(member, make_link("accountability:member_minutes", came.get_link_token()))
    days_minuted.ask(lead)
    days_minuted.decide(officer, came.name)
    days_minuted.finalise(officer)
    days_minuted.write_letter(officer)
    days_minuted.read_letter(lead)


def follow(cast: Cast, officer: Page, lead: Page) -> None:
    factories.make_evidence(cast.organisation, "Training register")
    days_followed.answer(lead)
    days_followed.refuse(lead)
    days_followed.share(lead)
    days_followed.return_it(officer)
    days_followed.answer_again(lead)
    days_followed.accept(officer)
    days_followed.finish(lead)
    days_followed.verify(officer)
    days_followed.read_verified(lead)
    late = timezone.localdate() - datetime.timedelta(days=3)
    Recommendation.objects.filter(number=3).update(respond_by=late)
    days_followed.read_numbers(officer)
