"""Which rows are taken, and what of each."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s11.organisations.models import Organisation
from s11.organisations.registers.files import RegisterFile
from s11.organisations.registers.links import read_successors
from s11.organisations.registers.maps import ColumnMap, read_map
from s11.organisations.registers.refusals import Refused
from s11.organisations.registers.rows import (
    LONGEST_CODE,
    LONGEST_NAME,
    RegisterRow,
    RowReader,
    Status,
    Wanted,
    make_key,
    read_areas,
)
from tests.organisations.register_files import HEAD, SAMPLE, make_gias, make_links, school

GIAS = read_map("gias")
WORDS = "open, closed, open, but proposed to close, proposed to open"


def open_file(content: bytes) -> RegisterFile:
    return RegisterFile(io.BytesIO(content), "edubase.csv")


def read(content: bytes, areas: str = "", followed: str = "", columns: ColumnMap = GIAS) -> list[RegisterRow]:
    wanted = Wanted(read_areas(areas), frozenset(followed.split()))
    return list(RowReader(open_file(content), columns, wanted).rows())


def refusal(content: bytes, areas: str = "") -> str:
    with pytest.raises(Refused) as refused:
        read(content, areas)
    return str(refused.value)


def test_the_sample() -> None:
    rows = read(SAMPLE.read_bytes())
    assert len(rows) == 60
    assert rows[0] == RegisterRow(2, "130000", "school 1", Status.OPEN, None, "2000", "trust name 1")
    assert {row.status for row in rows} == {Status.OPEN}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_each_status_and_both_forms_of_dates(encoding: str) -> None:
    rows = read(
        make_gias(
            school(100001, "École  Élan’s"),
            school(100002, "B", status="Closed", closed="31-08-2025"),
            school(100003, "C", status="Open, but proposed to close", closed="31/08/2027"),
            school(100004, "D", status="Proposed to open"),
            encoding=encoding,
        )
    )
    assert [(row.name, row.status, row.closed_on) for row in rows] == [
        ("École Élan’s", Status.OPEN, None),
        ("B", Status.CLOSED, datetime.date(2025, 8, 31)),
        ("C", Status.CLOSING, datetime.date(2027, 8, 31)),
        ("D", Status.PROPOSED, None),
    ]


def test_a_trust_is_the_parent_before_a_federation_and_a_sponsor_is_none() -> None:
    both = {"federation": "Fed", "federation_code": "77"}
    rows = read(
        make_gias(
            school(100001, "A", trust="Trust", trust_code="2001", **both),
            school(100002, "B", **both),
            school(100003, "C", sponsor="Sponsor"),
            school(100004, "D", trust="A name without a code"),
        )
    )
    assert [(row.parent_code, row.parent_name) for row in rows] == [
        ("2001", "Trust"),
        ("77", "Fed"),
        ("", ""),
        ("", ""),
    ]


@pytest.mark.parametrize("areas", ["801", "northshire", " NORTHSHIRE ; 999 ", "Northshire;Bay, City of"])
def test_local_authorities_by_code_and_name(areas: str) -> None:
    content = make_gias(
        school(100001, "A"),
        school(100002, "B", area="Southshire", area_code="802"),
        school(100003, "C", area="Bay, City of", area_code="999"),
    )
    taken = {row.code for row in read(content, areas)}
    assert taken == ({"100001"} if areas.strip() in {"801", "northshire"} else {"100001", "100003"})


def test_one_of_ours_is_followed_elsewhere() -> None:
    content = make_gias(school(100001, "A"), school(100002, "B", area="Southshire", area_code="802"))
    assert [row.code for row in read(content, "801", followed="100002")] == ["100001", "100002"]


def test_an_unknown_local_authority_is_said_with_those_that_there_are() -> None:
    said = refusal(make_gias(school(100001, "A")), "Nortshire")
    assert said.endswith(
        "of the local authority ‘nortshire’: write its code or its name as the register does, such as 801 Northshire."
    )


def test_what_is_no_school_of_england_is_left_out() -> None:
    reader = RowReader(
        open_file(make_gias(school(100001, "A", group="Welsh schools"), school(100002, "B"))), GIAS, Wanted()
    )
    assert [row.code for row in reader.rows()] == ["100002"]
    assert (reader.read, reader.left_out, reader.elsewhere) == (2, 1, 0)


def test_wrong_rows_are_listed_and_those_of_others_are_not() -> None:
    said = refusal(
        make_gias(
            school(100001, "A", area_code="802", area="Southshire", status="Sold"),
            school(1, "B"),
            school(100002, ""),
            school(100003, "C", status="Sold"),
            school(100004, "D", status="Closed", closed="31-31-2025"),
            school(100005, "E"),
            school(100005, "E again"),
            school(100006, "x" * 201),
        ),
        "801",
    )
    assert said.splitlines() == [
        "‘edubase.csv’ was not loaded.",
        "line 3, URN: ‘1’ is not one; it would be six digits, such as 123456",
        "line 4, name: it is empty; download the file again",
        f"line 5, status: ‘Sold’ is not a status; it would be one of: {WORDS}",
        "line 6, closed on: ‘31-31-2025’ is not a date; it would be such as 31-08-2026, 31/08/2026 or 2026-08-31",
        "line 8, URN: ‘100005’ stands on line 7 already; download the file again",
        "line 9, name: it has 201 characters; use at most 200",
        "6 in all.",
    ]


def test_only_a_hundred_faults_are_listed() -> None:
    said = refusal(make_gias(*(school(100000 + n, "") for n in range(150)))).splitlines()
    assert len(said) == 102
    assert said[-1] == "150 in all (the first 100 are listed)."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"URN\n1\n",
            "has no column EstablishmentName, so it is not a file of Get Information about Schools",
        ),
        (b"URN,EstablishmentName\n100001,A\n", "so nobody knows what is closed"),
        (
            b"URN,urn,EstablishmentName,EstablishmentStatus (name)\n1,2,A,Open\n",
            "has the column ‘URN’ more than once",
        ),
        (make_gias(), "has no rows below its header"),
        (b",,\n,,\n", "has no column URN"),
    ],
)
def test_another_file_is_refused(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_nothing_about_a_head_teacher_is_read() -> None:
    content = make_gias(school(100001, "A", trust="T", trust_code="1"))
    assert HEAD.encode() in content
    assert HEAD not in "".join(row.to_json() for row in read(content))


NAMES = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)
ROWS = st.builds(
    RegisterRow,
    line=st.integers(min_value=2, max_value=60_000),
    code=st.integers(min_value=100_000, max_value=999_999).map(str),
    name=NAMES,
    status=st.sampled_from(Status),
    closed_on=st.none() | st.dates(),
    parent_code=st.sampled_from(["", "2001"]),
    parent_name=NAMES,
    successors=st.lists(st.sampled_from(["100001", "100002"]), unique=True).map(tuple),
)


@given(row=ROWS)
def test_a_row_is_kept_on_one_line_and_comes_back(row: RegisterRow) -> None:
    text = row.to_json()
    assert "\n" not in text
    assert RegisterRow.from_json(text) == row


@given(content=st.binary(max_size=300), rest=st.binary(max_size=40))
def test_any_rows_are_taken_or_refused(content: bytes, rest: bytes) -> None:
    for one in (make_gias() + content, make_gias(school(100001, "A")) + content, content + rest):
        try:
            rows = read(one)
        except Refused:
            continue
        assert all(len(row.code) == 6 for row in rows)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Mary's R.C. Primary School", "St Mary’s RC primary school"),
        ("The Hill School", "Hill School"),
        ("Church & Chapel", "Church and  Chapel"),
        ("École Élan", "Ecole Elan"),
        ("Bay-View", "Bay View"),
    ],
)
def test_names_that_look_the_same(one: str, other: str) -> None:
    assert make_key(one) == make_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Hill Infants", "Hill Juniors"), ("The The", "A"), ("St Mary", "St Marys")]
)
def test_names_that_do_not(one: str, other: str) -> None:
    assert make_key(one) != make_key(other)


def test_a_name_always_has_a_look() -> None:
    assert [make_key(name) for name in ("The", "!!", "中学")] == ["the", "!!", "中学"]


def test_lengths_are_those_of_the_columns() -> None:
    lengths = {field.name: field.max_length for field in Organisation._meta.fields}
    assert {name: lengths[name] for name in LONGEST_CODE} == LONGEST_CODE
    assert lengths["name"] == LONGEST_NAME


# Registers without a map of their own


def choose(register: str, chosen: dict[str, str], *, has_header: bool = True) -> ColumnMap:
    return read_map(register).choose(chosen, has_header=has_header)


def test_columns_that_somebody_chose() -> None:
    content = (
        b"Id,What,Ended,Owner,Owner name\nrj1,Harbour Trust,20250831,RX9,Wide Trust\nRJ2,Bay Surgery,,,\n"
    )
    chosen = {
        "identifier": "Id",
        "name": "What",
        "closed_on": "Ended",
        "parent_code": "Owner",
        "parent_name": "Owner name",
    }
    rows = read(content, columns=choose("ods", chosen))
    assert [(row.code, row.name, row.status, row.parent_code) for row in rows] == [
        ("RJ1", "Harbour Trust", Status.CLOSED, "RX9"),
        ("RJ2", "Bay Surgery", Status.OPEN, ""),
    ]


def test_a_file_without_a_header() -> None:
    chosen = {"identifier": "Column 1", "name": "Column 2", "status": "Column 3"}
    rows = read(b"RJ1,Harbour Trust,A\nRJ2,Bay Surgery,C\n", columns=choose("ods", chosen, has_header=False))
    assert [(row.line, row.code, row.status) for row in rows] == [
        (1, "RJ1", Status.OPEN),
        (2, "RJ2", Status.CLOSED),
    ]


def test_a_guess_names_columns_of_the_file() -> None:
    guess = read_map("ofsted").guess(
        ["Web link", "URN", "Setting name", "Registration status", "Local authority"]
    )
    assert {name: column for name, column in guess.items() if column} == {
        "identifier": "URN",
        "name": "Setting name",
        "status": "Registration status",
        "area_name": "Local authority",
    }


def make_csv(rows: list[tuple[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("Organisation Code", "Name"), *rows])
    return out.getvalue().encode()


@given(names=st.lists(NAMES, max_size=6))
def test_any_names_are_read(names: list[str]) -> None:
    content = make_csv([(f"RJ{number}", name) for number, name in enumerate(names)])
    if not names:
        return
    assert [row.name for row in read(content, columns=read_map("ods"))] == [
        " ".join(name.split()) for name in names
    ]


# Links


def test_successors_from_either_side() -> None:
    content = make_links(
        ("100001", "100002", "Successor"),
        ("100002", "100001", "Predecessor"),
        ("100003", "100004", "Predecessor - amalgamated"),
        ("100001", "100005", "Successor - Split School"),
        ("100006", "100006", "Successor"),
        ("100007", "100008", "Expansion"),
        ("none", "100008", "Successor"),
    )
    assert read_successors(open_file(content)) == {"100001": ("100002", "100005"), "100004": ("100003",)}


def test_another_file_is_no_file_of_links() -> None:
    with pytest.raises(Refused, match="has no column LinkURN or LinkType, so it is not the file of links"):
        read_successors(open_file(make_gias(school(100001, "A"))))
