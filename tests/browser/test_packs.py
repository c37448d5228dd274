"""A pack from the rules to paper: an officer works on its lines, a member adds a question, agency and link read it."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import Page, expect

from accountability.models import Meeting
from tests.accountability.pack_world import add_sector, make_pack_world, make_past, moderate
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.conftest import Cast

ROUND = "/p/harbour/desk/meetings/2026/"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_pack_is_worked_on_and_read(new_page: NewPage, sign_in: SignIn, cast: Cast) -> None:
    world = make_pack_world(cast)
    moderate(world, cast)
    make_past(world, cast)
    add_sector(world, cast, 4)
    officer = new_page(DESKTOP)
    sign_in(officer, cast.quality_officer)
    work_on_lines(officer)
    member = new_page(PHONE, script=False)
    sign_in(member, cast.panel_member)
    ask_privately(member)
    lead = new_page(PHONE)
    sign_in(lead, cast.lead)
    read_own(lead)
    assert Meeting.objects.filter(pack_prepared_at__lte=timezone.now()).count() == 1
    by_link(new_page(PHONE, script=False), f"/t/{world.contact.get_link_token()}/packs/")


def work_on_lines(page: Page) -> None:
    page.goto(ROUND)
    expect_heading(page, "Audit 2026: meetings")
    page.get_by_role("link", name="Packs").click()
    expect_heading(page, "Packs")
    check_page(page)
    page.get_by_role("link", name="Anchor Trust").click()
    expect_heading(page, "Anchor Trust")
    press(page, "Suggest lines of enquiry")
    expect(page.get_by_text("The rules were asked again")).to_be_visible()
    press(page, "Drop line 2")
    expect(page.get_by_text("The line is dropped")).to_be_visible()
    page.get_by_role("button", name="Add a line of enquiry").click()
    expect_heading(page, "Add a line of enquiry")
    check_page(page)
    page.get_by_label("What should the panel ask?").fill("And the boats?")
    page.get_by_label("Why").fill("They are old.")
    press(page, "Save")
    expect(page.get_by_text("The line of enquiry is added.")).to_be_visible()
    expect(page.get_by_text("They are old.")).to_be_visible()
    check_page(page)


def ask_privately(page: Page) -> None:
    page.goto(f"{ROUND}anchor/pack/")
    expect_heading(page, "Anchor Trust")
    page.get_by_role("button", name="Add a question of your own").click()
    expect_heading(page, "Add a question of your own")
    page.get_by_label("Your question").fill("Who told the board?")
    press(page, "Save")
    expect(page.get_by_text("Your question is added. Nobody else sees it.")).to_be_visible()
    check_page(page)


def read_own(page: Page) -> None:
    page.goto("/p/harbour/o/anchor/meetings/2026/pack/")
    expect_heading(page, "Your pack for the meeting: Audit 2026")
    expect(page.get_by_text("And the boats?")).to_be_visible()
    expect(page.get_by_text("They are old.")).to_have_count(0)
    expect(page.get_by_text("Who told the board?")).to_have_count(0)
    check_page(page)
    press(page, "Make a PDF")
    expect_heading(page, "Your pack as a PDF")
    expect(page.get_by_role("button", name="Download the PDF")).to_be_visible()
    check_page(page)


def by_link(page: Page, link: str) -> None:
    page.goto(link)
    expect_heading(page, "Your packs")
    check_page(page)
    page.get_by_role("button", name="Make the PDF").first.click()
    expect(page.get_by_role("link", name="Pack of Anchor Trust (PDF")).to_be_visible()
    check_page(page)
