"""Signing in: allauth's page, and beside it the account at work."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from s11.organisations.open_id import PROVIDER, is_offered


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
