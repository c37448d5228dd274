"""Signing in by the account at work: a provider that answers in this process, and what it may and may not open."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from s11.organisations.models import User
from s11.organisations.open_id import OpenIdAdapter
from tests import factories
from tests.conftest import Cast
from tests.organisations.second_factors import ENTER, LOGIN, STEP, give_app

ISSUER = "https://login.example.org"
START = "/accounts/oidc/work/login/"
BACK = f"{START}callback/"
Come = Callable[..., Any]


@dataclass
class Provider:
    """Answers what allauth asks of it: where things are, the token for a code, and who the person is."""

    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    posted: dict[str, Any] = field(default_factory=dict)

    def get(self, url: str, **kwargs: Any) -> requests.Response:
        if url.endswith("/.well-known/openid-configuration"):
            names = ("authorization", "token", "userinfo")
            endpoints = {f"{name}_endpoint": f"{ISSUER}/{name}" for name in names}
            return answer({**endpoints, "issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})
        assert url == f"{ISSUER}/userinfo"
        return answer(self.userinfo)

    def request(self, method: str, url: str, *, data: dict[str, Any], **kwargs: Any) -> requests.Response:
        assert (method, url) == ("POST", f"{ISSUER}/token")
        self.posted = data
        token = {"iss": ISSUER, "aud": "s11", "exp": time.time() + 60, "iat": time.time(), **self.claims}
        return answer({"access_token": "x", "id_token": jwt.encode(token, "k" * 32)})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        """As a session of requests."""


def answer(said: dict[str, Any]) -> requests.Response:
    response = requests.Response()
    response.status_code = 200
    response.headers["content-type"] = "application/json"
    response._content = json.dumps(said).encode()
    return response


@pytest.fixture
def provider(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Provider:
    cache.clear()
    found = Provider()
    app = {"provider_id": "work", "name": "Harbour Council", "client_id": "s11", "secret": "s"}
    settings.OPENID_NAME = "Harbour Council"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [{**app, "settings": {"server_url": ISSUER}}],
        }
    }
    monkeypatch.setattr(OpenIdAdapter, "get_requests_session", lambda _: found)
    return found


@pytest.fixture
def come(client: Client, provider: Provider) -> Come:
    """`come(email=…, email_verified=…)` signs in at the provider as this person, and comes back."""

    def sign_in(*, start: str = START, **claims: Any) -> Any:
        provider.claims = {"sub": "42", **claims}
        provider.userinfo = provider.userinfo or {"sub": "42"}
        sent = urlsplit(client.get(start).headers["Location"])
        assert sent.hostname == "login.example.org"
        asked = {name: values[0] for name, values in parse_qs(sent.query).items()}
        assert set(asked["scope"].split()) == {"openid", "profile", "email"}
        assert asked["code_challenge_method"] == "S256"
        return client.get(BACK, {"code": "c", "state": asked["state"]})

    return sign_in


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_button_is_there_once_it_is_set(
    db: None, client: Client, provider: Provider, settings: LazySettings
) -> None:
    page = client.get(f"{LOGIN}?next=/p/harbour/desk/")
    assert "Sign in with Harbour Council" in page.text
    assert f'href="{START}?next=%2Fp%2Fharbour%2Fdesk%2F"' in page.text
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Sign in with Harbour Council" not in client.get(LOGIN).text
    assert client.get(START).status_code == 404


@pytest.mark.parametrize("verified", [True, "true"])
def test_a_verified_address_opens_its_account(
    client: Client, cast: Cast, come: Come, verified: object
) -> None:
    back = come(start=f"{START}?next=/home/details/", email="Lead@Anchor.example", email_verified=verified)
    assert back.headers["Location"] == "/home/details/"
    assert client.session["_auth_user_id"] == str(cast.lead.pk)
    cast.lead.refresh_from_db()
    assert cast.lead.check_password(factories.PASSWORD), "the password is as it was"


@pytest.mark.parametrize("verified", [False, None, "false", "yes", 0])
def test_an_address_that_was_not_verified_opens_nothing(
    client: Client, cast: Cast, come: Come, verified: object
) -> None:
    refused = come(email=cast.lead.email, email_verified=verified)
    assert refused.status_code == 403
    assert "We cannot tell that it is you" in refused.text
    assert not is_signed_in(client)


def test_nobody_signs_up(client: Client, cast: Cast, come: Come) -> None:
    before = User.objects.count()
    refused = come(email="new@anchor.example", email_verified=True)
    assert "Accounts here come by invitation" in refused.text
    assert "new@anchor.example" in refused.text
    assert (User.objects.count(), is_signed_in(client)) == (before, False)


def test_what_is_said_of_somebody_else_counts_for_nothing(
    client: Client, cast: Cast, come: Come, provider: Provider
) -> None:
    """The answer about the person names another `sub` than the token; or vouches for another address."""
    provider.userinfo = {"sub": "43", "email": cast.lead.email, "email_verified": True}
    assert come().status_code == 403
    provider.userinfo = {"sub": "42", "email": "mine@x.example", "email_verified": True}
    assert "mine@x.example" in come(email=cast.lead.email).text
    assert not is_signed_in(client)


def test_where_only_the_answer_vouches(client: Client, cast: Cast, come: Come, provider: Provider) -> None:
    provider.userinfo = {"sub": "42", "email": cast.lead.email, "email_verified": True}
    assert come().headers["Location"] == "/home/"


@pytest.mark.parametrize("claims", [{"aud": "other"}, {"iss": "https://evil.example"}, {"exp": 1}])
def test_a_token_for_somebody_else(
    client: Client, cast: Cast, come: Come, claims: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    refused = come(email=cast.lead.email, email_verified=True, **claims)
    assert refused.status_code == 401
    assert "did not work" in refused.text
    assert cast.lead.email not in caplog.text
    assert not is_signed_in(client)


def test_an_answer_that_nobody_asked_for(client: Client, cast: Cast, provider: Provider) -> None:
    provider.claims = {"sub": "42", "email": cast.lead.email, "email_verified": True}
    assert client.get(BACK, {"code": "c", "state": "made-up"}).status_code == 401
    assert not is_signed_in(client)


def test_it_connects_nothing_to_who_is_signed_in(client: Client, cast: Cast, come: Come) -> None:
    client.force_login(cast.lead, backend="django.contrib.auth.backends.ModelBackend")
    come(start=f"{START}?process=connect", email=cast.viewer.email, email_verified=True)
    assert not cast.lead.socialaccount_set.exists()
    assert client.session["_auth_user_id"] == str(cast.viewer.pk)


def test_a_closed_account(client: Client, cast: Cast, come: Come) -> None:
    User.objects.filter(pk=cast.lead.pk).update(is_active=False)
    assert come(email=cast.lead.email, email_verified=True).headers["Location"] == "/accounts/inactive/"


@pytest.mark.parametrize("said", [{}, {"issuer": ISSUER}, None])
def test_a_provider_that_is_down_or_says_something_else(
    client: Client, db: None, provider: Provider, monkeypatch: pytest.MonkeyPatch, said: dict[str, str] | None
) -> None:
    def ask(url: str, **kwargs: Any) -> requests.Response:
        if said is None:
            raise requests.ConnectionError
        return answer(said)

    monkeypatch.setattr(provider, "get", ask)
    page = client.get(START)
    assert page.status_code == 503
    assert "You can also sign in with your password." in page.text


def test_a_provider_that_leaves_out_who_it_is(cast: Cast, come: Come, client: Client) -> None:
    refused = come(email=cast.lead.email, email_verified=True, sub=None)
    assert refused.status_code in {401, 403, 503}
    assert not is_signed_in(client)


def test_nobody_has_us_ask_the_provider_at_will(
    client: Client, db: None, provider: Provider, settings: LazySettings
) -> None:
    assert "open_id" in settings.ACCOUNT_RATE_LIMITS
    settings.ACCOUNT_RATE_LIMITS = {"open_id": "2/m/ip"}
    assert [client.get(START).status_code for _ in range(3)] == [302, 302, 429]


def test_turning_back(client: Client, cast: Cast, provider: Provider) -> None:
    sent = parse_qs(urlsplit(client.get(START).headers["Location"]).query)
    back = client.get(BACK, {"error": "access_denied", "state": sent["state"][0]}, follow=True)
    assert "You did not sign in" in back.text


COUNTS = [
    ([], ["mfa"], True),
    (["mfa"], ["pwd"], True),
    (["mfa"], "mfa", True),
    (["mfa", "otp"], ["pwd", "mfa"], False),
]


@pytest.mark.parametrize("case", COUNTS, ids=str)
def test_whether_the_second_factor_there_counts_here(
    client: Client, cast: Cast, come: Come, settings: LazySettings, case: tuple[list[str], object, bool]
) -> None:
    """Of an officer with a second factor here, and of one without."""
    counts, said, is_asked = case
    settings.SECOND_FACTOR_FOR_OFFICERS = True
    settings.OPENID_SECOND_FACTOR = counts
    back = come(email=cast.publisher.email, email_verified=True, amr=said)
    assert back.headers["Location"] == "/home/"
    answer = client.get("/home/")
    assert answer.headers.get("Location") == (STEP if is_asked else None)
    client.logout()
    give_app(cast.scrutineer)
    back = come(email=cast.scrutineer.email, email_verified=True, amr=said)
    assert back.headers["Location"] == (ENTER if is_asked else "/home/")
