"""Many at once on gunicorn, as docs/deploy.md runs it: requests a second against the bare view's, and the longest wait.

The people are those of `make load` (tests/load) without its pauses: everybody asks for the next thing as soon as the
one before has come. CROWD_TURNS=10 measures each figure with ten times as many requests.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from benchmarks.measuring import Figure, make_folder, round_up
from benchmarks.serving import Served, make_site
from tests.load import pages
from tests.load.serving import Unit, read_unit, run_database
from tests.postgres import HOST, find_free_port

PAIRS: Final = 5
# Two an organisation. Where more come, some come twice.
PEOPLE: Final = 100
TURNS: Final = int(os.environ.get("CROWD_TURNS") or 1)
# Of four requests one is a page, as on the evening of a deadline; there it is one of ten.
SAVES_A_PAGE: Final = 3
# A page may take ten times its floor and a save three times: so a page and three saves 4.75 times, on average.
TIMES: Final = 4.75
# A quarter of the time after which SQLite gives up.
LONGEST_WAIT: Final = 5
WRITERS: Final = 100
SAVES_A_WRITER: Final = 2
# Of the time that one process takes. Two processors carry the database and whoever asks, too.
WITH_A_SECOND: Final = 0.85
TOKEN: Final = "f" * 32
SCRIPT: Final = {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class Place:
    """An answer, with the version that its page would hold."""

    pk: int
    path: str
    code: str
    version: int
    score: str


@dataclass(slots=True)
class Person:
    """Somebody who goes round: a page, and then some answers."""

    session: str
    pages: list[str]
    answers: list[Place]
    turn: int = 0


@dataclass(slots=True)
class Taken:
    """Of a crowd: seconds until everybody had everything, and each request's own."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def a_second(self) -> float:
        return len(self.waits) / self.seconds

    @property
    def each(self) -> float:
        return self.seconds / len(self.waits)


def measure() -> Iterator[Figure]:
    yield from measure_sqlite()
    yield from measure_postgresql()


@cache
def prepare() -> tuple[Served, list[Person]]:
    """On SQLite."""
    return build(make_place_of_crowds("sqlite"))


@cache
def prepare_postgresql() -> tuple[Served, list[Person]]:
    """Its server stands until the benchmarks end, and does nothing until it is asked."""
    folder = make_place_of_crowds("postgresql")
    stack = ExitStack()
    atexit.register(stack.close)
    return build(folder, stack.enter_context(run_database("postgresql", folder)))


def make_place_of_crowds(name: str) -> Path:
    folder = make_folder() / f"crowds-{name}"
    folder.mkdir()
    return folder


def measure_sqlite() -> Iterator[Figure]:
    site, people = prepare()
    with serve(site, workers=None) as port:
        crowd = Crowd(port)
        # Each process loads what it needs.
        for is_bare in (False, True):
            crowd.come(people, 100, 2, is_bare=is_bare)
        for users in (100, 1_000):
            yield tell_crowd(users, *crowd.measure_pairs(people, users, TURNS))
        yield tell_writers(*crowd.measure_writers(people))


def measure_postgresql() -> Iterator[Figure]:
    site, people = prepare_postgresql()
    with ExitStack() as stack:
        # Both stand all the time, and are asked by turns: who is not asked does nothing.
        one, two = (Crowd(stack.enter_context(serve(site, workers=workers))) for workers in (1, 2))
        taken: list[tuple[Taken, Taken]] = []
        for number in range(PAIRS + 1):
            pair = (one.come(people, PEOPLE, TURNS), two.come(people, PEOPLE, TURNS))
            # The first has both load what they need.
            if number:
                taken.append(pair)
        yield tell_growth(taken)


def build(folder: Path, database: str = "") -> tuple[Served, list[Person]]:
    site = make_site(folder, database)
    told = json.loads(site.run("-m", "benchmarks.who_crowds", str(folder), str(PEOPLE)).splitlines()[-1])
    people = [
        Person(one["session"], one["pages"], [Place(**answer) for answer in one["answers"]]) for one in told
    ]
    return site, people


@contextmanager
def serve(site: Served, workers: int | None) -> Iterator[int]:
    """The port, with the bare views; as many processes as the unit says unless told."""
    own = Served(site.folder, site.database, find_free_port(), more=site.more)
    unit = read_unit("s11-web.service")
    words = ["benchmarks.bare" if word == "s11.wsgi" else word for word in unit.words]
    if workers:
        words[words.index("--workers") + 1] = str(workers)
    try:
        own.start(
            f"web-{own.port}",
            Unit(words, unit.nice),
            [sys.executable, "-m", "gunicorn"],
            "--bind",
            f"{HOST}:{own.port}",
        )
        own.wait_until_ready()
        yield own.port
    finally:
        own.stop()


