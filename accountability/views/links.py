"""What opens by a link alone: a panel member says when they can come, and what they have an interest in.

The address is the secret: it goes to no other site, into no search engine, and no cache keeps the page.
"""

from __future__ import annotations

from allauth.core.internal.ratelimit import consume, respond_429
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accountability.availability import answer_as_member
from accountability.forms.availability import make_member_form
from accountability.models import PanelMember
from accountability.permissions import check_can_answer_as_member
from s11.organisations.requests import get_data
from s11.web.errors import reason_why_not


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: HttpRequest, token: str) -> HttpResponse:
    """A link that was made up or revoked, or whose member has left, is not found."""
    # The public function counts no visits, and here a visit is a try at a token.
    if not consume(request, app="allauth.account", action="personal_link", limit_get=True):
        response: HttpResponse = respond_429(request)
    else:
        response = show_availability(request, get_member_by_link(request, token), token)
    # Not no-referrer: with it browsers send no origin with the form, and the form is refused.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def get_member_by_link(request: HttpRequest, token: str) -> PanelMember:
    found = PanelMember.objects.with_link_token(token).reachable().with_person()
    member = found.select_related("panel__cycle__partnership").first()
    if member is None:
        raise Http404
    request.place = member.panel.cycle.partnership  # type: ignore[attr-defined]  # for the header; see s11.navigation
    return member


def show_availability(request: HttpRequest, member: PanelMember, token: str) -> HttpResponse:
    reason = reason_why_not(check_can_answer_as_member, member)
    form = make_member_form(get_data(request), member)
    if request.method == "POST" and not reason and form.is_valid():
        answer_as_member(
            member=member,
            halves=form.get_halves(),
            note=form.cleaned_data["note"],
            declared=form.get_declared(),
            shown=form.get_shown(),
        )
        # No message: those need a session, and this page keeps none.
        return redirect(f"{reverse('accountability:availability', args=[token])}?saved=1")
    context = {
        "member": member,
        "token": token,
        "form": form,
        "reason": reason,
        "is_saved": "saved" in request.GET,
    }
    return render(request, "accountability/availability.html", context)
