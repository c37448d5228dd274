"""What became of a request that a page's script made, as a header of the response.

The script takes nothing else for an answer: a page of a proxy, or of a network that wants one to sign in to it, has no
such header, however well it says 200.
"""

from __future__ import annotations

from enum import StrEnum

from django.http import HttpRequest, HttpResponse

HEADER = "X-Outcome"


class Outcome(StrEnum):
    """static/web/autosave.js knows each of them."""

    SAVED = "saved"
    # Somebody else saved the same thing since: the response shows theirs.
    CONFLICT = "conflict"
    # It is not complete yet, which is no mistake while somebody is choosing: the response says what comes next.
    CHOOSING = "choosing"
    # As it was entered it cannot be saved: the response says why.
    WRONG = "wrong"
    # It can no longer be changed, or not by this person: the response says why.
    REFUSED = "refused"
    # The rest come without a text: the page has its own words for them.
    SIGNED_OUT = "signed-out"
    SOMEBODY_ELSE = "somebody-else"
    STALE_PAGE = "stale-page"
    READY = "ready"


def is_from_script(request: HttpRequest) -> bool:
    """Asked before the middleware that makes `request.htmx`."""
    return request.headers.get("HX-Request") == "true"


def make_outcome(outcome: Outcome, status: int, text: str = "") -> HttpResponse:
    return HttpResponse(
        text, content_type="text/plain; charset=utf-8", status=status, headers={HEADER: outcome.value}
    )
