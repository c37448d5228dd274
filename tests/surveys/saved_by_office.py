"""What LibreOffice makes of our workbooks: `make office` runs this, and no other command collects it.

It needs `soffice` on the path. With KEEP_OFFICE_FILE=<path> the answer sheet that LibreOffice saved is written there:
tests/surveys/data/answer_sheet_libreoffice.xlsx is one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from surveys.answer_sheet_workbooks import make_answer_sheet
from surveys.answer_sheets import keep_sheet
from surveys.audit_workbooks import make_audit_workbook
from surveys.models import Audit
from surveys.reach import EVERYTHING
from tests.conftest import Cast
from tests.surveys.office_sheets import check_is_saved, fill_in, make_office_draft
from tests.surveys.test_answer_sheets import open_sheet, row_of, upload, write

FORMATS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods"}


def save_again(folder: Path, content: bytes, *endings: str) -> bytes:
    """Opened and saved by LibreOffice in each of these formats, one after the other."""
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is not installed: apt-get install libreoffice-calc"
    file = folder / "answers.xlsx"
    file.write_bytes(content)
    for number, ending in enumerate(endings):
        saved = folder / str(number)
        command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        subprocess.run(
            [*command, "--convert-to", FORMATS[ending], "--outdir", str(saved), str(file)],
            check=True,
            capture_output=True,
            timeout=180,
        )
        file = saved / f"answers.{ending}"
    return file.read_bytes()


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return make_office_draft(cast)


@pytest.mark.parametrize("endings", [("xlsx",), ("ods", "xlsx")])
def test_an_answer_sheet_that_libreoffice_saved_is_taken_in(
    audit: Audit, cast: Cast, tmp_path: Path, endings: tuple[str, ...]
) -> None:
    book = open_sheet(make_answer_sheet(audit, EVERYTHING))
    fill_in(book["Answers"])
    saved = save_again(tmp_path, write(book), *endings)
    if keep := os.environ.get("KEEP_OFFICE_FILE"):
        Path(keep).write_bytes(saved)
    check_is_saved(audit, keep_sheet(audit=audit, file=upload(saved), by=cast.lead), cast.lead)


def test_what_guides_and_protects_outlives_libreoffice(audit: Audit, tmp_path: Path) -> None:
    book = open_sheet(save_again(tmp_path, make_answer_sheet(audit, EVERYTHING), "xlsx"))
    sheet = book["Answers"]
    row = row_of(sheet, "A1.1")
    assert book["s11"].sheet_state == "hidden"
    assert sheet.protection.sheet
    assert not sheet[f"D{row}"].protection.locked
    assert sheet[f"A{row}"].protection.locked
    assert {"list"} == {one.type for one in sheet.data_validations.dataValidation}
    assert sheet.column_dimensions["I"].hidden


def test_the_copy_of_an_audit_says_the_same_in_libreoffice(audit: Audit, tmp_path: Path) -> None:
    content = make_audit_workbook(audit, None)
    ours, theirs = open_sheet(content), open_sheet(save_again(tmp_path, content, "xlsx"))
    assert ours.sheetnames == theirs.sheetnames
    for name in ours.sheetnames:
        assert read(theirs, name) == read(ours, name)


def read(book: openpyxl.Workbook, name: str) -> list[list[str]]:
    """The words of each row, without the empty cells that one program writes and the other does not."""
    rows = [[str(cell) for cell in row if cell is not None] for row in book[name].iter_rows(values_only=True)]
    return [row for row in rows if row]
