"""What everybody reads: the standard texts with a partnership's own words, and its colour."""

from __future__ import annotations

import re

import pytest
from django.conf import LazySettings, settings
from django.test import Client

from s11.organisations.models import Partnership
from s11.web.cookies import KNOWN_BROWSER
from tests import factories
from tests.ground import grounded

TEXTS = ("accessibility", "privacy", "cookies", "contact")


@grounded
def partnership(db: None) -> Partnership:
    partnership = factories.make_partnership("Harbour", slug="harbour")
    for name in TEXTS:
        setattr(partnership, f"{name}_text", f"## Ours\n\n- about *{name}* <script>alert(1)</script>")
    partnership.contact_email = "ask@harbour.example"
    partnership.save()
    return partnership


@pytest.mark.parametrize("name", TEXTS)
def test_our_text_and_the_partnerships_own(partnership: Partnership, client: Client, name: str) -> None:
    alone = client.get(f"/{name}/")
    page = client.get(f"/p/harbour/{name}/")
    assert alone.status_code == page.status_code == 200
    assert f"about <em>{name}</em>" in page.text
    assert "alert(1)" not in page.text
    assert "<em>" not in alone.text
    # Each page of a partnership leads to its own others.
    assert 'href="/p/harbour/privacy/"' in page.text
    assert 'href="/privacy/"' in alone.text


@pytest.mark.parametrize("name", [*TEXTS, "colour.css"])
def test_a_partnership_that_does_not_exist(db: None, client: Client, name: str) -> None:
    assert client.get(f"/p/nowhere/{name}{'' if '.' in name else '/'}").status_code == 404


def test_whom_to_ask(partnership: Partnership, client: Client) -> None:
    assert "mailto:ask@harbour.example" in client.get("/p/harbour/contact/").text
    everywhere = client.get("/contact/").text
    assert "mailto:ask@harbour.example" in everywhere
    assert "/p/harbour/contact/" in everywhere


def test_where_nobody_has_given_an_address(db: None, client: Client) -> None:
    factories.make_partnership("Silent", slug="silent")
    assert "No partnership has given an address yet." in client.get("/contact/").text
    assert "Silent has given no address yet." in client.get("/p/silent/contact/").text


def test_the_cookies_page_names_those_that_are_set(partnership: Partnership, client: Client) -> None:
    page = client.get("/cookies/").text
    assert settings.SESSION_COOKIE_NAME in page
    assert settings.CSRF_COOKIE_NAME in page
    assert "SessionStorage" in settings.MESSAGE_STORAGE  # else there would be a third
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


@pytest.mark.parametrize(
    ("is_https", "names"),
    [
        (True, ("<th>__Host-known_browser", "<th>__Secure-answered")),
        (False, ("<th>known_browser", "<th>answered")),
    ],
)
def test_pages_say_the_limits_and_names_that_are_set(
    db: None, client: Client, settings: LazySettings, is_https: bool, names: tuple[str, ...]
) -> None:
    """With HTTPS the small ones have a prefix too; an hour is an hour only where the settings say so."""
    settings.SESSION_COOKIE_SECURE = is_https
    settings.SESSION_IDLE_MINUTES, settings.SESSION_MOST_HOURS = 25, 9
    page = re.sub(r"<th[^>]*>", "<th>", client.get("/cookies/").text)
    assert all(name in page for name in names)
    assert "have done nothing for 25 minutes, and for 9 hours at most" in page
    assert "at the latest 25 minutes after you were last active" in client.get("/privacy/").text


@pytest.mark.parametrize(
    "path", ["/", "/p/harbour/", "/cookies/", "/p/harbour/privacy/", "/p/harbour/colour.css"]
)
def test_reading_public_pages_sets_no_cookie(partnership: Partnership, client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies


def test_signing_in_sets_the_three_and_no_other(partnership: Partnership, client: Client) -> None:
    person = factories.make_user("a@b.example", password=factories.PASSWORD)
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": person.email, "password": factories.PASSWORD})
    client.get("/home/")
    assert set(client.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, KNOWN_BROWSER}


# The colour -----------------------------------------------------------------------------------------------------------


def test_the_colour_is_a_stylesheet(partnership: Partnership, client: Client) -> None:
    partnership.colour = "#1d5f6e"
    partnership.save()
    named = client.get("/p/harbour/colour.css?1d5f6e")
    assert named.text == ":root { --app-brand: #1d5f6e; }\n"
    assert named.headers["Content-Type"] == "text/css; charset=utf-8"
    assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "/p/harbour/colour.css?1d5f6e" in client.get("/p/harbour/").text


def test_an_address_that_names_no_or_another_colour_is_kept_for_minutes(
    partnership: Partnership, client: Client
) -> None:
    partnership.colour = "#1d5f6e"
    partnership.save()
    for query in ("", "?112233"):
        response = client.get(f"/p/harbour/colour.css{query}")
        assert response.headers["Cache-Control"] == "public, max-age=300"


def test_without_a_colour_it_is_empty_and_no_page_asks_for_it(
    partnership: Partnership, client: Client
) -> None:
    response = client.get("/p/harbour/colour.css")
    assert response.text == ""
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert "colour.css" not in client.get("/p/harbour/").text
