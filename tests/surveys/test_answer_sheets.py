"""Answer sheets: what is downloaded, what comes back, what is shown first, and what is saved."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterable
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import User
from surveys import answer_sheets
from surveys.answer_sheet_files import COMMENTARY, HOLDS, KEY, REASON, SCORE, VERSION
from surveys.answer_sheet_rows import TOO_LONG, read_entries
from surveys.answer_sheet_workbooks import PLACES, make_answer_sheet
from surveys.answer_sheets import SheetPlan, SheetRefused, get_sheet_plan, keep_sheet, save_sheet
from surveys.enums import CycleStatus
from surveys.models import Answer, AnswerChange, AnswerSheet, Assignment, Audit, Cycle
from surveys.reach import EVERYTHING, Given, Reach
from surveys.tick import run_due
from surveys.workflow import NotInThisState, open_audit, save_answers
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import (
    PLAIN_REASON,
    WITH_NOTES,
    address,
    enter,
    make_draft,
    make_submitted,
    summary_of,
)
from tests.surveys.elsewheres import make_audit_there, make_place_here
from tests.trails import lifted

SignIn = Callable[[User], Client]
Fill = Callable[[Worksheet], object]


def open_sheet(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def write(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def row_of(sheet: Worksheet, code: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == code)


def put(sheet: Worksheet, code: str, **values: object) -> None:
    """put(sheet, "A1.1", score=2, commentary="…") as a person types it."""
    titles = {"score": SCORE, "reason": REASON, "commentary": COMMENTARY, "holds": HOLDS, "version": VERSION}
    for name, value in values.items():
        cell = sheet.cell(row_of(sheet, code), PLACES[titles[name]] + 1)
        cell.value = value  # type: ignore[assignment]


def fill(audit: Audit, *fills: Fill, reach: Reach = EVERYTHING) -> bytes:
    """The audit's answer sheet, filled in."""
    book = open_sheet(make_answer_sheet(audit, reach))
    for one in fills:
        one(book["Answers"])
    return write(book)


