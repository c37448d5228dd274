"""The lead's page: who is in the organisation, who waits, who is invited; changing roles and leaving."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from s11.organisations import workflow
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Invitation, Membership, User
from s11.web.errors import NotInThisState
from tests import factories
from tests.conftest import Cast
from tests.organisations.invitations import make_invitation

SignIn = Callable[[User], Client]
HERE = ["harbour", "anchor"]


def address(name: str, *arguments: int) -> str:
    return reverse(f"organisations:{name}", args=[*HERE, *arguments])


def make_request(cast: Cast, email: str = "asks@anchor.example") -> Membership:
    return Membership.objects.create(
        user=factories.make_user(email),
        organisation=cast.organisation,
        role=MembershipRole.CONTRIBUTOR,
        requested_through=cast.partnership,
    )


def get_roles(user: User) -> set[str]:
    return set(Membership.objects.active().filter(user=user).values_list("role", flat=True))


def test_a_lead_sees_who_is_in_who_waits_and_who_is_invited(cast: Cast, sign_in: SignIn) -> None:
    make_request(cast)
    make_invitation(
        email="invited@anchor.example",
        role=MembershipRole.VIEWER,
        organisation=cast.organisation,
        by=cast.lead,
    )
    page = sign_in(cast.lead).get(address("members")).text
    for shown in (cast.lead.email, cast.viewer.email, "asks@anchor.example", "invited@anchor.example"):
        assert shown in page
    assert cast.stranger.email not in page


@pytest.mark.parametrize("name", ["contributor", "signatory", "viewer"])
def test_others_see_their_colleagues_and_why_they_change_nothing(
    cast: Cast, sign_in: SignIn, name: str
) -> None:
    make_request(cast)
    make_invitation(
        email="invited@anchor.example",
        role=MembershipRole.VIEWER,
        organisation=cast.organisation,
        by=cast.lead,
    )
    page = sign_in(cast.people[name]).get(address("members")).text
    assert cast.lead.email in page
    assert "Only a lead of Anchor Trust can manage its people. Ask your lead." in page
    assert "asks@anchor.example" not in page
    assert "invited@anchor.example" not in page
    assert "Change roles" not in page


def test_the_page_costs_the_same_for_one_and_for_three(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.lead)
    for count in (1, 3):
        while Membership.objects.requested().count() < count:
            number = Membership.objects.requested().count()
            make_request(cast, f"asks{number}@anchor.example")
            factories.make_member(
                f"more{number}@anchor.example", organisation=cast.organisation, role=MembershipRole.VIEWER
            )
            make_invitation(
                email=f"invited{number}@anchor.example",
                role=MembershipRole.VIEWER,
                organisation=cast.organisation,
                by=cast.lead,
            )
        with django_assert_num_queries(10):
            assert client.get(address("members")).status_code == 200


def test_more_than_fifty_go_to_a_second_page(cast: Cast, sign_in: SignIn) -> None:
    for number in range(50):
        factories.make_member(f"m{number:02}@anchor.example", organisation=cast.organisation)
    client = sign_in(cast.lead)
    assert cast.viewer.email not in client.get(address("members")).text
    assert cast.viewer.email in client.get(address("members") + "?page=2").text


# Inviting -------------------------------------------------------------------------------------------------------------


def test_inviting_a_colleague(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = sign_in(cast.lead)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            address("invite_member"), {"email": " New@Anchor.Example ", "role": "contributor"}
        )
    assert response.headers["Location"] == address("members")
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.partnership, invitation.invited_by) == (
        "new@anchor.example",
        None,
        cast.lead,
    )
    assert mail.outbox[0].to == ["new@anchor.example"]
    page = client.get(address("members")).text
    assert "We have sent new@anchor.example an invitation." in page


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"email": "", "role": "viewer"}, "Enter the e-mail address"),
        ({"email": "no address", "role": "viewer"}, "right format"),
        ({"email": "a@b.example", "role": ""}, "Select the role"),
        ({"email": "a@b.example", "role": "king"}, "Select one of the choices"),
        (
            {"email": "LEAD@anchor.example", "role": "lead"},
            "lead@anchor.example is a lead of Anchor Trust already",
        ),
    ],
)
def test_what_is_wrong_with_an_invitation(
    cast: Cast, sign_in: SignIn, entered: dict[str, str], sentence: str
) -> None:
    response = sign_in(cast.lead).post(address("invite_member"), entered)
    assert response.status_code == 200
    assert sentence in response.text
    assert not Invitation.objects.exists()


def test_invited_twice_is_sent_again_not_doubled(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    entered = {"email": "new@anchor.example", "role": "viewer"}
    client.post(address("invite_member"), entered)
    before = Invitation.objects.get().token_hash
    client.post(address("invite_member"), entered)
    assert Invitation.objects.get().token_hash != before


def test_sending_again_and_revoking(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    invitation, _ = make_invitation(
        email="a@anchor.example", role=MembershipRole.VIEWER, organisation=cast.organisation, by=None
    )
    before = invitation.token_hash
    client.post(address("send_member_invitation", invitation.pk))
    invitation.refresh_from_db()
    assert invitation.token_hash != before
    assert invitation.invited_by == cast.lead
    client.post(address("revoke_member_invitation", invitation.pk))
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None
    page = client.post(address("revoke_member_invitation", invitation.pk), follow=True).text
    assert "The invitation of a@anchor.example has been revoked already." in page


def test_an_officers_invitation_may_be_revoked_but_not_sent_by_the_lead(cast: Cast, sign_in: SignIn) -> None:
    """Sent by the lead it would still fall under the officers' rule, which would surprise the lead."""
    invitation, _ = make_invitation(
        email="a@anchor.example",
        role=MembershipRole.VIEWER,
        organisation=cast.organisation,
        partnership=cast.partnership,
        by=cast.administrator,
    )
    client = sign_in(cast.lead)
    assert client.post(address("send_member_invitation", invitation.pk)).status_code == 404
    assert client.post(address("revoke_member_invitation", invitation.pk)).status_code == 302


