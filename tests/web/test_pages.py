"""The frame of every page: one h1, one inline script with its hash, a way out, and the same for sign-in pages."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.http import HttpResponse
from django.test import Client, RequestFactory

from s11.web.csp import INLINE_SCRIPT_HASH
from s11.web.middleware import PrivateCacheMiddleware
from tests.web.rendering import Tags, render

PAGE = """{% extends "base.html" %}{% block title %}People & places{% endblock %}
{% block content %}<p>Content</p>{% endblock %}"""


@dataclass(frozen=True)
class Partnership:
    name: str = "Harbour & Bay"
    slug: str = "harbour"
    colour: str = "#123456"


@dataclass(frozen=True)
class Room:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Place:
    title: str = "Hilltop School"
    home_url: str = "/p/harbour/o/hilltop/"
    acting_for: str = "Acting for Hilltop School"
    rooms: tuple[Room, ...] = (Room("Audits", "/audits/", False), Room("People", "/people/", True))
    partnership: Partnership = Partnership()


def page(**context: Any) -> Tags:
    return Tags(render(PAGE, **context))


@pytest.mark.django_db
def sign_in_page() -> str:
    return Client().get("/accounts/login/").content.decode()


def scripts(html: str) -> list[str]:
    return [body for body in re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL) if body]


@pytest.mark.django_db
def test_the_one_inline_script_is_the_one_that_is_allowed() -> None:
    for html in (render(PAGE), sign_in_page()):
        [script] = scripts(html)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" == INLINE_SCRIPT_HASH
    assert INLINE_SCRIPT_HASH in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"]


def test_no_template_of_a_page_has_a_style_or_a_handler_of_its_own() -> None:
    """Either would be refused by the security policy, and so would do nothing."""
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)[^>]*>")
    pages = [
        path for path in (settings.BASE_DIR / "templates").rglob("*.html") if path.parent.name != "documents"
    ]
    # What stands inside the template language's own signs is no markup: a macro may well take `style`.
    markup = {
        path.name: re.sub(r"{[{%#].*?[}%#]}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for path in pages
    }
    found = {name: inline.findall(text) for name, text in markup.items()}
    assert {name for name, hits in found.items() if hits} == {"base.html"}
    assert all(hits == ["<script>"] for hits in found.values() if hits)


def test_a_page_has_one_h1_which_is_also_its_title() -> None:
    shown = page(place=Place())
    assert len(shown.named("h1")) == 1
    assert shown.text.startswith("People & places – Harbour & Bay")
    assert shown.named("html")[0]["lang"] == "en-GB"
    assert shown.with_id("main-content")
    assert "#main-content" in [attrs.get("href") for attrs in shown.named("a")]


def test_a_page_belongs_to_its_partnership() -> None:
    shown = page(place=Place())
    links = [attrs.get("href") for attrs in shown.named("a")]
    assert "/p/harbour/" in links
    assert [
        f"/p/harbour/{name}/" in links for name in ("accessibility", "privacy", "cookies", "contact")
    ] == [True] * 4
    assert "/p/harbour/colour.css?123456" in [attrs["href"] for attrs in shown.named("link")]
    assert "Acting for Hilltop School" in shown.text
    assert [attrs["href"] for attrs in shown.named("a") if attrs.get("aria-current")] == ["/people/"]


def test_a_page_of_nobodys_is_ours() -> None:
    shown = page(place=None)
    assert "/contact/" in [attrs.get("href") for attrs in shown.named("a")]
    assert not [attrs for attrs in shown.named("link") if "colour" in str(attrs["href"])]


def test_one_signs_out_by_a_form() -> None:
    @dataclass
    class Person:
        is_authenticated: bool = True
        pk: int = 7

    request = RequestFactory().get("/")
    request.user = Person()  # type: ignore[assignment]
    shown = page(request=request, csrf_input="TOKEN")
    assert shown.named("form")[0] == {"method": "post", "action": "/accounts/logout/"}
    assert "TOKEN" in shown.text
    request.user = AnonymousUser()
    assert not page(request=request).named("form")


def test_the_frame_hides_none_of_the_pages_own_variables() -> None:
    """What base.html sets for itself would be seen by the page's blocks in place of what the view gave."""
    names = ("partnership", "service_name", "rooms", "root", "is_signed_in", "listed", "message", "links")
    source = PAGE.replace("<p>Content</p>", "".join(f"[{{{{ {name} }}}}]" for name in names))
    shown = Tags(render(source, place=Place(), **{name: f"view's {name}" for name in names}))
    assert all(f"[view's {name}]" in shown.text for name in names)


