"""Making and ending the tokens by which programs read a partnership's data feed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils import timezone

from s11.organisations.emails import send_feed_token_made, send_feed_tokens_ended
from s11.organisations.models import FeedToken, Partnership, User
from s11.web.errors import NotInThisState

# An expired one stays in its person's list for so long: whoever wonders why figures have stopped finds it there.
SHOWN_EXPIRED: Final = datetime.timedelta(days=30)


@transaction.atomic
def make_feed_token(*, name: str, partnership: Partnership, days: int, by: User) -> tuple[FeedToken, str]:
    """The row, and the token itself: whoever calls shows it once."""
    token = FeedToken(
        user=by,
        partnership=partnership,
        name=name,
        expires_on=timezone.localdate() + datetime.timedelta(days=days),
    )
    secret = token.set_new_secret()
    token.save()
    transaction.on_commit(lambda: send_feed_token_made(token), robust=True)
    return token, secret


@transaction.atomic
def end_feed_token(*, token: FeedToken, by: User) -> None:
    """By its person, or by an administrator; then the person is told."""
    ended, _ = FeedToken.objects.filter(pk=token.pk).delete()
    if not ended:
        raise NotInThisState(f"{token.name} has been ended already. Nothing was changed.")
    if by.pk != token.user_id:
        _tell(token.user, [token], f"{by} ended it for {token.partnership}.")


@transaction.atomic
def end_feed_tokens(user: User, *, partnership: Partnership | None = None, why: str = "") -> None:
    """All that somebody has, in one partnership or anywhere. They are told where it says why."""
    found = FeedToken.objects.filter(user=user).select_related("partnership")
    if partnership is not None:
        found = found.filter(partnership=partnership)
    tokens = list(found)
    if tokens:
        FeedToken.objects.filter(pk__in=[token.pk for token in tokens]).delete()
    if tokens and why:
        _tell(user, tokens, why)


def _tell(user: User, tokens: Iterable[FeedToken], why: str) -> None:
    names = [str(token) for token in tokens]
    transaction.on_commit(lambda: send_feed_tokens_ended(user, names, why), robust=True)


def note_use(token: FeedToken) -> None:
    """Once a day: which program still reads, without a write for each of its requests."""
    today = timezone.localdate()
    if token.last_used_on != today:
        FeedToken.objects.filter(pk=token.pk).update(last_used_on=today)


def forget_feed_tokens(now: datetime.datetime) -> None:
    """By the clock: those that expired a while ago."""
    last = timezone.localdate(now) - SHOWN_EXPIRED
    FeedToken.objects.filter(expires_on__lt=last).delete()
