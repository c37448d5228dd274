"""A panel member's own page, by their link: when they can come, their meetings, their packs, their calendar."""

from __future__ import annotations

from allauth.core.internal.ratelimit import consume, respond_429
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accountability.feeds import CALENDAR, list_own_meetings
from accountability.models import PanelMember
from accountability.permissions import check_can_answer_as_member
from accountability.views.links import get_member_by_link
from s11.organisations.emails import make_link
from s11.web.errors import reason_why_not


@login_not_required
@never_cache
@require_safe
def member_page(request: HttpRequest, token: str) -> HttpResponse:
    """A link that was made up or revoked, or whose member has left, is not found."""
    if not consume(request, app="allauth.account", action="personal_link", limit_get=True):
        response: HttpResponse = respond_429(request)
    else:
        response = show_member(request, get_member_by_link(request, token), token)
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def show_member(request: HttpRequest, member: PanelMember, token: str) -> HttpResponse:
    context = {
        "member": member,
        "token": token,
        "meetings": list_own_meetings([member]),
        "reason": reason_why_not(check_can_answer_as_member, member),
        # Who has a login has one calendar for everything, on a page of their own.
        "address": ""
        if member.user
        else make_link("accountability:calendar_feed", member.get_link_token(CALENDAR)),
    }
    return render(request, "accountability/member_page.html", context)
