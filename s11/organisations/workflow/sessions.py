"""Ending sessions, and knowing the browsers that somebody signs in with."""

from __future__ import annotations

import datetime
import hashlib

from django.utils import timezone

from s11.organisations.models import KnownBrowser, Session, User
from s11.organisations.models.sessions import REMEMBERED_FOR
from s11.web.errors import NotInThisState


def end_sessions(user: User, *, but: str | None = None) -> int:
    """All that a person has open, except the one with this key; how many. The next request in each signs in again."""
    ended, _ = Session.objects.filter(user=user).exclude(session_key=but or "").delete()
    return ended


def end_session(*, user: User, handle: str) -> None:
    """One of their own, by what names it on their page."""
    for session in Session.objects.filter(user=user):
        if session.handle == handle:
            session.delete()
            return
    raise NotInThisState("That browser is signed out already. Nothing was changed.")


def know_browser(*, user: User, token: str) -> bool:
    """Whether it is another than those known so far. The first that somebody ever signs in with is no other."""
    is_first = not KnownBrowser.objects.filter(user=user).exists()
    # A hash of its own for each person: rows do not tell who shares a computer.
    token_hash = hashlib.sha256(f"{user.pk}:{token}".encode()).hexdigest()
    _, is_new = KnownBrowser.objects.update_or_create(
        user=user, token_hash=token_hash, defaults={"last_used_at": timezone.now()}
    )
    return is_new and not is_first


def forget_sessions(now: datetime.datetime) -> None:
    """By the clock: sessions that have ended, and browsers whose cookie has."""
    Session.objects.filter(expire_date__lte=now).delete()
    KnownBrowser.objects.filter(last_used_at__lte=now - REMEMBERED_FOR).delete()
