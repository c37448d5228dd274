"""Signing in by the account that somebody has at work (OpenID Connect), where the settings name a provider.

It opens the account that has the very address, and makes none. The address counts only where the provider says that it
has verified it: else whoever may write any address into their own profile there could become anybody here. Nothing is
kept of it: each sign-in is matched anew, so that whoever loses the address at work loses this way in.
"""

from __future__ import annotations

import logging
from typing import Any, Final

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from s11.organisations.models import User
from s11.organisations.second_factors import MFA, OPENID

logger = logging.getLogger(__name__)
PROVIDER: Final = "work"


class OpenIdAdapter(DefaultSocialAccountAdapter):
    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The one door: whoever is not led to an account by an address that was verified goes no further."""
        claims = get_claims(sociallogin)
        user = find_user(claims)
        if user is None:
            context = {"address": str(claims.get("email", "")), "is_verified": is_verified(claims)}
            raise ImmediateHttpResponse(render(request, "socialaccount/no_account.html", context, status=403))
        sociallogin.user = user
        # Whatever the link said: it signs in, and connects nothing.
        sociallogin.state["process"] = AuthProcess.LOGIN
        if counts_as_second_factor(claims):
            record_authentication(request, user, MFA, type=OPENID)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """For whoever runs the site; the page says only what helps the person. An answer may hold a token: no text."""
        logger.warning("Signing in by OpenID Connect failed: %s %s", error, type(exception).__name__)


def get_claims(sociallogin: SocialLogin) -> dict[str, Any]:
    """What the provider says of the person: in the token that came straight from it, else when it was asked.

    An answer about somebody else than the token (another `sub`) says nothing, and an address and whether it is verified
    come from the same place.
    """
    said: dict[str, Any] = sociallogin.account.extra_data or {}
    token, asked = said.get("id_token") or {}, said.get("userinfo") or {}
    if not token.get("sub") or (asked and asked.get("sub") != token["sub"]):
        return {}
    source = token if "email" in token and "email_verified" in token else asked
    wanted = {name: source[name] for name in ("email", "email_verified") if name in source}
    return {**wanted, "amr": token.get("amr")}


def is_verified(claims: dict[str, Any]) -> bool:
    """Some write the word instead of the value."""
    return claims.get("email_verified") in (True, "true")


def find_user(claims: dict[str, Any]) -> User | None:
    """Also one whose account is closed: the next page says so."""
    address = User.objects.normalize_email(str(claims.get("email") or ""))
    return User.objects.filter(email=address).first() if address and is_verified(claims) else None


def counts_as_second_factor(claims: dict[str, Any]) -> bool:
    """Only what the setting names: by itself a provider's word on how somebody signed in there counts for nothing."""
    methods = claims.get("amr")
    return isinstance(methods, list) and bool(set(settings.OPENID_SECOND_FACTOR) & set(map(str, methods)))


def is_offered() -> bool:
    """Whether the sign-in page shows the button."""
    return bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])
