"""Handing over the lead: in one step, and never without a lead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client, TestCase
from django.urls import reverse

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.organisations.workflow import end_person, hand_over_lead
from s11.web.errors import NotInThisState
from tests.conftest import Cast

PAGE = reverse("organisations:hand_over", args=["harbour", "anchor"])


def get_roles(cast: Cast, user: User) -> set[str]:
    return set(cast.organisation.memberships.active().filter(user=user).values_list("role", flat=True))


@pytest.mark.parametrize("stays_as", ["contributor", "viewer", ""])
def test_another_member_leads_at_once(cast: Cast, sign_in: Callable[[User], Client], stays_as: str) -> None:
    client = sign_in(cast.lead)
    page = client.get(PAGE).text
    assert "contributor@anchor.example (contributor)" in page
    assert f'value="{cast.lead.pk}"' not in page
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(PAGE, {"person": cast.contributor.pk, "stays_as": stays_as})
    assert get_roles(cast, cast.contributor) == {"lead", "contributor"}
    assert get_roles(cast, cast.lead) == ({stays_as} if stays_as else set())
    assert [message.to for message in mail.outbox] == [["contributor@anchor.example"]]


def test_somebody_must_be_chosen(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(cast.lead)
    for person in ("", str(cast.stranger.pk), str(cast.lead.pk)):
        assert "Error:" in client.post(PAGE, {"person": person}).text
    assert get_roles(cast, cast.lead) == {"lead"}


def test_alone_one_invites_first(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    cast.organisation.memberships.exclude(user=cast.lead).delete()
    assert "Invite your successor first." in sign_in(cast.lead).get(PAGE).text


def test_a_successor_who_left_meanwhile_leads_nothing(cast: Cast) -> None:
    end_person(user=cast.viewer, organisation=cast.organisation, by=cast.lead)
    with pytest.raises(NotInThisState, match="no longer acts"):
        hand_over_lead(
            organisation=cast.organisation, to=cast.viewer, stays_as=MembershipRole.VIEWER, by=cast.lead
        )
    assert get_roles(cast, cast.lead) == {"lead"}


def test_handed_over_twice_is_told(cast: Cast) -> None:
    hand_over_lead(organisation=cast.organisation, to=cast.viewer, stays_as=None, by=cast.lead)
    with pytest.raises(NotInThisState, match="You are no longer a lead"):
        hand_over_lead(organisation=cast.organisation, to=cast.contributor, stays_as=None, by=cast.lead)
