"""Evidence: added several at once or dropped, recognised, refused, chosen for two answers, replaced, deleted."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from surveys.models import Audit, Evidence
from tests import factories
from tests.browser.checks import check_page, expect_heading
from tests.browser.conftest import SignIn
from tests.conftest import Cast
from tests.surveys.evidence_samples import PDF, PNG, PROGRAM, TEXT

LIBRARY = "/p/harbour/o/anchor/evidence/"
ADDS = "**/evidence/add/file/"


@pytest.fixture
def audit(cast: Cast) -> Audit:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_audit(cycle, cast.organisation, scores={"A1.1": 2, "A1.2": 2})


def make_file(name: str, content: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=content)


def choose(page: Page, *files: FilePayload) -> None:
    page.locator("input[type=file]").set_input_files(files)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def open_library(page: Page) -> None:
    page.goto(LIBRARY)
    expect_heading(page, "Evidence")


def open_item(page: Page, title: str) -> None:
    open_library(page)
    page.get_by_role("link", name=title, exact=True).click()
    expect_heading(page, title)


def read_download(page: Page, link: Locator) -> tuple[str, bytes]:
    with page.expect_download() as download:
        link.click()
    return download.value.suggested_filename, download.value.path().read_bytes()


# The library


def test_the_life_of_a_file(page: Page, sign_in: SignIn, cast: Cast) -> None:
    sign_in(page, cast.lead)
    add_three(page)
    add_the_same_again(page)
    rename(page)
    replace(page)
    take_out(page)
    delete_everywhere(page)
    refuse_what_was_deleted(page)


def add_three(page: Page) -> None:
    """Two are kept, one is refused in a sentence; the date is for all of them."""
    open_library(page)
    check_page(page)
    page.get_by_role("button", name="Add files").click()
    expect_heading(page, "Add files")
    expect(
        page.get_by_text(re.compile(r"PDF, Word, .* Up to 20 MB a file and 20 files at once"))
    ).to_be_visible()
    check_page(page)
    choose(page, make_file("policy.pdf", PDF), make_file("plan.pdf", PROGRAM), make_file("minutes.txt", TEXT))
    soon = timezone.localdate() + datetime.timedelta(days=10)
    dates = page.get_by_role("group", name="Expires on")
    for part, value in (("Day", soon.day), ("Month", soon.month), ("Year", soon.year)):
        dates.get_by_label(part).fill(str(value))
    press(page, "Add")
    expect(page.get_by_text(re.compile("‘plan.pdf’ is")).first).to_be_visible()
    expect(page.get_by_text("‘minutes.txt’ is added.")).to_be_visible()
    check_page(page)
    open_library(page)
    expect(page.get_by_role("row").filter(has_text="policy")).to_contain_text("Expiring")
    expect(page.get_by_role("row").filter(has_text="minutes")).to_contain_text("Text")
    expect(page.get_by_role("link", name="plan", exact=True)).to_have_count(0)
    check_page(page)


def add_the_same_again(page: Page) -> None:
    page.get_by_role("button", name="Add files").click()
    expect_heading(page, "Add files")
    choose(page, make_file("Our policy, a copy.pdf", PDF))
    press(page, "Add")
    expect(page.get_by_text("You have ‘Our policy, a copy.pdf’ already, as ‘policy’.")).to_be_visible()
    assert Evidence.objects.count() == 2


def rename(page: Page) -> None:
    open_item(page, "policy")
    check_page(page)
    page.get_by_role("link", name="Change Title").click()
    expect_heading(page, "Change the title or dates")
    check_page(page)
    page.get_by_label("Title").fill("Safeguarding policy")
    press(page, "Save")
    expect_heading(page, "Safeguarding policy")


def replace(page: Page) -> None:
    """Both versions can be had afterwards."""
    page.get_by_role("button", name="Replace it with a newer version").click()
    expect_heading(page, "Replace ‘Safeguarding policy’")
    check_page(page)
    choose(page, make_file("policy.pdf", PDF))
    press(page, "Replace")
    expect(page.get_by_role("alert")).to_contain_text("is the file that you have here already")
    check_page(page)
    choose(page, make_file("policy 2027.png", PNG))
    press(page, "Replace")
    expect(page.get_by_text("Version 2 of ‘Safeguarding policy’ is kept.")).to_be_visible()
    check_page(page)
    newer = page.get_by_role("link", name=re.compile(r"^policy 2027\.png \("))
    assert read_download(page, newer) == ("policy 2027.png", PNG)
    older = page.get_by_role("link", name=re.compile(r"^policy\.pdf \("))
    assert read_download(page, older) == ("policy.pdf", PDF)


def take_out(page: Page) -> None:
    open_item(page, "minutes")
    page.get_by_role("link", name="Take it out, or have it deleted").click()
    expect_heading(page, "Remove ‘minutes’")
    check_page(page)
    press(page, "Take it out")
    expect(page.get_by_text("‘minutes’ is taken out of the library.")).to_be_visible()
    expect(page.get_by_role("link", name="minutes", exact=True)).to_have_count(0)


def delete_everywhere(page: Page) -> None:
    """The row stays and says why; nothing of the file does."""
    open_item(page, "Safeguarding policy")
    page.get_by_role("link", name="Take it out, or have it deleted").click()
    press(page, "Delete it everywhere")
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page)
    page.get_by_label("Why must it go?").fill("A child could be recognised")
    press(page, "Delete it everywhere")
    expect(page.get_by_text("It was deleted everywhere on")).to_contain_text("A child could be recognised")
    expect(page.get_by_role("link", name=re.compile("policy"))).to_have_count(0)
    check_page(page)


def refuse_what_was_deleted(page: Page) -> None:
    page.goto(f"{LIBRARY}add/file/")
    choose(page, make_file("policy again.pdf", PDF))
    press(page, "Add")
    refusal = re.compile(r"‘policy again\.pdf’ was removed on .* \(A child could be recognised\)")
    expect(page.get_by_text(refusal).first).to_be_visible()
    assert not Evidence.objects.filter(removed_at=None).exists()


@pytest.mark.parametrize(
    "words",
    [
        ("a link", "Add a link", "Link", "https://www.example.org/policy"),
        ("a reference to where", "Add a reference", "Where it can be seen", "In the office, shelf 3"),
    ],
)
def test_what_is_no_file(page: Page, sign_in: SignIn, cast: Cast, words: tuple[str, ...]) -> None:
    step, heading, field, value = words
    sign_in(page, cast.contributor)
    open_library(page)
    page.get_by_role("link", name=step).click()
    expect_heading(page, heading)
    press(page, "Add")
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page)
    page.get_by_label("Title").fill("Training record")
    page.get_by_label(field, exact=True).fill(value)
    press(page, "Add")
    expect(page.get_by_text("‘Training record’ is added.")).to_be_visible()
    expect(page.get_by_role("link", name="Training record")).to_be_visible()


# With scripts


@pytest.fixture
def adding(desktop: Page, sign_in: SignIn, cast: Cast) -> Page:
    sign_in(desktop, cast.lead)
    desktop.goto(f"{LIBRARY}add/file/")
    return desktop


DROP = """(button, files) => {
    const moved = new DataTransfer();
    for (const [name, text] of files) moved.items.add(new File([text], name));
    for (const kind of ["dragenter", "dragover", "drop"])
        button.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: moved}));
}"""


def test_files_are_dropped_and_each_says_how_far_it_is(adding: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    adding.route(ADDS, hold)
    button = adding.get_by_role("button", name=re.compile("Choose files"))
    button.evaluate(DROP, [["one.txt", "The first."], ["two.txt", "The second."]])
    expect(button).to_contain_text("2 files chosen")
    press(adding, "Add")
    expect(adding.get_by_role("status").filter(has_text="Sending file 1 of 2")).to_be_visible()
    expect(adding.get_by_role("progressbar", name="Sending one.txt")).to_be_visible()
    expect(adding.get_by_role("progressbar", name="Sending two.txt")).to_be_visible()
    check_page(adding)
    assert [route.request.method for route in held] == ["POST"]
    held.pop().continue_()
    expect(adding.get_by_text("‘one.txt’ is added.")).to_be_visible()
    expect(adding.get_by_role("status").filter(has_text="Sending file 2 of 2")).to_be_visible()
    held.pop().continue_()
    expect(adding.get_by_role("status").filter(has_text="All 2 files are kept.")).to_be_visible()
    expect(adding.get_by_role("link", name="Go to your evidence")).to_be_focused()
    check_page(adding)
    adding.keyboard.press("Enter")
    expect_heading(adding, "Evidence")
    assert Evidence.objects.count() == 2


def test_an_upload_that_is_cut_off_loses_only_its_own_file(adding: Page) -> None:
    cut: list[Route] = []

    def cut_first(route: Route) -> None:
        if cut:
            route.continue_()
        else:
            cut.append(route)
            route.abort()

    adding.route(ADDS, cut_first)
    choose(adding, make_file("one.txt", b"The first."), make_file("two.txt", b"The second."))
    press(adding, "Add")
    expect(adding.get_by_text("‘one.txt’ was not sent: check your connection")).to_be_visible()
    expect(adding.get_by_text("‘two.txt’ is added.")).to_be_visible()
    expect(adding.get_by_role("status").filter(has_text="1 of 2 kept.")).to_be_visible()
    check_page(adding)
    assert Evidence.objects.get().title == "two"


# Beside an answer


def test_what_backs_the_answer_is_shown_once_it_was_sent(
    desktop: Page, sign_in: SignIn, cast: Cast, audit: Audit
) -> None:
    sign_in(desktop, cast.lead)
    desktop.goto("/p/harbour/o/anchor/audits/2026/evidence/A1.1/")
    expect(desktop.get_by_text("Nothing yet.")).to_be_visible()
    choose(desktop, make_file("policy.pdf", PDF))
    press(desktop, "Add to A1.1")
    expect(desktop.get_by_role("status").filter(has_text="The file is kept.")).to_be_visible()
    expect(desktop.get_by_role("link", name="Back to A1.1").last).to_be_focused()
    expect(desktop.get_by_text("Nothing yet.")).to_have_count(0)
    check_page(desktop)
    desktop.get_by_role("button", name="Remove policy from this answer").click()
    expect(desktop.get_by_text("Nothing yet.")).to_be_visible()
    expect(desktop.get_by_role("checkbox", name="policy")).to_be_visible()


def test_one_item_backs_two_answers(page: Page, sign_in: SignIn, cast: Cast, audit: Audit) -> None:
    sign_in(page, cast.contributor)
    page.goto("/p/harbour/o/anchor/audits/2026/standards/A1/")
    # What is typed is saved on the way.
    page.get_by_label("Commentary on A1.1").fill("See the policy.")
    page.get_by_role("button", name=re.compile("Add evidence for A1.1")).click()
    expect_heading(page, "Evidence for A1.1")
    assert audit.answers.get(indicator__code="A1.1").commentary == "See the policy."
    check_page(page)
    press(page, "Add to A1.1")
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one file, or one item of your library")
    check_page(page)
    choose(page, make_file("policy.pdf", PDF))
    press(page, "Add to A1.1")
    if page.evaluate("document.body.classList.contains('js-enabled')"):
        expect(page.get_by_text("‘policy.pdf’ is added.")).to_be_visible()
        page.get_by_role("link", name="Back to A1.1").last.click()
    expect_heading(page, "A1 Standard A1")
    expect(evidence_of(page, "A1.1").get_by_role("link", name="policy")).to_be_visible()
    choose_from_the_library(page)
    see_both(page)
    remove_from_the_first(page)
    assert [link.answer.indicator.code for link in Evidence.objects.get().answer_links.all()] == ["A1.2"]


def evidence_of(page: Page, code: str) -> Locator:
    return page.get_by_role("group", name=f"Evidence for {code}")


def choose_from_the_library(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Add evidence for A1.2")).click()
    expect_heading(page, "Evidence for A1.2")
    page.get_by_label("policy").check()
    press(page, "Add to A1.2")
    expect_heading(page, "A1 Standard A1")
    expect(evidence_of(page, "A1.2").get_by_role("link", name="policy")).to_be_visible()
    check_page(page)
    assert read_download(page, evidence_of(page, "A1.2").get_by_role("link", name="policy"))[1] == PDF


def see_both(page: Page) -> None:
    open_item(page, "policy")
    for code in ("A1.1", "A1.2"):
        expect(page.get_by_role("row").filter(has_text=f"{code} Statement")).to_contain_text("Not yet")
    check_page(page)


def remove_from_the_first(page: Page) -> None:
    page.goto("/p/harbour/o/anchor/audits/2026/standards/A1/")
    page.get_by_role("button", name=re.compile("Add or remove evidence for A1.1")).click()
    expect_heading(page, "Evidence for A1.1")
    check_page(page)
    page.get_by_role("button", name="Remove policy from this answer").click()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    # It stays in the library, to choose again.
    expect(page.get_by_label("policy")).to_be_visible()
