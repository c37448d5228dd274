"""The checks that every journey relies on find what they are for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer
from pytest_playwright import CreateContextCallback

from tests.browser.checks import LOOKS, Watch, check_axe, check_no_sideways_scroll, check_page
from tests.browser.contrast import MARK, MARK_NEW

GOOD = (
    '<html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width"></head>'
    "<body><main><h1>A page</h1>{}</main></body></html>"
)


def test_a_good_page_passes(page: Page) -> None:
    page.set_content(GOOD.format("<p>Text</p>"))
    check_page(page)


def test_axe_finds_a_field_without_a_label_and_says_which(page: Page) -> None:
    page.set_content(GOOD.format('<input type="text" id="lonely">'))
    with pytest.raises(AssertionError, match=r"(?s)label: Form elements must have labels.*#lonely"):
        check_axe(page)


def test_axe_looks_at_a_colour_once_and_again_until_it_is_right(page: Page) -> None:
    """What it has found right on one page is found wrong on the next, as soon as it looks different."""
    right = '<div style="background: white"><p class="a-look-of-this-test">Text</p></div>'
    wrong_text = right.replace("<p ", '<p style="color: #ccc" ')
    wrong_around = right.replace("white", "#666")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.set_content(GOOD.format(right))
    check_axe(page)
    assert page.evaluate(MARK_NEW, [MARK, list(LOOKS.passed)]) == []
    for wrong in (wrong_text, wrong_around, wrong_text):
        page.set_content(GOOD.format(right + wrong))
        with pytest.raises(AssertionError, match=r"(?s)color-contrast: .*a-look-of-this-test"):
            check_axe(page)
        assert page.locator("[data-contrast]").count() == 0


def test_what_said_nothing_is_looked_at_once_it_says_something(page: Page) -> None:
    """Axe passes over an element without letters, which says nothing of another of the same look."""
    page.set_viewport_size({"width": 1280, "height": 900})
    for silent, speaking in (
        ("<p {}></p><p {}>…!</p><p {}>A</p>", "<p {}>Text</p>"),
        (
            '<select {} aria-label="One"></select>',
            '<select {} aria-label="One"><option>Text</option></select>',
        ),
    ):
        pale = 'style="background: white; color: #ccc"'
        page.set_content(GOOD.format(silent.replace("{}", pale)))
        check_axe(page)
        page.set_content(GOOD.format(speaking.replace("{}", pale)))
        with pytest.raises(AssertionError, match="color-contrast: "):
            check_axe(page)


def test_scripts_stay_off_where_a_journey_turned_them_off(new_context: CreateContextCallback) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.set_content(GOOD.format(""))
    check_axe(page)
    page.set_content(GOOD.format("<script>document.title = 'It ran'</script>"))
    assert page.title() == "A page"


def test_a_wide_page_is_found_and_what_makes_it_wide(page: Page) -> None:
    page.set_content(GOOD.format('<div id="broad" style="width: 400px">Broad</div>'))
    with pytest.raises(AssertionError, match="broad"):
        check_no_sideways_scroll(page)


def test_a_watch_hears_of_scripts_that_fail_and_of_what_is_missing_or_refused(
    live_server: LiveServer, new_context: CreateContextCallback
) -> None:
    watch, context = Watch(), new_context(base_url=live_server.url)
    watch.follow(context)
    page = context.new_page()
    page.goto("/accounts/login/")
    assert not watch.problems
    page.goto("/no/such/page/")
    assert not watch.problems, "A page may say that it does not exist."
    page.evaluate("setTimeout(() => { throw new Error('a script broke') })")
    page.evaluate("fetch('/no/such/fragment/')")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">Red</p>')")
    page.wait_for_timeout(200)
    heard = "\n".join(watch.problems)
    assert "a script broke" in heard
    assert "/no/such/fragment/ answered 404" in heard
    assert "Content Security Policy" in heard
