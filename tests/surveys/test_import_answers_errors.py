"""What is wrong with an answers file: each fault with its line, its column and what would be right."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation
from surveys.enums import AuditStatus
from surveys.models import Audit, Cycle, Indicator, Invitee
from tests import factories
from tests.surveys.import_files import ANSWERS, make_answers, make_file, refuse, run

pytestmark = pytest.mark.django_db
COMMAND = "import_answers"
REASON = "It does not do this"
REASONS = f"{REASON}; Another reason (explain it in the notes)"
AT = "2026-05-01T12:00:00+00:00"
CODES = ("A1.1", "A1.2", "A2.1", "A2.2")


@pytest.fixture(autouse=True)
def cycle(db: None) -> Cycle:
    """Anchor answers the standard questionnaire, Beacon the school one; Cove is not invited."""
    partnership = factories.make_partnership("Harbour", slug="harbour")
    banks = (
        factories.make_questionnaire(Variant.STANDARD),
        factories.make_questionnaire(Variant.SCHOOL, standards={"E1": 2}),
    )
    Indicator.objects.filter(code="A1.1").update(may_be_not_applicable=False)
    cycle = factories.make_cycle(partnership, questionnaires=banks, opens_on=datetime.date(2026, 1, 1))
    for name, variant in (("Anchor", Variant.STANDARD), ("Beacon", Variant.SCHOOL)):
        factories.make_invitee(
            cycle, factories.make_organisation(name, partnership=partnership, variant=variant)
        )
    factories.make_organisation("Cove", partnership=partnership, urn="333333")
    elsewhere = factories.make_partnership("Moorland", slug="moorland")
    factories.make_organisation("Stranger", partnership=elsewhere, urn="444444")
    return cycle


def whole(name: str = "Anchor", at: str = AT) -> list[str]:
    return [f"{name},{at},{code},2,," for code in CODES]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",,A1.1,2,,", "organisation: it is empty; write the organisation's URN, or its exact name"),
        (
            "Nobody,,A1.1,2,,",
            'organisation: "Nobody" is no organisation of harbour; write its URN or its exact name',
        ),
        ("anchor,,A1.1,2,,", 'organisation: "anchor" is no organisation of harbour'),
        ("Stranger,,A1.1,2,,", 'organisation: "Stranger" is no organisation of harbour'),
        ("444444,,A1.1,2,,", 'organisation: "444444" is no organisation of harbour'),
        (
            "Cove,,A1.1,2,,",
            'organisation: "Cove" is not invited to 2026; invite it first: on the cycle’s page, or by import',
        ),
        ("333333,,A1.1,2,,", 'organisation: "333333" is not invited to 2026'),
        ("Anchor,,,2,,", "indicator: it is empty; write the indicator's code, such as A1.1"),
        (
            "Anchor,,E1.1,2,,",
            'indicator: "E1.1" is an indicator of school only; write a code of the standard quest',
        ),
        ("Anchor,,A9.9,2,,", 'indicator: "A9.9" is no indicator; write a code of the standard questionnaire'),
        ("Anchor,,a1.1,2,,", 'indicator: "a1.1" is no indicator'),
        (
            "Anchor,,A1.1,3,,",
            'score: "3" is not a score; write 0, 1, 2, NA, or nothing to clear a draft\'s answer',
        ),
        ("Anchor,,A1.1,-1,,", 'score: "-1" is not a score'),
        ("Anchor,,A1.1,2.0,,", 'score: "2.0" is not a score'),
        ("Anchor,,A1.1,na,,", 'score: "na" is not a score'),
        ("Anchor,,A1.1,N/A,,", 'score: "N/A" is not a score'),
        ("Anchor,,A1.1,２,,", 'score: "２" is not a score'),
        ("Anchor,,A1.1,True,,", 'score: "True" is not a score'),
        (
            f"Anchor,,A1.1,NA,{REASON},",
            "score: this indicator cannot be set aside as not applicable; write 0, 1 or 2",
        ),
        ("Anchor,,A1.2,NA,,", f"reason: NA needs a reason; write one of: {REASONS}"),
        (
            "Anchor,,A1.2,NA,Because,",
            f'reason: "Because" is none of the question bank\'s reasons; write one of: {REASONS}',
        ),
        (f"Anchor,,A1.2,NA,{REASON.lower()},", "is none of the question bank's reasons"),
        (
            f"Anchor,,A1.2,2,{REASON},",
            "reason: there is a reason, and the score is not NA; leave it empty, or write NA",
        ),
        (f"Anchor,,A1.2,0,{REASON},", "reason: there is a reason, and the score is not NA"),
        (f"Anchor,,A1.2,,{REASON},", "reason: there is a reason, and the score is not NA"),
        (f"Anchor,,A1.2,2,,{'x' * 20_001}", "commentary: it has 20,001 characters; use at most 20,000"),
        (
            "Anchor,2026-05-01,A1.1,2,,",
            'submitted_at: "2026-05-01" is a date without a time; write a date and a time',
        ),
        ("Anchor,20260501,A1.1,2,,", 'submitted_at: "20260501" is a date without a time'),
        (
            "Anchor,2026-02-30T12:00,A1.1,2,,",
            'submitted_at: "2026-02-30T12:00" is not a possible date and time',
        ),
        (
            "Anchor,2026-05-01T25:00,A1.1,2,,",
            'submitted_at: "2026-05-01T25:00" is not a possible date and time',
        ),
        ("Anchor,2026-05-01T12:00+99:00,A1.1,2,,", "is not a possible date and time"),
        ("Anchor,2026-02-30,A1.1,2,,", 'submitted_at: "2026-02-30" is not a date and a time'),
        ("Anchor,2026-05-01x12:00,A1.1,2,,", 'submitted_at: "2026-05-01x12:00" is not a date and a time'),
        ("Anchor,01/05/2026 12:00,A1.1,2,,", "is not a possible date and time"),
        ("Anchor,yesterday,A1.1,2,,", 'submitted_at: "yesterday" is not '),
        ("Anchor,1714564800,A1.1,2,,", 'submitted_at: "1714564800" is not a date and a time'),
        (
            "Anchor,2026-03-29T01:30,A1.1,2,,",
            'submitted_at: "2026-03-29T01:30" does not exist: clocks went forward',
        ),
        ("Anchor,0001-01-01T00:00+14:00,A1.1,2,,", "is not a possible date and time"),
        ("Anchor,9999-12-31T23:59-12:00,A1.1,2,,", "is not a possible date and time"),
        ("Anchor,1926-05-01T12:00,A1.1,2,,", 'submitted_at: "1926-05-01T12:00" is before 2002'),
        (
            "Anchor,,A1.1,2,,,",
            "cells: 7 cells where there are 6 columns; put a text that holds a comma between quotes",
        ),
        ("Anchor,,A1.1,2", "cells: 4 cells where there are 6 columns"),
    ],
)
def test_bad_rows(tmp_path: Path, row: str, said: str) -> None:
    message = refuse(COMMAND, make_answers(tmp_path, "Beacon,,E1.1,1,,", row), cycle="2026")
    assert said in message
    assert message.startswith('"answers.csv" was not imported.\nline 3, ')
    assert message.endswith("1 bad row in all.")


def test_a_submission_with_an_answer_missing_names_what_is_missing(tmp_path: Path) -> None:
    path = make_answers(tmp_path, "Beacon,,E1.1,1,,", *whole()[1:3])
    said = refuse(COMMAND, path, cycle="2026")
    assert (
        'line 3, indicator: "Anchor" has no answer to A1.1, A2.2; give each a row with a score, '
        "or leave submitted_at empty for a draft" in said
    )


def test_an_empty_score_is_missing_and_a_wrong_one_is_not(tmp_path: Path) -> None:
    rows = whole()
    path = make_answers(
        tmp_path, rows[0], rows[1].replace(",2,", ",,"), rows[2].replace(",2,", ",7,"), rows[3]
    )
    lines = refuse(COMMAND, path, cycle="2026").split("\n")
    assert [line.partition(";")[0] for line in lines[1:-1]] == [
        'line 2, indicator: "Anchor" has no answer to A1.2',
        'line 4, score: "7" is not a score',
    ]


def test_an_answer_that_nobody_has_confirmed_is_missing(tmp_path: Path, cycle: Cycle) -> None:
    audit = factories.make_audit(cycle, Organisation.objects.get(name="Anchor"), scores=2)
    audit.answers.update(confirmed=False)
    said = refuse(COMMAND, make_answers(tmp_path, *whole()[:3]), cycle="2026")
    assert '"Anchor" has no answer to A2.2' in said


def test_an_indicator_that_applies_because_it_has_a_row_needs_its_score(tmp_path: Path) -> None:
    Indicator.objects.filter(code="A2.2").update(applies_if={"P1": "12"})
    path = make_answers(tmp_path, *whole()[:3], f"Anchor,{AT},A2.2,,,")
    assert '"Anchor" has no answer to A2.2' in refuse(COMMAND, path, cycle="2026")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("2026-05-01T12:00:01+00:00", '"2026-05-01T12:00:01+00:00" differs from line 2 of the same audit'),
        ("2026-05-01T12:00:00", '"2026-05-01T12:00:00" differs from line 2'),
        ("", "nothing differs from line 2"),
    ],
)
def test_rows_of_one_audit_with_different_moments(tmp_path: Path, other: str, said: str) -> None:
    first, second, *others = whole()
    path = make_answers(tmp_path, first, second.replace(AT, other), *others)
    message = refuse(COMMAND, path, cycle="2026")
    assert (
        f"line 3, submitted_at: {said}; write the same in all rows of an audit" in message or said in message
    )
    assert message.endswith("1 bad row in all.")


def test_a_draft_row_before_a_submitted_one_differs_too(tmp_path: Path) -> None:
    path = make_answers(tmp_path, *whole(at="")[:1], *whole()[1:])
    said = refuse(COMMAND, path, cycle="2026")
    assert f'line 3, submitted_at: "{AT}" differs from line 2' in said


def test_an_unreadable_moment_is_not_what_others_differ_from(tmp_path: Path) -> None:
    first, *others = whole()
    message = refuse(COMMAND, make_answers(tmp_path, first.replace(AT, "then"), *others), cycle="2026")
    assert message.count("line ") == 1
    assert 'line 2, submitted_at: "then"' in message


@pytest.mark.parametrize("second", ["Anchor,,A1.1,2,,", "Anchor,,A1.1,0,,Another.", "222222,,A1.1,2,,"])
def test_a_repeated_row(tmp_path: Path, second: str) -> None:
    Organisation.objects.filter(name="Anchor").update(urn="222222")
    path = make_answers(tmp_path, "Anchor,,A1.1,2,,", "Anchor,,A1.2,2,,", second)
    said = refuse(COMMAND, path, cycle="2026")
    assert 'line 4, indicator: A1.1 of "Anchor" stands on line 2 already; keep one of the two rows' in said


def test_a_repetition_of_a_bad_row_is_named_too(tmp_path: Path) -> None:
    path = make_answers(tmp_path, "Anchor,,A1.1,7,,", "Anchor,,A1.1,2,,")
    assert "stands on line 2 already" in refuse(COMMAND, path, cycle="2026")


@pytest.mark.parametrize("status", [AuditStatus.SUBMITTED, AuditStatus.RETURNED])
@pytest.mark.parametrize("at", ["", AT])
def test_rows_for_an_audit_already_submitted(
    tmp_path: Path, cycle: Cycle, status: AuditStatus, at: str
) -> None:
    factories.make_audit(cycle, Organisation.objects.get(name="Anchor"), scores=2, status=status)
    path = make_answers(tmp_path, "Beacon,,E1.1,2,,", *whole(at=at))
    said = refuse(COMMAND, path, cycle="2026")
    assert 'line 3, organisation: the audit of "Anchor" has been submitted already; remove its rows' in said
    assert said.endswith("4 bad rows in all.")


def test_the_same_submission_again_is_refused(tmp_path: Path) -> None:
    path = make_answers(tmp_path, *whole())
    run(COMMAND, path, cycle="2026")
    assert "has been submitted already" in refuse(COMMAND, path, cycle="2026")


def test_an_audit_that_waits_for_its_signature(tmp_path: Path, cycle: Cycle) -> None:
    factories.make_audit(cycle, Organisation.objects.get(name="Anchor"), scores=2)
    Audit.objects.update(status=AuditStatus.AWAITING_SIGN_OFF)
    said = refuse(COMMAND, make_answers(tmp_path, *whole()), cycle="2026")
    assert 'line 2, organisation: the audit of "Anchor" waits for its sign-off; remove its rows' in said


def test_an_exempt_organisation(tmp_path: Path) -> None:
    Invitee.objects.filter(organisation__name="Anchor").update(exempt_reason="It has closed.")
    said = refuse(COMMAND, make_answers(tmp_path, *whole()), cycle="2026")
    assert 'line 2, organisation: "Anchor" is exempt from 2026; end the exemption, or remove its rows' in said


def test_a_line_is_that_on_which_the_row_starts(tmp_path: Path) -> None:
    path = make_answers(
        tmp_path,
        '"Anchor",,A1.1,2,,"One\n\ntwo\nthree"',
        'Anchor,,A1.2,9,,"Four\nfive"',
        "",
        "Anchor,,A2.1,9,,",
    )
    said = refuse(COMMAND, path, cycle="2026")
    assert "line 6, score:" in said
    assert "line 9, score:" in said


def test_the_first_hundred_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    """Faults that show only at the end of the file stand where they belong."""
    nobodies = [f"Nobody {number},,A1.1,2,," for number in range(150)]
    path = make_answers(tmp_path, *whole()[:3], *nobodies)
    lines = refuse(COMMAND, path, cycle="2026").split("\n")
    assert lines[1].startswith('line 2, indicator: "Anchor" has no answer to A2.2')
    assert lines[2].startswith('line 5, organisation: "Nobody 0"')
    assert lines[-2].startswith('line 103, organisation: "Nobody 98"')
    assert lines[-1] == "151 bad rows in all (the first 100 are listed)."
    assert len(lines) == 102


def test_good_rows_beside_a_bad_one_are_not_imported(tmp_path: Path) -> None:
    refuse(COMMAND, make_answers(tmp_path, *whole(), "Beacon,,E1.1,9,,"), cycle="2026")
    assert not Audit.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (ANSWERS.encode() + b"\nAnchor,,A1.1,2,,\xe9\n", "is not UTF-8 (line 2)"),
        (ANSWERS.encode() + b"\nAnchor,,A1.1,2,,\0\n", "holds a NUL character (line 2)"),
        (
            b"organisation,submitted_at,indicator,score,reason\nAnchor,,A1.1,2,\n",
            "lacks the column commentary",
        ),
        (ANSWERS.encode() + b'\nAnchor,,A1.1,2,,"Never closed\n', "opens a quote that never closes"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refuse(COMMAND, make_file(tmp_path, content), cycle="2026")


def test_what_is_no_file(tmp_path: Path) -> None:
    assert "There is no file" in refuse(COMMAND, tmp_path / "absent.csv", cycle="2026")
    assert "is a folder, not a file" in refuse(COMMAND, tmp_path, cycle="2026")
