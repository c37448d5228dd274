"""People with a second factor, for tests: an app's secret is known here, so that its codes can be made."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from s11.organisations.models import User
from tests.factories import PASSWORD

LOGIN = "/accounts/login/"
STEP = "/accounts/second-step/"
ENTER = f"{STEP}enter/"


def give_app(user: User) -> str:
    """An app that shows codes, and recovery codes; returns the app's secret."""
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def make_code(secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    middle = list(yield_hotp_counters_from_time())[1]
    return str(format_hotp_value(hotp_value(secret, middle + steps)))


def get_recovery_codes(user: User) -> list[str]:
    codes = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return list(codes.wrap().get_unused_codes())


def sign_in_with(client: Client, user: User, code: str) -> None:
    """Through the pages, so that the session knows what was shown."""
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    client.post(ENTER, {"code": code})