# Asking ---------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Crowd:
    """Everybody at one door."""

    port: int

    def measure_pairs(
        self, people: Sequence[Person], users: int, turns: int
    ) -> tuple[list[Taken], list[Taken]]:
        """The site and its bare views by turns."""
        pairs = [
            (self.come(people, users, turns), self.come(people, users, turns, is_bare=True))
            for _ in range(PAIRS)
        ]
        return [one for one, _ in pairs], [other for _, other in pairs]

    def measure_writers(self, people: Sequence[Person]) -> tuple[list[Taken], list[Taken]]:
        """A hundred who do nothing but save."""
        turns = SAVES_A_WRITER * TURNS
        pairs = [
            (
                self.come(people, WRITERS, turns, only="saves"),
                self.come(people, WRITERS, turns, True, "saves"),
            )
            for _ in range(PAIRS)
        ]
        return [one for one, _ in pairs], [other for _, other in pairs]

    def come(
        self, people: Sequence[Person], users: int, turns: int, is_bare: bool = False, only: str = ""
    ) -> Taken:
        """So many at once, each so many requests one after the other."""
        taken = Taken()
        # Whoever comes twice, in another window, answers something else.
        visitors = [
            Person(one.session, one.pages, [one.answers[number // len(people) % len(one.answers)]], number)
            for number, one in enumerate(islice(cycle(people), users))
        ]
        begin = time.perf_counter()

        async def all_come() -> None:
            await asyncio.gather(*(self._stay(one, turns, taken, is_bare, only) for one in visitors))

        asyncio.run(all_come())
        taken.seconds = time.perf_counter() - begin
        return taken

    async def _stay(self, person: Person, turns: int, taken: Taken, is_bare: bool, only: str) -> None:
        for _ in range(turns):
            begin = time.perf_counter()
            # Not everybody begins with a page.
            person.turn += 1
            if only != "saves" and person.turn % (SAVES_A_PAGE + 1) == 0:
                page = person.pages[person.turn // (SAVES_A_PAGE + 1) % len(person.pages)]
                await self._ask(person, page, None, is_bare, 0)
            else:
                await self._save(person, person.answers[0], is_bare)
            taken.waits.append(time.perf_counter() - begin)

    async def _save(self, person: Person, answer: Place, is_bare: bool) -> None:
        entered = {
            "score": answer.score,
            "reason": "",
            "commentary": f"Nine of the ten files that we read in the spring held it. {time.time()}",
            "version": str(answer.version),
        }
        body = urlencode({f"{answer.code}-{name}": value for name, value in entered.items()}).encode()
        head, text = await self._ask(person, answer.path, body, is_bare, answer.pk)
        if is_bare:
            return
        if "x-outcome: saved" not in head.lower():
            raise RuntimeError(f"{answer.path} was not saved: {head} {pages.find_words(text)}")
        answer.version = pages.find_version(text, answer.code)

    async def _ask(
        self, person: Person, path: str, body: bytes | None, is_bare: bool, answer: int
    ) -> tuple[str, str]:
        """As the proxy does: one connection a request."""
        headers = {
            "Host": HOST,
            "X-Forwarded-For": "127.0.0.1",
            "X-Forwarded-Proto": "https",
            "Origin": f"https://{HOST}",
            "Cookie": f"__Host-sessionid={person.session}; __Host-csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Connection": "close",
        }
        if is_bare:
            headers["X-Bare"] = str(answer)
        if body is not None:
            headers |= {**SCRIPT, "Content-Length": str(len(body))}
        lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + (body or b""))
            await writer.drain()
            head, _, text = (await reader.read()).decode().partition("\r\n\r\n")
        finally:
            writer.close()
        if head.split(" ", 2)[1:2] != ["200"]:
            raise RuntimeError(f"{path} answered {head[:300]} {pages.find_words(text)}")
        return head, text


# Telling --------------------------------------------------------------------------------------------------------------


def tell_crowd(users: int, own: list[Taken], bare: list[Taken]) -> Figure:
    rate, floor = (statistics.median(one.a_second for one in side) for side in (own, bare))
    return Figure(
        f"{users:,} people at once",
        round_up(statistics.median(one.each / other.each for one, other in zip(own, bare, strict=True)), 2),
        "times the floor",
        TIMES,
        round(1 / floor, 5),
        f"a page and {SAVES_A_PAGE} saves by turns, on SQLite: {rate:.0f} requests a second against {floor:.0f} "
        f"of bare views, median of {PAIRS}; half wait {find_wait(own, 0.5):.2f} s, the last {find_wait(own, 1):.2f} s",
    )


def tell_writers(own: list[Taken], bare: list[Taken]) -> Figure:
    saves = sum(len(one.waits) for one in own)
    return Figure(
        f"{WRITERS} who only save, on SQLite: longest wait",
        round_up(find_wait(own, 1), 2),
        "seconds",
        LONGEST_WAIT,
        round(find_wait(bare, 1), 2),
        f"{saves:,} saves, {statistics.median(one.a_second for one in own):.0f} a second, none failed; half wait "
        f"{find_wait(own, 0.5):.2f} s, 99 of 100 {find_wait(own, 0.99):.2f} s; the floor is the longest wait for a "
        "view that does one UPDATE",
    )


def tell_growth(taken: list[tuple[Taken, Taken]]) -> Figure:
    one, two = (statistics.median(side.a_second for side in sides) for sides in zip(*taken, strict=True))
    return Figure(
        "PostgreSQL: a second process",
        round_up(statistics.median(after.each / before.each for before, after in taken), 2),
        "of one process’s time",
        WITH_A_SECOND,
        round(1 / one, 5),
        f"a page and {SAVES_A_PAGE} saves by turns, {PEOPLE} people: {one:.0f} requests a second with one process, "
        f"{two:.0f} with two, on {len(os.sched_getaffinity(0))} processors that carry the database too",
    )


def find_wait(taken: list[Taken], share: float) -> float:
    """So many of all waited no longer."""
    waits = sorted(wait for one in taken for wait in one.waits)
    return waits[min(int(len(waits) * share), len(waits) - 1)]
