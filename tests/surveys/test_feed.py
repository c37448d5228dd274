"""The data feed: each role gets what its pages give it, the same figures, and nothing of anybody else's."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import Organisation, User
from surveys.enums import AuditStatus, CycleStatus
from surveys.feed.base import Format, Kind
from surveys.feed.desk_tables import HOLDS, LEFT_OUT
from surveys.feed.tables import list_tables
from surveys.models import Audit, Cycle
from surveys.moderating import close_series
from surveys.resources.tables import TABLES
from surveys.views import feed as views
from tests import factories
from tests.accountability.factories import make_panel
from tests.conftest import Cast
from tests.organisations.feed_tokens import let_read

FEED = "/p/harbour/feed/"
SECRET = "Nobody of the partnership has read this"
READERS = {"administrator", "quality_officer", "scrutineer"}
OFFICERS = READERS | {"panel_member", "panel_chair", "publisher"}
# Who reads what; everybody else of the partnership is told why not in the page's sentence.
MAY = {
    "cycles": OFFICERS,
    "overview": READERS | {"publisher"},
    "figures": READERS | {"publisher"},
    **dict.fromkeys(
        ("pipeline", "organisations", "actions", "participation", "answers", "moderation"), READERS
    ),
    **dict.fromkeys(("meetings", "recommendations"), READERS),
}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def audit(cast: Cast) -> Audit:
    """Submitted; beside it a draft, and in the other partnership one of the same organisation."""
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    make_panel(cycle)
    audit = factories.make_audit(
        cycle, cast.organisation, scores={"A1.1": 0, "A1.2": 2, "A2.1": 2, "A2.2": "Not our work"},
        status=AuditStatus.SUBMITTED,
    )  # fmt: skip
    audit.answers.update(commentary="=As it was submitted")
    draft = factories.make_audit(cycle, cast.other_organisation, scores=0)
    there = factories.make_audit(
        factories.make_cycle(cast.elsewhere, slug="2026", questionnaires=(bank,)),
        cast.organisation,
        scores=1,
        status=AuditStatus.SUBMITTED,
    )
    for own in (draft, there):
        own.answers.update(commentary=SECRET, no_action_reason=SECRET)
    factories.make_action(
        cast.other_organisation, cast.partnership, answer=draft.answers.all()[0], what=SECRET
    )
    cast.organisation.participations.create(partnership=cast.elsewhere, local_name=SECRET)
    factories.make_organisation(SECRET, slug="elsewhere", partnership=cast.elsewhere)
    factories.make_cycle(cast.elsewhere, slug="secret").title = SECRET
    return audit


def list_addresses() -> Iterable[tuple[str, str]]:
    """Each table, with its name, in the last of its formats: the first is read where a cell could differ."""
    for table in list_tables():
        place = "2026/" if table.of_cycle else ""
        yield table.name, f"{FEED}{place}{table.name}.{table.formats[-1]}"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.content)
    content = b"".join(response) if response.streaming else response.content
    return content.decode("utf-8-sig")


def read_rows(client: Client, address: str) -> list[dict[str, Any]]:
    text = read(client, address)
    if address.endswith(".csv"):
        return list(csv.DictReader(io.StringIO(text, newline="")))
    rows: list[dict[str, Any]] = json.loads(text)["rows"]
    return rows


def test_every_table_is_in_the_truth_table() -> None:
    assert {table.name for table in list_tables()} == MAY.keys()
    assert HOLDS.keys() | LEFT_OUT == TABLES.keys(), "say in desk_tables whether the feed has the new table"


@pytest.mark.parametrize("role", [*sorted(OFFICERS), "outsider"])
def test_each_role_gets_what_its_pages_give(cast: Cast, audit: Audit, role: str) -> None:
    person = cast.people[role]
    client = let_read(person, cast.elsewhere if role == "outsider" else cast.partnership)
    for name, address in list_addresses():
        response = client.get(address)
        expected = 404 if role == "outsider" else 200 if role in MAY[name] else 403
        assert response.status_code == expected, address
        if expected == 403:
            assert response.json()["error"].endswith("."), address
    if role != "outsider":
        listed = client.get(FEED).json()
        assert {one["name"] for one in listed["tables"] if one["refused"] is None} == {
            name for name, roles in MAY.items() if role in roles
        }


def test_a_refusal_is_the_sentence_of_the_page(
    cast: Cast, audit: Audit, sign_in: Callable[[User], Client]
) -> None:
    for role, address, page in (
        ("publisher", "2026/pipeline.csv", "/p/harbour/desk/pipeline/2026/file/csv/"),
        ("panel_member", "2026/overview.json", "/p/harbour/desk/reports/2026/"),
        ("panel_chair", "organisations.json", "/p/harbour/desk/tables/organisations/"),
    ):
        person = cast.people[role]
        told = let_read(person, cast.partnership).get(f"{FEED}{address}").json()["error"]
        assert told in sign_in(person).get(page).content.decode(), role


@pytest.mark.parametrize("series", ["self", "moderated"])
def test_its_figures_are_those_of_the_command(cast: Cast, audit: Audit, tmp_path: Path, series: str) -> None:
    close_series(audit=audit, by=cast.quality_officer)
    client = let_read(cast.scrutineer, cast.partnership)
    for file_format, name in (("json", "overview"), ("csv", "figures")):
        output = tmp_path / f"report.{file_format}"
        call_command(
            "overview", partnership="harbour", cycle="2026", format=file_format, series=series,
            output=str(output), stdout=io.StringIO(),
        )  # fmt: skip
        found = read(client, f"{FEED}2026/{name}.{file_format}?series={series}")
        told = output.read_text(encoding="utf-8-sig")
        if file_format == "json":
            assert json.loads(found) == json.loads(told)
            assert json.loads(found)["series"] == series
        else:
            assert [drop_moment(row) for row in csv.DictReader(io.StringIO(found))] == [
                drop_moment(row) for row in csv.DictReader(io.StringIO(told))
            ]


def drop_moment(row: dict[str, Any]) -> dict[str, Any]:
    return {name: cell for name, cell in row.items() if name != "as_at"}


def test_a_publisher_reads_figures_and_no_names(cast: Cast, audit: Audit) -> None:
    client = let_read(cast.publisher, cast.partnership)
    whole, figures = read(client, f"{FEED}2026/overview.json"), read(client, f"{FEED}2026/figures.csv")
    assert json.loads(whole)["critical_zeros"] == [{"organisation": "", "indicator": "A1.1"}]
    for place in Organisation.objects.all():
        assert place.name not in whole + figures
        assert place.slug not in whole + figures
    assert "Anchor Trust" in read(let_read(cast.scrutineer, cast.partnership), f"{FEED}2026/figures.csv")


def test_nothing_unsubmitted_and_nothing_of_another_partnership(cast: Cast, audit: Audit) -> None:
    client = let_read(cast.administrator, cast.partnership)
    for name, address in list_addresses():
        text = read(client, address)
        assert SECRET not in text, address
        assert "moorland" not in text.lower(), address
        # Nor the address of anybody.
        assert "@" not in text, address
        if name in {"answers", "moderation"}:
            assert "As it was submitted" in text, address


def test_cells_are_what_their_columns_say(cast: Cast, audit: Audit) -> None:
    client = let_read(cast.administrator, cast.partnership)
    for table in list_tables():
        if Format.JSON not in table.formats or table.make is not None:
            continue
        place = "2026/" if table.of_cycle else ""
        for row in read_rows(client, f"{FEED}{place}{table.name}.json"):
            assert list(row) == [column.name for column in table.columns]
            for column in table.columns:
                cell = row[column.name]
                kinds = (int,) if column.kind == Kind.NUMBER else (str,)
                assert cell is None or type(cell) in kinds, (table.name, column.name, cell)


def test_the_pipeline_is_the_pages_list(cast: Cast, audit: Audit) -> None:
    client = let_read(cast.quality_officer, cast.partnership)
    anchor, beacon = read_rows(client, f"{FEED}2026/pipeline.json")
    assert (anchor["key"], anchor["state"], anchor["answered"], anchor["asked"]) == (
        "anchor", "Submitted on time", 4, 4,
    )  # fmt: skip
    assert (beacon["organisation"], beacon["state"]) == ("Beacon Homes", "Started")
    assert beacon["due_on"] == audit.invitee.due_on.isoformat()
    by_csv = read_rows(client, f"{FEED}2026/pipeline.csv")
    assert [row["answered"] for row in by_csv] == ["4", "4"]


def test_a_formula_is_a_text_in_csv_and_itself_in_json(cast: Cast, audit: Audit) -> None:
    client = let_read(cast.quality_officer, cast.partnership)
    csv_row, json_row = (read_rows(client, f"{FEED}2026/answers.{one}")[0] for one in ("csv", "json"))
    assert csv_row["commentary"] == "'=As it was submitted"
    assert json_row["commentary"] == "=As it was submitted"
    assert {name: cell for name, cell in csv_row.items() if name != "commentary"} == {
        name: cell for name, cell in json_row.items() if name != "commentary"
    }


def test_a_plan_has_no_figures_and_what_was_destroyed_says_so(cast: Cast, audit: Audit) -> None:
    client = let_read(cast.quality_officer, cast.partnership)
    Cycle.objects.filter(pk=audit.cycle.pk).update(destroyed_at=timezone.now())
    refused = client.get(f"{FEED}2026/figures.csv")
    assert (refused.status_code, "have been destroyed" in refused.json()["error"]) == (403, True)
    Cycle.objects.filter(pk=audit.cycle.pk).update(destroyed_at=None, status=CycleStatus.PLANNED)
    assert client.get(f"{FEED}2026/overview.json").status_code == 404
    assert client.get(f"{FEED}2026/pipeline.csv").status_code == 200


def test_a_large_table_comes_from_the_disk(cast: Cast, audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    client = let_read(cast.quality_officer, cast.partnership)
    small = client.get(f"{FEED}2026/answers.csv", headers={"Accept-Encoding": "gzip"})
    whole = read(client, f"{FEED}2026/answers.csv")
    assert not small.streaming
    assert small["Content-Encoding"] == "gzip"
    monkeypatch.setattr(views, "IN_MEMORY", 10)
    large = client.get(f"{FEED}2026/answers.csv", headers={"Accept-Encoding": "gzip"})
    assert large.streaming
    content = b"".join(large)
    assert (content.decode("utf-8-sig"), large["Content-Length"]) == (whole, str(len(content)))
    assert large["Content-Disposition"] == 'attachment; filename="harbour-2026-answers.csv"'


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_grow(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    make_panel(cycle)
    for number in range(many):
        place = factories.make_organisation(f"Place {number}", partnership=cast.partnership)
        audit = factories.make_audit(cycle, place, scores=1, status=AuditStatus.SUBMITTED)
        factories.make_action(place, cast.partnership, answer=audit.answers.all()[0])
        if number:
            factories.make_cycle(cast.partnership, slug=f"other-{number}", status=CycleStatus.PLANNED)
    client = let_read(cast.administrator, cast.partnership)
    client.get(FEED)
    for name, address in list_addresses():
        if name in QUERIES:
            with django_assert_num_queries(QUERIES[name]):
                assert client.get(address).status_code == 200, address


# The token and the office are two of each.
QUERIES = {
    "cycles": 3,
    "overview": 12,
    "figures": 12,
    "pipeline": 8,
    "organisations": 4,
    "actions": 3,
    "participation": 4,
    "answers": 7,
    "moderation": 9,
}
