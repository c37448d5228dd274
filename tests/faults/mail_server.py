"""A mail server of our own that is down, slow, silent, full or choosy: no page waits for long, and no mail is lost."""

from __future__ import annotations

import re
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import postgres
from tests.faults.conftest import MakeSite
from tests.faults.harness import Site, Visitor, report

MESSAGES = 12
TIMEOUT = 2
# A page that sends one mail: the timeout, and what the page itself takes on a busy machine.
LONGEST = 15.0


class Post(socketserver.ThreadingTCPServer):
    """`mood` says how it answers; `taken` whom it has taken mail for."""

    allow_reuse_address = True
    daemon_threads = True
    mood = "well"

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Talk)
        self.taken: list[str] = []


class Talk(socketserver.StreamRequestHandler):
    server: Post

    def handle(self) -> None:
        if self.server.mood == "silent":
            time.sleep(60)
            return
        self.say("220 here")
        to = ""
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                to = re.sub(r".*<(.*)>.*", r"\1", line)
                self.say(
                    {"full": "452 full", "choosy": "550 no such mailbox"}.get(self.server.mood, "250 ok")
                )
            elif verb == "DATA":
                self.take(to)
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self, to: str) -> None:
        self.say("354 go on")
        while self.rfile.readline().strip() != b".":
            pass
        if self.server.mood == "slow":
            time.sleep(0.5)
        self.server.taken.append(to)
        self.say("250 taken")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def running(port: int) -> Iterator[Post]:
    with Post(port) as post:
        threading.Thread(target=post.serve_forever, daemon=True).start()
        try:
            yield post
        finally:
            post.shutdown()


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    port = postgres.find_free_port()
    return make_site(
        "sqlite", EMAIL_URL=f"smtp://127.0.0.1:{port}", EMAIL_TIMEOUT=str(TIMEOUT), MAIL_PORT=str(port)
    )


def invite(visitor: Visitor, number: int) -> tuple[int, float]:
    begun = time.monotonic()
    address = "/p/harbour/o/saver-0/people/invite/"
    answer = visitor.post(address, {"email": f"new{number}@saver-0.example", "role": "viewer"})
    return answer.status_code, time.monotonic() - begun


def submit(site: Site, sessions: dict[str, str], number: int) -> float:
    """How long the page took that sends a receipt."""
    begun = time.monotonic()
    visitor = Visitor(site, sessions[f"lead@ready-{number}.example"])
    answer = visitor.post(f"/p/harbour/o/ready-{number}/audits/2026/submit/")
    seconds = time.monotonic() - begun
    assert (answer.status_code, seconds < LONGEST) == (302, True), (
        f"{answer.status_code} after {seconds:.1f} s"
    )
    return seconds


def test_every_mood(site: Site) -> None:
    """Down first; then each mood, with a page that sends a mail and a run of the clock; then all of it goes."""
    port = int(site.more["MAIL_PORT"])
    site.inside("fill_outbox", size=MESSAGES)
    site.start_web(workers=1)
    sessions = site.inside("sign_in_all")
    longest, runs = 0.0, {}
    for number, mood in enumerate(("down", "silent", "full")):
        with running(port if mood != "down" else postgres.find_free_port()) as post:
            post.mood = mood
            longest = max(longest, submit(site, sessions, number))
            begun = time.monotonic()
            site.inside("make_due")
            site.manage("tick", fails=True)
            runs[mood] = round(time.monotonic() - begun, 1)
            assert post.taken == []
            states = Counter(status for _, status, _, _ in site.inside("read_outbox"))
            assert states == {"waiting": MESSAGES + number + 1}, mood
    errors = {error for _, _, _, error in site.inside("read_outbox")}
    assert errors <= {"", "The mail server could not be reached.", "The mail server answered 452."}
    officer = Visitor(site, sessions["administrator@harbour.example"])
    assert "The mail server" in officer.get("/p/harbour/desk/outbox/").text
    with running(port) as post:
        post.mood = "slow"
        site.inside("make_due")
        site.manage("tick")
        everybody = Counter(one for one in post.taken if one.startswith(("person", "lead@ready")))
        assert set(everybody.values()) == {1}
        assert len(everybody) == MESSAGES + 3
    assert Counter(status for _, status, _, _ in site.inside("read_outbox")) == {"sent": MESSAGES + 3}
    report(
        "mail server down, silent, full, slow",
        messages=len(everybody),
        longest_page=round(longest, 1),
        clock=runs,
    )


def test_an_address_that_it_refuses_is_told_and_not_tried_again(site: Site) -> None:
    site.inside("fill_outbox", size=3)
    with running(int(site.more["MAIL_PORT"])) as post:
        post.mood = "choosy"
        site.manage("tick", fails=True)
        assert {status for _, status, _, _ in site.inside("read_outbox")} == {"refused"}
        post.mood = "well"
        site.inside("make_due")
        site.manage("tick")
        assert [one for one in post.taken if one.startswith("person")] == []
    site.start_web(workers=1)
    officer = Visitor(site, site.inside("sign_in_all")["administrator@harbour.example"])
    assert "does not know the address" in officer.get("/p/harbour/desk/outbox/?box=refused").text


def test_an_invitation_stands_though_its_mail_cannot_go(site: Site) -> None:
    """And it can be sent again once the server is there."""
    site.start_web(workers=1)
    visitor = Visitor(site, site.inside("sign_in_all")["lead@saver-0.example"])
    status, seconds = invite(visitor, 1)
    assert (status, seconds < LONGEST) == (302, True)
    page = visitor.get("/p/harbour/o/saver-0/people/").text
    assert "the e-mail could not be sent" in page
    assert "new1@saver-0.example" in page
    with running(int(site.more["MAIL_PORT"])) as post:
        assert invite(visitor, 1)[0] == 302
        assert post.taken == ["new1@saver-0.example"]
    assert "@saver-0.example" not in site.log().replace("lead@saver-0.example", "")
