"""What hypothesis draws for importers and forms: well-made files and requests that say anything.

What fails is made as small as it can be before it is shown. `garbage_files.py` and `garbage_requests.py` do the damage.
"""

from __future__ import annotations

import copy
import csv
import io
import json
from collections import Counter
from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s11.organisations.registers.files import RegisterFile
from s11.organisations.registers.refusals import Refused as NoRegister
from surveys.imports.csv_files import Refused as NoTable
from surveys.passport_fields import Unreadable
from surveys.passports import read_json
from surveys.resources.files import read_table
from tests.addresses import ADDRESSES, Address
from tests.conftest import Cast
from tests.faults.garbage_requests import _files_stay, find_broken, read_fields
from tests.faults.harness import SIZE, report
from tests.surveys.import_files import ANSWERS, ORGANISATIONS, get_everything, make_import_cycle, rows
from tests.surveys.test_import_garbage import try_to_import
from tests.surveys.test_passport_archives import make_data
from tests.test_every_address import World, built, cast, make_url, world

__all__ = ["_files_stay", "built", "cast", "world"]

HEADINGS: Final = ("Key", "Name", "Statutory")
# Whatever can be typed: no half of a surrogate pair, which no browser can send.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NUMBERS = st.one_of(st.integers(), st.floats(), st.decimals()).map(str)
DATES = st.one_of(st.dates(), st.datetimes(), st.times()).map(lambda found: found.isoformat())
TYPED = st.one_of(WORDS, NUMBERS, DATES, st.sampled_from(["", "on", "yes", "no", "=1+1", "'", "a@b.example"]))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)
# Those that a passport may hold, or nearly.
VALUES = st.one_of(WORDS, DATES, st.integers(-1, 5), st.none(), JSON)


def tried(examples: int) -> settings:
    """The same ones on each run; a database of failures would lie about in the checkout."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


Rows = list[tuple[str, ...]]


@st.composite
def csv_files(draw: st.DrawFn, headings: tuple[str, ...], rows: st.SearchStrategy[Rows]) -> bytes:
    """Well-made but for a heading now and then: in any order, by any comma, in any encoding that spreadsheets write."""
    order = draw(st.permutations(range(len(headings))))
    shown = [draw(WORDS) if is_rare(draw) else headings[place] for place in order]
    file = io.StringIO(newline="")
    writer = csv.writer(
        file,
        delimiter=draw(st.sampled_from(",,,;\t")),
        quoting=draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))),
        lineterminator=draw(st.sampled_from(("\r\n", "\n"))),
    )
    writer.writerow(shown)
    writer.writerows([[row[place] for place in order] for row in draw(rows)])
    encoding = draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252")))
    return file.getvalue().encode(encoding, errors="replace")


def is_rare(draw: st.DrawFn) -> bool:
    """Not at either end, which hypothesis tries more often."""
    return draw(st.integers(0, 40)) == 17


def any_rows(width: int) -> st.SearchStrategy[Rows]:
    return st.lists(st.tuples(*[TYPED] * width), max_size=6)


@st.composite
def nearly(draw: st.DrawFn, good: Rows) -> Rows:
    """What could be imported, with a cell changed here and there, a row left out or said twice."""
    found: Rows = []
    for row in good:
        cells = tuple(draw(TYPED) if is_rare(draw) else cell for cell in row)
        found += [cells] * (draw(st.sampled_from((0, 2))) if is_rare(draw) else 1)
    return found


# Importers ------------------------------------------------------------------------------------------------------------


def test_any_table_is_read_or_refused() -> None:
    counted: Counter[str] = Counter()

    @tried(SIZE)
    @given(csv_files(HEADINGS, any_rows(3)))
    def look(content: bytes) -> None:
        try:
            rows = read_table(io.BytesIO(content), len(content), "a.csv", HEADINGS)
        except NoTable as refusal:
            counted["without a word"] += not str(refusal).strip()
            counted["refused"] += 1
        else:
            assert all(set(row.cells) <= set(HEADINGS) for row in rows)
            counted["read"] += 1

    look()
    assert not counted.pop("without a word", 0)
    report("drawn", what_is_drawn="tables", **counted)


def test_any_register_is_read_or_refused() -> None:
    counted: Counter[str] = Counter()

    @tried(SIZE)
    @given(csv_files(("URN", "EstablishmentName", "Postcode"), any_rows(3)))
    def look(content: bytes) -> None:
        try:
            rows = list(RegisterFile(io.BytesIO(content), "gias.csv").rows())
        except NoRegister as refusal:
            counted["without a word"] += not str(refusal).strip()
            counted["refused"] += 1
        else:
            assert len({len(cells) for _, cells in rows}) <= 1
            counted["read"] += 1

    look()
    assert not counted.pop("without a word", 0)
    report("drawn", what_is_drawn="registers", **counted)


def list_places(found: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each value of a JSON document."""
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    return [place, *(one for key, value in inner for one in list_places(value, (*place, key)))]


