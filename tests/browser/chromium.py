"""Which Chromium is used, and how it is started."""

from __future__ import annotations

import shutil

# The first has no window to draw, which is half the work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",  # root has none; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Nothing but the test's own server is asked for anything.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The system's browser; without one Playwright looks for its own, and says how to install it."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
