"""The desk's organisations: the list, adding one, what the partnership holds of it, and its people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from s11.organisations import workflow
from s11.organisations.enums import MembershipRole, Variant
from s11.organisations.models import Invitation, Membership, Organisation, Participation, User
from s11.organisations.workflow import OrganisationFacts
from s11.web.errors import NotInThisState
from tests import factories
from tests.conftest import Cast
from tests.organisations.invitations import make_invitation

SignIn = Callable[[User], Client]
LIST = "/p/harbour/desk/organisations/"
ADD = f"{LIST}add/"
ANCHOR = f"{LIST}anchor/"
ENTERED = {
    "name": "Cove School",
    "variant": "school",
    "is_statutory": "yes",
    "urn": "123456",
    "ods_code": "",
    "ofsted_number": "",
    "lead": "Head@Cove.Example",
}


def make_request(organisation: Organisation, email: str = "asks@quiet.example") -> Membership:
    user = factories.make_user(email)
    return Membership.objects.create(user=user, organisation=organisation, role=MembershipRole.LEAD)


# The list -------------------------------------------------------------------------------------------------------------


def test_the_list_holds_ones_own_with_their_leads(cast: Cast, sign_in: SignIn) -> None:
    factories.make_organisation("Far Farm", partnership=cast.elsewhere)
    factories.make_organisation("Quiet House", partnership=cast.partnership)
    page = sign_in(cast.administrator).get(LIST).text
    assert "3 organisations" in page
    assert "Anchor Trust" in page
    assert "lead@anchor.example" in page
    assert "No lead" in page
    assert "Far Farm" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=anc", {"Anchor Trust"}),
        ("words=HOMES+beacon", {"Beacon Homes"}),
        ("words=Pilot+House", {"Anchor Trust"}),  # what the partnership calls it
        ("words=123456", {"Beacon Homes"}),
        ("words=12345", set()),  # an identifier is searched as a whole
        ("words=moor", set()),
        ("variant=school", {"Cove School"}),
        ("variant=school&words=cove", {"Cove School"}),
        ("variant=school&words=anchor", set()),
        ("variant=castle", {"Anchor Trust", "Beacon Homes", "Cove School"}),
    ],
)
def test_searching_and_filtering(cast: Cast, sign_in: SignIn, query: str, found: set[str]) -> None:
    Participation.objects.filter(organisation=cast.organisation).update(local_name="Pilot House")
    Organisation.objects.filter(pk=cast.other_organisation.pk).update(urn="123456")
    factories.make_organisation("Cove School", variant=Variant.SCHOOL, partnership=cast.partnership)
    factories.make_organisation("Moor Anchor", partnership=cast.elsewhere)
    page = sign_in(cast.scrutineer).get(f"{LIST}?{query}").text
    names = {"Anchor Trust", "Beacon Homes", "Cove School", "Moor Anchor"}
    assert {name for name in names if name in page} == found


def test_the_list_costs_the_same_for_one_and_for_three(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.administrator)
    Participation.objects.exclude(organisation=cast.organisation).delete()
    for names in ((), ("Cove", "Dune")):
        for name in names:
            organisation = factories.make_organisation(name, partnership=cast.partnership)
            factories.make_member(f"lead@{name}.example".lower(), organisation=organisation)
        with django_assert_num_queries(6):
            assert client.get(LIST).status_code == 200


def test_more_than_fifty_go_to_a_second_page_which_keeps_the_filter(cast: Cast, sign_in: SignIn) -> None:
    for number in range(51):
        factories.make_organisation(f"House {number:02}", partnership=cast.partnership)
    client = sign_in(cast.administrator)
    first = client.get(f"{LIST}?words=house").text
    assert "House 49" in first
    assert "House 50" not in first
    assert "words=house&amp;page=2" in first
    assert "House 50" in client.get(f"{LIST}?words=house&page=2").text


def test_an_empty_list_says_what_will_be_here(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.outsider)
    assert "Add the first one" in client.get("/p/moorland/desk/organisations/").text
    assert "Try fewer words" in client.get("/p/moorland/desk/organisations/?words=x").text


# Adding ---------------------------------------------------------------------------------------------------------------


def test_adding_one_and_inviting_its_lead(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = sign_in(cast.quality_officer)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(ADD, ENTERED)
    organisation = Organisation.objects.get(urn="123456")
    assert response.headers["Location"] == f"{LIST}{organisation.slug}/"
    assert (organisation.name, organisation.variant) == ("Cove School", Variant.SCHOOL)
    participation = organisation.participations.get()
    assert (participation.partnership, participation.is_statutory, participation.local_name) == (
        cast.partnership,
        True,
        "",
    )
    assert mail.outbox[0].to == ["head@cove.example"]
    page = client.get(response.headers["Location"]).text
    assert "Cove School takes part now. We have invited head@cove.example to act for it." in page


def test_one_that_is_known_by_its_identifier_joins_as_it_is(cast: Cast, sign_in: SignIn) -> None:
    known = factories.make_organisation("Old Cove", partnership=cast.elsewhere, urn="123456")
    page = sign_in(cast.administrator).post(ADD, ENTERED, follow=True).text
    known.refresh_from_db()
    assert (known.name, known.variant) == ("Old Cove", Variant.STANDARD)
    assert known.participations.get(partnership=cast.partnership).local_name == "Cove School"
    assert "Old Cove has this identifier and takes part now; you call it Cove School." in page


def test_one_that_left_comes_back(cast: Cast, sign_in: SignIn) -> None:
    Organisation.objects.filter(pk=cast.organisation.pk).update(urn="123456")
    Participation.objects.filter(organisation=cast.organisation).update(is_active=False)
    sign_in(cast.administrator).post(ADD, ENTERED)
    assert cast.organisation.participations.get().is_active


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Enter the name"),
        ({"name": "anchor trust", "urn": ""}, "An organisation with this name is on your list already."),
        ({"variant": ""}, "Select the variant"),
        ({"is_statutory": ""}, "Select an answer to ‘Is it statutory?’"),
        ({"urn": "12345"}, "A URN has six digits, such as 123456"),
        ({"urn": "１２３４５６"}, "A URN has six digits, such as 123456"),
        ({"urn": "222222"}, "Beacon Homes has this identifier and takes part already"),
        ({"urn": "222222", "ods_code": "ods1"}, "Check each of them"),
        ({"lead": "nobody"}, "right format"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(
    cast: Cast, sign_in: SignIn, change: dict[str, str], sentence: str
) -> None:
    Organisation.objects.filter(pk=cast.other_organisation.pk).update(urn="222222")
    far = factories.make_organisation("Far Farm", partnership=cast.elsewhere)
    Organisation.objects.filter(pk=far.pk).update(ods_code="ODS1")
    response = sign_in(cast.administrator).post(ADD, {**ENTERED, **change})
    assert response.status_code == 200
    assert sentence in response.text
    assert "head@cove.example" in response.text.lower() or "lead" in change
    assert Participation.objects.count() == 3
    assert not Invitation.objects.exists()


def test_two_officers_add_the_same_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second has looked before the first wrote: the database keeps its promise, and the officer is told."""
    facts = OrganisationFacts(name="Cove School", variant=Variant.SCHOOL, urn="123456")

    def add() -> Participation:
        return workflow.add_organisation(
            partnership=cast.partnership, facts=facts, is_statutory=True, by=cast.administrator
        )

    add()
    monkeypatch.setattr("s11.organisations.workflow.places.find_organisations", lambda *_: [])
    with pytest.raises(NotInThisState, match="Somebody has just added"):
        add()


