"""Pictures of the main pages at both widths, of the demonstration: `python -m tests.browser.screenshots FOLDER`.

Run by hand, to look at what was built; `--readme` writes the README's picture (docs/images/overview.png) as well.
Nothing of the development database is touched: the demonstration is built in a folder that is removed again.
"""

from __future__ import annotations

import argparse
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.demo_pages import PAGES, get_names

WIDTHS = {"desktop": ViewportSize(width=1280, height=900), "phone": ViewportSize(width=390, height=844)}
README_PICTURE = Path(__file__).parents[2] / "docs" / "images" / "overview.png"
README_WINDOW = ViewportSize(width=1000, height=1000)
README_GAP = 24
README_BYTES = 300_000
COLOURS = 128  # a page of text and flat bars loses nothing that one sees


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
                take_readme_picture(browser, address, f"/p/harbourside/desk/reports/{names['before']}/")
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
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test.testcases import LiveServerThread  # noqa: PLC0415

    call_command("migrate", verbosity=0, stdout=StringIO())
    call_command("demo", stdout=StringIO())
    # As people see it: with DEBUG, what does not exist is shown to developers.
    settings.DEBUG = False
    logging.disable(logging.WARNING)
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


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
    """Two windows of the overview beside each other: its first screen, and the standards of one variant."""
    page = open_page(browser, address, "administrator@harbourside.example", README_WINDOW)
    page.goto(path)
    windows = [page.screenshot()]
    page.get_by_role("link", name="Standard", exact=True).click()
    page.evaluate("scrollBy(0, -24)")
    windows.append(page.screenshot())
    page.context.close()
    width, height = README_WINDOW["width"], README_WINDOW["height"]
    both = Image.new("RGB", (2 * width + README_GAP, height), "white")
    for number, window in enumerate(windows):
        both.paste(Image.open(BytesIO(window)), (number * (width + README_GAP), 0))
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    both.quantize(COLOURS).save(README_PICTURE, optimize=True)
    size = README_PICTURE.stat().st_size
    assert size < README_BYTES, f"{README_PICTURE} has {size} bytes: take a smaller part of the page."


if __name__ == "__main__":
    main()
