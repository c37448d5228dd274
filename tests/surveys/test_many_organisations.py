"""How many queries a page asks: as many for 600 organisations as for 3, and for 80 indicators as for 4. None is timed.

Every list of the desk has a second page that works.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from cProfile import Profile

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from s11.organisations.models import User
from surveys.models import Cycle
from surveys.moderation_queue import get_queue
from tests import factories, many

FEW, MANY = 3, 600
ROWS_A_PAGE = 50
# Where a list is long, with what stands in each of its rows; the figure is how many rows 600 organisations make.
LISTS = [
    ("", MANY // 3),
    ("organisations/", MANY),
    ("people/", MANY + 1),
    ("requests/", MANY),
    ("pipeline/2026/", MANY),
    ("pipeline/2026/?sort=progress", MANY),
    ("pipeline/2026/?state=started&sort=change", MANY // 3),
    ("cycles/2026/", MANY),
    ("cycles/2026/remind/?again=on", MANY // 3),
    ("outbox/", MANY),
    ("outbox/?box=sent", MANY),
    ("moderation/2026/", MANY - MANY // 3),
    ("moderation/2026/?state=queried", MANY - MANY // 3),
    ("jobs/", MANY),
]
# Pages that count them, or list something else.
OTHERS = [
    "cycles/",
    "reports/",
    "reports/2026/",
    "moderation/",
    "cycles/2026/texts/",
    "pipeline/2026/file/csv/",
]


# At most so many queries, of the session and the person too. Whoever raises one says why in docs/performance.md.
OF_THE_DESK = {
    "": 12,
    "pipeline/2026/": 13,
    "pipeline/2026/?sort=progress": 13,
    "moderation/2026/": 15,
    "reports/2026/": 14,
    "organisations/": 6,
    "cycles/2026/": 18,
    "outbox/": 8,
}
OF_AN_AUDIT = {"": 15, "profile/": 8, "standards/A1/": 14, "check/": 13, "read/": 14, "history/": 9}
# At home the officer has three partnerships.
OF_ANYBODY = {"/": 5, "/home/": 17, "/p/few/": 9, "/cookies/": 2}
OF_A_SAVE = 12
STANDARDS, INDICATORS = 8, 10


@pytest.fixture(scope="module")
def officer(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """An administrator of a partnership of 3, of one of 600, and of 3 with long audits: made once, in a second."""
    with django_db_blocker.unblock():
        world = transaction.atomic()
        world.__enter__()
        person = factories.make_user("administrator@few.example")
        bank = factories.make_questionnaire()
        many.make_partnership("few", FEW, bank, person)
        many.make_partnership("many", MANY, bank, person)
        standards = {f"A{number}": INDICATORS for number in range(1, STANDARDS + 1)}
        many.make_partnership(
            "long", FEW, factories.make_questionnaire(standards=standards, revision=2), person
        )
        yield person
        transaction.set_rollback(True)
        world.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    """After two minutes a page writes that somebody is active, too: on a slow machine that is one query more."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def signed_in(officer: User, db: None, client: Client) -> Client:
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def count(client: Client, partnership: str, room: str) -> int:
    return count_at(client, f"/p/{partnership}/desk/{room}")


def count_at(client: Client, address: str, posted: dict[str, str] | None = None) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address) if posted is None else client.post(address, posted)
    assert response.status_code == 200, address
    return len(queries)


@pytest.mark.parametrize("room", [*(room for room, _ in LISTS), *OTHERS])
def test_as_many_queries_as_for_three(signed_in: Client, room: str) -> None:
    assert count(signed_in, "many", room) == count(signed_in, "few", room)


@pytest.mark.parametrize(("room", "rows"), LISTS)
def test_the_second_page_works(signed_in: Client, room: str, rows: int) -> None:
    address = f"/p/many/desk/{room}"
    first, second = (list_rows(signed_in, address, number) for number in (1, 2))
    assert (len(first), len(second)) == (ROWS_A_PAGE, ROWS_A_PAGE)
    assert not set(first) & set(second)
    last = -(-rows // ROWS_A_PAGE)
    assert len(list_rows(signed_in, address, last)) == rows - (last - 1) * ROWS_A_PAGE


def list_rows(client: Client, address: str, number: int) -> list[str]:
    """Of one page: the rows of its longest table, or of its list of people or requests."""
    page = client.get(f"{address}{'&' if '?' in address else '?'}page={number}").content.decode()
    tables = [
        re.findall(r"<tr.*?</tr>", body, re.DOTALL)
        for body in re.findall(r"<tbody.*?</tbody>", page, re.DOTALL)
    ]
    people = re.findall(r'__key">((?:officer-|administrator@)[^<]*)<', page)
    requests = re.findall(r"<li>.*? asks to act for .*?</li>", page)
    return max([*tables, people, requests], key=len)


def test_no_page_asks_more_than_it_may(signed_in: Client) -> None:
    """All that is over, at once."""
    asked = {room: count(signed_in, "many", room) for room in OF_THE_DESK}
    assert {room: number for room, number in asked.items() if number > OF_THE_DESK[room]} == {}
    asked = {address: count_at(signed_in, address) for address in OF_ANYBODY}
    assert {address: number for address, number in asked.items() if number > OF_ANYBODY[address]} == {}


def test_an_audit_of_80_indicators_asks_no_more_than_one_of_4(officer: User, client: Client) -> None:
    def ask(partnership: str) -> dict[str, int]:
        person = User.objects.get(email=f"lead@{partnership}-0.example")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        audit = f"/p/{partnership}/o/{partnership}-0/audits/2026/"
        # What was loaded once is there.
        asked = {room: count_at(client, audit + room) for _ in range(2) for room in OF_AN_AUDIT}
        entered = {"A1.1-score": "0", "A1.1-commentary": "More of it.", "A1.1-version": "1"}
        return asked | {"a save": count_at(client, f"{audit}standards/A1/answers/A1.1/", entered)}

    short, long = ask("few"), ask("long")
    assert long == short
    most = OF_AN_AUDIT | {"a save": OF_A_SAVE}
    assert {room: number for room, number in long.items() if number > most[room]} == {}


def test_the_moderators_queue_costs_little_more_a_row(officer: User, db: None) -> None:
    """Two hundred times as many audits by less than two hundred times as many calls: no row is looked at by itself."""

    def count_calls(partnership: str) -> int:
        cycle = Cycle.objects.get(partnership__slug=partnership)
        # What is loaded once is there.
        get_queue(cycle)
        with Profile() as calls:
            get_queue(cycle)
        return sum(entry.callcount for entry in calls.getstats())

    assert count_calls("many") < 40 * count_calls("few")
