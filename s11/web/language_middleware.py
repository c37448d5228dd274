"""In which language a request is answered.

Where somebody is signed in their own choice stands, which comes with their row and costs no query. On pages for
everybody the browser's cookie says it: to ask who somebody is would open a session there.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from s11.web.cookies import LANGUAGE, name_for_host
from s11.web.languages import BY_CODE, ENGLISH, get_language, speak, stop_speaking

A_YEAR: Final = 31_536_000


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = speak(get_remembered(request))
        try:
            response = self.get_response(request)
            label(request, response)
            return response
        finally:
            # Whoever is answered next in this thread has chosen for themselves.
            stop_speaking(token)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> None:
        """Only where signing in is asked for anyhow."""
        if not getattr(view_func, "login_required", True):
            return
        chosen = getattr(request.user, "language", "")
        if chosen and chosen != get_language().code:
            speak(chosen)


def label(request: HttpRequest, response: HttpResponseBase) -> None:
    """What a page is in; and the browser remembers what its person chose elsewhere, for the pages before signing in."""
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return
    language = get_language()
    response.headers.setdefault("Content-Language", language.tag)
    if getattr(request, "speaks_alike", False):
        return
    patch_vary_headers(response, ["Cookie"])
    # An error may have left a page in the midst of its English: that is nobody's choice.
    is_chosen = (
        response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        and name_for_host(LANGUAGE) not in response.cookies
    )
    if is_chosen and language.code != get_remembered(request):
        remember(response, language.code)


def get_remembered(request: HttpRequest) -> str:
    code = request.COOKIES.get(name_for_host(LANGUAGE), "")
    return code if code in BY_CODE else ENGLISH.code


def remember(response: HttpResponseBase, code: str) -> None:
    """English needs no cookie."""
    name = name_for_host(LANGUAGE)
    kept: dict[str, Any] = {"secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}
    if code == ENGLISH.code:
        # Written as it was set: a browser takes `__Host-` over HTTPS alone, also to delete it.
        response.set_cookie(name, "", max_age=0, expires="Thu, 01 Jan 1970 00:00:00 GMT", **kept)
    else:
        response.set_cookie(name, code, max_age=A_YEAR, **kept)


def speak_alike(request: HttpRequest) -> None:
    """For a page that every cache may keep: it is the same for everybody, so it is in English and offers
    nothing else."""
    request.speaks_alike = True  # type: ignore[attr-defined]  # for the header and `label`
    speak(ENGLISH.code)
