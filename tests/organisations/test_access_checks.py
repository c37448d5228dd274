"""The yearly look through who has access: who may, what is said is done at once and kept, and the way back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations import permissions
from s11.organisations.access_checks import get_due_organisations, get_due_partnerships
from s11.organisations.enums import AccessOutcome, MembershipRole, OfficerRole
from s11.organisations.models import (
    AccessCheck,
    AccessCheckLine,
    Contact,
    GroupAccess,
    Membership,
    Officer,
    Organisation,
    Partnership,
)
from s11.organisations.workflow.access_checks import Said, check_officers, check_organisation, take_back_check
from s11.web.errors import NotInThisState
from tests import factories
from tests.conftest import Cast
from tests.organisations.test_permissions import MEMBERS, OFFICERS, ask_agency, ask_desk, make_table
from tests.trails import lifted

CONFIRMED, KEPT, ENDED = AccessOutcome.CONFIRMED, AccessOutcome.KEPT, AccessOutcome.ENDED
PAGE = "/p/harbour/o/anchor/people/check/"
DESK = "/p/harbour/desk/people/check/"
SignIn = Callable[..., Client]


def make_older(cast: Cast, days: int = 400) -> None:
    """All of the cast was entered so long ago."""
    then = timezone.now() - datetime.timedelta(days=days)
    Organisation.objects.update(created_at=then)
    Partnership.objects.update(created_at=then)


def make_contact(cast: Cast, name: str, email: str) -> Contact:
    here = cast.organisation.participations.get(partnership=cast.partnership)
    return Contact.objects.create(
        participation=here, kind="deputy", name=name, email=email, created_by=cast.administrator
    )


def say(cast: Cast, **outcomes: AccessOutcome) -> dict[str, str]:
    """The form's fields, by the cast's names."""
    return {f"person-{cast.people[name].pk}": outcome.value for name, outcome in outcomes.items()}


def test_who_may(cast: Cast) -> None:
    """Every person of the cast at both checks: a lead of their organisation’s, an administrator of the officers’."""
    lead = "Only a lead of Anchor Trust can check who has access. Ask your lead."
    assert ask_agency(cast, permissions.check_can_check_access) == make_table(
        cast, {"lead"}, MEMBERS - {"lead"}, lead
    )
    officer = "Only an administrator of Harbour can check who works for it. Ask one of them."
    assert ask_desk(cast, permissions.check_can_check_officers) == make_table(
        cast, {"administrator"}, OFFICERS - {"administrator"}, officer
    )


@dataclass(frozen=True)
class Looked:
    """What a lead has said of everybody and everything, and the answer that they got."""

    right: Contact
    gone: Contact
    group: GroupAccess
    answer: Any

    def read_again(self) -> None:
        for one in (self.right, self.gone, self.group):
            one.refresh_from_db()


@pytest.fixture
def looked(cast: Cast, sign_in: SignIn) -> Looked:
    make_older(cast)
    right, gone = (make_contact(cast, name, f"{name}@anchor.example") for name in ("ada", "bo"))
    group = factories.make_access(cast.organisation, cast.other_organisation, by=cast.lead)
    data = say(cast, contributor=ENDED, viewer=KEPT, signatory=CONFIRMED)
    data |= {f"contact-{right.pk}-name": "Ada Ford", f"contact-{right.pk}-email": "ada.ford@anchor.example"}
    data |= {f"contact-{gone.pk}-name": "bo", f"contact-{gone.pk}-email": gone.email}
    data |= {f"contact-{right.pk}": "confirmed", f"contact-{gone.pk}": "ended", f"group-{group.pk}": "ended"}
    found = Looked(right, gone, group, sign_in(cast.lead).post(PAGE, data))
    found.read_again()
    return found


def test_nothing_is_chosen_beforehand_and_what_was_chosen_stays(cast: Cast, sign_in: SignIn) -> None:
    make_older(cast)
    client = sign_in(cast.lead)
    assert "Check who can see the work of Anchor Trust" in client.get("/home/").text
    assert " checked" not in client.get(PAGE).text.partition("<form method")[2]
    refused = client.post(PAGE, say(cast, contributor=ENDED, viewer=KEPT))
    assert f"Say what is right for {cast.signatory}" in refused.text
    assert 'value="ended" checked' in refused.text
    assert not AccessCheck.objects.exists()


def test_what_is_said_is_done_at_once_and_kept(cast: Cast, looked: Looked, client: Client) -> None:
    found = AccessCheck.objects.get()
    assert (found.organisation, found.by) == (cast.organisation, cast.lead)
    assert looked.answer.headers["Location"] == f"{PAGE}{found.pk}/"
    said = {str(line) for line in found.lines.all()}
    assert len(said) == 4 + 2 + 1
    assert said >= {
        f"{cast.contributor}, contributor of Anchor Trust: ended",
        f"{cast.viewer}, viewer of Anchor Trust: kept for now",
        f"{cast.lead}, lead of Anchor Trust: confirmed",
    }
    assert (looked.right.name, looked.right.email) == ("Ada Ford", "ada.ford@anchor.example")
    assert looked.gone.ended_by == looked.group.ended_by == cast.lead
    assert not cast.contributor.memberships.active().exists()
    assert "Check who can see" not in client.get("/home/").text
    assert "3 confirmed, 1 kept for now, 3 ended" in client.get(f"{PAGE}{found.pk}/").text


def test_who_has_nothing_left_is_signed_out(cast: Cast, sign_in: SignIn) -> None:
    """Who is somebody elsewhere stays signed in: pages ask for the role itself."""
    Officer.objects.create(user=cast.viewer, partnership=cast.elsewhere, role=OfficerRole.SCRUTINEER)
    clients = {}
    for name in ("contributor", "viewer"):
        clients[name] = Client()
        clients[name].force_login(cast.people[name], backend="django.contrib.auth.backends.ModelBackend")
    said = Said({cast.contributor.pk: ENDED, cast.viewer.pk: ENDED})
    check_organisation(organisation=cast.organisation, said=said, by=cast.lead)
    assert {name: client.get("/home/").status_code for name, client in clients.items()} == {
        "contributor": 302,
        "viewer": 200,
    }


def test_a_check_by_mistake_is_taken_back(cast: Cast, looked: Looked, client: Client) -> None:
    """A group is let in anew, by both sides, and what was corrected stays."""
    found = AccessCheck.objects.get()
    client.post(f"{PAGE}{found.pk}/take-back/")
    looked.read_again()
    roles = set(cast.organisation.memberships.active().values_list("user", "role"))
    assert roles == {(cast.people[role].pk, role) for role in MEMBERS}
    assert (looked.gone.ended_at, looked.right.name) == (None, "Ada Ford")
    assert looked.group.ended_at is not None
    assert "Check who can see" in client.get("/home/").text
    assert "Taken back on" in client.get(f"{PAGE}{found.pk}/").text
    with pytest.raises(NotInThisState, match="taken back already"):
        take_back_check(access_check=found, by=cast.lead)


def test_an_administrator_looks_through_the_officers(cast: Cast, sign_in: SignIn) -> None:
    """Each person once with all their roles; who does it stays, so there is always an administrator."""
    make_older(cast)
    Officer.objects.create(user=cast.publisher, partnership=cast.partnership, role=OfficerRole.SCRUTINEER)
    client = sign_in(cast.administrator)
    assert "Check who works for Harbour" in client.get("/home/").text
    names = OFFICERS - {"administrator", "publisher"}
    done = client.post(DESK, say(cast, publisher=ENDED, **dict.fromkeys(names, CONFIRMED)))
    found = AccessCheck.objects.get()
    assert done.headers["Location"] == f"{DESK}{found.pk}/"
    assert not cast.publisher.offices.filter(ended_at=None).exists()
    assert found.lines.filter(outcome=ENDED).count() == 2
    assert "Check who works for" not in client.get("/home/").text
    client.post(f"{DESK}{found.pk}/take-back/")
    assert cast.publisher.offices.filter(ended_at=None).count() == 2


def test_what_was_said_of_somebody_elses_place_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    there = check_organisation(organisation=cast.other_organisation, said=Said({}), by=cast.stranger)
    elsewhere = check_officers(partnership=cast.elsewhere, said=Said({}), by=cast.outsider)
    assert sign_in(cast.lead).get(f"{PAGE}{there.pk}/").status_code == 404
    assert sign_in(cast.administrator).get(f"{DESK}{elsewhere.pk}/").status_code == 404
    # A person of another place is no field of the form: what is sent of them changes nothing.
    names = MEMBERS - {"lead"}
    sign_in(cast.lead).post(PAGE, say(cast, stranger=ENDED, **dict.fromkeys(names, CONFIRMED)))
    assert cast.stranger.memberships.active().exists()


def test_two_at_once(cast: Cast) -> None:
    """Who joined since the page was opened is kept; who no longer leads changes nothing; only the newest goes back."""
    factories.make_member("new@anchor.example", organisation=cast.organisation, role=MembershipRole.VIEWER)
    first = check_organisation(
        organisation=cast.organisation, said=Said({cast.viewer.pk: CONFIRMED}), by=cast.lead
    )
    assert first.lines.get(membership__user__email="new@anchor.example").outcome == KEPT
    second = check_organisation(organisation=cast.organisation, said=Said({}), by=cast.lead)
    with pytest.raises(NotInThisState, match="another check since"):
        take_back_check(access_check=first, by=cast.lead)
    with lifted(AccessCheck, AccessCheckLine):
        AccessCheck.objects.filter(pk=second.pk).update(at=timezone.now() - datetime.timedelta(days=20))
        first.delete()
    with pytest.raises(NotInThisState, match="for 14 days"):
        take_back_check(access_check=second, by=cast.lead)
    Membership.objects.filter(user=cast.lead).update(ended_at=timezone.now())
    with pytest.raises(NotInThisState, match="no longer a lead"):
        check_organisation(organisation=cast.organisation, said=Said({}), by=cast.lead)
    with pytest.raises(NotInThisState, match="no longer an administrator"):
        check_officers(partnership=cast.partnership, said=Said({}), by=cast.publisher)


def test_when_it_is_due(cast: Cast, settings: LazySettings) -> None:
    """A year after it was entered, a year after the last check that stands, never where the setting says so."""
    now = timezone.now()

    def list_due() -> list[str]:
        return [str(one) for one in (*get_due_organisations(now), *get_due_partnerships(now))]

    assert list_due() == []
    make_older(cast, 366)
    assert list_due() == ["Anchor Trust", "Beacon Homes", "Harbour", "Moorland"]
    check_organisation(organisation=cast.organisation, said=Said({}), by=cast.lead)
    check_officers(partnership=cast.elsewhere, said=Said({}), by=cast.outsider)
    cast.other_organisation.participations.update(is_active=False)
    assert list_due() == ["Harbour"]
    settings.ACCESS_CHECK_DAYS = 0
    assert list_due() == []


def test_the_pages_ask_as_often_for_many(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.lead)
    for number in (1, 3):
        for more in range(number):
            factories.make_member(
                f"{more}@anchor.example", organisation=factories.make_organisation(f"x{more}")
            )
        with django_assert_num_queries(8):
            client.get(reverse("organisations:access_check", args=["harbour", "anchor"]))
        for more in range(number):
            email = f"{number}-{more}@anchor.example"
            factories.make_member(email, organisation=cast.organisation, role=MembershipRole.VIEWER)
            make_contact(cast, email, email)
