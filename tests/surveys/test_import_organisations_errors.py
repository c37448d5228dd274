"""What is wrong with an organisations file: each fault with its line, its column and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from s11.organisations.models import Organisation, Partnership, User
from surveys.imports import organisation_rows
from tests import factories
from tests.surveys.import_files import make_organisations, refuse

pytestmark = pytest.mark.django_db
COMMAND = "import_organisations"


@pytest.fixture
def harbour() -> Partnership:
    return factories.make_partnership("Harbour", slug="harbour")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",standard,yes,,", "line 3, name: it is empty; write the organisation's name"),
        (f"{'a' * 201},standard,yes,,", "line 3, name: the name has 201 characters; use at most 200"),
        (
            '"A\nB",standard,yes,,',
            'line 3, name: "A B" has a line break or a tab in it; write the name on one line',
        ),
        ('"A\x1b[31mB",standard,yes,,', 'line 3, name: "A?[31mB" has a line break'),
        ("A,,yes,,", "line 3, variant: it is empty; write one of standard, health, care_home, school"),
        ("A,Standard,yes,,", 'line 3, variant: "Standard" is not a variant; write one of'),
        ("A,care home,yes,,", 'line 3, variant: "care home" is not a variant; write one of'),
        ("A,standard,,,", "line 3, statutory: it is empty; write yes"),
        ("A,standard,Yes,,", 'line 3, statutory: "Yes" is not yes or no; write yes where the law names'),
        ("A,standard,true,,", 'line 3, statutory: "true" is not yes or no'),
        ("A,standard,yes,12345,", 'line 3, urn: "12345" is not a URN; write its six digits, such as 123456'),
        ("A,standard,yes,1234567,", 'line 3, urn: "1234567" is not a URN'),
        ("A,standard,yes,SC1234,", 'line 3, urn: "SC1234" is not a URN'),
        ("A,standard,yes,１２３４５６,", 'line 3, urn: "１２３４５６" is not a URN'),
        ("A,standard,yes,,lead", 'line 3, emails: "lead" is not an e-mail address; write addresses such as'),
        ("A,standard,yes,,a@b.example b@b.example", "is not an e-mail address"),
        ('A,standard,yes,,"a@b.example,b@b.example"', "is not an e-mail address"),
        ("A,standard,yes,,Lead <a@b.example>", "is not an e-mail address"),
        (
            f"A,standard,yes,,{'a' * 64}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example",
            "line 3, emails: ",
        ),
        ("First,standard,yes,,", 'line 3, name: "First" stands on line 2 already; keep one of the two rows'),
        ("First,standard,yes,222222,", "line 4, urn: 222222 stands on line 3 already"),
        ("A,standard,yes,,a@b.example,", "line 3, cells: 6 cells where there are 5 columns"),
        ("A,standard,yes", "line 3, cells: 3 cells where there are 5 columns"),
    ],
)
def test_bad_rows(tmp_path: Path, row: str, said: str) -> None:
    last = "Last,school,yes,222222,"
    assert said in refuse(COMMAND, make_organisations(tmp_path, "First,standard,yes,,", row, last))


def test_every_fault_of_every_row_is_listed(tmp_path: Path, harbour: Partnership) -> None:
    factories.make_organisation("Anchor Trust", partnership=harbour, urn="111111")
    path = make_organisations(
        tmp_path, "A,none,maybe,,", "B,school,yes,,x", "Anchor Trust,standard,yes,22222,", "C,school,yes,,"
    )
    lines = refuse(COMMAND, path).split("\n")
    assert [line.partition(":")[0] for line in lines[1:-1]] == [
        "line 2, variant",
        "line 2, statutory",
        "line 3, emails",
        "line 4, urn",
    ]
    assert lines[-1] == "3 bad rows in all."


def test_the_lengths_are_those_of_the_columns() -> None:
    assert Organisation._meta.get_field("name").max_length == organisation_rows.NAME_LENGTH
    assert User._meta.get_field("email").max_length == organisation_rows.EMAIL_LENGTH
