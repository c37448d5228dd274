"""Pages in a real Chromium, over a server in this process and a database in a file.

A test asks for `page` (runs twice: at a desk with scripts, on a phone without), `every_page` (all four combinations),
`desktop` or `phone`. What a page complains of fails the test, whatever the test looks at: see `Watch`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from s11.organisations.models import User
from tests.browser.checks import Watch
from tests.browser.chromium import ARGUMENTS, SPARING, find_chromium

FOLDER = Path(__file__).parent
# A minute each. They begin first: at the end of a run no process should wait for another's long journey.
LONGEST = ("test_demo_pages.py", "test_two_days.py")
MILLISECONDS = 20_000  # for a page on a busy machine; a passing test never waits for it

DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)

NewPage = Callable[..., Page]
SignIn = Callable[[Page, User], None]


def pytest_configure(config: pytest.Config) -> None:
    """What went wrong can be looked at in test-results/: a picture, see `new_page`.

    Each step as well with `--tracing retain-on-failure`, for `playwright show-trace`: it draws and keeps every step of
    every journey, which costs a seventh of the time.
    """
    config.option.screenshot = "off"


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Where browser tests are to run, the database is a file: the server's threads cannot share one in memory."""
    database: dict[str, Any] = django_settings.DATABASES["default"]
    runs_browser = any(item.get_closest_marker("browser") for item in session.items)
    if runs_browser and database["ENGINE"].endswith("sqlite3"):
        folder = tempfile.mkdtemp(prefix="s11-browser-")
        session.config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        database.setdefault("TEST", {})["NAME"] = f"{folder}/test.sqlite3"


@pytest.fixture(scope="session", autouse=True)
def _one_process() -> None:
    """Playwright's event loop runs in the thread that also makes rows, which Django takes for a mistake.

    It stays set: the loop runs until the session ends.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=MILLISECONDS)


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each context names the live server itself. The fixture of this name in pytest-base-url warns with pytest 9."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = [*ARGUMENTS, *SPARING]
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": arguments}


@pytest.fixture
def new_page(
    live_server: LiveServer,
    new_context: CreateContextCallback,
    settings: LazySettings,
    request: pytest.FixtureRequest,
) -> Iterator[NewPage]:
    """`new_page(viewport, script=…)` opens a browser of its own: another person, or another device."""
    settings.SITE_URL = live_server.url
    cache.clear()  # the rate limits of the test before
    watch = Watch()
    contexts: list[BrowserContext] = []

    def open_page(viewport: ViewportSize = DESKTOP, *, script: bool = True) -> Page:
        is_phone = viewport == PHONE
        context = new_context(
            base_url=live_server.url,
            viewport=viewport,
            is_mobile=is_phone,
            has_touch=is_phone,
            java_script_enabled=script,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(MILLISECONDS)
        watch.follow(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    # pytest-playwright would draw each page of a passing test too, and throw the pictures away.
    called = getattr(request.node, "rep_call", None)
    has_passed = called is not None and called.passed and not watch.problems
    request.config.option.screenshot = "off" if has_passed else "only-on-failure"
    # The database is emptied next: nothing may still be reading it.
    for context in contexts:
        context.close()
    assert not watch.problems, "\n".join(watch.problems)


@pytest.fixture
def desktop(new_page: NewPage) -> Page:
    return new_page(DESKTOP)


@pytest.fixture
def phone(new_page: NewPage) -> Page:
    return new_page(PHONE)


@dataclass(frozen=True, slots=True)
class Device:
    """What somebody reads a page with."""

    viewport: ViewportSize
    script: bool

    def __str__(self) -> str:
        return f"{'phone' if self.viewport == PHONE else 'desktop'}{'' if self.script else ' without script'}"


DEVICES = (Device(DESKTOP, True), Device(PHONE, False), Device(DESKTOP, False), Device(PHONE, True))


@pytest.fixture(params=DEVICES[:2], ids=str)
def page(new_page: NewPage, request: pytest.FixtureRequest) -> Page:
    """For a journey: each width and each way of running once."""
    return new_page(request.param.viewport, script=request.param.script)


@pytest.fixture(params=DEVICES, ids=str)
def every_page(new_page: NewPage, request: pytest.FixtureRequest) -> Page:
    """For a page that is quickly looked at: all combinations."""
    return new_page(request.param.viewport, script=request.param.script)


@pytest.fixture
def sign_in(live_server: LiveServer) -> SignIn:
    """`sign_in(page, person)` puts their session into the page's browser; only one journey uses the form."""

    def as_person(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    return as_person