def test_another_organisations_rows_are_not_there(cast: Cast, sign_in: SignIn) -> None:
    invitation, _ = make_invitation(
        email="a@beacon.example",
        role=MembershipRole.VIEWER,
        organisation=cast.other_organisation,
        by=cast.stranger,
    )
    request = Membership.objects.create(
        user=factories.make_user("asks@beacon.example"),
        organisation=cast.other_organisation,
        role=MembershipRole.VIEWER,
    )
    client = sign_in(cast.lead)
    for name, pk in (
        ("send_member_invitation", invitation.pk),
        ("revoke_member_invitation", invitation.pk),
        ("accept_member", request.pk),
        ("refuse_member", request.pk),
        ("member_roles", cast.stranger.pk),
        ("end_member", cast.stranger.pk),
    ):
        assert client.post(address(name, pk)).status_code == 404, name


# Requests -------------------------------------------------------------------------------------------------------------


def test_accepting_and_refusing(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = sign_in(cast.lead)
    request = make_request(cast)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("accept_member", request.pk))
    assert get_roles(request.user) == {"contributor"}
    assert mail.outbox[0].to == ["asks@anchor.example"]
    assert mail.outbox[0].subject == "You can start: you are contributor of Anchor Trust now"

    other = make_request(cast, "other@anchor.example")
    client.post(address("refuse_member", other.pk))
    other.refresh_from_db()
    assert other.ended_by == cast.lead
    assert get_roles(other.user) == set()


def test_two_leads_at_once_the_second_is_told_and_undoes_nothing(cast: Cast, sign_in: SignIn) -> None:
    request = make_request(cast)
    stale = Membership.objects.select_related("organisation", "user").get(pk=request.pk)
    workflow.accept_request(membership=request, by=cast.lead)
    with pytest.raises(NotInThisState, match="accepted already"):
        workflow.refuse_request(membership=stale, by=cast.lead)
    page = sign_in(cast.lead).post(address("refuse_member", request.pk), follow=True).text
    assert "The request of asks@anchor.example has been accepted already. Nothing was changed." in page
    assert get_roles(request.user) == {"contributor"}


# Roles and leaving ----------------------------------------------------------------------------------------------------


