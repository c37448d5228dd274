"""A lead works in Welsh: chooses it, answers, meets a page that nobody has translated, and goes back to English."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from surveys.models import Answer
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast


def test_a_lead_answers_in_welsh(desktop: Page, sign_in: SignIn, cast: Cast) -> None:
    page = desktop
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation)
    sign_in(page, cast.lead)
    page.goto("/home/")
    page.get_by_role("button", name="Cymraeg").click()
    expect_heading(page, "Hafan")
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    check_page(page)
    page.get_by_role("link", name=cycle.title).click()
    expect(page.get_by_text("0 o 4 wedi’u hateb")).to_be_visible()
    answer(page)
    meet_english(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    expect(page.get_by_text("Dim ond yn Saesneg")).to_have_count(0)


def answer(page: Page) -> None:
    """The bank of the tests has no translation: its words are marked, the answer is saved as in English."""
    page.get_by_role("link", name=re.compile("^A1 ")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A1")
    expect(page.locator(".app-english").first).to_have_attribute("lang", "en-GB")
    check_page(page)
    region = page.get_by_role("region", name="A1.1", exact=True)
    region.get_by_role("radio", name=re.compile(r"\(2\)")).check()
    expect(region.get_by_text(re.compile("Cadwyd"))).to_be_visible()
    expect(page.get_by_text(re.compile("1 o 2 wedi’u hateb, cadwyd"))).to_be_visible()
    assert Answer.objects.filter(indicator__code="A1.1", score=2).count() == 1


def meet_english(page: Page) -> None:
    page.get_by_role("link", name="Tystiolaeth", exact=True).click()
    notice = page.get_by_text("Dim ond yn Saesneg y mae’r dudalen hon hyd yn hyn.")
    expect(notice).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Evidence")
    check_page(page)
