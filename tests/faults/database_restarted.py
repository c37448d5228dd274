"""PostgreSQL is restarted under load: who asks meanwhile gets a sentence, and afterwards it goes on by itself."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

import requests

from tests.faults.conftest import MakeSite
from tests.faults.harness import SEED, Server, Visitor, report, rounds, until
from tests.faults.killed import Crowd, look_whole


def test_the_database_is_restarted_under_load(make_site: MakeSite, server: Server) -> None:
    """By turns fast, which ends all connections, and immediate, which is as if the power had gone."""
    site = make_site("postgresql")
    site.start_web(workers=2)
    crowd = Crowd(site, site.inside("sign_in_all"))
    people = [threading.Thread(target=crowd.save, args=(number,)) for number in range(3)]
    people += [threading.Thread(target=crowd.upload, args=(3,)), threading.Thread(target=crowd.submit)]
    for person in people:
        person.start()
    chance, restarts = random.Random(SEED), rounds(24)
    try:
        for number in range(restarts):
            time.sleep(chance.uniform(0.5, 2))
            server.run("restart", ("fast", "immediate")[number % 2])
    finally:
        crowd.is_over.set()
        for person in people:
            person.join()
    answered = Counter(crowd.codes)
    assert set(answered) <= {"200", "302", "409", "503"}, answered
    counted = look_whole(site, crowd.ledger)
    report("database restarted", restarts=restarts, **counted, answered=dict(answered))


def test_while_it_is_stopped_a_page_says_so(make_site: MakeSite, server: Server) -> None:
    site = make_site("postgresql")
    site.start_web(workers=1)
    visitor = Visitor(site, site.inside("sign_in_all")["lead@saver-0.example"])
    address = "/p/harbour/o/saver-0/audits/2026/standards/A1/"
    assert visitor.get(address).status_code == 200
    worker = site.start_worker()
    server.run("stop", "immediate")
    try:
        page = visitor.post(
            address, {"A1.1-commentary": "Words that nobody wants to lose.", "A1.1-version": "1"}
        )
        assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
        assert "The database does not answer" in page.text
        assert "Words that nobody wants to lose." in page.text
        assert requests.get(f"{site.url}/health/", timeout=30).status_code == 200
        ready = requests.get(f"{site.url}/health/ready/", timeout=30)
        assert (ready.status_code, ready.json()["parts"]["files"]) == (503, "ok")
        assert "log says why" in ready.json()["parts"]["database"]
        # It ends, and systemd starts it again until the database is there.
        until(lambda: worker.poll() is not None, what="the worker ending")
    finally:
        server.run("start")
    assert visitor.get(address).status_code == 200, "The same process serves again"
    assert requests.get(f"{site.url}/health/ready/", timeout=30).json()["parts"]["database"] == "ok"
    assert "Words that nobody" not in site.log()
    site.inside("ask_documents", size=1)
    site.start_worker()
    until(lambda: all(row[3] for row in site.inside("read_documents")), what="a job being done")