def upload(content: bytes, name: str = "answers.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def keep(audit: Audit, by: User, *fills: Fill) -> AnswerSheet:
    return keep_sheet(audit=audit, file=upload(fill(audit, *fills)), by=by)


def plan_of(audit: Audit, sheet: AnswerSheet, reach: Reach = EVERYTHING) -> SheetPlan:
    return get_sheet_plan(audit, sheet, reach)


def codes(changes: Iterable[Any]) -> list[str]:
    return [change.indicator.code for change in changes]


def save(audit: Audit, sheet: AnswerSheet, by: User, *replacing: str, reach: Reach = EVERYTHING) -> int:
    plan = plan_of(audit, sheet, reach)
    chosen = [one.indicator.pk for one in plan.conflicts if one.indicator.code in replacing]
    return save_sheet(audit=audit, sheet=sheet, reach=reach, seen=plan.fingerprint, replacing=chosen, by=by)


def answer_to(audit: Audit, code: str) -> tuple[int | None, str, str]:
    found = audit.answers.get(indicator__code=code)
    return (found.score, found.not_applicable_reason, found.commentary)


@pytest.fixture
def draft(cast: Cast) -> Audit:
    audit = make_draft(cast, {"A1.1": 2, "A1.2": WITH_NOTES, "A2.1": 0})
    audit.answers.filter(indicator__code="A1.1").update(commentary="Seen in ten files")
    return Audit.objects.with_place().get(pk=audit.pk)


# The file that is downloaded


def test_the_sheet_holds_what_is_there_and_guides(draft: Audit) -> None:
    book = open_sheet(make_answer_sheet(draft, EVERYTHING))
    assert book.sheetnames == ["How to", "Answers", "s11"]
    assert book["s11"].sheet_state == "hidden"
    sheet = book["Answers"]
    row = row_of(sheet, "A1.1")
    values = [cell.value for cell in sheet[row]]
    assert values[:6] == [
        "A1.1",
        "Statement A1.1 (critical)",
        "0 No progress: Nothing.\n1 Working towards: Some.\n2 Achieved: All.",
        2,
        None,
        "Seen in ten files",
    ]
    assert values[7:] == ["What to look at.", "key-a1-1", 1]
    assert [sheet.cell(row_of(sheet, "A1.2"), place).value for place in (4, 5)] == [
        "Not applicable",
        WITH_NOTES,
    ]
    assert sheet.column_dimensions["I"].hidden
    assert sheet.protection.sheet
    locked = {column: sheet[f"{column}{row}"].protection.locked for column in "ABCDEFGHIJ"}
    assert [column for column, is_locked in locked.items() if not is_locked] == ["D", "E", "F"]
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert lists[f"D{row}"] == '"0,1,2,Not applicable"'
    assert lists[f"E{row}"] == "'s11'!$C$1:$C$2"
    assert book.properties.language == "en-GB"


def test_it_asks_whether_last_year_s_answers_still_hold(draft: Audit) -> None:
    draft.answers.filter(indicator__code="A1.1").update(confirmed=False)
    sheet = open_sheet(make_answer_sheet(draft, EVERYTHING))["Answers"]
    assert not sheet.column_dimensions["G"].hidden
    assert not sheet[f"G{row_of(sheet, 'A1.1')}"].protection.locked
    assert sheet[f"G{row_of(sheet, 'A2.1')}"].protection.locked


def test_it_holds_what_the_person_may_answer(draft: Audit) -> None:
    indicator = draft.questionnaire.indicators.get(code="A2.2")
    reach = Reach(given=Given(indicators=frozenset({indicator.pk})))
    sheet = open_sheet(make_answer_sheet(draft, reach))["Answers"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["A2 Standard A2", "A2.2"]


def test_an_indicator_that_always_applies_has_no_other_choice(draft: Audit) -> None:
    draft.questionnaire.indicators.filter(code="A1.1").update(may_be_not_applicable=False)
    sheet = open_sheet(make_answer_sheet(draft, EVERYTHING))["Answers"]
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    row = row_of(sheet, "A1.1")
    assert lists[f"D{row}"] == '"0,1,2"'
    assert f"E{row}" not in lists


# There and back


def test_a_sheet_that_nobody_filled_in_changes_nothing(draft: Audit, cast: Cast) -> None:
    sheet = keep_sheet(audit=draft, file=upload(make_answer_sheet(draft, EVERYTHING)), by=cast.lead)
    plan = plan_of(draft, sheet)
    assert (plan.changes, plan.conflicts, plan.left_out, plan.problems) == ((), (), (), ())
    assert (plan.same, plan.absent) == (4, 0)


def test_what_was_filled_in_is_shown_and_then_saved(draft: Audit, cast: Cast) -> None:
    sheet = keep(
        draft,
        cast.contributor,
        lambda it: put(it, "A1.1", score=1, commentary="Two lines\nnow"),
        lambda it: put(it, "A1.2", score="2", reason=None),
        lambda it: put(it, "A2.1", score="n/a", reason="  it does NOT do this "),
        lambda it: put(it, "A2.2", score="Working towards", commentary=2026),
    )
    plan = plan_of(draft, sheet)
    assert codes(plan.changes) == ["A1.1", "A1.2", "A2.1", "A2.2"]
    assert plan.problems == ()
    assert not AnswerChange.objects.exists()
    assert save(draft, sheet, cast.contributor) == 4
    assert answer_to(draft, "A1.1") == (1, "", "Two lines\nnow")
    assert answer_to(draft, "A1.2") == (2, "", "")
    assert answer_to(draft, "A2.1") == (None, PLAIN_REASON, "")
    assert answer_to(draft, "A2.2") == (1, "", "2026")
    change = AnswerChange.objects.get(answer__indicator__code="A1.1")
    assert (change.by, change.version, change.score_before, change.commentary_before) == (
        cast.contributor,
        2,
        2,
        "Seen in ten files",
    )
    assert not AnswerSheet.objects.exists()


def test_a_cell_that_was_emptied_empties_the_answer(draft: Audit, cast: Cast) -> None:
    sheet = keep(draft, cast.lead, lambda it: put(it, "A1.1", score=None, commentary=None))
    (change,) = plan_of(draft, sheet).changes
    assert change.is_emptied
    save(draft, sheet, cast.lead)
    assert answer_to(draft, "A1.1") == (None, "", "")


def test_rows_that_are_sorted_deleted_or_added_find_their_answers(draft: Audit, cast: Cast) -> None:
    def shuffle(sheet: Worksheet) -> None:
        put(sheet, "A2.2", score=2)
        put(sheet, "A1.1", score=0)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        sheet.delete_rows(2, len(rows))
        kept = [row for row in reversed(rows) if row[0] not in {"A1.2", "A2.1"}]
        sheet.append(["My own notes"])
        for row in kept:
            sheet.append(row)

    plan = plan_of(draft, keep(draft, cast.lead, shuffle))
    assert codes(plan.changes) == ["A1.1", "A2.2"]
    assert (plan.problems, plan.absent) == ((), 2)


def test_columns_that_were_moved_are_found_by_their_titles(draft: Audit, cast: Cast) -> None:
    def move(sheet: Worksheet) -> None:
        put(sheet, "A2.2", score=2, commentary="Moved")
        sheet.insert_cols(2, 3)
        sheet.insert_rows(1, 5)

    (change,) = plan_of(draft, keep(draft, cast.lead, move)).changes
    assert (change.file.score, change.file.commentary) == (2, "Moved")


def test_a_text_that_looks_like_a_formula_comes_back_as_it_was(draft: Audit, cast: Cast) -> None:
    draft.answers.filter(indicator__code="A1.1").update(commentary="=see policy 4")
    file = upload(make_answer_sheet(draft, EVERYTHING))
    assert plan_of(draft, keep_sheet(audit=draft, file=file, by=cast.lead)).changes == ()


def test_a_commentary_too_long_for_a_cell_stays(draft: Audit, cast: Cast) -> None:
    draft.answers.filter(indicator__code="A1.1").update(commentary="😀" * 20_000)
    sheet = keep(draft, cast.lead, lambda it: put(it, "A1.1", score=0))
    assert TOO_LONG in [
        cell.value for cell in open_sheet(make_answer_sheet(draft, EVERYTHING))["Answers"]["F"]
    ]
    save(draft, sheet, cast.lead)
    assert answer_to(draft, "A1.1") == (0, "", "😀" * 20_000)


def test_twenty_thousand_characters_come_back(draft: Audit, cast: Cast) -> None:
    text = "Words that go on. " * 1_111
    sheet = keep(draft, cast.lead, lambda it: put(it, "A2.2", commentary=text))
    save(draft, sheet, cast.lead)
    assert answer_to(draft, "A2.2")[2] == text


@given(text=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="_\0\r"), max_size=60))
@example(text="\x01 and \ufffe and \uffff")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_commentary_goes_there_and_back_unchanged(draft: Audit, cast: Cast, text: str) -> None:
    commentary = text if text.strip() else ""
    draft.answers.filter(indicator__code="A1.1").update(commentary=commentary)
    file = upload(make_answer_sheet(draft, EVERYTHING))
    plan = plan_of(draft, keep_sheet(audit=draft, file=file, by=cast.lead))
    assert (plan.changes, plan.conflicts, plan.problems) == ((), (), ())


