"""The main pages with a whole area's content: long names, every state, charts and tables that are full."""

from __future__ import annotations

from io import StringIO
from unittest.mock import patch

from django.core.management import call_command
from django.utils import timezone

from s11.demo.build import build_demo
from s11.organisations.models import User
from tests.browser.checks import find_problems
from tests.browser.conftest import DESKTOP, NewPage, SignIn
from tests.browser.demo_pages import PAGES, get_names

# They say the same wherever they are read, and journeys hold them to both on two devices each: test_signing_in.py the
# first two, test_cycle.py the new cycle, test_agency_returns.py a return’s picture and the annual report,
# test_public_pages.py the rest.
HELD_ELSEWHERE = {
    "sign-in",
    "first-password",
    "accessibility",
    "cookies",
    "contact",
    "contact-of",
    "not-found",
    "not-allowed",
    "cycle-new",
    "annual-report",
    "annual-return-picture",
}


def test_each_is_accessible_and_fits_a_phone(
    new_page: NewPage, sign_in: SignIn, transactional_db: None
) -> None:
    call_command("load_questionnaires", stdout=StringIO())
    # Its PDFs are no pages, and take half the time: a report's, its chapter's, and 37 agencies' feedback.
    with (
        patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"),
        patch("accountability.board_files.render_pdf", return_value=b"%PDF-1.7"),
        patch("accountability.feedback_files.render_pdf", return_value=b"%PDF-1.7"),
    ):
        build_demo(timezone.localdate())
    names = get_names()
    problems = []
    for email, pages in PAGES.items():
        page = new_page(DESKTOP)
        if email:
            sign_in(page, User.objects.get(email=email))
        for name, path in pages.items():
            if name in HELD_ELSEWHERE:
                continue
            answered = page.goto(path.format(**names))
            assert answered is not None
            assert answered.status == 200, path
            # All of them are looked at, so that one run tells everything. A page is laid out anew as its window
            # changes, so it is asked for once: axe sees it at a desk's width, and it has to fit 320 pixels.
            problems += find_problems(page)
    assert not problems, "\n".join(problems)
