"""Pages for what went wrong, and the exception that carries the sentence for a 403."""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import requires_csrf_token

from s11.web.outages import are_files_down, is_database_down
from s11.web.outcomes import Outcome, is_from_script, make_outcome

P = ParamSpec("P")

# Shorter answers are quickly typed again; passwords and codes are never shown, whatever their length.
WORTH_KEEPING = 20
NEVER_SHOWN = ("password", "token", "code", "secret", "csrf")
# Seconds: a database is started again in less.
TRY_AGAIN_AFTER = 30


class NotAllowed(PermissionDenied):
    """A role that may not. The one sentence says why and what to do; it is the 403 page and the button's hint."""


class NotInThisState(Exception):
    """Somebody else was quicker, or the page was old. The one sentence says what is so now; nothing was changed."""


def reason_why_not(check: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> str:
    """The check's sentence where it refuses, else nothing: what a button's hint says."""
    try:
        check(*args, **kwargs)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Only our own exception's text is for people: others may say more than they should."""
    reason = str(exception) if isinstance(exception, NotAllowed) else ""
    context = {"reason": reason, "typed": _keep_typed(request), "audit_page": _find_audit_page(request)}
    return render(request, "errors/403.html", context, status=403)


def _find_audit_page(request: HttpRequest) -> str:
    """Of the audit whose room refused: whoever gets a 403 and no 404 there may see the audit's own page."""
    match = request.resolver_match
    if match is None or not match.view_name.startswith("surveys:audit_"):
        return ""
    parts = {name: match.kwargs.get(name) for name in ("partnership", "organisation", "cycle")}
    return reverse("surveys:audit", kwargs=parts) if all(parts.values()) else ""


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", {"typed": _keep_typed(request)}, status=404)


@requires_csrf_token
def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """An address that only a button of a page sends to, opened as a page: from the history, or out of a message."""
    response = render(request, "errors/405.html", status=405)
    response["Allow"] = allowed
    return response


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What sign-in answers when its rate limit is reached."""
    return render(request, "errors/429.html", status=429)


@requires_csrf_token
def store_down(request: HttpRequest) -> HttpResponse:
    """No answer that a page's script takes for one: it keeps what was typed, and tries again."""
    response = render(request, "errors/503.html", {"typed": _keep_typed(request)}, status=503)
    response["Retry-After"] = str(TRY_AGAIN_AFTER)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: no context processor, session or database, for one of them may be what failed."""
    context = {"request_id": getattr(request, "request_id", "")}
    failed = sys.exception()
    is_database = is_database_down(failed)
    if is_database or are_files_down(failed):
        return _out_of_order(request, context | {"is_database": is_database})
    return HttpResponse(render_to_string("errors/500.html", context), status=500)


def _out_of_order(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    """Nobody’s mistake, and it passes. A page’s script takes it for no answer, keeps the words and tries again."""
    page = render_to_string("errors/out_of_order.html", context | {"typed": _keep_typed(request)})
    return HttpResponse(page, status=503, headers={"Retry-After": str(TRY_AGAIN_AFTER)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Most often a form from before signing in again: what was typed is shown, to be copied."""
    if is_from_script(request):
        # It asks for a new one and tries again.
        return make_outcome(Outcome.STALE_PAGE, 403)
    typed = typed_texts(request) if is_from_here(request) else []
    return render(request, "errors/csrf.html", {"typed": typed}, status=403)


def _keep_typed(request: HttpRequest) -> list[str]:
    """Of a form that a person sent whose role has changed while they typed: their own words, to be copied."""
    # What cannot be received or read cannot be shown: no page about a mistake fails because of another.
    with suppress(Exception):
        return typed_texts(request) if request.method == "POST" and is_from_here(request) else []
    return []


def is_from_here(request: HttpRequest) -> bool:
    """Whether our own page sent the form. Another site must not have its text shown under our name."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())


def typed_texts(request: HttpRequest) -> list[str]:
    return [
        text
        for name, texts in request.POST.lists()
        if not any(word in name.lower() for word in NEVER_SHOWN)
        for text in map(str, texts)
        if len(text.strip()) >= WORTH_KEEPING
    ]