# Last year's answers


def test_yes_confirms_and_silence_does_not(draft: Audit, cast: Cast) -> None:
    draft.answers.filter(indicator__code__in=["A1.1", "A2.1"]).update(confirmed=False)
    sheet = keep(draft, cast.lead, lambda it: put(it, "A1.1", holds="yes"))
    (change,) = plan_of(draft, sheet).changes
    assert change.says_the_same
    save(draft, sheet, cast.lead)
    confirmed = dict(draft.answers.values_list("indicator__code", "confirmed"))
    assert confirmed == {"A1.1": True, "A1.2": True, "A2.1": False}


# What others changed meanwhile


def change_meanwhile(audit: Audit, code: str, by: User, score: int = 0, commentary: str = "Theirs") -> None:
    seen = audit.answers.filter(indicator__code=code).values_list("version", flat=True).first() or 0
    one = enter(audit, code, score, commentary=commentary, seen=seen)
    assert save_answers(audit=audit, entered=[one], by=by) == []


def test_a_newer_answer_is_replaced_only_on_purpose(draft: Audit, cast: Cast) -> None:
    content = fill(
        draft, lambda it: put(it, "A1.1", score=1), lambda it: put(it, "A2.2", score=2, commentary="Mine")
    )
    change_meanwhile(draft, "A1.1", cast.contributor)
    change_meanwhile(draft, "A2.2", cast.contributor)
    for replacing, expected in ((("A2.2",), (2, "", "Mine")), ((), (0, "", "Theirs"))):
        sheet = keep_sheet(audit=draft, file=upload(content), by=cast.lead)
        plan = plan_of(draft, sheet)
        assert plan.changes == ()
        if replacing:
            assert codes(plan.conflicts) == ["A1.1", "A2.2"]
            assert save(draft, sheet, cast.lead, *replacing) == 1
            assert answer_to(draft, "A2.2") == expected
            assert answer_to(draft, "A1.1") == (0, "", "Theirs")


