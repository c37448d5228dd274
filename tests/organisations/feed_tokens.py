"""Tokens of data feeds, for tests."""

from __future__ import annotations

import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from s11.organisations.models import FeedToken, Partnership, User
from tests.factories import untold


@untold
def give_token(user: User, partnership: Partnership, **columns: Any) -> tuple[FeedToken, str]:
    """For a month, named ‘Power BI’; and the token itself."""
    month = timezone.localdate() + datetime.timedelta(days=30)
    token = FeedToken(
        user=user, partnership=partnership, **{"name": "Power BI", "expires_on": month, **columns}
    )
    secret = token.set_new_secret()
    token.save()
    return token, secret


def get_random_part(secret: str) -> str:
    """What comes after the handle; it may hold another ‘_’."""
    return secret.split("_", 2)[2]


def read_by(secret: str) -> Client:
    """A program without a session: each request shows the token."""
    return Client(headers={"Authorization": f"Bearer {secret}"})


def let_read(user: User, partnership: Partnership) -> Client:
    return read_by(give_token(user, partnership)[1])
