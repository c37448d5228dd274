"""How our own small cookies are called: with HTTPS a prefix says to the browser from whom it may take them.

The settings name those of Django, by the same rule.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings

# By which a browser is known again. Not a key to anything.
KNOWN_BROWSER: Final = "known_browser"
# Says that somebody has answered a practitioner survey in this browser, and nothing else; gone when it is closed.
ANSWERED: Final = "answered"
# In which language its pages are, where somebody has chosen another than English.
LANGUAGE: Final = "language"


def name_for_host(name: str) -> str:
    """Taken from this very host, for all its pages: no neighbouring subdomain can plant one."""
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name


def name_for_path(name: str) -> str:
    """The same for one that is sent to some pages alone, which the other prefix does not allow: taken over HTTPS."""
    return f"__Secure-{name}" if settings.SESSION_COOKIE_SECURE else name
