"""The workbook of an audit: what its sheets hold, who is shown what, and that nothing in it runs or is lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from s11.organisations.models import User
from surveys.audit_workbooks import make_audit_workbook
from surveys.document_requests import request_audit_copy
from surveys.documents import build_content, make_file_name
from surveys.enums import DocumentFormat, SignOffDecision
from surveys.models import AnswerEvidence, Audit, Document, SignOff
from surveys.queries import get_submitted_copy
from surveys.sheets import LONGEST_CELL, Column, count_units, split_text, spread_row
from surveys.tasks import build_document
from surveys.workflow import recall_audit, save_answers, submit_audit
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import WITH_NOTES, address, enter, make_complete, make_draft, make_submitted

SHEETS = ["Audit", "Answers", "Profile", "Evidence", "Action plan", "Sign-off", "Rules"]


def read(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows_of(sheet: Worksheet) -> list[dict[str, Any]]:
    """Each row by the titles of its columns."""
    titles, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, titles), row, strict=True)) for row in rows]


def words_of(book: openpyxl.Workbook) -> str:
    cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    return "\n".join(str(cell) for cell in cells if cell is not None)


# What they hold


def test_the_workbook_of_a_submission_holds_everything(cast: Cast) -> None:
    audit = make_complete(cast, {"A1.1": 0, "A1.2": WITH_NOTES, "A2.1": 1, "A2.2": 2})
    answers = {answer.indicator.code: answer for answer in audit.answers.select_related("indicator")}
    audit.answers.filter(indicator__code="A1.2").update(commentary="First line\nsecond <line>")
    audit.answers.filter(indicator__code="A2.1").update(no_action_reason="It is being replaced")
    policy = factories.make_evidence(cast.organisation, "Safer recruitment policy")
    AnswerEvidence.objects.create(answer=answers["A2.2"], evidence=policy)
    action = factories.make_action(cast.organisation, cast.partnership, answer=answers["A1.1"])
    submit_audit(audit=audit, by=cast.lead)
    book = read(make_audit_workbook(audit, 1))
    assert book.sheetnames == SHEETS
    first, not_applicable, one, two = rows_of(book["Answers"])
    assert (first["Code"], first["Answer"], first["Score"], first["Critical"]) == (
        "A1.1",
        "No progress",
        0,
        "Critical",
    )
    assert first["Action"].startswith("Every child is seen within three days (Deputy lead, due ")
    assert not_applicable["Answer"] == "Not applicable"
    assert not_applicable["Score"] is None
    assert not_applicable["Why it does not apply"] == WITH_NOTES
    assert not_applicable["Commentary"] == "First line\nsecond <line>"
    assert one["Why there is no action"] == "It is being replaced"
    assert two["Evidence"] == "Safer recruitment policy (Text)"
    assert two["Standard"] == "A2 Standard A2"
    assert rows_of(book["Profile"]) == [{"Code": "P1", "Question": "How many staff?", "Answer": "12"}]
    (evidence,) = rows_of(book["Evidence"])
    assert (evidence["Title"], evidence["Backs"]) == ("Safer recruitment policy", "A2.2")
    (planned,) = rows_of(book["Action plan"])
    assert (planned["Code"], planned["Number"]) == ("A1.1", action.pk)
    assert planned["Due"].date() == action.due_on
    text = words_of(book)
    for words in (f"HARBOUR-2026-{audit.pk}-1", "Submitted", "lead@anchor.example", "A1 Standard A1"):
        assert words in text
    assert "Beacon’s own words" not in text


def test_the_scorecard_adds_up(cast: Cast) -> None:
    audit = make_complete(cast, {"A1.1": 0, "A1.2": WITH_NOTES, "A2.1": 1, "A2.2": 2})
    sheet = read(make_audit_workbook(audit, None))["Audit"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[-1] is not None]
    assert rows == [
        ("Standard", "Grade", "Mean", "2s", "1s", "0s", "Not applicable", "Answered", "Asked"),
        ("A1 Standard A1", 0, 0, 0, 0, 1, 1, 2, 2),
        ("A2 Standard A2", 2, 1.5, 1, 1, 0, 0, 2, 2),
        ("All standards", 1, 1, 1, 1, 1, 1, 4, 4),
    ]


def test_a_draft_says_what_is_missing_and_what_is_not_confirmed(cast: Cast) -> None:
    audit = make_draft(cast, {"A1.1": 2, "A1.2": 1})
    audit.answers.filter(indicator__code="A1.2").update(confirmed=False, updated_by=cast.contributor)
    book = read(make_audit_workbook(audit, None))
    answers = {row["Code"]: row for row in rows_of(book["Answers"])}
    assert answers["A1.2"]["Answer"] == "Working towards, brought forward and not confirmed"
    assert answers["A1.2"]["Answered by"] == "contributor@anchor.example"
    assert answers["A2.1"]["Answer"] == "Not answered"
    assert "Not yet: this is a draft" in words_of(book)
    assert book["Evidence"]["A2"].value == "No evidence is added."


def test_an_empty_audit_makes_a_workbook(cast: Cast) -> None:
    audit = make_draft(cast)
    audit.questionnaire.profile_questions.all().delete()
    assert read(make_audit_workbook(audit, None)).sheetnames == SHEETS


def test_a_submission_that_was_changed_since_is_copied_as_it_was(cast: Cast) -> None:
    audit = make_submitted(cast)
    factories.make_correction(audit, "A1.1")
    late = enter(audit, "A1.1", 0, commentary="Later words", seen=1)
    save_answers(audit=audit, entered=[late], by=cast.lead)
    before, now = (words_of(read(make_audit_workbook(audit, number))) for number in (1, None))
    assert "Later words" not in before
    assert "Later words" in now


def test_officers_read_the_signature_and_not_what_was_said_on_the_way(cast: Cast) -> None:
    audit = make_submitted(cast)
    for decision, statement, submission in (
        (SignOffDecision.SENT_BACK, "Say more about A1.1", None),
        (SignOffDecision.SIGNED, "I have read it", 1),
    ):
        SignOff.objects.create(
            audit=audit,
            decision=decision,
            statement=statement,
            submission=submission,
            decided_by=cast.signatory,
        )
    (signed,) = rows_of(read(make_audit_workbook(audit, 1))["Sign-off"])
    assert (signed["Decision"], signed["Statement or note"]) == ("Signed off", "I have read it")
    recall_audit(audit=audit, by=cast.lead)
    assert len(rows_of(read(make_audit_workbook(audit, None))["Sign-off"])) == 2


# How they look and what they are safe from


def test_lists_are_made_to_be_read_and_printed(cast: Cast) -> None:
    book = read(make_audit_workbook(make_submitted(cast), 1))
    sheet = book["Answers"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:M5"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet["H2"].alignment.wrap_text
    assert sheet.column_dimensions["H"].width > 60
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert book.properties.title == "Anchor Trust, Audit 2026"
    assert book.properties.language == "en-GB"


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+44 1632", "-1", '=HYPERLINK("https://a.example")'])
def test_what_people_wrote_is_never_a_formula_or_a_link(cast: Cast, text: str) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    audit.answers.update(commentary=text)
    content = make_audit_workbook(audit, None)
    cell = read(content)["Answers"]["H2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert cell.quotePrefix
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_a_text_too_long_for_a_cell_goes_on_below(cast: Cast) -> None:
    """20,000 characters that count twice are more than a cell holds."""
    audit = make_draft(cast, {"A1.1": 2, "A1.2": 2})
    text = "🚸 words\n" * 2_500 + "😀" * 15_000
    audit.answers.filter(indicator__code="A1.1").update(commentary=text)
    rows = [
        row for row in rows_of(read(make_audit_workbook(audit, None))["Answers"]) if row["Code"] == "A1.1"
    ]
    assert len(rows) == 2
    assert all(count_units(row["Commentary"]) <= LONGEST_CELL for row in rows)
    assert "".join(row["Commentary"] for row in rows) == text
    assert [row["Score"] for row in rows] == [2, None]


@given(st.text(alphabet="ab \n😀=", max_size=80), st.integers(2, 12))
def test_pieces_of_a_text_are_the_text(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert "".join(pieces) == text
    assert all(count_units(piece) <= limit for piece in pieces)
    assert all(pieces) or pieces == [""]


def test_control_characters_are_survived(cast: Cast) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    audit.answers.update(commentary="a\x01b")
    sheet = read(make_audit_workbook(audit, None))["Answers"]
    assert sheet["H2"].value == "a_x0001_b"  # as the format writes what XML cannot hold


def test_only_names_stand_again_in_the_rows_that_go_on() -> None:
    columns = (Column("Code", 8, "text", names=True), Column("Score", 8), Column("Words", 8, "text"))
    long = "x" * (LONGEST_CELL + 1)
    assert list(spread_row(columns, ("A1", 2, long))) == [["A1", 2, long[:-1]], ["A1", None, "x"]]


# How they are made, and who may have them


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("submission", "queries"), [(None, 9), (1, 11)])
def test_the_number_of_queries_does_not_grow(
    cast: Cast,
    submission: int | None,
    queries: int,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    audit = make_submitted(cast)
    for answer in audit.answers.all()[:rows]:
        item = factories.make_evidence(cast.organisation, f"Item {answer.pk}")
        AnswerEvidence.objects.create(answer=answer, evidence=item, submitted_version=item.versions.get())
        factories.make_action(cast.organisation, cast.partnership, answer=answer)
    audit = Audit.objects.with_place().get(pk=audit.pk)
    with django_assert_num_queries(queries):
        make_audit_workbook(audit, submission)


def test_a_workbook_and_a_pdf_are_two_copies(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF")
    audit = make_submitted(cast)
    workbook = request_audit_copy(audit=audit, submission=1, file_format=DocumentFormat.XLSX, by=cast.lead)
    pdf = request_audit_copy(audit=audit, submission=1, by=cast.lead)
    assert workbook != pdf
    assert get_submitted_copy(audit) == pdf
    assert make_file_name(workbook) == "anchor-trust-audit-2026-submission-1.xlsx"
    assert read(build_content(workbook)).sheetnames == SHEETS
    again = request_audit_copy(
        audit=audit, submission=1, file_format=DocumentFormat.XLSX, by=cast.quality_officer
    )
    assert again == workbook


def test_asking_for_a_workbook_leads_to_it(
    cast: Cast,
    sign_in: Callable[[User], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    make_submitted(cast)
    client = sign_in(cast.quality_officer)
    assert "Make an Excel copy" in client.get(address("audit_read")).text
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("audit_copy_request"), {"format": "xlsx"})
    document = Document.objects.get()
    page = client.get(f"/p/harbour/o/anchor/copies/{document.pk}/").text
    assert "Download the copy (Excel workbook)" in page
    response = client.get(f"/p/harbour/o/anchor/copies/{document.pk}/file/")
    assert read(response.getvalue())["Answers"]["A2"].value == "A1.1"
    assert "spreadsheetml" in response.headers["Content-Type"]
    listed = sign_in(cast.viewer).get("/p/harbour/o/anchor/copies/").text
    assert "submission 1 (Excel workbook)" in listed


def test_a_draft_s_workbook_is_for_its_members(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    document = request_audit_copy(audit=audit, submission=None, file_format=DocumentFormat.XLSX, by=cast.lead)
    build_document.func(document.pk)
    file = f"/p/harbour/o/anchor/copies/{document.pk}/file/"
    for person, status in (
        (cast.viewer, 200),
        (cast.stranger, 404),
        (cast.administrator, 404),
        (cast.outsider, 404),
    ):
        response = sign_in(person).get(file)
        b"".join(response)
        assert response.status_code == status
