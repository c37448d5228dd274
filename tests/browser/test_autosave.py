"""A standard's page saves by itself: what is typed is saved at once, or kept until it can be."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from s11.organisations.models import Session, User
from surveys.models import Answer, Audit
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import PHONE, NewPage, SignIn
from tests.conftest import Cast

WORDS = "Checked at the board in May."
MORE = "Checked at the board in May, and again in June."
SAVED = re.compile(r"Saved \d\d:\d\d")
OFFLINE = "Not saved. You seem to be offline; trying again."
SIGNED_OUT = "You have been signed out. Your text is kept here"
SAVES = "**/answers/*/"


@pytest.fixture
def audit(cast: Cast) -> Audit:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_audit(cycle, cast.organisation)


@pytest.fixture
def answering(desktop: Page, sign_in: SignIn, cast: Cast, audit: Audit) -> Page:
    """The lead, on a standard's page."""
    return open_page(desktop, sign_in, cast.lead)


def open_page(page: Page, sign_in: SignIn, person: User) -> Page:
    sign_in(page, person)
    page.goto("/p/harbour/o/anchor/audits/2026/standards/A1/")
    return page


def card(page: Page, code: str = "A1.1") -> Locator:
    return page.get_by_role("region", name=code, exact=True)


def choose(page: Page, answer: str, code: str = "A1.1") -> None:
    card(page, code).get_by_role("radio", name=answer).check()


def text_of(page: Page, code: str = "A1.1") -> Locator:
    return page.get_by_label(f"Commentary on {code}")


def get_answer(audit: Audit) -> tuple[int | None, str, str]:
    return audit.answers.values_list("score", "not_applicable_reason", "commentary").get()


def count_kept(page: Page) -> int:
    return int(page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('s11:')).length"))


# Saving


def test_every_change_is_saved_as_it_is_made(answering: Page, audit: Audit) -> None:
    choose(answering, "Working towards (1)")
    expect(card(answering)).to_contain_text(SAVED)
    expect(answering.get_by_text(re.compile(r"1 of 2 answered, saved \d\d:\d\d"))).to_be_visible()
    # The first save is read out, those after it are not.
    expect(answering.get_by_role("status").filter(has_text="saves by itself")).to_have_count(1)
    assert get_answer(audit) == (1, "", "")
    text_of(answering).press_sequentially(WORDS)
    expect(text_of(answering)).to_be_focused()
    with answering.expect_response(SAVES):
        pass  # a short pause is enough
    expect(text_of(answering)).to_be_focused()
    expect(text_of(answering)).to_have_value(WORDS)
    assert get_answer(audit) == (1, "", WORDS)
    check_page(answering)
    answering.reload()
    expect(text_of(answering)).to_have_value(WORDS)
    expect(card(answering).get_by_role("radio", name="Working towards (1)")).to_be_checked()
    assert count_kept(answering) == 0


def test_leaving_a_text_saves_it(answering: Page, audit: Audit) -> None:
    text_of(answering).fill(WORDS)
    with answering.expect_response(SAVES):
        text_of(answering, "A1.2").focus()
    expect(card(answering)).to_contain_text(SAVED)
    assert get_answer(audit) == (None, "", WORDS)


def test_not_applicable_waits_for_its_reason(answering: Page, audit: Audit) -> None:
    choose(answering, "Not applicable")
    expect(card(answering)).to_contain_text("Choose a reason to save this.")
    expect(answering.get_by_text("Not saved:")).to_be_hidden()
    choose(answering, "It does not do this")
    expect(card(answering)).to_contain_text(SAVED)
    assert get_answer(audit) == (None, "It does not do this", "")


def test_a_text_that_is_too_long_is_said_and_stays(answering: Page, audit: Audit) -> None:
    text_of(answering).fill("x" * 20_001)
    text_of(answering).blur()
    expect(card(answering)).to_contain_text("must be 20,000 characters or fewer")
    check_page(answering)
    text_of(answering).fill(WORDS)
    text_of(answering).blur()
    expect(card(answering)).to_contain_text(SAVED)
    assert get_answer(audit)[2] == WORDS


def test_a_zero_asks_for_its_action_at_once(answering: Page) -> None:
    choose(answering, "No progress (0)")
    expect(card(answering)).to_contain_text("asks for an action")
    check_page(answering)


def test_a_button_pressed_at_once_meets_no_answer_of_its_own(answering: Page, audit: Audit) -> None:
    """Its form is sent while the card's last words are still on their way."""
    choose(answering, "Achieved (2)")
    text_of(answering).fill(WORDS)
    answering.get_by_role("button", name="Save and return").click()
    expect_heading(answering, audit.cycle.title)
    assert get_answer(audit) == (2, "", WORDS)


# Cut off


