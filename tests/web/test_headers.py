"""What stands on every response: pages, files, refusals and faults; what a browser then lets nobody else do."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.http import HttpResponse
from django.test import Client

from s11.organisations.models import User
from tests.conftest import Cast

SAME = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NOBODY_ELSE = {
    "default-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "style-src 'self'",
    "connect-src 'self'",
}


def check_headers(response: Any) -> None:
    """Of any response whatever; the walk over every address asks it of each."""
    assert {name: response.headers.get(name) for name in SAME} == SAME, response
    # From a page that opens by a link alone not even our own pages are told the link.
    assert response.headers["Referrer-Policy"] in {"same-origin", "strict-origin"}, response
    policy = set(response.headers["Content-Security-Policy"].split("; "))
    assert policy >= NOBODY_ELSE, response
    # Own files, and the one line whose hash the settings name
    (scripts,) = (one for one in policy if one.startswith("script-src"))
    assert re.fullmatch(r"script-src 'self' 'sha256-[\w+/=]+'", scripts)
    assert not any("unsafe" in one or "*" in one or "http" in one for one in policy)
    allowed = response.headers["Permissions-Policy"]
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(allowed.split(", "))


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser(email="root@s11.example", password="x" * 20)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/health/", 200),
        ("/nowhere/", 404),
        ("/home/", 302),
        ("/accounts/login/", 200),
        ("/accounts/password/reset/", 200),
        ("/accounts/password/reset/key/1-wrong/", 200),
        ("/accounts/login/?next=%00", 200),
        ("/admin/", 302),
        ("/static/s11/app.css", 200),
        ("/static/s11/nothing.css", 404),
        ("/t/made-up/survey/", 404),
    ],
)
def test_for_a_visitor(db: None, client: Client, address: str, status: int) -> None:
    response = client.get(address)
    # To its end, which closes the file.
    response.getvalue()
    assert response.status_code == status
    check_headers(response)


def test_for_a_visitor_the_form_of_another_site(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@b.example"})
    assert response.status_code == 403
    check_headers(response)


@pytest.mark.parametrize(
    "address", ["/admin/", "/admin/organisations/user/", "/admin/nowhere/", "/admin/logout/"]
)
def test_in_the_admin_site(
    superuser: User, sign_in: Callable[[User], Client], address: str, settings: LazySettings
) -> None:
    settings.SECOND_FACTOR_FOR_OFFICERS = False
    response = sign_in(superuser).get(address)
    check_headers(response)
    assert "no-store" in response.headers["Cache-Control"]
    if response.status_code == HTTPStatus.OK:
        # The policy would stop them, and so the page would be broken.
        inline = r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style| style=| on\w+="
        assert not re.search(inline, response.text)


def test_a_role_that_may_not(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    response = sign_in(cast.panel_member).get("/p/harbour/desk/settings/")
    assert response.status_code == 403
    check_headers(response)


def test_our_own_fault_says_nothing_of_itself(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> HttpResponse:
        raise RuntimeError("password=hunter2 at 10.0.0.7")

    monkeypatch.setattr("s11.views.get_newest_published", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    check_headers(response)
    for secret in ("hunter2", "RuntimeError", "Traceback", "s11/views.py", "10.0.0.7"):
        assert secret not in response.text


@pytest.mark.parametrize("is_https", [False, True])
def test_a_host_that_is_not_ours_is_refused(client: Client, settings: LazySettings, is_https: bool) -> None:
    """Also where the first thing to ask for it is the redirect to HTTPS, before any of the middleware after it."""
    settings.SECURE_SSL_REDIRECT = is_https
    settings.ALLOWED_HOSTS = ["s11.example"]
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil" not in response.text
    check_headers(response)


def test_another_name_for_the_host_is_not_asked(db: None, client: Client) -> None:
    shown = client.get("/home/", headers={"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"})
    assert shown.headers["Location"] == "/accounts/login/?next=/home/"
    assert "evil" not in client.get("/", headers={"x-forwarded-host": "evil.example"}).text


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_is_what_it_is(db: None, client: Client, name: str) -> None:
    """A form of another site sends POST and no more; nothing turns it into what it is not."""
    assert client.post("/", {"_method": "GET"}, headers={name: "GET"}).status_code == 405
    assert client.get("/?_method=DELETE", headers={name: "DELETE"}).status_code == 200


def test_over_https_for_a_year(db: None, client: Client, settings: LazySettings) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    for address in ("/", "/nowhere/", "/static/s11/app.css"):
        response = client.get(address, secure=True)
        response.getvalue()
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_second_page_of_a_page_changes_no_policy() -> None:
    """No view loosens it: the policy is the settings' alone."""
    found = [
        path
        for folder in ("s11", "surveys", "accountability")
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if re.search(r"\bcsp_(exempt|update|replace)\b|xframe_options_\w+", path.read_text(encoding="utf-8"))
    ]
    assert found == []
