"""The check before an audit is submitted: short where the audit is long, and each line leads to the very field."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from surveys.models import Audit
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import PHONE, NewPage, SignIn
from tests.conftest import Cast

CHECK = "/p/harbour/o/anchor/audits/2026/check/"
REASON = "It does not do this"


@pytest.mark.parametrize(
    ("code", "chosen"),
    [
        ("A1.1", "No progress (0)"),
        ("A1.2", "Working towards (1)"),
        ("A2.1", "Achieved (2)"),
        ("A2.2", "Not applicable"),
    ],
)
def test_a_change_begins_at_what_is_chosen(
    page: Page, sign_in: SignIn, cast: Cast, code: str, chosen: str
) -> None:
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    scores: dict[str, int | str | None] = {"A1.1": 0, "A1.2": 1, "A2.1": 2, "A2.2": REASON}
    factories.make_audit(cycle, cast.organisation, scores=scores)
    sign_in(page, cast.lead)
    page.goto(CHECK)
    page.get_by_role("link", name=f"Change {code}", exact=True).click()
    expect_heading(page, f"{code[:2]} Standard {code[:2]}")
    card = page.get_by_role("region", name=code, exact=True)
    expect(card.get_by_role("radio", name=chosen)).to_be_focused()
    expect(card.get_by_role("radio", name=chosen)).to_be_in_viewport()
    expect(card.get_by_role("radio", name=chosen)).to_be_checked()


@pytest.fixture
def long_audit(cast: Cast) -> Audit:
    bank = factories.make_questionnaire(standards={"A1": 12, "A2": 12})
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    return factories.make_audit(cycle, cast.organisation, scores={"A1.1": 2})


def test_a_long_audit_is_folded(page: Page, sign_in: SignIn, cast: Cast, long_audit: Audit) -> None:
    sign_in(page, cast.lead)
    page.goto(CHECK)
    expect(page.get_by_role("heading", name="Answers missing (23)")).to_be_visible()
    expect(page.get_by_role("link", name="A1.6 (answer it)")).to_be_visible()
    expect(page.get_by_role("link", name="A2.12 (answer it)")).to_be_hidden()
    check_page(page)
    page.get_by_text("Show the other 18").click()
    expect(page.get_by_role("link", name="A2.12 (answer it)")).to_be_visible()
    expect(page.get_by_role("link", name="Change A1.1", exact=True)).to_be_hidden()
    page.get_by_text("A1 Standard A1 (1 of 12 answered)").click()
    check_page(page)
    page.get_by_role("link", name="Change A1.1", exact=True).click()
    expect_heading(page, "A1 Standard A1")


def test_very_long_texts_stay_in_their_box(
    new_page: NewPage, sign_in: SignIn, cast: Cast, long_audit: Audit
) -> None:
    """Twenty thousand letters without a space do not push a page sideways, nor what follows them out of reach."""
    long_audit.answers.update(commentary="x" * 20_000)
    answer = long_audit.answers.get()
    for number in range(15):
        item = factories.make_evidence(cast.organisation, f"{number} {'y' * 190}")
        answer.evidence_links.create(evidence=item)
        factories.make_action(
            cast.organisation,
            cast.partnership,
            answer=answer,
            what="z" * 4_000,
            measure="w" * 4_000,
            owner="v" * 150,
        )
    phone = new_page(PHONE)
    sign_in(phone, cast.lead)
    pages = {
        "audits/2026/": "Audit 2026",
        "audits/2026/standards/A1/": "A1 Standard A1",
        "audits/2026/check/": "Check your answers",
        "audits/2026/read/": "Anchor Trust: answers",
        "audits/2026/evidence/A1.1/": "Evidence for A1.1",
        "evidence/": "Evidence",
        "actions/": "Actions",
    }
    for path, heading in pages.items():
        phone.goto(f"/p/harbour/o/anchor/{path}")
        expect_heading(phone, heading)
        check_page(phone)
    phone.goto("/p/harbour/o/anchor/audits/2026/read/")
    for name in ("Commentary of 1 word", "15 items of evidence"):
        box = phone.get_by_role("group", name=name)
        assert box.evaluate("one => one.clientHeight < 600 && one.scrollHeight > one.clientHeight"), name
