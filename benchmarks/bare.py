"""The site with a bare view beside each of its own: `gunicorn benchmarks.bare` in place of `s11.wsgi`.

A request that says X-Bare comes through the same middleware, as the same person, with the same token. Then a visit gets
the bytes that the page had the first time, and a form does one UPDATE of the answer that X-Bare names.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s11.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

HEADER: Final = "X-Bare"
KEPT: Final[dict[str, bytes]] = {}


class BareMiddleware:
    """Stands innermost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if HEADER not in request.headers:
            return None
        assert request.user.is_authenticated
        answer = int(request.headers[HEADER])
        if request.method == "POST":
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE surveys_answer SET updated_at = updated_at WHERE id = %s", [answer])
            return HttpResponse(b"saved" * 400)
        if request.path not in KEPT:
            KEPT[request.path] = view(request, *args, **kwargs).content
        return HttpResponse(KEPT[request.path])


settings.MIDDLEWARE = [*settings.MIDDLEWARE, "benchmarks.bare.BareMiddleware"]
application = get_wsgi_application()
