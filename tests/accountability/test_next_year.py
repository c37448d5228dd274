"""What a panel agreed last year, verified since, stands in this year’s pack, at the meeting, in plan and audit."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from s11.organisations.models import User
from s11.web.dates import date
from surveys.models import Action, Audit, Cycle
from tests.accountability.factories import make_meeting, make_panel
from tests.accountability.followed import agree_on_action, finish, follow, verify
from tests.accountability.pack_world import PackWorld, make_pack_world
from tests.conftest import Cast

SignIn = Callable[..., Client]
CYCLE = {"partnership": "harbour", "organisation": "anchor", "cycle": "2026"}


@pytest.fixture
def world(cast: Cast) -> PackWorld:
    world = make_pack_world(cast)
    before = Cycle.objects.get(slug="2025", partnership=cast.partnership)
    held = make_meeting(make_panel(before), cast.organisation)
    follow(held, cast.administrator)
    action = agree_on_action(held.recommendations.get(), cast.lead, cast.quality_officer)
    finish(action, cast.lead)
    verify(action, cast.quality_officer)
    # Between the two meetings, before this year's audit was begun.
    Action.objects.update(created_at=timezone.now() - datetime.timedelta(days=200))
    Audit.objects.filter(pk=world.audit.pk).update(created_at=timezone.now() - datetime.timedelta(days=90))
    return world


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("administrator", "accountability:pack"),
        ("administrator", "accountability:meeting"),
        ("panel_chair", "accountability:pack"),
        ("panel_chair", "accountability:meeting"),
        ("lead", "accountability:agency_pack"),
        ("lead", "surveys:audit"),
    ],
)
def test_it_is_shown_by_itself(world: PackWorld, cast: Cast, sign_in: SignIn, person: str, name: str) -> None:
    user: User = cast.people[person]
    page = sign_in(user).get(reverse(name, kwargs=CYCLE)).text
    assert "Every volunteer is trained." in page
    assert f"It worked ({cast.quality_officer}, {date(timezone.localdate())})" in page


def test_it_is_shown_in_the_plan(world: PackWorld, cast: Cast, sign_in: SignIn) -> None:
    lead = sign_in(cast.lead)
    rooms = {"partnership": "harbour", "organisation": "anchor"}
    whole = lead.get(reverse("surveys:actions", kwargs=rooms), {"show": "all"}).text
    assert f"Verified: It worked ({cast.quality_officer}, {date(timezone.localdate())})" in whole
    action = Action.objects.get(origin="panel")
    one = lead.get(reverse("surveys:action", kwargs={**rooms, "action": action.pk})).text
    assert f"{cast.quality_officer}, {cast.partnership}" in one
    assert "The register of March." in one
