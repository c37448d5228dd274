"""Pictures of the main pages at both widths, of the demonstration: `python -m tests.browser.screenshots FOLDER`.

Run by hand, to look at what was built; `--readme` writes the README's picture (docs/images/overview.png) as well.
Nothing of the development database is touched: the demonstration is built in a folder that is removed again.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium

WIDTHS = {"desktop": ViewportSize(width=1280, height=900), "phone": ViewportSize(width=390, height=844)}
README_PICTURE = Path(__file__).parents[2] / "docs" / "images" / "overview.png"
README_BYTES = 300_000
COLOURS = 128  # a page of text and flat bars loses nothing that one sees

# Who looks, and at what: `{…}` is filled in by `get_names`.
P = "/p/harbourside"
AGENCY = f"{P}/o/{{agency}}"
AUDIT = f"{AGENCY}/audits/{{now}}"
DESK = f"{P}/desk"
PAGES: Mapping[str, Mapping[str, str]] = {
    "": {
        "front": "/",
        "sign-in": "/accounts/login/",
        "first-password": "/accounts/password/reset/",
        "partnership": f"{P}/",
        "question-bank": f"{P}/question-banks/{{bank}}/",
        "accessibility": "/accessibility/",
        "privacy": f"{P}/privacy/",
        "cookies": "/cookies/",
        "contact": "/contact/",
        "contact-of": f"{P}/contact/",
    },
    "lead@bayview.example": {
        "home": "/home/",
        "own-details": "/home/details/",
        "agency": f"{AGENCY}/",
        "audit": f"{AUDIT}/",
        "profile": f"{AUDIT}/profile/",
        "standard-answered": f"{AUDIT}/standards/{{first}}/",
        "standard-empty": f"{AUDIT}/standards/{{last}}/",
        "check": f"{AUDIT}/check/",
        "read": f"{AUDIT}/read/",
        "submitted": f"{AGENCY}/audits/{{before}}/submitted/",
        "read-submitted": f"{AGENCY}/audits/{{before}}/read/",
        "copies": f"{AGENCY}/copies/",
        "members": f"{AGENCY}/people/",
        "member-invite": f"{AGENCY}/people/invite/",
        "details": f"{AGENCY}/details/",
        "not-found": f"{DESK}/",
    },
    "lead@northmoor.example": {"home-of-two": "/home/"},
    "head@bayview.example": {"check-as-signatory": f"{AUDIT}/check/", "audit-as-signatory": f"{AUDIT}/"},
    "administrator@harbourside.example": {
        "officer-home": "/home/",
        "desk": f"{DESK}/",
        "organisations": f"{DESK}/organisations/",
        "organisation": f"{DESK}/organisations/{{agency}}/",
        "organisation-add": f"{DESK}/organisations/add/",
        "organisation-invite": f"{DESK}/organisations/{{agency}}/invite/",
        "cycles": f"{DESK}/cycles/",
        "cycle-open": f"{DESK}/cycles/{{now}}/",
        "cycle-closed": f"{DESK}/cycles/{{before}}/",
        "cycle-new": f"{DESK}/cycles/new/",
        "cycle-invite": f"{DESK}/cycles/{{now}}/invite/",
        "cycle-invitee": f"{DESK}/cycles/{{now}}/invitees/{{agency}}/",
        "cycle-close": f"{DESK}/cycles/{{now}}/close/",
        "reports": f"{DESK}/reports/",
        "overview": f"{DESK}/reports/{{before}}/",
        "overview-open": f"{DESK}/reports/{{now}}/",
        "officer-reading": f"{AGENCY}/audits/{{before}}/read/",
        "officers": f"{DESK}/people/",
        "settings": f"{DESK}/settings/",
    },
    "panel@harbourside.example": {"panel-desk": f"{DESK}/", "not-allowed": f"{DESK}/settings/"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--only", default="", help="take only the pages whose name holds this text")
    parser.add_argument("--readme", action="store_true", help="write docs/images/overview.png too")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, serve_demo(Path(home)) as address:
        names = get_names()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
            for email, pages in PAGES.items():
                chosen = {name: path.format(**names) for name, path in pages.items() if options.only in name}
                take(browser, address, email, chosen, options.folder)
            if options.readme:
                take_readme_picture(browser, address, f"{DESK}/reports/{names['before']}/")
            browser.close()


@contextmanager
def serve_demo(home: Path) -> Iterator[str]:
    """The demonstration on a free port, from a database of its own."""
    os.environ |= {
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{home}/demo.sqlite3",
        "DATA_DIR": str(home),
        "TASKS_BACKEND": "django_tasks.backends.immediate.ImmediateBackend",
        "EMAIL_URL": "memorymail://",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "s11.settings",
        # Playwright's event loop runs in the thread that makes sessions.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
    # Django reads the environment when it is first imported, so none of it may be imported above.
    import django  # noqa: PLC0415

    django.setup()
    from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test.testcases import LiveServerThread  # noqa: PLC0415

    call_command("migrate", verbosity=0, stdout=StringIO())
    call_command("demo", stdout=StringIO())
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


def get_names() -> dict[str, str]:
    from s11.demo import content  # noqa: PLC0415 # after serve_demo
    from s11.organisations.models import Organisation  # noqa: PLC0415
    from surveys.models import Cycle  # noqa: PLC0415

    before, now = Cycle.objects.filter(partnership__slug=content.HARBOURSIDE).order_by("opens_on")
    agency = Organisation.objects.get(name=content.HOME_ORGANISATION)
    bank = now.cycle_questionnaires.get(variant=agency.variant).questionnaire
    standards = list(bank.standards.values_list("code", flat=True))
    return {
        "before": before.slug,
        "now": now.slug,
        "agency": agency.slug,
        "bank": str(bank.pk),
        "first": standards[0],
        "last": standards[-1],
    }


def open_page(browser: Browser, address: str, email: str, viewport: ViewportSize) -> Page:
    from django.conf import settings  # noqa: PLC0415 # after serve_demo
    from django.test import Client  # noqa: PLC0415

    from s11.organisations.models import User  # noqa: PLC0415

    context = browser.new_context(base_url=address, viewport=viewport, reduced_motion="reduce")
    if email:
        client = Client()
        client.force_login(User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
    return context.new_page()


def take(browser: Browser, address: str, email: str, pages: Mapping[str, str], folder: Path) -> None:
    """A whole page each, as NAME-desktop.png and NAME-phone.png; says where one answered badly."""
    for width, viewport in WIDTHS.items():
        page = open_page(browser, address, email, viewport)
        for name, path in pages.items():
            response = page.goto(path)
            if response is None or not response.ok:
                print(f"{path} answered {response.status if response else 'nothing'}.")  # noqa: T201 # run by hand
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        page.context.close()


def take_readme_picture(browser: Browser, address: str, path: str) -> None:
    """The overview's first screen, in few colours."""
    page = open_page(browser, address, "administrator@harbourside.example", WIDTHS["desktop"])
    page.goto(path)
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=README_PICTURE)
    page.context.close()
    with Image.open(README_PICTURE) as picture:
        reduced = picture.convert("RGB").quantize(COLOURS)
    reduced.save(README_PICTURE, optimize=True)
    size = README_PICTURE.stat().st_size
    assert size < README_BYTES, f"{README_PICTURE} has {size} bytes: take a smaller part of the page."


if __name__ == "__main__":
    main()