# One organisation -----------------------------------------------------------------------------------------------------


def test_the_page_shows_facts_and_people(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.administrator).get(ANCHOR).text
    for shown in ("Anchor Trust", "lead@anchor.example", "viewer@anchor.example", "National facts"):
        assert shown in page
    assert "lead@beacon.example" not in page


def test_readers_are_told_who_may_change_it(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.scrutineer).get(ANCHOR).text
    assert "Only an administrator or quality officer of Harbour can do this." in page
    assert "End lead" not in page
    assert "Invite somebody" not in page


def test_the_page_costs_the_same_for_one_and_for_three(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organisation = factories.make_organisation("Quiet", slug="quiet", partnership=cast.partnership)
    client = sign_in(cast.administrator)
    for count in (1, 3):
        for number in range(organisation.memberships.requested().count(), count):
            make_request(organisation, f"asks{number}@quiet.example")
            factories.make_member(
                f"viewer{number}@quiet.example", organisation=organisation, role=MembershipRole.VIEWER
            )
            make_invitation(
                email=f"invited{number}@quiet.example",
                role=MembershipRole.LEAD,
                organisation=organisation,
                partnership=cast.partnership,
                by=cast.administrator,
            )
        with django_assert_num_queries(15):
            assert client.get(f"{LIST}quiet/").status_code == 200


def test_what_the_partnership_alone_holds(cast: Cast, sign_in: SignIn) -> None:
    Participation.objects.create(partnership=cast.elsewhere, organisation=cast.organisation)
    client = sign_in(cast.quality_officer)
    client.post(f"{ANCHOR}facts/", {"local_name": "The Anchor", "name": "Hacked"})
    here = cast.organisation.participations.get(partnership=cast.partnership)
    there = cast.organisation.participations.get(partnership=cast.elsewhere)
    assert (here.local_name, here.is_statutory, here.is_active) == ("The Anchor", False, False)
    assert (there.local_name, there.is_active) == ("", True)
    cast.organisation.refresh_from_db()
    assert cast.organisation.name == "Anchor Trust"


def test_one_that_has_left_shows_no_people_and_invites_nobody(cast: Cast, sign_in: SignIn) -> None:
    Participation.objects.filter(organisation=cast.organisation).update(is_active=False)
    client = sign_in(cast.administrator)
    page = client.get(ANCHOR).text
    assert "lead@anchor.example" not in page
    response = client.post(f"{ANCHOR}invite/", {"email": "a@anchor.example", "role": "lead"})
    assert response.status_code == 403
    assert "no longer takes part in Harbour" in response.text


def test_correcting_a_slip_in_an_identifier(cast: Cast, sign_in: SignIn) -> None:
    organisation = factories.make_organisation(
        "Quiet", slug="quiet", partnership=cast.partnership, urn="111111"
    )
    Organisation.objects.filter(pk=cast.other_organisation.pk).update(urn="222222")
    client = sign_in(cast.administrator)
    address = f"{LIST}quiet/identifiers/"
    assert 'value="111111"' in client.get(address).text
    assert "Enter the name" in client.post(address, {"urn": "333333"}).text
    taken = client.post(address, {"name": "Quiet", "urn": "222222"}).text
    assert "Beacon Homes has one of these identifiers." in taken
    client.post(address, {"name": "Quiet Bay", "urn": "333333", "ods_code": "abc"})
    organisation.refresh_from_db()
    facts = (organisation.name, organisation.urn, organisation.ods_code)
    assert facts == ("Quiet Bay", "333333", "ABC")


# Its people -----------------------------------------------------------------------------------------------------------


def test_inviting_somebody_records_through_which_partnership(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    client.post(f"{ANCHOR}invite/", {"email": "New@Anchor.example", "role": "lead"})
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.organisation, invitation.partnership, invitation.invited_by) == (
        "new@anchor.example",
        cast.organisation,
        cast.partnership,
        cast.quality_officer,
    )
    assert "new@anchor.example" in client.get(ANCHOR).text
    client.post(f"{ANCHOR}invitations/{invitation.pk}/send/")
    client.post(f"{ANCHOR}invitations/{invitation.pk}/revoke/")
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


def test_neither_a_leads_nor_another_partnerships_invitation_is_a_desks_to_touch(
    cast: Cast, sign_in: SignIn
) -> None:
    Participation.objects.create(partnership=cast.elsewhere, organisation=cast.organisation)
    client = sign_in(cast.administrator)
    for partnership, by in ((None, cast.lead), (cast.elsewhere, cast.outsider)):
        invitation, _ = make_invitation(
            email="x@anchor.example",
            role=MembershipRole.VIEWER,
            organisation=cast.organisation,
            partnership=partnership,
            by=by,
        )
        for verb in ("send", "revoke"):
            assert client.post(f"{ANCHOR}invitations/{invitation.pk}/{verb}/").status_code == 404


def test_approving_where_there_is_no_lead(cast: Cast, sign_in: SignIn) -> None:
    organisation = factories.make_organisation("Quiet", slug="quiet", partnership=cast.partnership)
    Participation.objects.create(partnership=cast.elsewhere, organisation=organisation)
    request = make_request(organisation)
    here = sign_in(cast.administrator)
    page = here.get(f"{LIST}quiet/").text
    assert "asks@quiet.example" in page
    page = here.post(f"{LIST}quiet/requests/{request.pk}/approve/", follow=True).text
    assert "Another partnership must still approve them too." in page
    assert "/approve/" not in page
    there = sign_in(cast.outsider)
    page = there.post(
        f"/p/moorland/desk/organisations/quiet/requests/{request.pk}/approve/", follow=True
    ).text
    assert "asks@quiet.example acts for Quiet now." in page
    request.refresh_from_db()
    assert request.is_active


def test_refusing_where_there_is_no_lead(cast: Cast, sign_in: SignIn) -> None:
    organisation = factories.make_organisation("Quiet", slug="quiet", partnership=cast.partnership)
    request = make_request(organisation)
    client = sign_in(cast.administrator)
    client.post(f"{LIST}quiet/requests/{request.pk}/refuse/")
    request.refresh_from_db()
    assert request.ended_by == cast.administrator
    page = client.post(f"{LIST}quiet/requests/{request.pk}/approve/", follow=True).text
    assert "has been refused or withdrawn already" in page


def test_a_request_elsewhere_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    far = factories.make_organisation("Far Farm", slug="far", partnership=cast.elsewhere)
    quiet = factories.make_organisation("Quiet", slug="quiet", partnership=cast.partnership)
    request = make_request(far)
    client = sign_in(cast.administrator)
    for slug in ("far", quiet.slug):
        assert client.post(f"{LIST}{slug}/requests/{request.pk}/approve/").status_code == 404
    request.refresh_from_db()
    assert request.is_request


def test_ending_a_lead_asks_first(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    membership = cast.lead.memberships.get()
    client = sign_in(cast.administrator)
    address = f"{ANCHOR}leads/{membership.pk}/end/"
    assert "Has lead@anchor.example left Anchor Trust?" in client.get(address).text
    membership.refresh_from_db()
    assert membership.is_active
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address)
    membership.refresh_from_db()
    assert membership.ended_by == cast.administrator
    assert mail.outbox[0].to == ["lead@anchor.example"]
    again = client.post(address)
    assert again.status_code == 403
    assert "is not a lead of Anchor Trust now" in again.text


def test_an_officer_ends_nobody_but_leads(cast: Cast, sign_in: SignIn) -> None:
    viewer = cast.viewer.memberships.get()
    client = sign_in(cast.administrator)
    assert client.post(f"{ANCHOR}leads/{viewer.pk}/end/").status_code == 403
    stranger = cast.stranger.memberships.get()
    assert client.post(f"{ANCHOR}leads/{stranger.pk}/end/").status_code == 404
    assert Membership.objects.active().filter(pk__in=[viewer.pk, stranger.pk]).count() == 2


def test_the_address_of_the_list_is_the_one_in_the_rooms(cast: Cast) -> None:
    assert reverse("organisations:organisations", args=["harbour"]) == LIST
