"""Signing in and out, and one's own password: allauth's pages as we serve them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.contrib.messages import get_messages
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from s11.organisations.enums import OfficerRole
from s11.organisations.models import Invitation, User
from tests import factories
from tests.organisations.invitations import make_invitation

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
WRONG = "The e-mail address or the password is not right."
NEW_PASSWORD = "green lamp walks far"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_rate_limit_from_before() -> None:
    cache.clear()


@pytest.fixture
def person() -> User:
    return User.objects.create_user(email="Ann@Anchor.example", password=factories.PASSWORD)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def follow_reset_link(client: Client, body: str) -> str:
    """Opens the link of the e-mail, and returns the address of the form that it leads to."""
    (link,) = re.findall(r"https?://\S+", body)
    opened = client.get(link)
    assert opened.status_code == 302
    return opened.headers["Location"]


def invite_to_harbour(email: str) -> tuple[Invitation, str]:
    partnership = factories.make_partnership("Harbour", slug="harbour")
    officer = factories.make_officer("officer@harbour.example", partnership=partnership)
    return make_invitation(email=email, role=OfficerRole.PUBLISHER, partnership=partnership, by=officer)


# Signing in -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entered", ["ann@anchor.example", " ANN@Anchor.Example "])
def test_with_address_and_password(client: Client, person: User, entered: str) -> None:
    response = client.post(LOGIN, {"login": entered, "password": factories.PASSWORD})
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("home")
    assert is_signed_in(client)
    assert client.session.get_expire_at_browser_close()


def test_coming_and_going_need_no_message(client: Client, person: User) -> None:
    page = client.post(LOGIN, {"login": person.email, "password": factories.PASSWORD}, follow=True)
    assert list(get_messages(page.wsgi_request)) == []
    assert "Successfully" not in page.text
    assert "signed out" not in client.post("/accounts/logout/", follow=True).text.lower()


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("ann@anchor.example", "wrong"),
        ("nobody@anchor.example", factories.PASSWORD),
        ("imported@anchor.example", factories.PASSWORD),
        ("imported@anchor.example", "!"),
    ],
)
def test_nobody_learns_which_addresses_have_an_account(
    client: Client, person: User, address: str, password: str
) -> None:
    factories.make_user("imported@anchor.example")
    page = client.post(LOGIN, {"login": address, "password": password})
    assert page.status_code == 200
    assert WRONG in page.text
    assert not is_signed_in(client)


def test_a_closed_account(client: Client, person: User) -> None:
    User.objects.update(is_active=False)
    page = client.post(LOGIN, {"login": person.email, "password": factories.PASSWORD}, follow=True)
    assert "This account is closed" in page.text
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("next_page", "expected"),
    [
        ("/p/harbour/desk/", "/p/harbour/desk/"),
        ("https://evil.example/", "/home/"),
        ("//evil.example", "/home/"),
    ],
)
def test_on_to_the_page_that_was_asked_for_but_not_to_another_site(
    client: Client, person: User, next_page: str, expected: str
) -> None:
    entered = {"login": person.email, "password": factories.PASSWORD, "next": next_page}
    assert client.post(LOGIN, entered).headers["Location"] == expected


def test_a_private_page_asks_to_sign_in_and_comes_back(client: Client) -> None:
    assert client.get("/home/").headers["Location"] == f"{LOGIN}?next=/home/"


def test_too_many_wrong_passwords(client: Client, person: User) -> None:
    for _ in range(10):
        client.post(LOGIN, {"login": person.email, "password": "wrong"})
    page = client.post(LOGIN, {"login": person.email, "password": factories.PASSWORD})
    assert "Too many wrong tries." in page.text
    assert not is_signed_in(client)


def test_too_many_tries_from_one_place(client: Client) -> None:
    """Another address each time, as somebody does who tries one password on many."""
    for number in range(31):
        response = client.post(LOGIN, {"login": f"a{number}@anchor.example", "password": "wrong"})
    assert response.status_code == 429
    assert "Wait a few minutes, then try again." in response.text


def test_signing_out_is_a_post(client: Client, person: User) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    response = client.post("/accounts/logout/")
    assert response.headers["Location"] == "/"
    assert not is_signed_in(client)


# The first password, and a new one ------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_password", [False, True])
def test_a_password_by_a_link(client: Client, has_password: bool) -> None:
    """Also for somebody imported, who has no password and of whom allauth has no row of its own."""
    person = factories.make_user(
        "imported@anchor.example", password=factories.PASSWORD if has_password else None
    )
    sent = client.post(RESET, {"email": " Imported@Anchor.example"})
    assert sent.headers["Location"] == "/accounts/password/reset/done/"
    (message,) = mail.outbox
    assert message.to == ["imported@anchor.example"]
    assert message.subject == "Choose a new password within 3 days"
    form = follow_reset_link(client, str(message.body))
    page = client.get(form)
    assert page.status_code == 200
    saved = client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert saved.headers["Location"] == reverse("home")
    assert is_signed_in(client)
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    client.logout()
    client.post(LOGIN, {"login": person.email, "password": NEW_PASSWORD})
    assert is_signed_in(client)


def test_the_link_works_once(client: Client, person: User) -> None:
    client.post(RESET, {"email": person.email})
    body = str(mail.outbox[0].body)
    form = follow_reset_link(client, body)
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    client.logout()
    (link,) = re.findall(r"https?://\S+", body)
    assert "This link has been used or is too old" in client.get(link).text


@pytest.mark.parametrize("password", ["short", "ann@anchor.example"])
def test_a_weak_password_is_refused(client: Client, person: User, password: str) -> None:
    client.post(RESET, {"email": person.email})
    form = follow_reset_link(client, str(mail.outbox[0].body))
    page = client.post(form, {"password1": password, "password2": password})
    assert page.status_code == 200
    assert "There is a problem" in page.text
    person.refresh_from_db()
    assert person.check_password(factories.PASSWORD)


def test_the_link_leads_to_our_own_address_whatever_the_request_says(
    client: Client, person: User, settings: LazySettings
) -> None:
    settings.SITE_URL = "https://s11.example"
    settings.ALLOWED_HOSTS = ["*"]
    client.post(RESET, {"email": person.email}, headers={"host": "evil.example"})
    body = str(mail.outbox[0].body)
    assert "https://s11.example/accounts/password/reset/key/" in body
    assert "evil" not in body


def test_an_unknown_address_is_answered_alike(client: Client, person: User) -> None:
    known = client.post(RESET, {"email": person.email})
    unknown = client.post(RESET, {"email": "nobody@anchor.example"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert [message.subject for message in mail.outbox] == [
        "Choose a new password within 3 days",
        "There is no account for nobody@anchor.example",
    ]


@pytest.mark.parametrize("entered", ["new@anchor.example", " New@Anchor.example "])
def test_who_was_invited_and_has_no_account_is_sent_the_invitation_again(
    client: Client, person: User, entered: str, django_capture_on_commit_callbacks: Any
) -> None:
    _, lost = invite_to_harbour("new@anchor.example")
    known = client.post(RESET, {"email": person.email})
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(RESET, {"email": entered})

    assert (response.status_code, response.headers["Location"]) == (
        known.status_code,
        known.headers["Location"],
    )
    (message,) = mail.outbox
    assert message.to == ["new@anchor.example"]
    (link,) = re.findall(r"https?://\S+/t/\S+", str(message.body))
    assert not link.endswith(lost)
    assert "Harbour" in client.get(link).text
    assert "Harbour" not in client.get(lost).text


def test_an_invitation_that_can_no_longer_be_used_is_not_sent_again(client: Client) -> None:
    invitation, _ = invite_to_harbour("new@anchor.example")
    invitation.revoked_at = timezone.now()
    invitation.save()
    client.post(RESET, {"email": "new@anchor.example"})

    assert [message.subject for message in mail.outbox] == ["There is no account for new@anchor.example"]


def test_whoever_has_an_account_gets_a_password_and_finds_the_invitation_at_home(
    client: Client, person: User
) -> None:
    invite_to_harbour(person.email)
    client.post(RESET, {"email": person.email})

    assert [message.subject for message in mail.outbox] == ["Choose a new password within 3 days"]


def test_a_closed_account_gets_no_link(client: Client, person: User) -> None:
    User.objects.update(is_active=False)
    client.post(RESET, {"email": person.email})
    assert "password/reset/key" not in str(mail.outbox[0].body)


def test_changing_ones_password(client: Client, person: User) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    address = "/accounts/password/change/"
    entered = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "There is a problem" in client.post(address, entered).text
    response = client.post(address, {**entered, "oldpassword": factories.PASSWORD})
    assert response.headers["Location"] == reverse("home")
    assert is_signed_in(client)
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)


def test_setting_one_while_signed_in_without(client: Client) -> None:
    """After a link from elsewhere, such as an operator's: no old password is asked for, there is none."""
    person = factories.make_user("imported@anchor.example")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/accounts/password/change/").headers["Location"] == "/accounts/password/set/"
    assert "Choose a password" in client.get("/accounts/password/set/").text
    client.post("/accounts/password/set/", {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)


# What is not served ---------------------------------------------------------------------------------------------------


def test_nobody_signs_up(client: Client) -> None:
    entered = {"email": "new@anchor.example", "password1": NEW_PASSWORD}
    for response in (client.get("/accounts/signup/"), client.post("/accounts/signup/", entered)):
        assert "Accounts come by invitation" in response.text
        assert "or ask to take part on" in response.text
    assert not User.objects.exists()
    assert "signup" not in client.get(LOGIN).text


@pytest.mark.parametrize(
    "path", ["email/", "confirm-email/", "confirm-email/key/", "login/code/", "login/code/confirm/"]
)
def test_an_address_is_not_changed_by_oneself(client: Client, person: User, path: str) -> None:
    """It is what an invitation is matched by, so it must be one that a link was sent to."""
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/accounts/{path}").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("account_email")


# How the pages look ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [LOGIN, RESET, f"{RESET}done/", "/accounts/signup/", "/accounts/inactive/"])
def test_pages_before_signing_in_are_ours(client: Client, path: str) -> None:
    page = client.get(path).text
    assert 'class="govuk-template"' in page
    assert page.count("<h1") == 1
    assert "please" not in page.lower()


@pytest.mark.parametrize(
    "path", ["/accounts/password/change/", "/accounts/logout/", "/accounts/reauthenticate/"]
)
def test_pages_after_signing_in_are_ours(client: Client, person: User, path: str) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(path)
    assert 'class="govuk-template"' in response.text
    assert response.text.count("<h1") == 1
    assert "no-store" in response.headers["Cache-Control"]


def test_backends_are_those_that_are_promised() -> None:
    assert settings.AUTHENTICATION_BACKENDS == [
        "django.contrib.auth.backends.ModelBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
    ]