def test_what_the_person_left_alone_is_no_conflict(draft: Audit, cast: Cast) -> None:
    content = fill(draft, lambda it: put(it, "A2.2", score=2))
    change_meanwhile(draft, "A1.1", cast.contributor)
    plan = plan_of(draft, keep_sheet(audit=draft, file=upload(content), by=cast.lead))
    assert (codes(plan.changes), plan.conflicts, plan.same) == (["A2.2"], (), 3)


def test_what_came_from_elsewhere_and_was_left_alone_is_no_conflict(cast: Cast) -> None:
    """The trail leaves out what it said before somebody confirmed it; the file holds it all the same."""
    there = make_audit_there(cast)
    audit = open_audit(invitee=make_place_here(cast), by=cast.lead, elsewhere=there)
    audit = Audit.objects.with_place().get(pk=audit.pk)
    content = fill(audit, lambda it: put(it, "A2.2", score=0))
    for code in ("A1.1", "A2.2"):
        change_meanwhile(audit, code, cast.contributor, score=1)
    plan = plan_of(audit, keep_sheet(audit=audit, file=upload(content), by=cast.lead))
    assert (codes(plan.changes), codes(plan.conflicts), plan.same) == ([], ["A2.2"], 3)


def test_two_who_say_the_same_are_at_one(draft: Audit, cast: Cast) -> None:
    content = fill(draft, lambda it: put(it, "A2.2", score=0, commentary="Theirs"))
    change_meanwhile(draft, "A2.2", cast.contributor)
    plan = plan_of(draft, keep_sheet(audit=draft, file=upload(content), by=cast.lead))
    assert (plan.changes, plan.conflicts) == ((), ())


def test_without_its_version_whatever_is_there_is_a_conflict(draft: Audit, cast: Cast) -> None:
    """A person who has unprotected the sheet and deleted the hidden columns."""

    def strip(sheet: Worksheet) -> None:
        put(sheet, "A1.1", score=0)
        put(sheet, "A2.2", score=1)
        put(sheet, "A2.1", score=None)
        sheet.delete_cols(PLACES[KEY] + 1, 2)

    plan = plan_of(draft, keep(draft, cast.lead, strip))
    assert codes(plan.conflicts) == ["A1.1"]
    assert codes(plan.changes) == ["A2.2"]
    assert plan.absent == 1, "an empty row without its version says nothing"