def test_an_error_comes_first_on_the_page_and_in_its_title() -> None:
    class Name(forms.Form):
        name = forms.CharField()

    shown = page(form=Name({}))
    assert shown.text.startswith("Error: People & places – s11")
    assert shown.text.index("Enter the name") < shown.text.rindex("People & places")
    assert page(form=Name()).text.startswith("People & places")


def test_a_message_says_how_grave_it_is() -> None:
    said = [
        Message(messages.SUCCESS, "Saved <b>"),
        Message(messages.ERROR, "Not sent"),
    ]
    shown = page(messages=said)
    assert "Done Saved <b> Problem Not sent" in shown.text
    roles = [
        attrs["role"]
        for attrs in shown.named("div")
        if "notification-banner" in str(attrs.get("data-module"))
    ]
    assert roles == ["alert", "alert"]
    assert len({attrs["id"] for attrs in shown.named("h2") if "banner" in str(attrs.get("id"))}) == 2


def part(html: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b.*</{tag}>", html, re.DOTALL)
    assert found
    return re.sub(r"\s+", " ", found.group())


@pytest.mark.django_db
def test_sign_in_pages_have_the_frame_of_all_others() -> None:
    """They are written in another language: what the two frames share is compared, so that none drifts away."""
    theirs = sign_in_page()
    ours = render(PAGE)
    assert part(theirs, "header") == part(ours, "header")
    assert part(theirs, "footer") == part(ours, "footer")
    for tag in ("meta", "link"):
        assert Tags(theirs).named(tag) == Tags(ours).named(tag)
    # And one script of its own, as any page may have.
    *shared, passkeys = Tags(theirs).named("script")
    assert shared == Tags(ours).named("script")
    assert passkeys["src"] == "/static/web/passkeys.js"
    assert Tags(theirs).named("body") == Tags(ours).named("body")


@pytest.mark.django_db
def test_the_sign_in_page_is_in_our_words_and_shows_what_is_wrong() -> None:
    response = Client().post("/accounts/login/", {"login": "", "password": ""})
    shown = Tags(response.content.decode())
    assert shown.text.startswith("Error: Sign in – s11")
    links = [str(attrs.get("href")) for attrs in shown.named("a")]
    assert [link for link in links if link.startswith("#id")] == ["#id_login", "#id_password"]
    assert shown.with_id("id_login")["autocomplete"] == "email"
    assert "govuk-input" in str(shown.with_id("id_password")["class"])
    assert len(shown.named("h1")) == 1


@pytest.mark.parametrize(
    ("cookies", "given", "expected"),
    [
        ({}, None, None),
        ({"sessionid": "x"}, None, "private, no-store"),
        ({"sessionid": "x"}, "public, max-age=60", "public, max-age=60"),
    ],
)
def test_a_signed_in_persons_pages_are_kept_by_no_cache(
    cookies: dict[str, str], given: str | None, expected: str | None
) -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse(headers={} if given is None else {"Cache-Control": given})

    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    assert PrivateCacheMiddleware(view)(request).headers.get("Cache-Control") == expected


def test_the_answer_that_signs_in_is_kept_by_no_cache_either() -> None:
    def view(request: object) -> HttpResponse:
        response = HttpResponse()
        response.set_cookie(settings.SESSION_COOKIE_NAME, "x")
        return response

    assert PrivateCacheMiddleware(view)(RequestFactory().get("/"))["Cache-Control"] == "private, no-store"
