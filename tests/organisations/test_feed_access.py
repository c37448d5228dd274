"""How a program is let in: by its token in a header alone, without a session, and refused in one sentence."""

from __future__ import annotations

import base64
import datetime
import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.feed_access import IN_ADDRESS, IN_THE_CLEAR, NO_TOKEN, NOTHING, TOO_MANY, WRONG_TOKEN
from s11.organisations.models import FeedToken, User
from tests.conftest import Cast
from tests.organisations.feed_tokens import get_random_part, give_token, read_by
from tests.web.test_headers import check_headers

SignIn = Callable[[User], Client]
FEED = "/p/harbour/feed/"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def secret(cast: Cast) -> str:
    return give_token(cast.scrutineer, cast.partnership)[1]


def basic(password: str, name: str = "anything") -> str:
    return f"Basic {base64.b64encode(f'{name}:{password}'.encode()).decode()}"


def ask(header: str, address: str = FEED, **more: Any) -> Any:
    return Client().get(address, headers={"Authorization": header} if header else {}, **more)


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "BEARER   {}  "])
def test_a_token_is_a_bearers(secret: str, form: str) -> None:
    response = ask(form.format(secret))
    assert response.status_code == 200
    assert response.json()["token"]["name"] == "Power BI"


def test_or_the_password_of_basic(secret: str) -> None:
    assert ask(basic(secret)).status_code == 200
    assert ask(basic(secret, "")).status_code == 200
    # Not its name.
    assert ask(basic("", secret)).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Digest {}",
        "{}",
        "Token {}",
        "Basic {}",
        "Basic !!!",
        "Basic /w==",
        "Bearer {}x",
        "Bearer x{}",
    ],
)
def test_whatever_else_is_sent_is_refused(secret: str, header: str, caplog: pytest.LogCaptureFixture) -> None:
    response = ask(header.format(secret))
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer ")
    assert response.json()["error"] in {NO_TOKEN, WRONG_TOKEN}
    assert response["Content-Type"] == "application/json"
    assert secret not in caplog.text


def test_a_browser_is_not_told_to_ask_for_a_password(cast: Cast) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml"}
    assert "Basic" not in Client().get(FEED, headers=browser)["WWW-Authenticate"]
    assert "Basic" in Client().get(FEED)["WWW-Authenticate"]


def test_wrong_ones_are_all_alike(cast: Cast, secret: str) -> None:
    """Of one that has ended, of one with a right handle and of one that was made up it says the same."""
    token, ended = give_token(cast.publisher, cast.partnership)
    token.delete()
    expired = give_token(
        cast.publisher, cast.partnership, expires_on=timezone.localdate() - datetime.timedelta(days=1)
    )[1]
    forged = secret[:-4] + ("AAAA" if not secret.endswith("AAAA") else "BBBB")
    for wrong in (ended, expired, forged, "s11f_made-up", cast.scrutineer.password):
        response = ask(f"Bearer {wrong}")
        assert (response.status_code, response.json()) == (401, {"error": WRONG_TOKEN}), wrong


def test_another_partnership_is_not_there(cast: Cast, secret: str) -> None:
    for slug in ("moorland", "nowhere"):
        for address in (
            f"/p/{slug}/feed/",
            f"/p/{slug}/feed/organisations.csv",
            f"/p/{slug}/feed/2026/figures.csv",
        ):
            response = ask(f"Bearer {secret}", address)
            assert (response.status_code, response.json()) == (404, {"error": NOTHING})
    for address in ("nothing.csv", "organisations.xlsx", "2026/pipeline.csv", "pipeline.csv"):
        assert ask(f"Bearer {secret}", f"{FEED}{address}").status_code == 404


@pytest.mark.parametrize("query", ["?token={}", "?x={}", "?{}", "?access_token=other", "?a=1&key=%20{}"])
def test_a_token_in_the_address_is_refused_whatever_the_header_says(secret: str, query: str) -> None:
    response = ask(f"Bearer {secret}", FEED + query.format(secret))
    assert (response.status_code, response.json()) == (400, {"error": IN_ADDRESS})


def test_a_session_opens_nothing_and_a_token_opens_no_page(cast: Cast, secret: str, sign_in: SignIn) -> None:
    signed_in = sign_in(cast.administrator)
    assert signed_in.get(FEED).status_code == 401
    by_token = read_by(secret)
    for page in ("/home/", "/p/harbour/desk/", "/p/harbour/desk/tables/organisations/file/csv/", "/admin/"):
        assert by_token.get(page).status_code == 302, page
    # Whose token it is decides, not whose session.
    told = signed_in.get(f"{FEED}organisations.csv", headers={"Authorization": f"Bearer {secret}"})
    assert told.status_code == 200


def test_nothing_of_a_session_is_read_or_left(
    cast: Cast, secret: str, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.administrator)
    header = {"Authorization": f"Bearer {secret}"}
    client.get(FEED, headers=header)
    # The token, and the offices of its person.
    with django_assert_num_queries(2):
        response = client.get(FEED, headers=header)
    assert not response.cookies
    assert response["Cache-Control"] == "private, no-store"
    assert "Authorization" in response["Vary"]
    assert "Cookie" not in response["Vary"]
    check_headers(response)


def test_nothing_is_written(cast: Cast, secret: str) -> None:
    client = read_by(secret)
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(FEED).status_code in {403, 405}
        assert method(f"{FEED}organisations.csv").status_code in {403, 405}
    assert client.head(FEED).status_code == 200
    strict = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"})
    assert strict.post(FEED).status_code in {403, 405}


def test_the_day_of_its_last_use_is_kept(
    cast: Cast, secret: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = FeedToken.objects.get()
    assert token.last_used_on is None
    with django_assert_num_queries(3):
        ask(f"Bearer {secret}")
    token.refresh_from_db()
    assert token.last_used_on == timezone.localdate()


def test_too_many_requests(cast: Cast, secret: str, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {
        **settings.ACCOUNT_RATE_LIMITS,
        "feed": "2/m/key",
        "feed_refused": "2/m/ip",
    }
    assert [ask(f"Bearer {secret}").status_code for _ in range(3)] == [200, 200, 429]
    # A colleague's program at the same address goes on.
    other = give_token(cast.publisher, cast.partnership)[1]
    assert [ask("Bearer s11f_wrong").status_code for _ in range(3)] == [401, 401, 429]
    limited = ask("Bearer s11f_wrong")
    assert (limited.json(), limited["Retry-After"]) == ({"error": TOO_MANY}, "600")
    assert ask(f"Bearer {other}").status_code == 200


def test_plain_http_is_refused_and_not_led_on(secret: str, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = ask(f"Bearer {secret}")
    assert (response.status_code, response.json()) == (400, {"error": IN_THE_CLEAR})
    assert ask(f"Bearer {secret}", secure=True).status_code == 200


# The log --------------------------------------------------------------------------------------------------------------


def test_the_log_says_who_read_and_never_the_token(cast: Cast, secret: str, log: io.StringIO) -> None:
    for header, address in (
        (f"Bearer {secret}", FEED),
        (basic(secret), f"{FEED}{secret}.csv"),
        (f"Bearer {secret}x", f"{FEED}?token={secret}"),
    ):
        ask(header, address)
    logging.getLogger("django.request").warning("Bad Request: %s?token=%s", FEED, secret)
    token = FeedToken.objects.get()
    assert f"By the feed token {token.handle} of user {cast.scrutineer.pk}" in log.getvalue()
    assert f"for user {cast.scrutineer.pk}" in log.getvalue()
    assert get_random_part(secret) not in log.getvalue()
    assert secret[-20:] not in log.getvalue()
