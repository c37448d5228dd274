"""Passwords that stand in a known breach, by a service that never learns which was asked about.

It gets the first five characters of the SHA-1, and answers with the rest of every hash that begins so: some hundreds,
of which ours is one or not. Off until a setting names the service. One that is down keeps nobody from a new password.
"""

from __future__ import annotations

import hashlib
import logging
import time
from typing import Final

import requests
from django.conf import settings
from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)
PREFIX: Final = 5
# To connect, for each piece of the answer, and altogether: somebody waits for the page.
CONNECT_SECONDS, READ_SECONDS, MOST_SECONDS = 1.5, 1.5, 3.0
# An answer has some 40 kB.
MOST_BYTES: Final = 2**20
PIECE: Final = 2**14


class BreachedValidator:
    def validate(self, password: str, user: object = None) -> None:
        if settings.BREACHED_PASSWORDS_URL and is_breached(password):
            raise ValidationError(
                "This password stands in a list of stolen ones, which is what somebody would try. Choose another: "
                "three words that do not belong together are a good one",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return "Not one that is known to have been stolen."


def is_breached(password: str) -> bool:
    """False, with a line in the log, where the service does not answer as it should."""
    # The service's choice; nothing here is kept, and nothing hangs on its strength.
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    try:
        lines = ask(digest[:PREFIX]).splitlines()
    except (requests.RequestException, ValueError) as error:
        # Its text holds the address with the five characters, which are nobody's business.
        logger.warning("The service for breached passwords could not be asked: %s", type(error).__name__)
        return False
    # What was never seen stands there too, with a count of 0, so that the answer's length tells nothing.
    counts = dict(line.strip().upper().split(":", 1) for line in lines if ":" in line)
    return counts.get(digest[PREFIX:], "0").strip() not in {"", "0"}


def ask(prefix: str) -> str:
    """The answer's text; ValueError where it is too long, too slow or no success."""
    until = time.monotonic() + MOST_SECONDS
    with requests.get(
        f"{settings.BREACHED_PASSWORDS_URL.rstrip('/')}/{prefix}",
        headers={"Add-Padding": "true", "User-Agent": "s11"},
        timeout=(CONNECT_SECONDS, READ_SECONDS),
        allow_redirects=False,
        stream=True,
    ) as response:
        if response.status_code != requests.codes.ok:
            raise ValueError
        found = b""
        for piece in response.iter_content(PIECE):
            found += piece
            if len(found) > MOST_BYTES or time.monotonic() > until:
                raise ValueError
    return found.decode("ascii")
