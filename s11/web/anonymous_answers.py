"""What pages have in common on which people answer who are nobody here: no session, no address, no time.

What holds off a flood counts posts to a survey, not people. It does so in this process's memory alone, for even the
time of an answer should stand nowhere.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest, HttpResponse

from s11.web.cookies import ANSWERED, name_for_path

# A large employer that writes to all of its staff gets some dozens a minute; a program sends thousands.
MOST, SECONDS = 120, 60
# With room for every page that is open: an entry that is crowded out would begin its count anew.
MEMORY: Final = LocMemCache("practitioner-surveys", {"timeout": SECONDS, "OPTIONS": {"MAX_ENTRIES": 20_000}})


def is_flooded(survey: int | str) -> bool:
    """Whether more come than people can be. `survey` is its name among all that are answered here."""
    MEMORY.add(survey, 0)
    try:
        return MEMORY.incr(survey) > MOST
    except ValueError:  # its minute ended between the two lines
        return False


def is_first(once: str) -> bool:
    """Whether this page has not been sent already. One without the hidden word is taken as it comes."""
    return not once or MEMORY.add(f"once-{once}", 1, timeout=600)


def has_answered(request: HttpRequest) -> bool:
    """Whether somebody did in this browser. Of a device that is shared, the next person answers too."""
    return name_for_path(ANSWERED) in request.COOKIES and "again" not in request.GET


def remember_answered(response: HttpResponse, path: str) -> None:
    """For this page alone, so that no other visit carries it, and until the browser is closed."""
    response.set_cookie(
        name_for_path(ANSWERED),
        "yes",
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def keep_private(response: HttpResponse) -> HttpResponse:
    """The address is the key: it goes to no other site and into no search engine."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
