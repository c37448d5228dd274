"""What every response carries, whatever view made it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class PrivateCacheMiddleware:
    """Pages of a signed-in person are kept by no cache: on a shared computer the Back button shows them to the next.

    The session cookie decides, not the user: asking for the user would cost a query on every response. A view that
    set a Cache-Control of its own (a stylesheet, a published report) keeps it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        cookie = settings.SESSION_COOKIE_NAME
        if (cookie in request.COOKIES or cookie in response.cookies) and not response.has_header(
            "Cache-Control"
        ):
            response["Cache-Control"] = "private, no-store"
        return response
