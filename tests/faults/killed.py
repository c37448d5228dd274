"""Web processes die by SIGKILL while people save, upload, submit, import and publish; then everything is counted."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.faults.harness import READY, SAVERS, SCRIPT, SEED, Site, Visitor, report, rounds


@dataclass
class Ledger:
    """What was asked for, and what the site has said is done."""

    tried: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    acknowledged: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unanswered: int = 0
    refused: list[str] = field(default_factory=list)

    def count(self) -> int:
        return sum(len(said) for said in self.acknowledged.values())


@dataclass
class Crowd:
    """Everybody who works while processes die."""

    site: Site
    sessions: dict[str, str]
    ledger: Ledger = field(default_factory=Ledger)
    is_over: threading.Event = field(default_factory=threading.Event)
    codes: list[str] = field(default_factory=list)

    def visitor(self, email: str) -> Visitor:
        return Visitor(self.site, self.sessions[email])

    def send(self, what: str, word: str, ask: Any, is_done: Any) -> bool:
        """Whether it was acknowledged. A connection that broke says nothing; any other answer is looked at."""
        self.ledger.tried[what].append(word)
        try:
            response: requests.Response = ask()
        except requests.RequestException:
            self.ledger.unanswered += 1
            time.sleep(0.05)
            return False
        self.codes.append(str(response.status_code))
        if not is_done(response):
            self.ledger.refused.append(f"{what} {response.status_code} {response.text[:300]}")
            return False
        self.ledger.acknowledged[what].append(word)
        return True

    # Each of these is one person's evening ----------------------------------------------------------------------------

    def save(self, number: int) -> None:
        """Answer after answer, each seen at the version that stands there."""
        chance, slug = random.Random(SEED + number), f"saver-{number}"
        visitor = self.visitor(f"lead@{slug}.example")
        step = 0
        while not self.is_over.is_set():
            step += 1
            code = f"A{chance.randint(1, 2)}.{chance.randint(1, 8)}"
            self.save_one(visitor, slug, code, f"{slug} said {step} of {code}")

    def save_one(self, visitor: Visitor, slug: str, code: str, word: str) -> bool:
        address = f"/p/harbour/o/{slug}/audits/2026/standards/{code.partition('.')[0]}/answers/{code}/"
        for _ in range(3):
            version = self.versions.get(f"{slug} {code}", 1)
            data = {f"{code}-score": "0", f"{code}-commentary": word, f"{code}-version": str(version)}
            conflicts: list[bool] = []

            def is_saved(
                response: requests.Response, spot: str = f"{slug} {code}", conflicts: list[bool] = conflicts
            ) -> bool:
                outcome = response.headers.get("X-Outcome")
                conflicts.append(outcome == "conflict")
                return outcome == "saved"

            def ask(address: str = address, data: dict[str, str] = data) -> requests.Response:
                return visitor.post(address, data, headers=SCRIPT)

            if self.send(f"{slug} {code}", word, ask, is_saved):
                self.versions[f"{slug} {code}"] = version + 1
                return True
            if not conflicts or not conflicts[-1]:
                return False
            # One that was not answered had been saved after all: what the next is written over is newer.
            self.ledger.refused.pop()
            self.versions[f"{slug} {code}"] = version + 1
        return False

    versions: dict[str, int] = field(default_factory=dict)

    def upload(self, number: int) -> None:
        chance, slug = random.Random(SEED + 100 + number), f"saver-{number}"
        visitor = self.visitor(f"lead@{slug}.example")
        while not self.is_over.is_set():
            content = f"{slug} {chance.random()}\n".encode() * chance.choice((1, 2_000, 60_000))
            files = {"uploads": ("minutes.txt", content, "text/plain")}

            def ask(files: Any = files) -> requests.Response:
                address = f"/p/harbour/o/{slug}/evidence/add/file/"
                return visitor.post(address, files=files, headers={"Accept": "application/json"})

            word = hashlib.sha256(content).hexdigest()
            self.send(f"file {slug}", word, ask, lambda response: response.status_code == 200)
            time.sleep(0.05)

    def submit(self) -> None:
        """One audit after the other, spread over the whole time; what is not answered is asked again."""
        for number in range(READY):
            slug = f"ready-{number}"
            visitor = self.visitor(f"lead@{slug}.example")
            while not self.is_over.is_set():

                def ask(visitor: Visitor = visitor, slug: str = slug) -> requests.Response:
                    return visitor.post(f"/p/harbour/o/{slug}/audits/2026/submit/")

                if self.send(f"submit {slug}", slug, ask, lambda response: response.status_code == 302):
                    break
            if self.is_over.wait(0.5):
                return

    def bring_in(self) -> None:
        """A table that gives each saver the same new name here; then it is confirmed as it was shown."""
        visitor = self.visitor("administrator@harbour.example")
        step = 0
        while not self.is_over.is_set():
            step += 1
            word = f"Named {step}"
            lines = [f"saver-{number},{word}" for number in range(SAVERS)]
            content = "\n".join(["Key,Name here", *lines]).encode()
            self.bring_in_one(visitor, word, content)
            time.sleep(0.05)

    def bring_in_one(self, visitor: Visitor, word: str, content: bytes) -> None:
        try:
            kept = visitor.post(
                "/p/harbour/desk/tables/organisations/",
                files={"file": ("names.csv", content, "text/csv")},
            )
            if kept.status_code != 302:
                self.ledger.refused.append(f"table {kept.status_code} {kept.text[:300]}")
                return
            address = kept.headers["Location"]
            page = visitor.get(address).text
        except requests.RequestException:
            self.ledger.unanswered += 1
            return
        seen = page.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]

        def ask() -> requests.Response:
            return visitor.post(address, {"seen": seen})

        self.send("table", word, ask, lambda response: response.status_code == 302)


def look_whole(site: Site, ledger: Ledger) -> dict[str, int]:
    """That everything acknowledged is there, and nothing is half there; how much of each there was."""
    faults = site.say_faults()
    assert not faults, faults
    answers, trail = site.inside("read_answers"), site.inside("read_trail")
    saved = 0
    for spot, words in ledger.acknowledged.items():
        if not spot.startswith("saver-"):
            continue
        said, version, steps = answers[spot]
        saved += len(words)
        assert set(words) <= set(trail[spot]), f"{spot}: an answer that was acknowledged is not in the trail"
        tried = dict.fromkeys(ledger.tried[spot])
        assert trail[spot] == [word for word in tried if word in set(trail[spot])]
        assert said == trail[spot][-1]
        assert version == steps + 1
    files = {(slug, there) for slug, expected, there in site.inside("read_files") if expected == there}
    uploaded = [
        (what.partition(" ")[2], word)
        for what, words in ledger.acknowledged.items()
        if what.startswith("file ")
        for word in words
    ]
    assert set(uploaded) <= files
    submitted = look_submitted(site, ledger)
    names = set(site.inside("read_names"))
    assert len(names) == 1, f"A table is half there: {names}"
    saved_tables = [upload for upload in site.inside("read_uploads") if upload[2]]
    assert len(saved_tables) >= len(ledger.acknowledged["table"])
    return {
        "answers": saved,
        "files": len(uploaded),
        "submissions": submitted,
        "tables": len(ledger.acknowledged["table"]),
        "unanswered": ledger.unanswered,
        "files of no row": site.inside("count_orphans"),
    }


def look_submitted(site: Site, ledger: Ledger) -> int:
    acknowledged = 0
    for slug, (status, submission, events, scorecards) in site.inside("read_submissions").items():
        if ledger.acknowledged.get(f"submit {slug}"):
            acknowledged += 1
            assert status == "submitted", slug
        assert (submission, events) == ((1, 1) if status == "submitted" else (0, 0)), slug
        assert bool(scorecards) == (status == "submitted"), slug
    return acknowledged


def test_web_processes_die(site: Site) -> None:
    chance, deaths = random.Random(SEED), rounds(160)
    web = site.start_web()
    crowd = Crowd(site, site.inside("sign_in_all"))
    jobs = [(crowd.save, (number,)) for number in range(3)] + [(crowd.upload, (3,)), (crowd.upload, (4,))]
    people = [threading.Thread(target=job, args=args) for job, args in jobs]
    people += [threading.Thread(target=crowd.submit), threading.Thread(target=crowd.bring_in)]
    for person in people:
        person.start()
    try:
        for number in range(deaths):
            time.sleep(chance.uniform(0.05, 0.7))
            if number % 10 == 9:
                site.kill(web)
                web = site.start_web()
            else:
                site.kill_one_of(web, chance)
    finally:
        crowd.is_over.set()
        for person in people:
            person.join()
    counted = look_whole(site, crowd.ledger)
    report("web processes killed", database=site.kind, deaths=deaths, **counted)
    unexpected = [said for said in crowd.ledger.refused if " 5" in said[:40]]
    assert unexpected == []
    assert counted["answers"] > deaths // 2