def test_nothing_is_saved_that_the_person_has_not_seen(draft: Audit, cast: Cast) -> None:
    sheet = keep(draft, cast.lead, lambda it: put(it, "A1.1", score=1), lambda it: put(it, "A2.2", score=2))
    seen = plan_of(draft, sheet).fingerprint
    change_meanwhile(draft, "A2.2", cast.contributor)
    with pytest.raises(NotInThisState, match="Somebody has changed the audit"):
        save_sheet(audit=draft, sheet=sheet, reach=EVERYTHING, seen=seen, replacing=(), by=cast.lead)
    assert answer_to(draft, "A1.1") == (2, "", "Seen in ten files")
    assert AnswerSheet.objects.exists()


def test_a_sheet_is_saved_once(draft: Audit, cast: Cast) -> None:
    sheet = keep(draft, cast.lead, lambda it: put(it, "A1.1", score=1))
    seen = plan_of(draft, sheet).fingerprint
    again = AnswerSheet.objects.get(pk=sheet.pk)
    save(draft, sheet, cast.lead)
    with pytest.raises(NotInThisState, match="saved already"):
        save_sheet(audit=draft, sheet=again, reach=EVERYTHING, seen=seen, replacing=(), by=cast.lead)
    assert AnswerChange.objects.count() == 1


def test_nothing_is_saved_once_the_cycle_is_closed(draft: Audit, cast: Cast) -> None:
    sheet = keep(draft, cast.lead, lambda it: put(it, "A1.1", score=1))
    Cycle.objects.update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    with pytest.raises(NotInThisState, match="closed now"):
        save(draft, sheet, cast.lead)


# What the person may answer


def test_what_is_another_s_is_left_out_and_said(draft: Audit, cast: Cast) -> None:
    indicator = draft.questionnaire.indicators.get(code="A1.1")
    reach = Reach(given=Given(indicators=frozenset({indicator.pk})))
    sheet = keep(
        draft, cast.contributor, lambda it: put(it, "A1.1", score=1), lambda it: put(it, "A2.2", score=1)
    )
    plan = plan_of(draft, sheet, reach)
    assert codes(plan.changes) == ["A1.1"]
    assert [one.why for one in plan.left_out] == [
        "A2.2 is not assigned to you. Ask your lead if that is wrong."
    ]
    assert save(draft, sheet, cast.contributor, reach=reach) == 1
    assert not draft.answers.filter(indicator__code="A2.2").exists()


