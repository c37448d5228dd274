"""An administrator takes the organisations out as a workbook, changes two cells, and brings them back."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from s11.organisations.models import Participation
from surveys.models import TableUpload
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast


def download(page: Page) -> openpyxl.Workbook:
    page.get_by_role("link", name="Import and export").click()
    expect_heading(page, "Import and export")
    check_page(page)
    page.get_by_role("link", name="Organisations", exact=True).last.click()
    expect_heading(page, "Organisations")
    check_page(page)
    with page.expect_download() as found:
        page.get_by_role("link", name=re.compile(r"Download organisations \(Excel")).click()
    assert found.value.suggested_filename.startswith("organisations-")
    return openpyxl.load_workbook(io.BytesIO(found.value.path().read_bytes()))


def put(book: openpyxl.Workbook, name: str, heading: str, value: str) -> None:
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    names = [row[headings.index("Name")].value for row in sheet.iter_rows(min_row=2)]
    sheet.cell(names.index(name) + 2, headings.index(heading) + 1).value = value


def upload(page: Page, book: openpyxl.Workbook, file: Path) -> None:
    book.save(file)
    page.get_by_label("The changed file").set_input_files(file)
    page.get_by_role("button", name="See what it changes").click()


def refuse_notes(page: Page) -> None:
    notes = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"My notes"}
    page.get_by_label("The changed file").set_input_files(notes)  # type: ignore[arg-type]
    page.get_by_role("button", name="See what it changes").click()
    expect(page.get_by_role("alert")).to_contain_text("lacks the column Key")
    check_page(page)


def upload_faults(page: Page, book: openpyxl.Workbook, file: Path) -> None:
    """A wrong word, then a formula: each is said, and nothing can be saved."""
    put(book, "Anchor Trust", "Statutory", "perhaps")
    upload(page, book, file)
    expect_heading(page, "What the file would change")
    expect(page.get_by_text('"perhaps" is not yes or no; write yes or no.')).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    check_page(page)
    page.get_by_role("link", name="Upload another file instead").click()
    expect_heading(page, "Organisations")
    put(book, "Anchor Trust", "Statutory", "no")
    put(book, "Dŵr Mawr School", "Name here", "=Big Water")
    upload(page, book, file)
    expect_heading(page, "What the file would change")
    expect(page.get_by_text("it is a formula; write its value instead")).to_be_visible()
    page.get_by_role("link", name="Upload another file instead").click()
    expect_heading(page, "Organisations")


def look(page: Page) -> None:
    """What changes, then what a file may not change."""
    expect_heading(page, "What the file would change")
    expect(page.get_by_text("3 rows in the file: 2 to change, 1 that a file may not change.")).to_be_visible()
    expect(page.get_by_text("Big Water")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="1 row that a file may not change").click()
    expect(page.get_by_text("it has a lead, who changes its name")).to_be_visible()
    check_page(page)


def test_an_administrator_changes_two_cells(page: Page, sign_in: SignIn, cast: Cast, tmp_path: Path) -> None:
    factories.make_organisation("Dŵr Mawr School", slug="dwr", partnership=cast.partnership)
    sign_in(page, cast.administrator)
    page.goto("/p/harbour/desk/organisations/")
    book = download(page)
    refuse_notes(page)
    put(book, "Beacon Homes", "Name", "Beacon House")
    upload_faults(page, book, tmp_path / "organisations.xlsx")
    put(book, "Dŵr Mawr School", "Name here", "Big Water")
    upload(page, book, tmp_path / "organisations.xlsx")
    look(page)
    page.get_by_role("button", name="Save 2 rows").click()
    expect_heading(page, "What the file has changed")
    check_page(page)
    here = Participation.objects.filter(partnership=cast.partnership)
    assert here.get(organisation__slug="dwr").local_name == "Big Water"
    assert not here.get(organisation=cast.organisation).is_statutory
    assert TableUpload.objects.get().is_saved
    page.goto("/p/harbour/desk/organisations/")
    expect(page.get_by_role("link", name="Big Water")).to_be_visible()
