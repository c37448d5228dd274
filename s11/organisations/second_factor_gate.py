"""Officers without a second factor set one up before anything else opens; those with one show it in each session.

It asks at every request, so there is no way round: whatever opened the session (a password, a link to choose a new one,
an invitation, another service), however long ago, and however new the role is. What opens by a token alone, such as a
calendar's address, and the public pages ask for no session and are not asked for here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from s11.organisations.models import User
from s11.organisations.second_factors import has_factor, is_confirmed, is_required_of
from s11.web.errors import is_from_here, typed_texts
from s11.web.outcomes import Outcome, is_from_script, make_outcome

# To who has yet to set one up: their own account, which is where that is done. (Public pages are not asked about.)
OPEN: Final = ("account_", "mfa_", "organisations:own_")
# To who has one and has not shown it: the way to show it, and out. A thief with the password must not change that.
ASKING: Final = ("account_logout", "account_reauthenticate", "mfa_reauthenticate")
AFTERWARDS: Final = "after_second_factor"


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Without the setting, and on public pages, nobody is asked who they are: that would open a session."""
        if not settings.SECOND_FACTOR_FOR_OFFICERS or not getattr(view_func, "login_required", True):
            return None
        user = request.user
        if not isinstance(user, User) or is_named(request, ASKING):
            return None
        if is_confirmed(request, user) or not is_required_of(user):
            if not is_named(request, OPEN):
                request.session.pop(AFTERWARDS, None)  # they have gone on
            return None
        if not has_factor(user):
            return None if is_named(request, OPEN) else lead_to_set_up(request)
        way = get_adapter(request).get_reauthentication_methods(user)[0]["url"]
        return lead_to(request, f"{way}?{urlencode({'next': find_page(request)})}", has_factor=True)


def is_named(request: HttpRequest, names: tuple[str, ...]) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name.startswith(names)


def lead_to_set_up(request: HttpRequest) -> HttpResponseBase:
    request.session[AFTERWARDS] = find_page(request)
    return lead_to(request, reverse("mfa_index"), has_factor=False)


def lead_to(request: HttpRequest, address: str, *, has_factor: bool) -> HttpResponseBase:
    """And back to where the person was going. What they had typed is shown, to be copied."""
    if is_from_script(request):
        return make_outcome(Outcome.SIGNED_OUT, 401)
    typed = typed_texts(request) if request.method == "POST" and is_from_here(request) else []
    if not typed:
        return redirect(address)
    context = {"typed": typed, "address": address, "has_factor": has_factor}
    return render(request, "errors/second_factor.html", context, status=403)


def find_page(request: HttpRequest) -> str:
    """Where to go on afterwards: the page itself, or the one whose form was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    return page.path if page.netloc == request.get_host() else reverse("home")