def test_a_return_opens_what_it_opens(cast: Cast) -> None:
    audit = make_submitted(cast)
    everything = make_answer_sheet(audit, EVERYTHING)
    factories.make_correction(audit, "A1.1")
    reach = Reach(opened=frozenset({audit.questionnaire.indicators.get(code="A1.1").pk}))
    sheet = open_sheet(make_answer_sheet(audit, reach))["Answers"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["A1 Standard A1", "A1.1"]
    book = open_sheet(everything)
    put(book["Answers"], "A1.1", score=0)
    put(book["Answers"], "A1.2", score=0)
    kept = keep_sheet(audit=audit, file=upload(write(book)), by=cast.lead)
    plan = plan_of(audit, kept, reach)
    assert codes(plan.changes) == ["A1.1"]
    assert codes(plan.left_out) == ["A1.2"]


def test_what_is_not_asked_any_more_is_left_out(draft: Audit, cast: Cast) -> None:
    sheet = keep(draft, cast.lead, lambda it: put(it, "A2.2", score=1))
    draft.questionnaire.indicators.filter(code="A2.2").update(applies_if={"P1": "12"})
    (left_out,) = plan_of(draft, sheet).left_out
    assert left_out.why.startswith("A2.2 is not asked of you")


def test_another_audit_s_sheet_is_refused(draft: Audit, cast: Cast) -> None:
    theirs = Audit.objects.with_place().get(invitee__organisation=cast.other_organisation)
    with pytest.raises(SheetRefused, match="of another audit \\(Beacon Homes: Audit 2026\\)"):
        keep_sheet(audit=draft, file=upload(make_answer_sheet(theirs, EVERYTHING)), by=cast.lead)


# The pages


def test_the_journey(draft: Audit, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    assert address("audit_sheet") in client.get(address("audit")).text
    response = client.get(address("audit_sheet_file"))
    assert response.headers["Content-Disposition"].startswith(
        'attachment; filename="anchor-trust-audit-2026-answer-sheet-'
    )
    book = open_sheet(response.content)
    put(book["Answers"], "A1.1", score=0, commentary="From <the> file")
    put(book["Answers"], "A2.1", score=7)
    change_meanwhile(draft, "A2.2", cast.contributor)
    put(book["Answers"], "A2.2", score=2)
    response = client.post(address("audit_sheet"), {"file": upload(write(book))})
    sheet = AnswerSheet.objects.get()
    check = address("audit_sheet_check", sheet=sheet.pk)
    assert response.headers["Location"] == check
    page = client.get(check).text
    for words in (
        "1 cell to put right",
        f"Answers!D{row_of(book['Answers'], 'A2.1')}: ‘7’ is not a score: choose 0, 1, 2 or Not applicable.",
        "1 answer to save",
        "From &lt;the&gt; file",
        "1 answer changed here since you downloaded the file",
        "contributor@anchor.example",
    ):
        assert words in page
    assert "is not saved yet" in client.get(address("audit_sheet")).text
    plan = plan_of(draft, sheet)
    response = client.post(check, {"seen": plan.fingerprint})
    assert summary_of(response.text) == [("#id_A2.2-choice", "A2.2: choose which answer is right")]
    response = client.post(check, {"seen": plan.fingerprint, "A2.2-choice": "theirs"}, follow=True)
    assert "1 answer saved from ‘answers.xlsx’." in response.text
    assert answer_to(draft, "A1.1") == (0, "", "From <the> file")
    assert answer_to(draft, "A2.2") == (0, "", "Theirs")
    assert "no longer kept" in client.get(check, follow=True).text


def test_a_page_that_is_old_shows_what_would_change_now(draft: Audit, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    sheet = keep(draft, cast.lead, lambda it: put(it, "A1.1", score=1))
    check = address("audit_sheet_check", sheet=sheet.pk)
    seen = plan_of(draft, sheet).fingerprint
    draft.answers.filter(indicator__code="A1.1").update(version=2)
    with lifted(AnswerChange):
        AnswerChange.objects.all().delete()
    response = client.post(check, {"seen": seen})
    assert summary_of(response.text) == [("#id_A1.1-choice", "A1.1: choose which answer is right")]
    response = client.post(check, {"seen": seen, "A1.1-choice": "mine"}, follow=True)
    assert "Somebody has changed the audit since you opened this page" in response.text
    assert answer_to(draft, "A1.1")[0] == 2
    response = client.post(check, {"seen": plan_of(draft, sheet).fingerprint, "A1.1-choice": "mine"})
    assert answer_to(draft, "A1.1")[0] == 1


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("answers.xlsx", b""), "‘answers.xlsx’ is empty"),
        (("answers.xlsx", b"PK\x03\x04 and no more"), "is damaged"),
        (("answers.csv", b"A,B\n1,2\n"), "is not an Excel workbook"),
        (("answers.pdf", b"%PDF-1.7\n%%EOF"), "is not an Excel workbook"),
        (("answers.pdf", b"No PDF"), "Upload the answer sheet that you downloaded here, an .xlsx file."),
        (
            ("answers.xlsx", b"No workbook"),
            "Upload the answer sheet that you downloaded here, an .xlsx file.",
        ),
        (("answers.exe", b"MZ\x00\x01\x02"), "Upload the answer sheet that you downloaded here"),
    ],
)
def test_a_file_that_is_no_workbook_is_said(
    draft: Audit, cast: Cast, sign_in: SignIn, file: tuple[str, bytes], words: str
) -> None:
    name, content = file
    response = sign_in(cast.lead).post(address("audit_sheet"), {"file": upload(content, name)})
    assert response.status_code == 422
    ((_, said),) = summary_of(response.text)
    assert words in said
    assert not AnswerSheet.objects.exists()


