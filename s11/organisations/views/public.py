"""What a partnership shows to everybody: its colour, and the texts at the foot of each page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from s11.organisations.models import Partnership
from s11.web.cookies import ANSWERED, KNOWN_BROWSER, LANGUAGE, name_for_host, name_for_path
from s11.web.personal_data import list_purposes

A_YEAR = 31_536_000
FIVE_MINUTES = 300


@login_not_required
@require_safe
def colour(request: HttpRequest, partnership: str) -> HttpResponse:
    """The partnership's colour as a stylesheet. Pages name the colour in its address, so it may be kept for long."""
    found = get_object_or_404(Partnership, slug=partnership)
    # Written by an administrator, but into CSS only what the model's own pattern lets through.
    is_current = request.META.get("QUERY_STRING", "") == found.colour.removeprefix("#")
    rules = f":root {{ --app-brand: {found.colour}; }}\n" if found.colour else ""
    response = HttpResponse(rules, content_type="text/css; charset=utf-8")
    kept = A_YEAR if is_current and rules else FIVE_MINUTES
    response["Cache-Control"] = f"public, max-age={kept}{', immutable' if kept == A_YEAR else ''}"
    return response


def text_page(request: HttpRequest, name: str, partnership: Partnership | None) -> HttpResponse:
    """One of our standard texts, with the partnership's own under it; also without one, for the whole site."""
    context: dict[str, Any] = {
        "partnership": partnership,
        "own_text": getattr(partnership, f"{name}_text", ""),
    }
    if name == "privacy":
        context["told"] = [purpose.told for purpose in list_purposes() if purpose.told]
    elif name == "cookies":
        context["cookies"] = {
            "session": settings.SESSION_COOKIE_NAME,
            "csrf": settings.CSRF_COOKIE_NAME,
            "known_browser": name_for_host(KNOWN_BROWSER),
            "language": name_for_host(LANGUAGE),
            "answered": name_for_path(ANSWERED),
        }
    return render(request, f"organisations/{name}.html", context)


def text_page_of(request: HttpRequest, name: str, partnership: str) -> HttpResponse:
    found = get_object_or_404(Partnership, slug=partnership)
    request.place = found  # type: ignore[attr-defined]  # for the header; see s11.navigation
    return text_page(request, name, found)


@login_not_required
@require_safe
def accessibility_of(request: HttpRequest, partnership: str) -> HttpResponse:
    return text_page_of(request, "accessibility", partnership)


@login_not_required
@require_safe
def privacy_of(request: HttpRequest, partnership: str) -> HttpResponse:
    return text_page_of(request, "privacy", partnership)


@login_not_required
@require_safe
def cookies_of(request: HttpRequest, partnership: str) -> HttpResponse:
    return text_page_of(request, "cookies", partnership)


@login_not_required
@require_safe
def contact_of(request: HttpRequest, partnership: str) -> HttpResponse:
    return text_page_of(request, "contact", partnership)
