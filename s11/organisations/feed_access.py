"""Letting a program in by somebody's token, to read what that person may read at this moment.

No session is asked for and none is opened, so no cookie goes either way and the gate of the second factor has no part
in it: the token was made behind that. A session alone opens nothing here, and a token nothing but what is decorated.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, Final, ParamSpec

from allauth.core.internal.ratelimit import consume
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from s11.organisations.models import FeedToken
from s11.organisations.models.feed_tokens import PREFIX
from s11.organisations.requests import UserRequest
from s11.organisations.workflow.feed_tokens import note_use
from s11.web.errors import NotAllowed

P = ParamSpec("P")
logger = logging.getLogger(__name__)

WHERE: Final = "under ‘Your details’, ‘Data feeds’"
NO_TOKEN: Final = f"Send a token in the header Authorization. Officers make one {WHERE}."
WRONG_TOKEN: Final = f"This token opens nothing: it is wrong, has ended or has expired. Make another {WHERE}."
IN_ADDRESS: Final = (
    "A token in the address stands in the logs of every machine on the way: "
    f"end it {WHERE}, make another, and send that in the header Authorization."
)
IN_THE_CLEAR: Final = (
    "Feeds are read by https alone, and what you sent could be read on the way: "
    f"end the token {WHERE}, make another, and write https at the start of the address."
)
NOTHING: Final = "There is nothing at this address that the token’s person may know of."
TOO_MANY: Final = "Too many requests. Wait ten minutes, then try again."
TEN_MINUTES: Final = "600"
# What programs commonly call one; whatever it is called, ours is known by how it begins.
CALLED: Final = frozenset({"token", "access_token", "api_key", "apikey"})


class FeedRequest(UserRequest):
    """A request by a token: `user` is its person."""

    feed_token: FeedToken


View = Callable[Concatenate[FeedRequest, str, P], HttpResponseBase]


class Refused(Exception):
    def __init__(self, status: HTTPStatus, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status, self.headers = status, headers


def reads_by_token(view: View[P]) -> Callable[..., HttpResponseBase]:
    """For a view of one partnership's feed. Whatever refuses does so in a sentence, as JSON: no person sees a page."""

    @wraps(view)
    def read(request: Any, partnership: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response: HttpResponseBase
        try:
            let_in(request, partnership)
            response = view(request, partnership, *args, **kwargs)
        except Refused as refused:
            response = _refuse(refused.status, str(refused), **refused.headers)
        except NotAllowed as refusal:
            response = _refuse(HTTPStatus.FORBIDDEN, str(refusal))
        except Http404:
            response = _refuse(HTTPStatus.NOT_FOUND, NOTHING)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        patch_vary_headers(response, ["Authorization", "Accept"])
        return response

    return login_not_required(require_safe(read))


def _refuse(status: HTTPStatus, sentence: str, **headers: str) -> JsonResponse:
    return JsonResponse(
        {"error": sentence},
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        json_dumps_params={"ensure_ascii": False},
    )


def let_in(request: FeedRequest, partnership: str) -> None:
    """Another partnership's address is not found, whether there is one or not."""
    if is_in_address(request):
        raise Refused(HTTPStatus.BAD_REQUEST, IN_ADDRESS)
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise Refused(HTTPStatus.BAD_REQUEST, IN_THE_CLEAR)
    token = find_token(request)
    if not consume(request, app="allauth.account", action="feed", key=token.handle, limit_get=True):
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY, Retry_After=TEN_MINUTES)
    if token.partnership.slug != partnership:
        raise Http404
    # As Django keeps it: else asking for the user would open whatever session a cookie names.
    request.user = request._cached_user = token.user  # type: ignore[attr-defined]
    request.feed_token = token
    note_use(token)
    logger.info("By the feed token %s of user %s", token.handle, token.user_id)


def is_in_address(request: HttpRequest) -> bool:
    given = [text for name, values in request.GET.lists() for text in map(str, (name, *values))]
    return any(PREFIX in text for text in (request.path, *given)) or bool(CALLED & set(request.GET))


def find_token(request: HttpRequest) -> FeedToken:
    challenge = {"WWW_Authenticate": make_challenge(request)}
    given = read_header(request)
    if not given:
        raise Refused(HTTPStatus.UNAUTHORIZED, NO_TOKEN, **challenge)
    found = FeedToken.objects.find(given)
    if found is not None:
        return found
    # After the look: many offices come from one address, and one program with an old token stops no other.
    if not consume(request, app="allauth.account", action="feed_refused", limit_get=True):
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY, Retry_After=TEN_MINUTES)
    raise Refused(HTTPStatus.UNAUTHORIZED, WRONG_TOKEN, **challenge)


def make_challenge(request: HttpRequest) -> str:
    """Programs that hold a name and a password may wait until Basic is named. A browser would ask whoever opens the
    address for a password, and people would enter their own: it shows the sentence.
    """
    is_browser = "text/html" in request.headers.get("Accept", "")
    return 'Bearer realm="s11"' if is_browser else 'Bearer realm="s11", Basic realm="s11", charset="UTF-8"'


def read_header(request: HttpRequest) -> str:
    """Of `Bearer TOKEN`; or of the ‘Basic’ that Excel and Power BI offer, as its password with any name."""
    scheme, _, rest = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        with suppress(ValueError):
            return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2]
    return ""