def test_any_passport_is_read_or_refused() -> None:
    counted: Counter[str] = Counter()
    good = make_data()
    places = [place for place in list_places(good) if place]

    @tried(SIZE)
    @given(st.lists(st.tuples(st.sampled_from(places), VALUES), min_size=1, max_size=3))
    def look(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
        data: Any = copy.deepcopy(good)
        for place, value in changes:
            inner = data
            try:
                for key in place[:-1]:
                    inner = inner[key]
                inner[place[-1]] = value
            except (IndexError, KeyError, TypeError):  # an earlier change took that place away
                continue
        try:
            read_json(json.dumps(data).encode())
        except Unreadable as refusal:
            counted["without a word"] += not str(refusal).strip()
            counted["refused"] += 1
        else:
            counted["read"] += 1

    look()
    assert not counted.pop("without a word", 0)
    report("drawn", what_is_drawn="passports", **counted)


COLUMNS: Final[dict[str, tuple[str, list[str]]]] = {
    "import_organisations": (
        ORGANISATIONS,
        ["Cove,standard,yes,,a@b.example", "Dune,standard,no,,", "Elm School,school,no,123456,"],
    ),
    "import_answers": (ANSWERS, rows()),
}


@pytest.mark.django_db
@pytest.mark.parametrize("command", COLUMNS)
def test_a_command_imports_all_of_any_file_or_nothing(command: str) -> None:
    make_import_cycle()
    before = get_everything()
    columns, lines = COLUMNS[command]
    good = [tuple(line.split(",")) for line in lines]
    counted: Counter[str] = Counter()

    @tried(max(30, SIZE // 10))
    @given(csv_files(tuple(columns.split(",")), nearly(good)))
    def look(content: bytes) -> None:
        counted["imported" if try_to_import(command, content, before) else "refused"] += 1

    look()
    report("drawn", what_is_drawn=command, **counted)


# Forms ----------------------------------------------------------------------------------------------------------------


def draw_form(draw: Any, fields: dict[str, list[str]]) -> dict[str, list[str]]:
    """For each field of a page: what it offers, once or several times, nothing, or whatever is typed."""
    data: dict[str, list[str]] = {}
    for name, offered in fields.items():
        ways = st.one_of(
            st.sampled_from(offered).map(lambda one: [one]),
            st.lists(st.sampled_from(offered), max_size=3),
            st.lists(TYPED, min_size=1, max_size=2),
        )
        if found := draw(ways, label=name):
            data[name] = found
    return data


@pytest.mark.usefixtures("_files_stay")
def test_any_form_is_taken_or_sent_back(cast: Cast, world: World) -> None:
    """Each form by somebody who gets there, from the page that shows it."""
    shown = [one for one in ADDRESSES if one.who & set(cast.people)]
    counted: Counter[str] = Counter()
    names: set[str] = set()

    @tried(SIZE)
    @given(st.sampled_from(shown), st.data())
    def look(address: Address, data: st.DataObject) -> None:
        person = cast.people[data.draw(st.sampled_from(sorted(address.who & set(cast.people))), label="who")]
        client = Client(raise_request_exception=False, headers={"Origin": "http://testserver"})
        with transaction.atomic():
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            url = make_url(address, world)
            page = client.get(url)
            whole = "" if page.streaming or page.status_code != 200 else page.content.decode(errors="replace")
            page.close()
            answer = client.post(url, draw_form(data.draw, read_fields(whole)))
            answer.close()
            assert answer.status_code < 500, f"{url}: {answer.status_code}"
            counted[str(answer.status_code)] += 1
            names.add(str(address))
            if counted.total() % 50 == 0:
                assert find_broken() == []
            transaction.set_rollback(True)

    look()
    report("drawn", what_is_drawn="forms", addresses=len(names), answers=dict(sorted(counted.items())))
