"""An officer makes a token for a program, sees it once, a program reads by it, and it is ended."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request

from playwright.sync_api import Page, expect

from surveys.enums import AuditStatus
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast

NAME = "Power BI at the office"


def ask(address: str, token: str) -> tuple[int, str]:
    """As a program does: no browser, no cookie."""
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.read().decode("utf-8-sig")
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def make_token(page: Page) -> tuple[str, str]:
    """The token, and where its feed begins."""
    page.get_by_role("link", name="Data feeds").click()
    expect_heading(page, "Data feeds")
    check_page(page)
    page.get_by_role("button", name="Make a token").click()
    expect_heading(page, "Make a token")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page)
    page.get_by_label("Which program reads by it").fill(NAME)
    expect(page.get_by_label("One year")).to_be_checked()
    page.get_by_role("button", name="Make the token").click()
    expect_heading(page, "Copy the token now")
    check_page(page)
    token = page.get_by_label(f"Token ‘{NAME}’").input_value()
    return token, page.get_by_label("Where the feed begins").input_value()


def test_a_program_reads_until_its_token_is_ended(page: Page, sign_in: SignIn, cast: Cast) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    sign_in(page, cast.quality_officer)
    page.goto("/home/details/")
    token, feed = make_token(page)

    status, listed = ask(feed, token)
    assert status == 200
    overview = next(one["json"] for one in json.loads(listed)["tables"] if one["name"] == "overview")
    status, figures = ask(overview.replace("{cycle}", cycle.slug), token)
    assert (status, json.loads(figures)["all"]["at_grade_2"]["count"]) == (200, 1)

    page.get_by_role("button", name="I have copied it: go on").click()
    expect_heading(page, "Data feeds")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    assert token not in page.content()
    check_page(page)
    page.get_by_role("button", name=re.compile(f"End {NAME}")).click()
    expect(page.get_by_text(f"{NAME} reads nothing any more.")).to_be_visible()
    assert ask(feed, token)[0] == 401
