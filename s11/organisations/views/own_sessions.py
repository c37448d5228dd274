"""Where somebody is signed in, and signing out there."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from s11.organisations.models import Session
from s11.organisations.requests import UserRequest, tell_outcome
from s11.organisations.session_store import find_last_end
from s11.organisations.workflow.sessions import end_session, end_sessions

MOST = 50
# Seconds before the end: five minutes of an hour, a quarter of less, and never fewer than it takes to press a button.
WARNED, LEAST_WARNED = 300, 20


@require_safe
def own_sessions(request: UserRequest) -> HttpResponse:
    found = Session.objects.filter(user=request.user, expire_date__gt=timezone.now())
    context = {
        "sessions": found.order_by("-last_active_at", "pk")[:MOST],
        "this_one": request.session.session_key,
    }
    return render(request, "organisations/own_sessions.html", context)


@require_POST
def own_session_end(request: UserRequest, handle: str) -> HttpResponse:
    tell_outcome(request, "That browser is signed out.", end_session, user=request.user, handle=handle)
    return redirect("organisations:own_sessions")


@require_POST
def own_sessions_end(request: UserRequest) -> HttpResponse:
    key = request.session.session_key
    done = "You are signed out everywhere else."
    tell_outcome(request, done, end_sessions, request.user, but=key)
    return redirect("organisations:own_sessions")


@login_not_required
@never_cache
@require_safe
def own_session_left(request: HttpRequest) -> JsonResponse:
    """How long the session still lasts, for the page that warns. Asking is no activity: the row alone is read.

    Its own cookie is the key, and of somebody who is signed out nothing is said.
    """
    return tell_left(request)


def tell_left(request: HttpRequest) -> JsonResponse:
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    found = Session.objects.filter(
        session_key=key, user__isnull=False, expire_date__gt=timezone.now()
    ).first()
    if found is None or found.begun_at is None:
        return JsonResponse({"seconds": 0, "person": ""})
    now = timezone.now()
    return JsonResponse(
        {
            "seconds": int((found.expire_date - now).total_seconds()),
            # At the end of a working day nothing lengthens it.
            "can_stay": find_last_end(found.begun_at) > found.expire_date,
            "warn": max(LEAST_WARNED, min(WARNED, settings.SESSION_IDLE_MINUTES * 15)),
            "person": str(found.user_id),
            # With it the page's form can be sent after signing in again in another tab.
            "token": get_token(request),
        }
    )


@never_cache
@require_POST
def own_session_stay(request: UserRequest) -> JsonResponse:
    """The request itself is the activity."""
    return tell_left(request)
