"""What a visit of each main page costs in Chromium: bytes transferred, what moves, and when the most is painted.

The site runs as docs/deploy.md says, behind nginx where that is installed. Chromium has a quarter of a processor, as on
an old council laptop; the network is this machine's own. A first visit knows nothing of the site; the next has its
styles and scripts.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.measuring import SMALLEST as ONE_PER_CENT
from benchmarks.measuring import Figure, make_country, make_folder, round_up
from benchmarks.serving import Door, Served, has_proxy, make_site, open_door, serve_web
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.postgres import HOST

FIRST_KB: Final = 100
NEXT_KB: Final = 30
SECONDS: Final = 1
SLOWER: Final = 4
VISITS: Final = 5
# Bytes are the same each time; what moves is looked for in the first visits too.
NEXT_VISITS: Final = 2
# Little of everything: what the browser and the way to it take by themselves.
SMALLEST: Final = "/contact/"
# Shifts and paints are told late: a fifth of a second after all has come, nothing is under way.
READ: Final = """() => new Promise((done) => {
  const found = { shift: 0, paint: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) found.paint = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) found.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => done(found), 200);
})"""


@dataclass(frozen=True, slots=True)
class Visit:
    """In bytes with their headers, seconds, and the score of Layout Instability."""

    transferred: int
    requests: int
    paint: float
    shift: float


@cache
def prepare() -> tuple[Served, list[list[str]]]:
    """The site with its rows, and the pages with the sessions of whoever opens them."""
    folder = make_folder() / "visits"
    folder.mkdir()
    # Beside no proxy the site is asked in plain HTTP.
    plain = {} if has_proxy() else {"HTTPS": "0", "BEHIND_PROXY": "0"}
    site = make_site(folder, like=make_country(ONE_PER_CENT), **plain)
    return site, json.loads(site.run("-m", "benchmarks.who_visits").splitlines()[-1])


def measure() -> Iterator[Figure]:
    site, pages = prepare()
    with serve_web(site), open_door(site) as door, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*ARGUMENTS, *door.arguments]
        )
        yield from measure_pages(browser, door, pages)
        browser.close()


def measure_pages(browser: Browser, door: Door, pages: list[list[str]]) -> Iterator[Figure]:
    """In rounds of the smallest page, whose paint is the floor, and each of the others."""
    floors: list[Visit] = []
    firsts: dict[str, list[Visit]] = {path: [] for _, path, _ in pages}
    nexts: dict[str, list[Visit]] = {path: [] for _, path, _ in pages}
    for _, path, session in pages:
        with come(browser, door, session) as page:
            warm_up(page, door, path)
    for number in range(VISITS):
        with come(browser, door, "") as page:
            floors.append(visit(page, door.address + SMALLEST))
        for _, path, session in pages:
            with come(browser, door, session) as page:
                firsts[path].append(visit(page, door.address + path))
                if number < NEXT_VISITS:
                    # Elsewhere meanwhile: the same address again at once would be a reload.
                    page.goto("about:blank")
                    nexts[path].append(visit(page, door.address + path))
    for name, path, _ in pages:
        yield from tell(name, door.words, floors, firsts[path], nexts[path])


def tell(
    name: str, words: str, floors: list[Visit], firsts: list[Visit], nexts: list[Visit]
) -> Iterator[Figure]:
    smallest = statistics.median(one.transferred for one in floors) / 1000
    for way, visits, most in (("first visit", firsts, FIRST_KB), ("next visit", nexts, NEXT_KB)):
        requests = max(one.requests for one in visits)
        yield Figure(
            f"{name}, {way}",
            round_up(max(one.transferred for one in visits) / 1000, 1),
            "kB",
            most,
            round(smallest, 1),
            f"{requests} request{'' if requests == 1 else 's'} answered from the network, headers included, by "
            f"{words}; the floor is the first visit of {SMALLEST}",
        )
    yield Figure(
        f"{name}, layout shift",
        # Less than this of the window, nobody sees.
        round(max(one.shift for one in (*firsts, *nexts)), 4),
        "of the window",
        0,
        0,
        f"the greatest of {VISITS} first and {NEXT_VISITS} next visits",
    )
    yield Figure(
        f"{name}, largest paint",
        round_up(statistics.median(one.paint for one in firsts), 2),
        "seconds",
        SECONDS,
        round(statistics.median(one.paint for one in floors), 2),
        f"of a first visit, the processor {SLOWER} times slower, median of {VISITS}; the next visit "
        f"{statistics.median(one.paint for one in nexts):.2f} s; the floor is {SMALLEST}, once a round",
    )


@contextmanager
def come(browser: Browser, door: Door, session: str) -> Iterator[Page]:
    """In a browser that knows nothing but the session."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(60_000)
    try:
        if session:
            give_session(context, door, session)
        yield context.new_page()
    finally:
        context.close()


def warm_up(page: Page, door: Door, path: str) -> None:
    """As many at once as there are threads, so that each process has loaded what the page needs."""
    page.goto(door.address + SMALLEST)
    page.evaluate(
        "(path) => Promise.all(Array.from({ length: 12 }, () => fetch(path, { cache: 'no-store' })))", path
    )


def give_session(context: BrowserContext, door: Door, session: str) -> None:
    is_https = door.address.startswith("https")
    context.add_cookies(
        [
            {
                "name": "__Host-sessionid" if is_https else "sessionid",
                "value": session,
                "domain": HOST,
                "path": "/",
                "secure": is_https,
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )


def visit(page: Page, address: str) -> Visit:
    transferred: list[int] = []
    link = page.context.new_cdp_session(page)

    def add(event: dict[str, Any]) -> None:
        if event["encodedDataLength"]:
            transferred.append(int(event["encodedDataLength"]))

    link.on("Network.loadingFinished", add)
    link.send("Network.enable")
    link.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    response = page.goto(address, wait_until="load")
    assert response is not None
    assert (response.status, response.url) == (200, address), (
        f"{address} led to {response.url}, {response.status}"
    )
    found = page.evaluate(READ)
    # What told of no paint would count as the quickest.
    assert found["paint"], f"{address} told of no paint"
    link.detach()
    return Visit(sum(transferred), len(transferred), found["paint"] / 1000, found["shift"])
