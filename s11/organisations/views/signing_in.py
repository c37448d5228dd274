"""Signing in: allauth's page, and beside it the way to the account at work and back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.core.internal.ratelimit import consume, respond_429
from allauth.socialaccount.providers.openid_connect import views as open_id
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from requests import RequestException

from s11.organisations.open_id import PROVIDER, is_offered

logger = logging.getLogger(__name__)


class SignIn(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "work": self.get_work_account() if is_offered() else None}

    def get_work_account(self) -> dict[str, str]:
        """What the button says, and where it leads: back to where the person was going."""
        page = get_next_redirect_url(self.request)
        query = f"?{urlencode({'next': page})}" if page else ""
        address = reverse("openid_connect_login", args=[PROVIDER])
        return {"name": settings.OPENID_NAME, "url": address + query}


def at_provider(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Each visit asks the provider something, so it is not for everybody to repeat at will; and one that is down, or
    answers with something else than it should, is not our failure to show as such.
    """

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, provider_id: str) -> HttpResponse:
        if not consume(request, app="allauth.account", action="open_id", limit_get=True):
            return respond_429(request)
        try:
            return view(request, provider_id)
        except (RequestException, KeyError, ValueError, TypeError) as error:
            # Its text may hold what the provider said of somebody.
            logger.warning("The OpenID Connect provider could not be asked: %s", type(error).__name__)
            page = "socialaccount/authentication_error.html"
            return render(request, page, status=HTTPStatus.SERVICE_UNAVAILABLE)

    return guarded


go_to_work = at_provider(open_id.login)
come_from_work = at_provider(open_id.callback)