def test_giving_another_role_and_ending_one(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    page = client.get(address("member_roles", cast.viewer.pk)).text
    assert 'value="viewer" checked' in page
    client.post(address("member_roles", cast.viewer.pk), {"roles": ["signatory", "contributor"]})
    assert get_roles(cast.viewer) == {"signatory", "contributor"}
    ended = cast.viewer.memberships.get(role="viewer")
    assert ended.ended_by == cast.lead


def test_handing_over_the_lead(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    client.post(address("member_roles", cast.contributor.pk), {"roles": ["lead", "contributor"]})
    response = client.post(address("member_roles", cast.lead.pk), {"roles": ["viewer"]}, follow=True)
    assert response.status_code == 200
    assert get_roles(cast.lead) == {"viewer"}
    assert get_roles(cast.contributor) == {"lead", "contributor"}
    assert client.post(address("invite_member"), {}).status_code == 403


def test_the_last_lead_cannot_be_lost_by_changing_roles(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.lead).post(address("member_roles", cast.lead.pk), {"roles": ["viewer"]}, follow=True)
    assert "only lead of Anchor Trust" in page.text
    assert get_roles(cast.lead) == {"lead"}


def test_no_role_at_all_is_refused(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.lead).post(address("member_roles", cast.viewer.pk), {}).text
    assert "Select at least one role, or remove the person instead" in page
    assert get_roles(cast.viewer) == {"viewer"}


def test_removing_asks_first_and_ends_everything(cast: Cast, sign_in: SignIn) -> None:
    factories.make_member(cast.viewer.email, organisation=cast.organisation, role=MembershipRole.SIGNATORY)
    client = sign_in(cast.lead)
    page = client.get(address("end_member", cast.viewer.pk)).text
    assert "loses access at once" in page
    assert get_roles(cast.viewer) == {"viewer", "signatory"}
    client.post(address("end_member", cast.viewer.pk))
    assert get_roles(cast.viewer) == set()
    assert sign_in(cast.viewer).get(address("members")).status_code == 404


def test_the_only_lead_cannot_be_removed(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.lead).post(address("end_member", cast.lead.pk))
    assert response.status_code == 403
    assert "Make somebody else a lead first." in response.text
    assert get_roles(cast.lead) == {"lead"}


def test_a_lead_who_leaves_goes_home(cast: Cast, sign_in: SignIn) -> None:
    factories.make_member("second@anchor.example", organisation=cast.organisation)
    response = sign_in(cast.lead).post(address("end_member", cast.lead.pk))
    assert response.headers["Location"] == reverse("home")


def test_somebody_who_has_left_meanwhile(cast: Cast, sign_in: SignIn) -> None:
    workflow.end_person(user=cast.viewer, organisation=cast.organisation, by=cast.lead)
    assert sign_in(cast.lead).get(address("member_roles", cast.viewer.pk)).status_code == 404
    with pytest.raises(NotInThisState, match="no longer acts for"):
        workflow.change_roles(
            user=cast.viewer,
            organisation=cast.organisation,
            roles=frozenset({MembershipRole.LEAD}),
            by=cast.lead,
        )


# Details --------------------------------------------------------------------------------------------------------------


def test_a_lead_changes_the_name_and_nothing_else(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    client.post(
        address("details"),
        {"name": " Anchor\nHouse ", "urn": "123456", "variant": "school", "slug": "other"},
    )
    cast.organisation.refresh_from_db()
    organisation = cast.organisation
    assert (organisation.name, organisation.urn, organisation.variant, organisation.slug) == (
        "Anchor House",
        "",
        "standard",
        "anchor",
    )


def test_an_empty_name_is_refused(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.lead).post(address("details"), {"name": ""}).text
    assert "Enter the name of the organisation" in page
    cast.organisation.refresh_from_db()
    assert cast.organisation.name == "Anchor Trust"


def test_ones_own_name(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.viewer)
    own = reverse("organisations:own_details")
    assert cast.viewer.email in client.get(own).text
    assert "Enter your name" in client.post(own, {"name": " "}).text
    client.post(own, {"name": "Vera Viewer", "email": "other@anchor.example"})
    cast.viewer.refresh_from_db()
    assert (cast.viewer.name, cast.viewer.email) == ("Vera Viewer", "viewer@anchor.example")
