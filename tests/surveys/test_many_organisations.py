"""Every list of the desk with 600 organisations: as many queries as with 3, and a second page that works."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
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


@pytest.fixture(scope="module")
def officer(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """An administrator of a partnership of 3 and of one of 600: made once, for it takes a second."""
    with django_db_blocker.unblock():
        world = transaction.atomic()
        world.__enter__()
        person = factories.make_user("administrator@few.example")
        bank = factories.make_questionnaire()
        many.make_partnership("few", FEW, bank, person)
        many.make_partnership("many", MANY, bank, person)
        yield person
        transaction.set_rollback(True)
        world.__exit__(None, None, None)


@pytest.fixture
def signed_in(officer: User, db: None, client: Client) -> Client:
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def count(client: Client, partnership: str, room: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/p/{partnership}/desk/{room}")
    assert response.status_code == 200
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


def test_the_moderators_queue_costs_little_more_a_row(officer: User, db: None) -> None:
    """Two hundred times as many audits in less than two hundred times the time: no row is looked at by itself."""

    def measure(partnership: str) -> float:
        cycle = Cycle.objects.get(partnership__slug=partnership)
        times = []
        for _ in range(3):
            began = time.process_time()
            get_queue(cycle)
            times.append(time.process_time() - began)
        return min(times)

    assert measure("many") < 40 * measure("few")
