"""Guessing at sign-in: the answers and the work are the same whether there is an account or not, and who guesses is
slowed down without locking out whose address it is.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from s11.organisations.models import User
from tests import factories
from tests.organisations.second_factors import LOGIN

RESET = "/accounts/password/reset/"
# As long as each other, so that pages can be compared.
KNOWN, UNKNOWN, IMPORTED, CLOSED = (f"{name}@x.example" for name in ("known", "nobod", "impor", "close"))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people() -> None:
    cache.clear()
    for address in (KNOWN, CLOSED):
        User.objects.create_user(address, factories.PASSWORD)
    User.objects.create_user(IMPORTED)
    User.objects.filter(email=CLOSED).update(is_active=False)


def strip(page: Any, address: str) -> str:
    """Without what differs anyway: the address that was entered, and the form's own token."""
    text = page.content.decode().replace(address, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


@pytest.mark.parametrize("address", [UNKNOWN, IMPORTED, CLOSED])
def test_a_wrong_password_is_answered_alike_and_costs_the_same(client: Client, address: str) -> None:
    def enter(login: str) -> tuple[int, str, int]:
        with patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        ) as hashed:
            page = client.post(LOGIN, {"login": login, "password": "not this one at all"})
        return page.status_code, strip(page, login), hashed.call_count

    known, other = enter(KNOWN), enter(address)
    assert known == other
    assert known[2] > 0


@pytest.mark.parametrize("address", [UNKNOWN, IMPORTED, CLOSED])
def test_a_new_password_is_promised_alike(client: Client, address: str) -> None:
    def ask(email: str) -> tuple[int, str, str, int]:
        mail.outbox.clear()
        sent = client.post(RESET, {"email": email})
        page = client.get(sent.headers["Location"])
        return sent.status_code, sent.headers["Location"], strip(page, email), len(mail.outbox)

    assert ask(KNOWN) == ask(address)


def test_a_lock_is_answered_alike(client: Client) -> None:
    def guess(address: str) -> list[str]:
        return [strip(client.post(LOGIN, {"login": address, "password": "wrong"}), address) for _ in range(7)]

    assert guess(KNOWN) == guess(UNKNOWN)


def enter(address: str, *, place: str, password: str = factories.PASSWORD) -> Any:
    return Client(REMOTE_ADDR=place).post(LOGIN, {"login": address, "password": password})


def test_a_stranger_elsewhere_locks_nobody_out() -> None:
    for _ in range(8):
        enter(KNOWN, place="203.0.113.7", password="wrong")
    assert "Too many wrong tries." in enter(KNOWN, place="203.0.113.7").text
    assert enter(KNOWN, place="198.51.100.9").status_code == 302


def test_many_places_that_guess_at_one_address_are_slowed_down_and_a_link_by_e_mail_opens(
    settings: LazySettings,
) -> None:
    assert settings.ACCOUNT_RATE_LIMITS["login_failed_anywhere"] == "50/h/key"
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed_anywhere": "6/h/key"}
    for number in range(6):
        enter(KNOWN, place=f"203.0.113.{number}", password="wrong")
    assert "Too many wrong tries." in enter(KNOWN, place="198.51.100.9").text
    own = Client(REMOTE_ADDR="198.51.100.9")
    own.post(RESET, {"email": KNOWN})
    (link,) = re.findall(r"https?://\S+", str(mail.outbox[0].body))
    form = own.get(link).headers["Location"]
    chosen = "green lamp walks far"
    own.post(form, {"password1": chosen, "password2": chosen})
    assert "_auth_user_id" in own.session
    assert enter(KNOWN, place="198.51.100.9", password=chosen).status_code == 302


def test_the_lock_opens_by_itself() -> None:
    with time_machine.travel(timezone.now(), tick=False) as moment:
        for _ in range(6):
            enter(KNOWN, place="198.51.100.9", password="wrong")
        assert enter(KNOWN, place="198.51.100.9").status_code == 200
        moment.shift(timedelta(minutes=5, seconds=1))
        assert enter(KNOWN, place="198.51.100.9").status_code == 302


def test_one_mailbox_gets_few_links(client: Client) -> None:
    answers = [client.post(RESET, {"email": KNOWN}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


# Passwords ------------------------------------------------------------------------------------------------------------


def test_argon2_is_what_a_server_hashes_with_and_what_was_hashed_otherwise_is_hashed_anew(
    client: Client, settings: LazySettings
) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    person = User.objects.get(email=KNOWN)
    assert person.password.startswith("md5$")
    client.post(LOGIN, {"login": KNOWN, "password": factories.PASSWORD})
    person.refresh_from_db()
    assert person.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("eleven char", False),
        ("qwertyuiop123", False),
        ("anna thompson", False),
        ("passwordpassword", False),
        ("Password123456!", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("1234567890123456", False),
        ("three blue doors", True),
        ("p" + "a lantern over the slipway " * 5, True),
    ],
)
def test_which_passwords_are_good(client: Client, password: str, is_good: bool) -> None:
    User.objects.filter(email=KNOWN).update(name="Anna Thompson")
    client.post(RESET, {"email": KNOWN})
    (link,) = re.findall(r"https?://\S+", str(mail.outbox[0].body))
    form = client.get(link).headers["Location"]
    answer = client.post(form, {"password1": password, "password2": password})
    assert (answer.status_code == 302) is is_good
