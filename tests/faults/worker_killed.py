"""Workers die by SIGKILL in the middle of jobs, and two have the same job: done once, whole, or taken up again."""

from __future__ import annotations

import random
import time
from typing import Any

from tests.faults.harness import SEED, Site, Visitor, report, rounds, until

COPIES = 8
NEW_AGENCIES = 150


def work_and_die(site: Site, deaths: int, *, longest: float, workers: int = 2) -> None:
    """So many workers at once; one of them is killed at a random moment, and started anew as systemd would."""
    chance = random.Random(SEED)
    at_work = [site.start_worker() for _ in range(workers)]
    for number in range(deaths):
        wait_for_workers(site, workers + number)
        time.sleep(chance.uniform(0.2, longest))
        dead = at_work.pop(chance.randrange(len(at_work)))
        site.kill(dead)
        at_work.append(site.start_worker())
    for one in at_work:
        site.kill(one)


def wait_for_workers(site: Site, begun: int) -> None:
    until(lambda: site.log("worker").count("Starting worker") >= begun, what="a worker at work")


def finish(site: Site, is_done: Any, hours: int = 2) -> int:
    """What died is taken up by the clock and done by a worker; how many runs of the clock that took."""
    worker = site.start_worker()
    for run in range(1, 6):
        site.inside("age", hours=hours)
        site.manage("tick")
        until(lambda: not site.inside("count_waiting"), seconds=90, what="every job being done")
        if is_done():
            site.kill(worker)
            return run
    raise AssertionError("After five runs of the clock something is not done")


def test_files_are_built_once(site: Site) -> None:
    site.inside("ask_documents", size=COPIES)
    work_and_die(site, rounds(24), longest=4)
    whole = [row for row in site.inside("read_documents") if row[3]]
    assert all(there == expected for _, _, expected, there, _ in whole), "A file is half there"

    def is_done() -> bool:
        return all(row[3] or row[4] for row in site.inside("read_documents"))

    runs = finish(site, is_done)
    rows = site.inside("read_documents")
    assert [row[0] for row in rows if row[4] and row[1] < 4] == [], "Given up too early"
    assert all(there == expected for _, _, expected, there, error in rows if not error)
    assert site.inside("count_orphans") == sum(bool(row[4]) for row in rows) == 0
    assert site.say_faults() == []
    report(
        "workers killed building files",
        database=site.kind,
        deaths=rounds(24),
        files=len(rows),
        before=len(whole),
        attempts=max(row[1] for row in rows),
        runs_of_the_clock=runs,
    )


def test_two_workers_have_the_same_job(site: Site) -> None:
    """Each is queued three times over, and three workers begin at once."""
    keys = site.inside("ask_documents", size=COPIES)
    site.inside("queue_again", documents=keys, times=2)
    workers = [site.start_worker() for _ in range(3)]
    until(lambda: not site.inside("count_waiting"), seconds=120, what="every job being done")
    for one in workers:
        site.kill(one)
    rows = site.inside("read_documents")
    assert [row[1] for row in rows] == [1] * len(keys), "One was built twice"
    assert all(there == expected for _, _, expected, there, _ in rows)
    assert site.inside("count_orphans") == 0
    report("two workers at one job", database=site.kind, jobs=3 * len(keys), built=len(rows))


def test_publications_are_whole_or_absent(site: Site) -> None:
    """Asked for on the page while a web process dies, made while workers die: published once, or not yet."""
    site.start_web(workers=2)
    sessions = site.inside("sign_in_all")
    asked = 0
    for number, pk in enumerate(site.inside("list_reports")):
        visitor = Visitor(site, sessions[f"publisher@place-{number}.example"])
        address = site.inside("find_publish", report=pk)
        digest = (
            visitor.get(address).text.partition('name="digest"')[2].partition('value="')[2].partition('"')[0]
        )
        assert visitor.post(address, {"digest": digest}).status_code == 302
        asked += 1
    seen: set[str] = set()
    chance, deaths = random.Random(SEED), rounds(16)
    for number in range(deaths):
        worker = site.start_worker()
        wait_for_workers(site, number + 1)
        time.sleep(chance.uniform(0.5, 6))
        site.kill(worker)
        for one in site.inside("read_publications"):
            seen.add(look_publication(one))
        site.inside("age", hours=2)
        site.manage("tick")
    finish(site, lambda: all(one["status"] == "published" for one in site.inside("read_publications")))
    for one in site.inside("read_publications"):
        assert look_publication(one) == "published"
        assert one["number"] == 1
    assert site.say_faults() == []
    report(
        "workers killed publishing",
        database=site.kind,
        deaths=deaths,
        reports=asked,
        seen=sorted(seen),
        files_of_no_row=site.inside("count_orphans"),
    )


def look_publication(one: dict[str, Any]) -> str:
    """All of it, or none."""
    if one["status"] == "published":
        assert (one["snapshots"], one["unfinished"]) == (1, 0)
        assert one["files"] == one["kinds"] > 3
    else:
        assert (one["snapshots"], one["files"], one["number"]) == (0, 0, None), one
    return str(one["status"])


def test_a_large_table_is_whole_or_absent(site: Site) -> None:
    site.start_web(workers=1)
    visitor = Visitor(site, site.inside("sign_in_all")["administrator@harbour.example"])
    lines = [f",Newcomer {number},Standard,No" for number in range(NEW_AGENCIES)]
    content = "\n".join(["Key,Name,Variant,Statutory", *lines]).encode()
    kept = visitor.post(
        "/p/harbour/desk/tables/organisations/", files={"file": ("new.csv", content, "text/csv")}
    )
    assert kept.status_code == 302, kept.text
    address = kept.headers["Location"]
    seen = visitor.get(address).text.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]
    before = site.inside("count_organisations")
    assert visitor.post(address, {"seen": seen}).status_code == 302
    chance, deaths, found = random.Random(SEED), rounds(12), set()
    for number in range(deaths):
        worker = site.start_worker()
        wait_for_workers(site, number + 1)
        time.sleep(chance.uniform(0.1, 3))
        site.kill(worker)
        found.add(site.inside("count_organisations") - before)
        site.inside("age", hours=2)
        site.manage("tick")
    assert found <= {0, NEW_AGENCIES}, f"Half of a table is there: {found}"
    finish(site, lambda: site.inside("read_uploads")[0][2])
    assert site.inside("count_organisations") - before == NEW_AGENCIES
    assert (site.say_faults(), site.inside("count_orphans")) == ([], 0)
    report("workers killed saving a table", database=site.kind, deaths=deaths, rows=NEW_AGENCIES)
