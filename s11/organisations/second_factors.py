"""Who must sign in with a second factor, who has one, and what a session was opened with.

A factor is an app that shows codes, or a passkey. Recovery codes stand in for one that is lost: alone they are none.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Final

from allauth.account import app_settings as account_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from s11.organisations.models import Officer, User

FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# How allauth names, in a session, what somebody has shown; `OPENID` is a second factor at the provider that counts.
MFA: Final = "mfa"
OPENID: Final = "openid"
FIRST: Final = {"password", "password_reset"}


def is_required_of(user: User) -> bool:
    """Officers of any partnership, and whoever may open the admin site. At most one query."""
    if not settings.SECOND_FACTOR_FOR_OFFICERS:
        return False
    return user.is_staff or user.is_superuser or Officer.objects.active().filter(user=user).exists()


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def get_with_factor(people: Iterable[int]) -> set[int]:
    """Which of these people have one. One query."""
    return set(
        Authenticator.objects.filter(user__in=list(people), type__in=FACTORS).values_list("user", flat=True)
    )


def has_another_factor(authenticator: Authenticator) -> bool:
    """Whether the person can still sign in with a second factor without this one."""
    factors = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
    return factors.exclude(pk=authenticator.pk).exists()


def is_confirmed(request: HttpRequest, user: User) -> bool:
    """Whether this session has shown a second factor that the person still has. At most one query.

    One that was reset or removed since no longer counts: the session may be a thief's.
    """
    records = [record for record in get_records(request, user) if record.get("method") == MFA]
    if any(record.get("type") == OPENID for record in records):
        return True
    ids = [record["id"] for record in records if "id" in record]
    return bool(ids) and Authenticator.objects.filter(user=user, pk__in=ids).exists()


def has_just_signed_in(request: HttpRequest, user: User, *, within: float | None = None) -> bool:
    """With all that is asked of this person; within these seconds, or allauth’s own."""
    since = time.time() - (account_settings.REAUTHENTICATION_TIMEOUT if within is None else within)
    wanted = {MFA} if has_factor(user) else FIRST
    return any(record["method"] in wanted and record["at"] > since for record in get_records(request, user))


def get_records(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """What the person has shown in this session: `method`, `at`, and of a factor its `type` and `id`."""
    found: list[dict[str, Any]] = get_authentication_records(request, user)
    return found