def test_no_file_is_said(draft: Audit, cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.lead).post(address("audit_sheet"), {})
    assert summary_of(response.text) == [("#id_file", "Choose your answer sheet")]


def test_nobody_sees_another_s_upload(draft: Audit, cast: Cast, sign_in: SignIn) -> None:
    sheet = keep(draft, cast.lead, lambda it: put(it, "A1.1", commentary="Not shown to others"))
    check = address("audit_sheet_check", sheet=sheet.pk)
    assert sign_in(cast.contributor).get(check).status_code == 302
    for person, status in (
        (cast.viewer, 403),
        (cast.signatory, 403),
        (cast.stranger, 404),
        (cast.administrator, 404),
        (cast.outsider, 404),
    ):
        client = sign_in(person)
        addresses = (check, address("audit_sheet"), address("audit_sheet_file"))
        assert {client.get(one).status_code for one in addresses} == {status}


def test_an_upload_is_kept_for_a_day_and_replaced_by_the_next(draft: Audit, cast: Cast) -> None:
    first = keep(draft, cast.lead, lambda it: put(it, "A1.1", score=1))
    theirs = keep(draft, cast.contributor)
    second = keep(draft, cast.lead)
    assert set(AnswerSheet.objects.all()) == {theirs, second}
    assert first not in AnswerSheet.objects.of(cast.lead, draft)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        assert not AnswerSheet.objects.of(cast.lead, draft).exists()
        keep(draft, cast.contributor)
        assert AnswerSheet.objects.count() == 1, "what has expired is deleted at the next upload"
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=50)):
        run_due(timezone.now())
        assert not AnswerSheet.objects.exists(), "and by the clock"


def test_nobody_waits_for_a_lock_while_a_file_is_read(
    draft: Audit, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    depths = []

    def read_and_look(sheet: Any, bank: Any) -> Any:
        depths.append(len(connection.savepoint_ids))
        return read_entries(sheet, bank)

    monkeypatch.setattr(answer_sheets, "read_entries", read_and_look)
    keep(draft, cast.lead)
    assert depths == [0], "no transaction within the test's own"


def test_a_sheet_cannot_be_saved_in_a_submitted_audit(cast: Cast, sign_in: SignIn) -> None:
    make_submitted(cast)
    client = sign_in(cast.lead)
    assert client.get(address("audit_sheet")).status_code == 403
    assert address("audit_sheet") not in client.get(address("audit")).text


def test_a_contributor_gets_their_part(draft: Audit, cast: Cast, sign_in: SignIn) -> None:
    standard = draft.questionnaire.standards.get(code="A2")
    Assignment.objects.create(audit=draft, user=cast.contributor, standard=standard)
    client = sign_in(cast.contributor)
    assert "what is assigned to you" in client.get(address("audit_sheet")).text
    sheet = open_sheet(client.get(address("audit_sheet_file")).content)["Answers"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["A2 Standard A2", "A2.1", "A2.2"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    draft: Audit, cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    changed = ["A1.1", "A2.1", "A2.2"][:rows]
    content = fill(draft, *(lambda it, code=code: put(it, code, score=1) for code in changed))
    for code in changed:
        change_meanwhile(draft, code, cast.contributor, score=2)
    sheet = keep_sheet(audit=draft, file=upload(content), by=cast.lead)
    fresh = Audit.objects.with_place().get(pk=draft.pk)
    with django_assert_num_queries(7):
        plan = get_sheet_plan(fresh, sheet, EVERYTHING)
    assert codes(plan.conflicts) == changed
    with django_assert_num_queries(4):
        make_answer_sheet(fresh, EVERYTHING)


def test_answers_that_nobody_gave_are_no_rows(draft: Audit, cast: Cast) -> None:
    sheet = keep(draft, cast.lead, lambda it: put(it, "A1.1", score=1))
    save(draft, sheet, cast.lead)
    assert not Answer.objects.filter(audit=draft, indicator__code="A2.2").exists()
