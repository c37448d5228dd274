"""What every page is held to: accessible, readable at 320 pixels, and silent in the browser's console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, WebError, expect

from tests.browser.contrast import Looks

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 640  # the design system's breakpoint between a phone and wider screens
NARROWEST = {"width": 320, "height": 640}  # WCAG 1.4.10: 1280 pixels at 400%


class Watch:
    """Collects what browsers complain of: script errors, refused content (CSP), broken requests, server errors."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Every status from 400 says so in the console; which of them are wrong is judged by the response.
        # htmx says so of a request that a journey cut off; what becomes of it is the page's to say, and is tested.
        expected = ("Failed to load resource", "htmx:")
        if message.type == "error" and not message.text.startswith(expected):
            self.problems.append(f"{message.location.get('url', '')}: the console says: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self.problems.append(f"{error.page.url if error.page else 'A page'}: a script failed: {error.error}")

    def _on_response(self, response: Response) -> None:
        # A page may well answer 403 or 404, and a script be told why not; a stylesheet or a picture may not.
        is_told = (
            "x-outcome" in response.headers or response.headers.get("content-type") == "application/json"
        )
        is_page = response.request.is_navigation_request() or is_told
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.problems.append(f"{response.url} answered {response.status}.")


def expect_heading(page: Page, text: str | re.Pattern[str]) -> None:
    """The h1 says where one is."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def check_page(page: Page) -> None:
    """Everything a page is held to. Whoever has just pressed something first expects what the next page says."""
    page.wait_for_load_state()
    with _window_as_it_was(page):
        _run_axe(page)
        _measure_at_narrowest(page)


def find_problems(page: Page) -> list[str]:
    """The same of a page that is there, and all that is wrong with it."""
    problems = []
    with _window_as_it_was(page):
        for look in (_run_axe, _measure_at_narrowest):
            try:
                look(page)
            except AssertionError as problem:
                problems.append(str(problem))
    return problems


def check_axe(page: Page) -> None:
    """No rule of WCAG 2.2 AA that a program can test is broken, nor one of axe's best practices."""
    with _window_as_it_was(page):
        _run_axe(page)


def check_no_sideways_scroll(page: Page) -> None:
    """At 320 pixels the page fits; a wide table scrolls in a box of its own."""
    with _window_as_it_was(page):
        _measure_at_narrowest(page)


@contextmanager
def _window_as_it_was(page: Page) -> Iterator[None]:
    """Put back once, after all that look at the page in another: with each change it is laid out and painted anew."""
    viewport = page.viewport_size
    assert viewport is not None
    try:
        yield
    finally:
        if page.viewport_size != viewport:
            page.set_viewport_size(viewport)


LOOKS = Looks()
STATE = """[document.scrollingElement.scrollHeight, document.body.classList.contains('js-enabled'), 'axe' in window]"""
# What lies far below is laid out once a window shows it (`content-visibility`): in the frame after.
SETTLE = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
RUN = "options => axe.run(options).then(result => result.violations)"


def _run_axe(page: Page) -> None:
    viewport = page.viewport_size
    assert viewport is not None
    # The slowest rule by far, and colours are the same at every width: a desk's run judges them.
    judges_colours = viewport["width"] > NARROW
    options = {
        "resultTypes": ["violations"],
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {"color-contrast": {"enabled": judges_colours}},
        # Axe would read every stylesheet too, for a rule that is an experiment and not among these.
        "preload": {"assets": ["media"]},
    }
    # Asked at once: a question alone takes fifteen milliseconds of the processor, and there are hundreds of pages.
    height, runs_scripts, has_axe = page.evaluate(STATE)
    _show_whole_page(page, height)
    with nullcontext() if runs_scripts else _scripts_on(page):
        if not has_axe:
            page.evaluate(AXE_SCRIPT)
        if page.viewport_size != viewport:
            page.evaluate(SETTLE)
        found = LOOKS.run_axe(page, options) if judges_colours else page.evaluate(RUN, options)
    assert not found, f"{page.url}\n" + "\n".join(map(_describe, found))


def _show_whole_page(page: Page, height: int) -> None:
    """In a window as high as the page: else what happens to lie under a foot that sticks counts as covered."""
    viewport = page.viewport_size
    assert viewport is not None
    if height > viewport["height"]:
        page.set_viewport_size({"width": viewport["width"], "height": height})


@contextmanager
def _scripts_on(page: Page) -> Iterator[None]:
    """Axe waits for timers, which never ring in a browser without scripts. The page's own scripts stay unread."""
    # Only a change counts, and this connection believes that scripts run. It must stay: its end would let them run.
    browser = page.context.new_cdp_session(page)
    browser.send("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.send("Emulation.setScriptExecutionDisabled", {"value": False})
    yield
    browser.send("Emulation.setScriptExecutionDisabled", {"value": True})


def _describe(violation: dict[str, Any]) -> str:
    nodes = "".join(
        f"\n    {' '.join(map(str, node['target']))}: {node['html'][:200]}\n      {node.get('failureSummary', '')}"
        for node in violation["nodes"]
    )
    return f"{violation['id']}: {violation['help']} ({violation['helpUrl']}){nodes}"


def _measure_at_narrowest(page: Page) -> None:
    page.set_viewport_size({"width": NARROWEST["width"], "height": NARROWEST["height"]})
    width, too_wide = page.evaluate(
        """limit => {
            const width = document.scrollingElement.scrollWidth
            const elements = width > limit ? [...document.querySelectorAll('body *')] : []
            return [width, elements.filter(one => one.getBoundingClientRect().right > limit + 1).slice(0, 10)
                .map(one => one.outerHTML.slice(0, 120))]
        }""",
        NARROWEST["width"],
    )
    assert width <= NARROWEST["width"], f"{page.url} is {width} pixels wide at 320:\n" + "\n".join(too_wide)