def test_what_cannot_be_sent_is_kept_said_and_sent_later(answering: Page, audit: Audit) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    answering.on("dialog", stay)
    answering.context.set_offline(True)
    text_of(answering).fill(WORDS)
    text_of(answering).blur()
    expect(card(answering)).to_contain_text(OFFLINE)
    expect(answering.get_by_text("Not saved: A1.1")).to_be_visible()
    assert count_kept(answering) == 1
    # A button stays here instead of leading to the browser's own page, and so does a link that is answered with no.
    answering.get_by_role("button", name="Save and continue").click()
    answering.get_by_role("link", name="Copies").click()
    expect(text_of(answering)).to_have_value(WORDS)
    assert asked == ["beforeunload"]
    answering.context.set_offline(False)
    expect(card(answering)).to_contain_text(SAVED)
    expect(answering.get_by_text("Not saved: A1.1")).to_be_hidden()
    assert get_answer(audit) == (None, "", WORDS)
    assert count_kept(answering) == 0


def test_an_answer_lost_on_its_way_back_is_no_conflict_with_oneself(answering: Page, audit: Audit) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    answering.route(SAVES, lose)
    text_of(answering).fill(WORDS)
    text_of(answering).blur()
    expect(card(answering)).to_contain_text(OFFLINE)
    assert get_answer(audit)[2] == WORDS
    answering.unroute(SAVES)
    text_of(answering).fill(MORE)
    text_of(answering).blur()
    expect(card(answering)).to_contain_text(SAVED)
    expect(answering.get_by_role("button", name="Keep mine for A1.1")).to_have_count(0)
    answering.reload()
    expect(text_of(answering)).to_have_value(MORE)


def test_what_was_never_saved_is_offered_on_return(answering: Page, audit: Audit, cast: Cast) -> None:
    leave_unsaved(answering)
    back = answering.context.new_page()
    back.goto("/p/harbour/o/anchor/audits/2026/standards/A1/")
    expect(card(back)).to_contain_text(re.compile(r"You typed this on \d+ \w+ \d{4} at \d\d:\d\d and it was"))
    expect(card(back)).to_contain_text(WORDS)
    expect(text_of(back)).to_have_value("")
    check_page(back)
    back.get_by_role("button", name="Use it for A1.1").click()
    expect(text_of(back)).to_have_value(WORDS)
    expect(card(back)).to_contain_text(SAVED)
    assert get_answer(audit) == (None, "", WORDS)
    assert count_kept(back) == 0


def test_what_was_never_saved_can_be_discarded(answering: Page, audit: Audit) -> None:
    leave_unsaved(answering)
    back = answering.context.new_page()
    back.goto("/p/harbour/o/anchor/audits/2026/standards/A1/")
    back.get_by_role("button", name="Discard it for A1.1").click()
    assert count_kept(back) == 0
    back.reload()
    expect(back.get_by_text("You typed this on")).to_have_count(0)
    assert not audit.answers.exists()


def leave_unsaved(page: Page) -> None:
    """The browser is closed while the server cannot be reached."""
    page.context.set_offline(True)
    text_of(page).fill(WORDS)
    text_of(page).blur()
    expect(card(page)).to_contain_text(OFFLINE)
    # Chromium ends its offline emulation a moment before the page: what that moment sends would be a save after all.
    page.evaluate("XMLHttpRequest.prototype.send = () => {}")
    page.context.new_page()
    page.close()
    page.context.set_offline(False)


def test_nobody_is_offered_another_s_words(
    answering: Page, sign_in: SignIn, cast: Cast, audit: Audit
) -> None:
    leave_unsaved(answering)
    other = open_page(answering.context.new_page(), sign_in, cast.contributor)
    expect(other.get_by_text("You typed this on")).to_have_count(0)
    # Whoever signs out removes everybody's.
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("link", name="Sign in").first).to_be_visible()
    assert count_kept(other) == 0
    assert not audit.answers.filter(updated_by=cast.contributor).exists()


# Signed out


def test_a_session_that_ends_says_so_before_and_loses_nothing(
    answering: Page, audit: Audit, cast: Cast
) -> None:
    choose(answering, "Achieved (2)")
    expect(card(answering)).to_contain_text(SAVED)
    be_idle(answering)
    warning = answering.get_by_role("region", name="Staying signed in")
    expect(warning).to_contain_text("You will be signed out at")
    expect(answering.get_by_role("status").filter(has_text="You will be signed out at")).to_have_count(1)
    check_page(answering)
    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    Session.objects.all().delete()
    text_of(answering).fill(WORDS)
    text_of(answering).blur()
    expect(card(answering)).to_contain_text(SIGNED_OUT)
    expect_heading(answering, "A1 Standard A1")
    check_page(answering)
    sign_in_again(answering, cast.lead)
    expect(card(answering)).to_contain_text(SAVED, timeout=30_000)
    assert get_answer(audit) == (2, "", WORDS)
    # The form's own buttons have the new token, too.
    text_of(answering, "A1.2").fill(MORE)
    answering.get_by_role("button", name="Save and return").click()
    expect_heading(answering, audit.cycle.title)


