"""An administrator loads the schools' register: sees what it would change, applies it, and loads it again."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Page, expect

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast
from tests.organisations.register_files import SAMPLE

SHOW = "Show what it would change"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_register_is_loaded(page: Page, sign_in: SignIn, cast: Cast) -> None:
    factories.make_organisation("School 7", variant=Variant.SCHOOL, partnership=cast.partnership)
    sign_in(page, cast.administrator)
    page.goto("/p/harbour/desk/organisations/")
    page.get_by_role("link", name="Load a national register").click()
    expect_heading(page, "Load a national register")
    page.get_by_label("The file", exact=True).set_input_files(SAMPLE)
    press(page, SHOW)
    expect(page.get_by_role("alert")).to_contain_text("Write your local authority")
    check_page(page)
    choose_file(page)
    decide_and_apply(page)
    look_at_them(page)
    load_again(page)
    choose_columns(page)
    assert Organisation.objects.exclude(urn="").count() == 60


def choose_file(page: Page) -> None:
    page.get_by_label("The file", exact=True).set_input_files(SAMPLE)
    page.get_by_label("Local authority", exact=False).fill("Test LA Name")
    press(page, SHOW)
    expect_heading(page, "What the file would change")
    expect(page.get_by_role("row", name=re.compile("130006"))).to_contain_text("‘School 7’ has no URN")
    check_page(page)
    page.get_by_role("link", name="new", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("130000"))).to_contain_text("as part of trust name 1")


def decide_and_apply(page: Page) -> None:
    press(page, "Apply")
    expect(page.get_by_role("alert")).to_contain_text("Choose what the organisations are that look the same")
    page.get_by_label("1 of them is the same: give them the register’s URN").check()
    press(page, "Apply")
    expect_heading(page, "What the file changed")
    check_page(page)


def look_at_them(page: Page) -> None:
    page.get_by_role("button", name="Go to your organisations").click()
    expect_heading(page, "Organisations")
    page.get_by_label("Name or identifier").fill("130006")
    press(page, "Search")
    page.get_by_role("link", name="School 7", exact=True).click()
    expect_heading(page, "School 7")
    press(page, "Add trust name 7 to your list")
    expect_heading(page, "trust name 7")
    check_page(page)


def load_again(page: Page) -> None:
    page.goto("/p/harbour/desk/organisations/registers/")
    page.get_by_label("The file", exact=True).set_input_files(SAMPLE)
    expect(page.get_by_label("Local authority", exact=False)).to_have_value("Test LA Name")
    press(page, SHOW)
    expect_heading(page, "What the file would change")
    expect(
        page.get_by_text("There is nothing to change: everything is as the register says.")
    ).to_be_visible()
    expect(page.get_by_role("button", name="Apply")).to_have_count(0)
    press(page, "Discard the file")
    expect_heading(page, "Load a national register")


def choose_columns(page: Page) -> None:
    page.get_by_label("NHS Organisation Data Service").check()
    content = b"Org,Title\nRJ1,Harbour NHS Trust\n"
    file = FilePayload(name="trusts.csv", mimeType="text/csv", buffer=content)
    page.get_by_label("The file", exact=True).set_input_files(file)
    page.get_by_label("Local authority", exact=False).fill("")
    press(page, SHOW)
    expect_heading(page, "Choose the columns")
    press(page, SHOW)
    expect(page.get_by_role("alert")).to_contain_text("Choose the column that holds the ODS code")
    check_page(page)
    page.get_by_label("ODS code of the organisation").select_option("Org")
    page.get_by_label("Name", exact=True).select_option("Title: Harbour NHS Trust")
    press(page, SHOW)
    expect_heading(page, "What the file would change")
    press(page, "Apply")
    expect_heading(page, "What the file changed")
