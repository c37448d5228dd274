"""Which Chromium is used, and how it is started."""

from __future__ import annotations

import shutil

# The first has no window to draw, which is half the work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Only the last list that Chromium is given counts, so those of Playwright's that bear on our pages stand here again.
DISABLED = [
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "RenderDocument",  # ours: a new frame for each page, where a browser sees one site only
]
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
# What a person's browser does to seem fast: it makes processor time of what nobody waits for. Benchmarks keep it.
SPARING = [
    "--js-flags=--single-threaded",  # no second thread makes scripts fast that soon end
    f"--disable-features={','.join(DISABLED)}",
]


def find_chromium() -> str | None:
    """The system's browser; without one Playwright looks for its own, and says how to install it."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)
