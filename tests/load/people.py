"""The people of the evening, as Locust runs them: `locust -f tests/load/people.py` with EVENING naming their folder.

A person signs in, opens the audit, and goes from standard to standard as the page and its scripts do: a score is saved
when it is chosen, a commentary when the person pauses and when it is done, the whole form when they go on. Nothing here
imports Django; Locust lives in an environment of its own.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator, Mapping
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from locust import FastHttpUser, events, task

from tests.load import pages
from tests.load.evening import Person, Watcher, read_evening
from tests.load.rows import NAME, Row, write_row

FOLDER: Final = Path(os.environ["EVENING"])
# When the last should be signed in; then all set to work, within a minute.
BEGINS: Final = float(os.environ["BEGINS"])
SETTLING: Final = 60.0
EVENING: Final = read_evening(FOLDER)
ROWS: Final = (FOLDER / NAME).open("w", encoding="utf-8")
CONTENTS: Final = {one.name: (FOLDER / "samples" / one.name).read_bytes() for one in EVENING.samples}

# Seconds between two saves of one person, on average. An indicator is read, scored (one save), and commented on in some
# forty words with one pause (two saves): 75 seconds for each indicator.
BETWEEN_SAVES: Final = 25.0
# Of the indicators that a person answers, how many get a file.
WITH_A_FILE: Final = 1 / 12
NOT_APPLICABLE: Final = 1 / 20
# Between two pages at the desk.
BETWEEN_PAGES: Final = 40.0
# As autosave.js does before it tries again.
WAITS: Final = (2, 5, 10, 20, 40, 60)
FORM: Final = "application/x-www-form-urlencoded"
WORDS: Final = (
    "Nine of the ten files that we read in the spring held it, and the tenth was put right within the week.",
    "The team was told at the meeting in May; who was away has read the note and signed that they have.",
    "Children said in the autumn survey that they know whom to go to, and named two people each.",
    "The policy was read again in June, with the change that the new guidance asks for on page four.",
)


@events.quitting.add_listener
def close_rows(**_: Any) -> None:
    ROWS.close()


class Visitor(FastHttpUser):
    """A browser behind the proxy: one connection a request, as the proxy speaks to the application."""

    abstract = True
    network_timeout = connection_timeout = 120.0
    pause: float = 0.0
    who = ""
    address = "127.0.0.1"

    def on_start(self) -> None:
        # Beyond the proxy it is HTTPS, for which these cookies are.
        self.client.cookiejar.set_policy(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self.chance = random.Random(self.who)
        self.steps = self.live()

    def live(self) -> Iterator[float]:
        """Does a thing, and yields for how many seconds the person then thinks."""
        raise NotImplementedError

    def wait_time(self) -> float:
        return self.pause

    @task
    def go_on(self) -> None:
        self.pause = next(self.steps)

    # Requests ---------------------------------------------------------------------------------------------------------

    def send(
        self,
        kind: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        expects: tuple[int, ...] = (200,),
    ) -> tuple[Any, Row]:
        """The response, and the row about it, which the caller writes once it knows what was acknowledged."""
        given = {
            "Connection": "close",
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "Origin": self.host.replace("http://", "https://"),
            "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            **(headers or {}),
        }
        method, at, began = "GET" if body is None else "POST", time.time(), time.perf_counter()
        response = self.client.request(
            method, path, name=kind, data=body, headers=given, allow_redirects=False, catch_response=True
        )
        text = response.text or ""
        taken = (time.perf_counter() - began) * 1_000
        status = response.status_code or 0
        row = Row(at, kind, status, round(taken, 2), len(text), status in expects, self.who)
        return response, row

    def write(self, row: Row, **more: Any) -> None:
        fields = {name: getattr(row, name) for name in row.__dataclass_fields__}
        write_row(ROWS, Row(**fields | more))

    def get(self, kind: str, path: str) -> str:
        response, row = self.send(kind, path, expects=(200, 302))
        self.write(row)
        if row.status == 302:
            return self.get(kind, response.headers["Location"])
        return response.text or ""

    def post(
        self, kind: str, path: str, fields: Mapping[str, str], expects: tuple[int, ...] = (302,), **kept: Any
    ) -> str:
        """Where it leads on; nowhere where it was not taken."""
        response, row = self.send(
            kind, path, urlencode(fields).encode(), {"Content-Type": FORM}, expects=expects
        )
        is_done = row.is_right and row.status == 302
        self.write(row, kept=kept if is_done else {}, said="" if is_done else pages.find_words(response.text))
        return str(response.headers["Location"]) if is_done else ""

    def sign_in(self, email: str, password: str) -> str:
        """By the page; where it leads to."""
        token = pages.find_token(self.get("the sign-in page", "/accounts/login/"))
        return self.post(
            "signing in",
            "/accounts/login/",
            {"csrfmiddlewaretoken": token, "login": email, "password": password},
        )

    def wait_for_the_evening(self) -> float:
        return max(BEGINS - time.time(), 0.0) + self.chance.uniform(0, SETTLING)

    def think(self, seconds: float) -> float:
        """On average so long; now and then half or twice as long."""
        return self.chance.gammavariate(4, seconds / 4)


class Answering(Visitor):
    """Somebody of an organisation."""

    waiting: ClassVar[list[Person]] = list(reversed(EVENING.people))
    fixed_count = len(EVENING.people)

    def on_start(self) -> None:
        self.person = self.waiting.pop()
        self.who, self.address = self.person.email, self.person.address
        super().on_start()
        self.audit = f"/p/{EVENING.partnership}/o/{self.person.organisation}/audits/{EVENING.cycle}/"
        self.page, self.uploads = "", 0
        self.fields: dict[str, str] = {}
        is_first = self.who.startswith("lead")
        # Of one organisation's two, no file is brought twice.
        samples = EVENING.samples[0 if is_first else 1 :: 2]
        self.samples = self.chance.sample(samples, len(samples))

    def live(self) -> Iterator[float]:
        home = self.sign_in(self.person.email, self.person.password)
        self.get("home", home or "/home/")
        yield self.wait_for_the_evening()
        self.get("the task list", self.audit)
        yield self.think(5)
        yield from self.answer_all() if self.person.standards else self.read_all()

    def answer_all(self) -> Iterator[float]:
        """Standard after standard; who submits does so at some moment of the evening."""
        self.submits_at = time.time() + self.chance.uniform(0, 60 * float(os.environ["LOAD_MINUTES"]))
        place = self.chance.randrange(len(self.person.standards))
        # Nobody begins at the first answer of a page: they have been at it all evening.
        skipped = self.chance.randrange(6)
        while True:
            for code in self.person.standards[place:]:
                yield from self.answer_standard(code, skipped)
                skipped = 0
            place = 0
            self.get("the task list", self.audit)
            yield self.think(10)

    def read_all(self) -> Iterator[float]:
        """Beside a lead who is about to submit: what there is, again and again."""
        while True:
            for kind, path in (
                ("all answers", f"{self.audit}read/"),
                ("the history", f"{self.audit}history/"),
                ("the task list", self.audit),
            ):
                self.get(kind, path)
                yield self.think(BETWEEN_PAGES)

    def answer_standard(self, code: str, skipped: int) -> Iterator[float]:
        """Card after card, then ‘Save and continue’."""
        self.open_standard(code)
        yield self.think(BETWEEN_SAVES)
        for card in pages.find_cards(self.page)[skipped:]:
            yield from self.answer(code, card)
            if self.chance.random() < WITH_A_FILE:
                yield from self.add_file(code, card)
            if self.person.submits and time.time() > self.submits_at:
                self.go_on_from(code)
                yield from self.submit()
        self.go_on_from(code)

    def go_on_from(self, code: str) -> None:
        """The whole form is sent, and saved once more."""
        cards = pages.find_cards(self.page)
        answers = [self.tell(card) for card in cards]
        fields = {name: value for card in cards for name, value in pages.read_card(self.fields, card).items()}
        token = {"csrfmiddlewaretoken": self.fields.get("csrfmiddlewaretoken", "")}
        chosen = {
            name: value for name, value in fields.items() if value or not name.endswith(("score", "reason"))
        }
        self.post(
            "save and continue",
            f"{self.audit}standards/{code}/",
            token | chosen | {"go": "continue"},
            organisation=self.person.organisation,
            answers=answers,
        )

    def open_standard(self, code: str) -> None:
        self.page = self.get("a standard’s page", f"{self.audit}standards/{code}/")
        self.fields = pages.read_fields(self.page)

    def tell(self, card: str, version: int | None = None) -> dict[str, Any]:
        """What the page now says of this answer."""
        score = self.fields.get(f"{card}-score", "")
        reason = self.fields.get(f"{card}-reason", "")
        return {
            "indicator": card,
            "score": None if score in {"", "NA"} else int(score),
            "reason": reason if score == "NA" else "",
            "commentary": self.fields.get(f"{card}-commentary", ""),
            "version": version,
        }

    def answer(self, code: str, card: str) -> Iterator[float]:
        """A score, or why it does not apply; then a commentary, with a pause in the middle."""
        reasons = pages.find_reasons(self.page, card)
        is_set_aside = bool(reasons) and self.chance.random() < NOT_APPLICABLE
        shown = self.tell(card)
        self.fields[f"{card}-score"] = "NA" if is_set_aside else str(self.chance.choice((0, 1, 2, 2, 2)))
        self.fields[f"{card}-reason"] = reasons[0] if is_set_aside else ""
        # What is chosen already is not sent.
        if self.tell(card) != shown:
            yield from self.save("an answer", code, card)
        first, second = self.chance.sample(WORDS, 2)
        began = f"{first} ({time.time():.3f})"
        for text in (began, f"{began} {second}"):
            self.fields[f"{card}-commentary"] = text
            yield from self.save("an answer", code, card)

    def save(self, kind: str, code: str, card: str) -> Iterator[float]:
        """Until it is saved, as the page's script would."""
        for wait in (*WAITS, WAITS[-1]):
            if self.try_to_save(kind, code, card):
                break
            yield wait
        yield self.think(BETWEEN_SAVES)

    def try_to_save(self, kind: str, code: str, card: str) -> bool:
        fields = {"csrfmiddlewaretoken": self.fields.get("csrfmiddlewaretoken", "")}
        body = urlencode(fields | pages.read_card(self.fields, card)).encode()
        headers = {"Content-Type": FORM, "HX-Request": "true", "X-Person": str(self.person.number)}
        response, row = self.send(kind, f"{self.audit}standards/{code}/answers/{card}/", body, headers)
        text, outcome = response.text or "", (response.headers or {}).get("X-Outcome", "")
        is_saved = row.status == 200 and outcome == "saved"
        kept = {}
        if is_saved:
            version = pages.find_version(text, card)
            self.fields[f"{card}-version"] = str(version)
            kept = {"organisation": self.person.organisation, "answers": [self.tell(card, version)]}
        self.write(
            row, is_right=is_saved, kept=kept, said="" if is_saved else f"{outcome}: {pages.find_words(text)}"
        )
        return is_saved

    def add_file(self, code: str, card: str) -> Iterator[float]:
        """By the page of the answer's evidence, whose script sends the file and then shows what backs the answer."""
        path = f"{self.audit}evidence/{card}/"
        page = self.get("an answer’s evidence", path)
        yield self.think(BETWEEN_SAVES)
        sample = self.samples[self.uploads % len(self.samples)]
        self.uploads += 1
        content_type, body = pages.make_upload(
            pages.find_token(page), "uploads", sample.name, sample.content_type, CONTENTS[sample.name]
        )
        response, row = self.send(
            "a file", path, body, {"Content-Type": content_type, "Accept": "application/json"}
        )
        told = json.loads(response.text) if row.is_right else {}
        is_kept = bool(told.get("is_kept"))
        file = {"organisation": self.person.organisation, "indicator": card, "sha256": sample.sha256}
        self.write(row, is_right=is_kept, kept=file if is_kept else {}, said=pages.find_words(response.text))
        self.get("an answer’s evidence", path)
        yield self.think(5)
        self.open_standard(code)
        yield self.think(5)

    def submit(self) -> Iterator[float]:
        """What is missing is looked at first; afterwards the person reads what was sent."""
        page = self.get("the check before sending", f"{self.audit}check/")
        yield self.think(BETWEEN_SAVES)
        token = {"csrfmiddlewaretoken": pages.find_token(page)}
        receipt = self.post("submitting", f"{self.audit}submit/", token, submitted=self.person.organisation)
        while True:
            self.get("the receipt", receipt or self.audit)
            yield self.think(BETWEEN_PAGES * 3)


class Reading(Visitor):
    """An officer who watches the returns come in."""

    waiting: ClassVar[list[Watcher]] = list(EVENING.officers)
    fixed_count = len(EVENING.officers)

    def on_start(self) -> None:
        self.officer = self.waiting.pop()
        self.who = self.officer.email
        super().on_start()

    def live(self) -> Iterator[float]:
        step = self.sign_in(self.officer.email, self.officer.password)
        token = pages.find_token(self.get("the second step", step))
        fields = {"csrfmiddlewaretoken": token, "code": pages.make_code(self.officer.secret)}
        self.get("home", self.post("the second step", step, fields) or "/home/")
        yield self.wait_for_the_evening()
        desk = f"/p/{EVENING.partnership}/desk/"
        while True:
            for kind, path in (
                ("the desk", desk),
                ("the pipeline", f"{desk}pipeline/{EVENING.cycle}/"),
                ("the pipeline", f"{desk}pipeline/{EVENING.cycle}/?page=2"),
                ("the overview", f"{desk}reports/{EVENING.cycle}/"),
            ):
                self.get(kind, path)
                yield self.think(BETWEEN_PAGES)
