"""The desk's own people, and its settings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from s11.organisations import workflow
from s11.organisations.colours import contrast_with_white, is_readable_under_white
from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Invitation, Officer, User
from s11.web.errors import NotInThisState
from tests import factories
from tests.conftest import Cast
from tests.organisations.invitations import make_invitation

SignIn = Callable[[User], Client]
PEOPLE = "/p/harbour/desk/people/"
SETTINGS = "/p/harbour/desk/settings/"


def test_the_list_shows_ones_own_officers_by_role(cast: Cast, sign_in: SignIn) -> None:
    make_invitation(
        email="invited@harbour.example",
        role=OfficerRole.PUBLISHER,
        partnership=cast.partnership,
        by=cast.administrator,
    )
    make_invitation(
        email="lead@anchor.example",
        role=MembershipRole.VIEWER,
        organisation=cast.organisation,
        partnership=cast.partnership,
        by=cast.administrator,
    )
    page = sign_in(cast.administrator).get(PEOPLE).text
    addresses = [f"{role}@harbour.example" for role in OfficerRole]
    assert [page.index(address) for address in addresses] == sorted(page.index(one) for one in addresses)
    assert "invited@harbour.example" in page
    assert "lead@anchor.example" not in page
    assert cast.outsider.email not in page


def test_other_officers_see_who_works_there_and_change_nothing(cast: Cast, sign_in: SignIn) -> None:
    make_invitation(
        email="invited@harbour.example",
        role=OfficerRole.PUBLISHER,
        partnership=cast.partnership,
        by=cast.administrator,
    )
    page = sign_in(cast.publisher).get(PEOPLE).text
    assert cast.administrator.email in page
    assert "Only an administrator of Harbour can do this." in page
    assert "invited@harbour.example" not in page
    assert "End role" not in page


def test_the_list_costs_the_same_for_one_and_for_three(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.administrator)
    Officer.objects.filter(partnership=cast.partnership).exclude(user=cast.administrator).delete()
    for names in (("a",), ("b", "c")):
        for name in names:
            factories.make_officer(f"{name}@harbour.example", partnership=cast.partnership)
            make_invitation(
                email=f"invited{name}@harbour.example",
                role=OfficerRole.PUBLISHER,
                partnership=cast.partnership,
                by=cast.administrator,
            )
        with django_assert_num_queries(6):
            assert client.get(PEOPLE).status_code == 200


def test_inviting_sending_again_and_revoking(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    client = sign_in(cast.administrator)
    entered = {"email": "New@Harbour.Example", "role": "scrutineer"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{PEOPLE}invite/", entered)
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.organisation, invitation.partnership) == (
        "new@harbour.example",
        None,
        cast.partnership,
    )
    assert mail.outbox[0].subject.startswith("Harbour invites you to its desk: accept by ")
    before = invitation.token_hash
    client.post(f"{PEOPLE}invitations/{invitation.pk}/send/")
    invitation.refresh_from_db()
    assert invitation.token_hash != before
    client.post(f"{PEOPLE}invitations/{invitation.pk}/revoke/")
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"email": "", "role": "publisher"}, "Enter the e-mail address"),
        ({"email": "a@b.example", "role": "lead"}, "Select one of the choices"),
        (
            {"email": "PUBLISHER@harbour.example", "role": "publisher"},
            "publisher@harbour.example is publisher of Harbour already",
        ),
    ],
)
def test_what_is_wrong_with_an_invitation(
    cast: Cast, sign_in: SignIn, entered: dict[str, str], sentence: str
) -> None:
    response = sign_in(cast.administrator).post(f"{PEOPLE}invite/", entered)
    assert sentence in response.text
    assert not Invitation.objects.exists()


def test_invitations_to_another_desk_are_not_there(cast: Cast, sign_in: SignIn) -> None:
    invitation, _ = make_invitation(
        email="x@moorland.example", role=OfficerRole.PUBLISHER, partnership=cast.elsewhere, by=cast.outsider
    )
    client = sign_in(cast.administrator)
    for verb in ("send", "revoke"):
        assert client.post(f"{PEOPLE}invitations/{invitation.pk}/{verb}/").status_code == 404
    outsider = Officer.objects.get(user=cast.outsider)
    assert client.post(f"{PEOPLE}{outsider.pk}/end/").status_code == 404


def test_ending_a_role_asks_first_and_takes_effect_at_once(cast: Cast, sign_in: SignIn) -> None:
    office = Officer.objects.get(user=cast.publisher)
    client = sign_in(cast.administrator)
    assert "End the role of publisher@harbour.example?" in client.get(f"{PEOPLE}{office.pk}/end/").text
    client.post(f"{PEOPLE}{office.pk}/end/")
    office.refresh_from_db()
    assert office.ended_by == cast.administrator
    page = client.post(f"{PEOPLE}{office.pk}/end/", follow=True).text
    assert "has been ended already" in page
    assert sign_in(cast.publisher).get(PEOPLE).status_code == 404


def test_the_only_administrator_stays(cast: Cast, sign_in: SignIn) -> None:
    office = Officer.objects.get(user=cast.administrator)
    response = sign_in(cast.administrator).post(f"{PEOPLE}{office.pk}/end/")
    assert response.status_code == 403
    assert "Make somebody else one first." in response.text


def test_two_administrators_end_each_other_at_once(cast: Cast) -> None:
    """Both were asked while both were there; the second write finds only one left."""
    factories.make_officer("second@harbour.example", partnership=cast.partnership)
    first, second = Officer.objects.filter(
        partnership=cast.partnership, role=OfficerRole.ADMINISTRATOR
    ).order_by("pk")
    workflow.end_office(office=first, by=second.user)
    with pytest.raises(NotInThisState, match="only administrator"):
        workflow.end_office(office=second, by=first.user)
    second.refresh_from_db()
    assert second.ended_at is None


def test_whoever_ends_their_own_last_role_goes_home(cast: Cast, sign_in: SignIn) -> None:
    factories.make_officer("second@harbour.example", partnership=cast.partnership)
    office = Officer.objects.get(user=cast.administrator)
    response = sign_in(cast.administrator).post(f"{PEOPLE}{office.pk}/end/")
    assert response.headers["Location"] == "/home/"


def test_a_role_that_is_held_is_not_given_twice(cast: Cast) -> None:
    workflow.appoint_officer(user=cast.publisher, partnership=cast.partnership, role=OfficerRole.PUBLISHER)
    assert Officer.objects.filter(user=cast.publisher).count() == 1


# Settings -------------------------------------------------------------------------------------------------------------

BRAND = {"name": "Harbour Partnership", "colour": "#1D5F6E", "contact_email": "ask@harbour.example"}


def test_saving_the_settings(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    texts = {
        f"{name}_text": f"Our {name} words." for name in ("contact", "accessibility", "privacy", "cookies")
    }
    response = client.post(SETTINGS, {**BRAND, **texts, "slug": "other"})
    assert response.status_code == 302
    cast.partnership.refresh_from_db()
    saved = {name: getattr(cast.partnership, name) for name in (*BRAND, *texts, "slug")}
    assert saved == {**BRAND, **texts, "colour": "#1d5f6e", "slug": "harbour"}
    for name in ("contact", "accessibility", "privacy", "cookies"):
        assert f"Our {name} words." in client.get(f"/p/harbour/{name}/").text
    assert "/p/harbour/colour.css?1d5f6e" in client.get(SETTINGS).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Enter the name of the partnership"),
        ({"colour": "teal"}, "Enter a colour as # and six digits, such as #1d5f6e"),
        ({"colour": "#fff"}, "Enter a colour as # and six digits"),
        ({"colour": "#1d5f6e;}"}, "Enter a colour as # and six digits"),
        ({"colour": "#ffdd00"}, "White text on #ffdd00 has a contrast of 1.3 to 1. Choose a darker colour"),
        ({"colour": "#777777"}, "White text on #777777 has a contrast of 4.4 to 1. Choose a darker colour"),
        ({"contact_email": "nobody"}, "right format"),
        ({"privacy_text": "x" * 5001}, "must be 5000 characters or fewer"),
    ],
)
def test_what_is_wrong_with_the_settings(
    cast: Cast, sign_in: SignIn, change: dict[str, str], sentence: str
) -> None:
    page = sign_in(cast.administrator).post(SETTINGS, {**BRAND, **change}).text
    assert "There is a problem" in page
    assert sentence in page
    cast.partnership.refresh_from_db()
    assert cast.partnership.name == "Harbour"
    # The page round the form shows what is in force, the form what was typed.
    assert "Acting for Harbour as" in page
    if "colour" in change:
        assert f'value="{change["colour"]}"' in page


def test_a_colour_may_be_given_without_its_sign(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.administrator).post(SETTINGS, {**BRAND, "colour": "1D5F6E"})
    cast.partnership.refresh_from_db()
    assert cast.partnership.colour == "#1d5f6e"


@pytest.mark.parametrize(
    ("colour", "contrast"),
    # As WebAIM's contrast checker gives them
    [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48), ("#1d70b8", 5.17)],
)
def test_contrast(colour: str, contrast: float) -> None:
    assert round(contrast_with_white(colour), 2) == contrast
    assert is_readable_under_white(colour) is (contrast >= 4.5)
