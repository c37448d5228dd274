"""Where somebody is signed in, and signing out there."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from s11.organisations.models import Session
from s11.organisations.requests import UserRequest, tell_outcome
from s11.organisations.workflow.sessions import end_session, end_sessions

MOST = 50


@require_safe
def own_sessions(request: UserRequest) -> HttpResponse:
    found = Session.objects.filter(user=request.user, expire_date__gt=timezone.now())
    context = {
        "sessions": found.order_by("-last_active_at", "pk")[:MOST],
        "this_one": request.session.session_key,
        "minutes": settings.SESSION_IDLE_MINUTES,
        "hours": settings.SESSION_MOST_HOURS,
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
