"""What holds for every page, whatever view makes it: who is let in, and what every response carries."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from auditlog.middleware import AuditlogMiddleware
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render

from s11.web.errors import is_from_here, method_not_allowed, store_down, typed_texts
from s11.web.outages import are_files_down
from s11.web.outcomes import Outcome, is_from_script, make_outcome

logger = logging.getLogger(__name__)


class SignInMiddleware(LoginRequiredMiddleware):
    """A form that is sent after its session has ended: what was typed is shown, to be copied, instead of lost.

    Signing in then leads back to the page of the form, for the address that it was sent to may take no visits.
    A script is told in one word; its page keeps the text.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Django's own asks first who it is, which opens the session of a page that is for everybody."""
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    # Django's own always redirects; whoever calls it takes any response.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if is_from_script(request):
            # Redirected, it would put the sign-in form into the page.
            return make_outcome(Outcome.SIGNED_OUT, 401)
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        page = urlsplit(request.headers.get("Referer", ""))
        is_ours = page.netloc == request.get_host()
        sign_in = redirect_to_login(page.path if is_ours else request.path, self.get_login_url(view_func))
        typed = typed_texts(request) if is_from_here(request) else []
        if not typed:
            return sign_in
        context = {"typed": typed, "sign_in": sign_in.url}
        return render(request, "errors/signed_out.html", context, status=403)


class OwnSiteMiddleware:
    """No other site takes our pages, pictures or files into its own, and no browser guesses what they are.

    Django's own middleware says most of this too, but not where it refuses a request itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        return response


class NotAPageMiddleware:
    """Where an address takes no visits, Django answers with nothing at all: a person gets a page that leads on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            return method_not_allowed(request, response["Allow"])
        return response


class StoreDownMiddleware:
    """Where files cannot be kept or fetched, a person reads that in a sentence; what is broken stands in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not are_files_down(exception):
            return None
        logger.error("Files cannot be kept or fetched", exc_info=exception)
        return store_down(request)


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


class TrailMiddleware(AuditlogMiddleware):
    """Tells the trail of changes who made one. Asked only once something changes: else every page would open a session,
    and no cache could keep the public ones.
    """

    @staticmethod
    def _get_actor(request: HttpRequest) -> Any:
        """Still lazy; the trail itself leaves out who is not signed in."""
        return getattr(request, "user", None)
