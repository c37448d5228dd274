"""Two people on the same answer: the second to save is told who changed what, and neither text is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from surveys.models import Audit
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import DEVICES, Device, NewPage, SignIn
from tests.conftest import Cast

MINE = "Checked at the board in May."
THEIRS = "The policy is out of date."


@pytest.fixture
def audit(cast: Cast) -> Audit:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_audit(cycle, cast.organisation)


@pytest.fixture(params=DEVICES[:2], ids=str)
def second(
    request: pytest.FixtureRequest, new_page: NewPage, sign_in: SignIn, cast: Cast, audit: Audit
) -> Page:
    """The contributor, who opened the page before the lead saved it, and saves after."""
    device: Device = request.param
    first, second = new_page(), new_page(device.viewport, script=device.script)
    for page, person in ((first, cast.lead), (second, cast.contributor)):
        sign_in(page, person)
        page.goto(f"/p/harbour/o/anchor/audits/{audit.cycle.slug}/standards/A1/")
    answer(first, "A1.1", "No progress (0)", THEIRS)
    expect_heading(first, audit.cycle.title)
    card(second, "A1.2").get_by_role("radio", name="Achieved (2)").check()
    answer(second, "A1.1", "Achieved (2)", MINE)
    return second


def card(page: Page, code: str) -> Locator:
    return page.get_by_role("region", name=code, exact=True)


def answer(page: Page, code: str, score: str, commentary: str) -> None:
    card(page, code).get_by_role("radio", name=score).check()
    page.get_by_label(f"Commentary on {code}").fill(commentary)
    page.get_by_role("button", name="Save and return").click()


def test_the_second_sees_who_changed_what_and_both_texts(second: Page, cast: Cast, audit: Audit) -> None:
    expect_heading(second, "A1 Standard A1")
    expect(second.get_by_role("alert")).to_contain_text(f"{cast.lead} changed this answer")
    expect(card(second, "A1.1")).to_contain_text(THEIRS)
    expect(second.get_by_label("Commentary on A1.1")).to_have_value(MINE)
    expect(card(second, "A1.1").get_by_role("radio", name="Achieved (2)")).to_be_checked()
    check_page(second)
    # What nobody else had touched is saved already, and theirs still stands.
    assert [
        (one.indicator.code, one.score, one.commentary) for one in audit.answers.order_by("indicator")
    ] == [
        ("A1.1", 0, THEIRS),
        ("A1.2", 2, ""),
    ]


def test_the_second_may_keep_theirs(second: Page, audit: Audit) -> None:
    second.get_by_role("button", name="Keep theirs for A1.1").click()
    expect(second.get_by_label("Commentary on A1.1")).to_have_value(THEIRS)
    expect(second.get_by_role("alert")).to_have_count(0)
    assert audit.answers.get(indicator__code="A1.1").score == 0


def test_the_second_may_replace_theirs_and_both_stay_in_the_history(second: Page, audit: Audit) -> None:
    second.get_by_role("button", name="Save and return").click()
    expect_heading(second, audit.cycle.title)
    changed = audit.answers.get(indicator__code="A1.1")
    assert (changed.score, changed.commentary) == (2, MINE)
    commentaries = changed.changes.order_by("pk").values_list("commentary_after", flat=True)
    # Before them only the score that the first had chosen: with scripts each change is saved as it is made.
    assert [text for text in commentaries if text] == [THEIRS, MINE]
