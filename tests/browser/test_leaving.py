"""A page with unsaved words asks before it is left; its own buttons never do, nor does one that has saved."""

from __future__ import annotations

from playwright.sync_api import Dialog, Page, expect

from surveys.models import Answer, Audit
from tests import factories
from tests.browser.checks import expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast

WORDS = "Half an hour of careful work."


def test_words_that_are_not_saved_are_not_left_by_mistake(desktop: Page, sign_in: SignIn, cast: Cast) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    audit: Audit = factories.make_audit(cycle, cast.organisation)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    desktop.on("dialog", stay)
    sign_in(desktop, cast.lead)
    desktop.goto(f"/p/harbour/o/anchor/audits/{cycle.slug}/standards/A1/")
    # What the page would save by itself does not arrive.
    desktop.route("**/answers/*/", lambda route: route.abort())
    desktop.get_by_label("Commentary on A1.1").fill(WORDS)
    desktop.get_by_role("link", name="Copies").click()
    expect(desktop.get_by_label("Commentary on A1.1")).to_have_value(WORDS)
    assert asked == ["beforeunload"]
    desktop.unroute("**/answers/*/")
    desktop.get_by_role("button", name="Save and return").click()
    expect_heading(desktop, cycle.title)
    assert asked == ["beforeunload"]
    assert Answer.objects.get(audit=audit).commentary == WORDS
    # Saved by itself, there is nothing to ask.
    desktop.go_back()
    desktop.get_by_label("Commentary on A1.2").fill(WORDS)
    expect(desktop.get_by_role("region", name="A1.2")).to_contain_text("Saved")
    desktop.get_by_role("link", name="Copies").click()
    expect_heading(desktop, "Copies")
    assert asked == ["beforeunload"]
