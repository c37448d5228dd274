"""Two days and 25 agencies, planned, held and followed up by the five people concerned, until next year shows it.

An officer at a desk; a panel member without a login, on a phone without scripts; the chair on a tablet; the lead of one
of the agencies on a phone; and the officer again.
"""

from __future__ import annotations

import datetime

from django.utils import timezone
from playwright.sync_api import Page, ViewportSize

from accountability.models import Recommendation, Seat
from s11.organisations.emails import make_link
from s11.web.dates import date, time
from surveys.enums import MessageKind
from surveys.models import Message
from tests import factories
from tests.accountability.two_days import TwoDays, call_next_year, make_two_days
from tests.browser import days_followed, days_held, days_planned
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.conftest import Cast

TABLET = ViewportSize(width=768, height=1024)


def test_planned_held_and_followed_up(new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    world = make_two_days(cast)
    officer, chair, lead = new_page(DESKTOP), new_page(TABLET, script=False), new_page(PHONE, script=False)
    for page, person in ((officer, cast.quality_officer), (chair, cast.panel_chair), (lead, cast.lead)):
        sign_in(page, person)
    moving = new_page(PHONE, script=False)
    sign_in(moving, cast.quality_officer)
    plan(world, officer, moving, new_page(PHONE, script=False))
    read_slot(world, lead)
    hold(officer, chair, lead)
    follow(cast, officer, lead)
    call_next_year(world)
    days_followed.read_next_year(chair)


def plan(world: TwoDays, officer: Page, moving: Page, member: Page) -> None:
    link = make_link("accountability:member_page", world.noor.get_link_token())
    days_planned.call(officer)
    days_planned.say_when_by_link(member, f"{link}availability/")
    days_planned.work_out(officer)
    days_planned.release_first(officer)
    days_planned.move(moving)
    days_planned.release_again(moving)
    days_planned.read_by_link(member, link)
    assert not Seat.objects.filter(meeting=world.meeting, member=world.noor).exists()
    told = Message.objects.filter(kind=MessageKind.MEETING)
    assert told.filter(email="lead@cove.example").count() == 2
    assert told.filter(email="lead@anchor.example").count() == 1


def read_slot(world: TwoDays, lead: Page) -> None:
    meeting = world.meeting
    assert meeting.day is not None
    days_planned.read_slot_and_pack(lead, f"{date(meeting.day.date)} at {time(meeting.starts_at)}")


def hold(officer: Page, chair: Page, lead: Page) -> None:
    days_held.start(officer)
    days_held.lead_through(chair)
    days_held.close(officer)
    days_held.agree_minutes(chair)
    days_held.finalise(officer)
    days_held.write_letter(officer)
    days_held.read_letter(lead)


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
