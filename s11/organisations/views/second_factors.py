"""The second step of signing in: what somebody has, and allauth's pages for it where ours do a little more."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth, flows
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    LoginWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from s11.organisations.models import User
from s11.organisations.requests import UserRequest
from s11.organisations.second_factor_gate import AFTERWARDS
from s11.organisations.second_factor_permissions import check_can_remove_factor
from s11.organisations.second_factors import FACTORS, MFA, is_required_of
from s11.web.errors import reason_why_not
from s11.web.qr_codes import make_qr_code


@never_cache
@require_safe
def second_step(request: UserRequest) -> HttpResponse:
    """What somebody has, what they could have, and whether they must."""
    found = list(Authenticator.objects.filter(user=request.user).order_by("created_at", "pk"))
    codes = next((one for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "app": next((one for one in found if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one for one in found if one.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "has_factor": any(one.type in FACTORS for one in found),
        "is_required": is_required_of(request.user),
        "afterwards": get_afterwards(request),
    }
    return render(request, "mfa/index.html", context)


def get_afterwards(request: HttpRequest) -> str:
    """Where the person was going when they were led here: our own pages only."""
    page = str(request.session.get(AFTERWARDS, ""))
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else ""


def confirm_session(request: HttpRequest, user: User, kind: Authenticator.Type) -> None:
    """Whoever has just set a factor up has shown it. The session gets another key, as at signing in."""
    newest = Authenticator.objects.filter(user=user, type=kind).latest("pk")
    request.session.cycle_key()
    record_authentication(request, user, MFA, id=newest.pk, type=newest.type)


class ActivateApp(ActivateTOTPView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return {
            **context,
            "qr_code": make_qr_code(context["totp_url"]),
            # In groups of four, as people type it where they cannot point a camera at the screen.
            "secret_in_groups": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        assert isinstance(self.request.user, User)
        confirm_session(self.request, self.request.user, Authenticator.Type.TOTP)
        return response


class AddPasskey(AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One that the browser finds by itself, so that it can sign in without an address."""
        context: dict[str, Any] = super(AddWebAuthnView, self).get_context_data(**kwargs)
        assert isinstance(self.request.user, User)
        return {**context, "options": auth.begin_registration(self.request.user, passwordless=True)}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        assert isinstance(self.request.user, User)
        confirm_session(self.request, self.request.user, Authenticator.Type.WEBAUTHN)
        return response


class RenamePasskey(EditWebAuthnView):
    success_url = reverse_lazy("mfa_index")


class RemovePasskey(RemoveWebAuthnView):
    """allauth asks only of an app whether it may be removed."""

    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "reason": reason_why_not(check_can_remove_factor, self.object)}

    def form_valid(self, form: Any) -> HttpResponse:
        check_can_remove_factor(self.object)
        response: HttpResponse = super().form_valid(form)
        return response


class SignInByPasskey(LoginWebAuthnView):
    """allauth forgets where somebody was going."""

    def form_valid(self, form: Any) -> HttpResponse:
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = flows.perform_passwordless_login(self.request, authenticator, login)
        return response


class RecoveryCodes(LoginRequiredMixin, ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "afterwards": get_afterwards(self.request)}
