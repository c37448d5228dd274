"""Two loads at the same moment: what both bring is there once."""

from __future__ import annotations

import threading
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from s11.organisations.models import Organisation, Participation
from tests import factories
from tests.organisations.register_files import make_gias, school

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Tests on SQLite share one connection in memory; there the write lock of the whole file keeps the promise.
    pytest.mark.skipif(
        not connection.features.test_db_allows_multiple_connections,
        reason="needs a database that two connections can write to",
    ),
]


@pytest.mark.parametrize("slugs", [("harbour", "harbour"), ("harbour", "moorland")], ids=["one place", "two"])
def test_two_loads_leave_each_school_once(slugs: tuple[str, str], tmp_path: Path) -> None:
    for slug in dict.fromkeys(slugs):
        factories.make_partnership(slug.title(), slug=slug)
    path = tmp_path / "register.csv"
    trust = {"trust": "Trust", "trust_code": "77"}
    path.write_bytes(make_gias(*(school(100_000 + n, f"School {n}", **trust) for n in range(40))))
    refused: list[str] = []
    start = threading.Barrier(2)

    def load(slug: str) -> None:
        try:
            start.wait()
            call_command(
                "import_register", "gias", str(path), partnership=slug, stdout=StringIO(), stderr=StringIO()
            )
        except CommandError as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=load, args=(slug,)) for slug in slugs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Of two places the later may be told that somebody was quicker, and loads it again.
    for text in refused:
        assert "so nothing was changed" in text
    for slug in slugs:
        call_command(
            "import_register", "gias", str(path), partnership=slug, stdout=StringIO(), stderr=StringIO()
        )
    assert Organisation.objects.exclude(urn="").count() == 40
    assert Organisation.objects.filter(group_uid="77").count() == 1
    assert Participation.objects.count() == 40 * len(set(slugs))
