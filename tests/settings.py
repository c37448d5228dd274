"""The project's settings, for tests. They need nothing from the environment but, if given, a DATABASE_URL.

pytest-django reads settings before it reads any conftest.py, so the environment is made here.
"""

import hashlib
import os

from jinja2 import FileSystemBytecodeCache

os.environ.setdefault("DEBUG", "1")

from s11.settings import *  # noqa: F403 # this is s11.settings, once the environment is right

# Nothing collects static files for tests: they are looked for when they are asked for, as in development.
WHITENOISE_AUTOREFRESH = True
# A browser that a test opens asks for each of them once, not again on every page.
WHITENOISE_MAX_AGE = 600
# Jobs run at once, passwords hash fast, and rates are counted in this process; the table for them is made all the same.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "table": CACHES["default"],  # noqa: F405
}


def keep_compiled() -> FileSystemBytecodeCache:
    """Each process meets most of our 550 templates: compiled once, they stay in build/ for all others.

    Jinja looks whether a template has changed. What else decides of a compiled one, it names the folder: the libraries,
    and our filters, which are applied to constants beforehand.
    """
    known = hashlib.sha256((BASE_DIR / "requirements/base.lock").read_bytes())  # noqa: F405
    for path in sorted((BASE_DIR / "s11/web").glob("*.py")):  # noqa: F405
        known.update(path.read_bytes())
    folder = BASE_DIR / "build/templates" / known.hexdigest()[:16]  # noqa: F405
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


TEMPLATES[0]["OPTIONS"]["bytecode_cache"] = keep_compiled()  # type: ignore[index]  # noqa: F405
# Tests that move the clock stay signed in; tests/organisations/test_sessions.py has the limits that hold.
SESSION_IDLE_MINUTES = SESSION_MOST_HOURS = 600_000
