"""The project's settings, for tests. They need nothing from the environment but, if given, a DATABASE_URL.

pytest-django reads settings before it reads any conftest.py, so the environment is made here.
"""

import os

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
# Tests that move the clock stay signed in; tests/organisations/test_sessions.py has the limits that hold.
SESSION_IDLE_MINUTES = SESSION_MOST_HOURS = 600_000
