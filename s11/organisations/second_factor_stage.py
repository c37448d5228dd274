"""The step of signing in that asks for the second factor, unless the provider at work has asked for one that counts."""

from __future__ import annotations

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from s11.organisations.models import User
from s11.organisations.second_factors import MFA, OPENID, get_records


class SecondFactorStage(AuthenticateStage):
    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        shown = get_records(request, user) if isinstance(user, User) else []
        if any((record["method"], record.get("type")) == (MFA, OPENID) for record in shown):
            return False
        return bool(super()._should_handle(request))
