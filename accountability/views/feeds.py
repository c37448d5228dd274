"""Calendars to subscribe to: the file that a calendar program reads, and the page on which a person has theirs.

The address is the secret. It opens the calendar and nothing else, and a new one closes the one before.
"""

from __future__ import annotations

from typing import Final

from allauth.core.internal.ratelimit import consume, respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from accountability.feeds import CALENDAR, Feed, get_member_feed, get_user_feed
from accountability.models import CalendarFeed, PanelMember
from s11.organisations.emails import make_link
from s11.organisations.requests import UserRequest

BOTH: Final = ["GET", "HEAD", "POST"]


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Of a person with a login or of a panel member without; what was made up or revoked is not found."""
    if not consume(request, app="allauth.account", action="calendar_feed", limit_get=True):
        limited: HttpResponse = respond_429(request)
        return limited
    feed = get_feed(token)
    response = _answer(request, feed)
    # No cache on the way keeps it; a calendar asks by the tag whether anything is new.
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, feed: Feed) -> HttpResponse:
    tag = f'"{feed.digest}"'
    same = get_conditional_response(request, etag=tag)
    response = same or HttpResponse(feed.render(), content_type="text/calendar; charset=utf-8")
    if same is None:
        response["Content-Disposition"] = 'inline; filename="meetings.ics"'
    response["ETag"] = tag
    return response


def get_feed(token: str) -> Feed:
    """A made-up token costs no query."""
    own = CalendarFeed.objects.with_link_token(token).open().select_related("user").first()
    if own is not None:
        return get_user_feed(own.user)
    for purpose in (CALENDAR, ""):
        found = PanelMember.objects.with_link_token(token, purpose).reachable().with_person()
        member = found.select_related("panel__cycle__partnership").first()
        if member is not None:
            return get_member_feed(member)
    raise Http404


@require_http_methods(BOTH)
def own_calendar(request: UserRequest) -> HttpResponse:
    """Make one's address, replace it, or close it."""
    if request.method == "POST":
        _change(request)
        return redirect("accountability:own_calendar")
    feed = CalendarFeed.objects.filter(user=request.user).first()
    address = make_link("accountability:calendar_feed", feed.get_link_token()) if feed else ""
    count = len(get_user_feed(request.user).meetings) if feed else 0
    return render(request, "accountability/own_calendar.html", {"address": address, "count": count})


def _change(request: UserRequest) -> None:
    """Pressed twice it says the same twice."""
    act = request.POST.get("act")
    if act == "close":
        CalendarFeed.objects.filter(user=request.user).delete()
        messages.success(request, "Your calendar address opens nothing any more.")
        return
    feed, is_new = CalendarFeed.objects.get_or_create(user=request.user)
    if act == "replace" and not is_new:
        feed.revoke_link()
        messages.success(
            request,
            "You have a new calendar address. The one before opens nothing any more: subscribe again.",
        )