def be_idle(page: Page) -> None:
    """Nothing was sent for so long that two minutes are left; whoever comes back to the tab has it look."""
    now = timezone.now()
    long_ago, soon = now - datetime.timedelta(hours=1), now + datetime.timedelta(minutes=2)
    Session.objects.update(last_active_at=long_ago, expire_date=soon)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def sign_in_again(page: Page, person: User) -> None:
    with page.context.expect_page() as opened:
        card(page).get_by_role("link", name="sign in in a new tab").click()
    tab = opened.value
    tab.get_by_label("Email").fill(person.email)
    tab.get_by_role("textbox", name="Password").fill(factories.PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect_heading(tab, "Home")
    tab.close()
    page.bring_to_front()


def test_the_words_of_one_person_are_not_saved_as_another_s(
    answering: Page, audit: Audit, cast: Cast
) -> None:
    Session.objects.all().delete()
    text_of(answering).fill(WORDS)
    text_of(answering).blur()
    expect(card(answering)).to_contain_text(SIGNED_OUT)
    sign_in_again(answering, cast.contributor)
    expect(card(answering)).to_contain_text("Somebody else is signed in", timeout=30_000)
    assert not Answer.objects.exists()


# Two people


@pytest.fixture
def second(new_page: NewPage, sign_in: SignIn, cast: Cast, audit: Audit) -> Page:
    """On a phone, the contributor has chosen 2 and typed; the lead's 0 was saved meanwhile."""
    first, second = new_page(), new_page(PHONE)
    open_page(first, sign_in, cast.lead)
    open_page(second, sign_in, cast.contributor)
    choose(first, "No progress (0)")
    expect(card(first)).to_contain_text(SAVED)
    text_of(second).fill(WORDS)
    text_of(second).blur()
    expect(card(second)).to_contain_text(f"{cast.lead} changed the score on")
    return second


def test_the_second_sees_at_once_who_changed_what(second: Page, audit: Audit) -> None:
    expect(card(second)).to_contain_text("No progress (0)")
    expect(text_of(second)).to_have_value(WORDS)
    expect(second.get_by_text("Not saved: A1.1")).to_be_visible()
    check_page(second)
    # More typing overwrites nothing.
    text_of(second).fill(MORE)
    text_of(second).blur()
    choose(second, "Achieved (2)", "A1.2")
    expect(card(second, "A1.2")).to_contain_text(SAVED)
    assert audit.answers.get(indicator__code="A1.1").commentary == ""


def test_the_second_edits_theirs_and_keeps_it(second: Page, audit: Audit) -> None:
    card(second).get_by_role("link", name="edit yours").click()
    text_of(second).fill(MORE)
    second.get_by_role("button", name="Keep mine for A1.1").click()
    expect(card(second)).to_contain_text(SAVED)
    expect(second.get_by_role("button", name="Keep mine for A1.1")).to_have_count(0)
    assert get_answer(audit) == (None, "", MORE)
    changes = audit.answers.get().changes.values_list("score_after", "commentary_after")
    assert list(changes) == [(0, ""), (None, MORE)]


def test_the_second_keeps_theirs(second: Page, audit: Audit) -> None:
    second.get_by_role("button", name="Keep theirs for A1.1").click()
    expect(text_of(second)).to_have_value("")
    expect(card(second).get_by_role("radio", name="No progress (0)")).to_be_checked()
    expect(second.get_by_text("Not saved: A1.1")).to_be_hidden()
    text_of(second).fill(MORE)
    text_of(second).blur()
    expect(card(second)).to_contain_text(SAVED)
    assert get_answer(audit) == (0, "", MORE)


def test_mine_can_be_kept_after_a_save_of_my_own(
    answering: Page, new_page: NewPage, sign_in: SignIn, cast: Cast, audit: Audit
) -> None:
    """The save has put a new version into the page: the choice is about that one."""
    choose(answering, "Working towards (1)")
    expect(card(answering)).to_contain_text(SAVED)
    other = open_page(new_page(), sign_in, cast.contributor)
    choose(other, "No progress (0)")
    expect(card(other)).to_contain_text(SAVED)
    text_of(answering).fill(WORDS)
    text_of(answering).blur()
    answering.get_by_role("button", name="Keep mine for A1.1").click()
    expect(card(answering)).to_contain_text(SAVED)
    expect(answering.get_by_role("button", name="Keep mine for A1.1")).to_have_count(0)
    assert get_answer(audit) == (1, "", WORDS)


def test_the_box_of_what_to_confirm_counts_along(answering: Page, audit: Audit) -> None:
    for code in ("A1.1", "A1.2"):
        indicator = audit.questionnaire.indicators.get(code=code)
        audit.answers.create(indicator=indicator, score=1, confirmed=False)
    answering.reload()
    expect(answering.get_by_text("2 answers brought forward, to confirm.")).to_be_visible()
    choose(answering, "Achieved (2)")
    expect(answering.get_by_text("1 answer brought forward, to confirm.")).to_be_visible()
    choose(answering, "Achieved (2)", "A1.2")
    expect(answering.get_by_text("brought forward, to confirm.")).to_have_count(0)
