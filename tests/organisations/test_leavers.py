"""Who leaves loses what they had at once, in whichever way they leave; what they have elsewhere stays.

The session is the one from before: nothing waits for signing in again. That somebody whose roles have all ended gets no
page and no file at all is walked in tests/test_every_address.py; a group’s access that ends, in test_groups.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accountability.models import CalendarFeed
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Membership, Officer, Session, User
from s11.organisations.workflow import (
    change_roles,
    end_membership,
    end_office,
    end_person,
    hand_over_lead,
)
from tests import factories
from tests.conftest import Cast

AGENCY = "/p/harbour/o/anchor/"
PEOPLE = f"{AGENCY}people/"
DESK = "/p/harbour/desk/"
ELSEWHERE = "/p/moorland/desk/"
SIGN_IN = 302


def act_in_admin(cast: Cast, person: User, **columns: str) -> None:
    address = "operator@s11.example"
    operator = User.objects.filter(email=address).first() or User.objects.create_superuser(
        address, factories.PASSWORD
    )
    client = Client()
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(reverse("admin:organisations_user_change", args=[person.pk]), columns)
    assert response.status_code == 302


def get_office(person: User) -> Officer:
    return person.offices.get(partnership__slug="harbour")


@dataclass(frozen=True)
class Way:
    who: str
    leave: Callable[[Cast], object]
    # Each page's answer before and after.
    pages: dict[str, tuple[int, int]]


WAYS = {
    "a lead removes a colleague": Way(
        "contributor",
        lambda c: end_person(user=c.contributor, organisation=c.organisation, by=c.lead),
        {AGENCY: (200, 404), PEOPLE: (200, 404), ELSEWHERE: (200, 200)},
    ),
    "a lead takes one role of two": Way(
        "lead",
        lambda c: change_roles(
            user=c.lead, organisation=c.organisation, roles=frozenset({MembershipRole.VIEWER}), by=c.viewer
        ),
        {AGENCY: (200, 200), f"{PEOPLE}invite/": (200, 403), ELSEWHERE: (200, 200)},
    ),
    "a lead hands over and goes": Way(
        "lead",
        lambda c: hand_over_lead(organisation=c.organisation, to=c.viewer, stays_as=None, by=c.lead),
        {AGENCY: (200, 404), f"{PEOPLE}invite/": (200, 404), ELSEWHERE: (200, 200)},
    ),
    "an officer ends a lead": Way(
        "lead",
        lambda c: end_membership(
            membership=c.lead.memberships.get(), by=c.administrator, through=c.partnership
        ),
        {AGENCY: (200, 404), ELSEWHERE: (200, 200)},
    ),
    "an administrator ends an office": Way(
        "scrutineer",
        lambda c: end_office(office=get_office(c.scrutineer), by=c.administrator),
        {DESK: (200, 404), f"{DESK}organisations/": (200, 404), ELSEWHERE: (200, 200)},
    ),
    "an operator makes a person inactive": Way(
        "lead",
        lambda c: act_in_admin(c, c.lead, email=c.lead.email, name="Lee"),
        {AGENCY: (200, SIGN_IN), ELSEWHERE: (200, SIGN_IN), "/home/": (200, SIGN_IN)},
    ),
    "an operator changes an address": Way(
        "lead",
        lambda c: act_in_admin(c, c.lead, email="lee@new.example", name="Lee", is_active="on"),
        {AGENCY: (200, SIGN_IN), ELSEWHERE: (200, SIGN_IN)},
    ),
}


def make_second_desk(cast: Cast, person: User) -> None:
    Officer.objects.create(user=person, partnership=cast.elsewhere, role=OfficerRole.SCRUTINEER)


@pytest.mark.parametrize("name", WAYS)
def test_access_ends_with_the_role_and_nothing_else_does(cast: Cast, name: str) -> None:
    way = WAYS[name]
    person = cast.people[way.who]
    make_second_desk(cast, person)
    if name == "a lead takes one role of two":
        Membership.objects.create(
            user=person,
            organisation=cast.organisation,
            role=MembershipRole.VIEWER,
            started_at=timezone.now(),
        )
    if way.who == "lead" and name != "a lead hands over and goes":
        factories.make_member("second@anchor.example", organisation=cast.organisation)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert {page: client.get(page).status_code for page in way.pages} == {
        page: before for page, (before, _) in way.pages.items()
    }
    way.leave(cast)
    assert {page: client.get(page).status_code for page in way.pages} == {
        page: after for page, (_, after) in way.pages.items()
    }
    is_out = SIGN_IN in {after for _, after in way.pages.values()}
    assert Session.objects.filter(user=person).exists() != is_out


def test_a_calendar_closes_with_its_person(cast: Cast) -> None:
    feed = CalendarFeed.objects.create(user=cast.panel_chair)
    address = reverse("accountability:calendar_feed", args=[feed.get_link_token()])
    assert Client().get(address).status_code == 200
    act_in_admin(cast, cast.panel_chair, email=cast.panel_chair.email, name="Pat")
    assert Client().get(address).status_code == 404


def test_a_changed_address_is_told_to_the_old_one_too(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    old = cast.lead.email
    with django_capture_on_commit_callbacks(execute=True):
        act_in_admin(cast, cast.lead, email="lee@new.example", name="Lee", is_active="on")
    assert [one.to for one in mail.outbox] == [[old], ["lee@new.example"]]
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        act_in_admin(cast, cast.lead, email="lee@new.example", name="Lee Hill", is_active="on")
    assert mail.outbox == []
