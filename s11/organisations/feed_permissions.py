"""Who makes tokens of data feeds, and how many."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from s11.organisations.models import FeedToken, Officer, Partnership, User
from s11.web.errors import NotAllowed

# For one partnership. More than one for each program is already a sign that nobody knows which is used.
MOST: Final = 10


def check_can_make_feed_token(partnerships: Collection[Partnership]) -> None:
    """`partnerships` are those that the person works for."""
    if not partnerships:
        raise NotAllowed(
            "Data feeds are for officers of a partnership. Your organisation’s own copies lie in its room Copies."
        )


def check_has_room(user: User, partnership: Partnership) -> None:
    if FeedToken.objects.filter(user=user, partnership=partnership).count() >= MOST:
        raise NotAllowed(f"You have {MOST} tokens for {partnership}. End one that no program needs first.")


def get_own_partnerships(user: User) -> list[Partnership]:
    """Those on whose desk the person works, by name. One query."""
    offices = Officer.objects.active().filter(user=user).values("partnership")
    return list(Partnership.objects.filter(pk__in=offices).order_by("name"))
